"""Where play is sent to, and what of a batch is answered."""

from typing import Any

import httpx

from ..world import batch, bearer

EVENTS = "/api/v1/telemetry/events"
BATCH = "/api/v1/telemetry/batch"
CLOSE = "/api/v1/telemetry/session/0f1c2d3e-4b5a-4978-8695-a4b3c2d1e0f9/close"
VALIDATE = "/api/v1/telemetry/validate"


async def post(
    api: httpx.AsyncClient, key: str, events: list[Any], **changes: Any
) -> httpx.Response:
    return await api.post(BATCH, json=batch(events, **changes), headers=bearer(key))


def codes(answer: httpx.Response) -> list[tuple[int, str, bool]]:
    return [(r["index"], r["code"], r["retryable"]) for r in answer.json()["rejected"]]
