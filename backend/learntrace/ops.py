"""What operators reach: open health routes on the API's port, the rest on a port of its own."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from learntrace.health import Health, connect_for_health, database_answers, read_health
from learntrace.kit.config import Settings
from learntrace.kit.processes import lives

DOWN = 503
_DOWN: dict[int | str, dict[str, Any]] = {
    DOWN: {"description": "The database does not answer.", "model": dict[str, str]}
}

open_router = APIRouter(tags=["health"])


@open_router.get("/liveness")
async def liveness() -> dict[str, str]:
    """The process runs; asks nothing else."""
    return {"status": "alive"}


@open_router.get("/readiness", responses=_DOWN)
async def readiness(request: Request) -> Response:
    """The process can serve: 503 while the database does not answer."""
    ready = await database_answers(request.app.state.health_database)
    return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else DOWN)


@open_router.get("/health", responses=_DOWN)
async def health(request: Request) -> Response:
    """Up or down, nothing more."""
    up = await database_answers(request.app.state.health_database)
    return JSONResponse({"status": "up" if up else "down"}, 200 if up else DOWN)


class _HealthNumbers:
    """Health read at this scrape, as metrics."""

    def __init__(self, picture: Health) -> None:
        self._picture = picture

    def collect(self) -> Iterable[Metric]:
        picture = self._picture
        yield _gauge("learntrace_up", "1 while the database answers.", picture.status != "down")
        yield _gauge(
            "learntrace_open_game_sessions",
            "Game sessions that are open.",
            picture.open_game_sessions,
        )
        yield _gauge(
            "learntrace_due_game_sessions",
            "Closed game sessions with events that no assessment has read.",
            picture.due_game_sessions,
        )
        yield _gauge(
            "learntrace_oldest_due_seconds",
            "How long the oldest of them waits; 0 when none does.",
            picture.oldest_due_s or 0.0,
        )
        yield _gauge(
            "learntrace_due_students",
            "Students of whom something has changed since they were last assessed.",
            picture.due_students,
        )
        yield _gauge(
            "learntrace_oldest_due_student_seconds",
            "How long the oldest of them that a worker may take waits; 0 when none does.",
            picture.oldest_due_student_s or 0.0,
        )
        yield _gauge(
            "learntrace_worker_up",
            "1 while a worker was seen in the last 30 s.",
            picture.worker["status"] == "up",
        )


def _gauge(name: str, text: str, value: float | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text)
    if value is not None:
        family.add_metric([], float(value))
    return family


def _registry(metrics_dir: Path) -> CollectorRegistry:
    """The metrics of all API processes; what a dead one had waiting is gone with it."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in metrics_dir.glob("gauge_live*.db")}:
        if not lives(pid):
            mark_process_dead(pid, str(metrics_dir))  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(metrics_dir))  # type: ignore[no-untyped-call]
    return registry


def queue_depth(metrics_dir: Path) -> int:
    """Events that wait to be written, over all API processes."""
    return int(_registry(metrics_dir).get_sample_value("telemetry_queue_depth") or 0)


def create_ops_app(
    settings: Settings, url: str, metrics_dir: Path, openapi: Callable[[], dict[str, Any]]
) -> FastAPI:
    """The app on `METRICS_PORT`: metrics of all API processes, detailed health, API docs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.health_database = connect_for_health(url)
        yield
        await app.state.health_database.dispose()

    ops = FastAPI(title="Learntrace operations", lifespan=lifespan, docs_url=None, openapi_url=None)
    ops.include_router(open_router)

    async def picture(request: Request) -> Health:
        depth = queue_depth(metrics_dir)
        return await read_health(request.app.state.health_database, settings, queue_depth=depth)

    @ops.get("/metrics")
    async def metrics(request: Request) -> Response:
        registry = _registry(metrics_dir)
        registry.register(_HealthNumbers(await picture(request)))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @ops.get("/health/detailed")
    async def detailed(request: Request) -> JSONResponse:
        found = await picture(request)
        content = found.as_json()
        seen_at = content["worker"]["last_seen_at"]
        content["worker"]["last_seen_at"] = seen_at.isoformat() if seen_at else None
        return JSONResponse(content, DOWN if found.status == "down" else 200)

    @ops.get("/openapi.json")
    async def schema() -> JSONResponse:
        return JSONResponse(openapi())

    @ops.get("/docs")
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Learntrace API",
            swagger_js_url="/docs-assets/swagger-ui-bundle.js",
            swagger_css_url="/docs-assets/swagger-ui.css",
            swagger_favicon_url="/docs-assets/favicon-32x32.png",
        )

    ops.mount("/docs-assets", StaticFiles(directory=swagger_ui_path))
    return ops
