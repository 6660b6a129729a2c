"""How the ingest paths stand in the API's description; they are served by `endpoints.Ingest`."""

from typing import Annotated

from fastapi import APIRouter, Header

from learntrace.ingestion.schemas import BatchIn, IngestAnswer, SingleIn

documented = APIRouter(prefix="/api/v1/telemetry", tags=["telemetry"])

_REFUSALS: dict[int | str, dict[str, object]] = {
    400: {"description": "Not an HTTP request that can be read."},
    401: {"description": "No credential, or one that does not stand."},
    403: {"description": "A person's token, or a browser page at an origin not listed."},
    413: {"description": "More than 12 MiB after decompression."},
    415: {"description": "Another content type or encoding than JSON, plain or gzip."},
    422: {"description": "A broken envelope, or every event refused: `rejected` says why."},
    429: {"description": "More than the limit; `Retry-After` says how long to wait."},
    503: {"description": "Not stored for certain: send the same again."},
}
_STORED: dict[int | str, dict[str, object]] = {
    **_REFUSALS,
    200: {"model": IngestAnswer, "description": "Nothing new: every good event was known."},
}


@documented.post("/events", status_code=201, response_model=IngestAnswer, responses=_STORED)
async def post_event(
    event: SingleIn,
    x_sent_at: Annotated[str | None, Header(description="The client's clock at sending.")] = None,
    x_client_id: Annotated[str | None, Header(description="Which client of a write key.")] = None,
) -> None:
    """Store one event. A repeat stores nothing and answers 200."""


@documented.post("/batch", status_code=201, response_model=IngestAnswer, responses=_STORED)
async def post_batch(
    batch: BatchIn,
    x_client_id: Annotated[str | None, Header(description="Which client of a write key.")] = None,
) -> None:
    """Store up to 1,000 events; each stands alone, the bad ones come back with their reason."""


@documented.post("/validate", response_model=IngestAnswer, responses=_REFUSALS)
async def validate_batch(
    batch: BatchIn,
    x_client_id: Annotated[str | None, Header(description="Which client of a write key.")] = None,
) -> None:
    """Judge a batch by every rule and store nothing."""
