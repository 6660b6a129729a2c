"""The status page's data, for system administrators."""

from typing import Any

from fastapi import APIRouter, Request

from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role
from learntrace.health import read_health

router = APIRouter(prefix="/system", tags=["health"])


@router.get("/status")
async def status(caller: PersonAuth, request: Request) -> dict[str, Any]:
    """Detailed health as this process sees it, read over the connection kept for health."""
    require_role(caller, Role.SYSTEM_ADMIN)
    state = request.app.state
    depth = state.writer.queue_depth
    return (await read_health(state.health_database, state.settings, queue_depth=depth)).as_json()
