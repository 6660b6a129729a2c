"""The API's description: FastAPI's own, with the plain ASGI ingest paths documented beside it.

docs/openapi.json holds it; `learntrace openapi > docs/openapi.json` writes it anew.
"""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from learntrace.ingestion.documentation import documented

OPEN_PATHS = frozenset(
    {
        "/health",
        "/liveness",
        "/readiness",
        "/api/v1/auth/login",
        "/api/v1/auth/refresh",
        "/api/v1/players/join",
        "/api/v1/uploads/{token}",
    }
)
DESCRIPTION = (
    "Telemetry of learning games in, features of play out. Every call but the open ones carries "
    "`Authorization: Bearer <token>`: a write key, a player token, or a person's access token. "
    "Errors are RFC 9457 problem documents."
)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do, in one sentence."},
    },
}
REFUSALS = {
    "401": "No credential, or one that does not stand now.",
    "403": "Not allowed with this credential.",
    "404": "Unknown, or not the caller's.",
    "413": "The body is too large.",
    "422": "Not valid; `detail` says what.",
    "429": "Over the limit; `Retry-After` says how long to wait.",
    "503": "Not available at the moment; send the same again.",
}
_FRAMEWORKS_WORDS = "Validation Error"


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of every route that `app` serves."""
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=[*documented.routes, *app.routes],
    )
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/api/"):
                _add_refusals(operation["responses"], _refusals_of(method, path))
            if path not in OPEN_PATHS:
                operation["security"] = [{"bearer": []}]
    return schema


def document(app: FastAPI) -> str:
    """The description as JSON text, the same for the same program."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True) + "\n"


def _refusals_of(method: str, path: str) -> set[str]:
    """The refusals that a route has whatever it does; it names the others itself."""
    found = {"429", "503"}
    if path not in OPEN_PATHS:
        found |= {"401", "403"}
    if "{" in path:
        found.add("404")
    if method != "get":
        found.add("413")
    return found


def _add_refusals(responses: dict[str, Any], always: set[str]) -> None:
    """Every refusal is a problem document; a route's own words for one stay."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in always | {status for status in responses if status >= "400"}:
        own = responses.get(status, {}).get("description", _FRAMEWORKS_WORDS)
        text = REFUSALS[status] if own == _FRAMEWORKS_WORDS else own
        responses[status] = {"description": text, "content": content}
