"""The API's description: FastAPI's own, with the plain ASGI ingest paths documented beside it."""

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
    }
)
DESCRIPTION = (
    "Telemetry of learning games in, features of play out. Every call but the open ones carries "
    "`Authorization: Bearer <token>`: a write key, a player token, or a person's access token. "
    "Errors are RFC 9457 problem documents."
)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of every route that `app` serves."""
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=[*documented.routes, *app.routes],
    )
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["bearer"] = {"type": "http", "scheme": "bearer"}
    for path, operations in schema["paths"].items():
        if path not in OPEN_PATHS:
            for operation in operations.values():
                operation["security"] = [{"bearer": []}]
    return schema
