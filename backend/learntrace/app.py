"""The application: its parts are made here, live as long as it does, and are closed in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from learntrace import __version__, migrating
from learntrace.accounts.credentials import RememberedCallers
from learntrace.accounts.origins import AllowedOrigins
from learntrace.api import router
from learntrace.health import connect_for_health
from learntrace.ingestion.endpoints import INGEST_ROUTES
from learntrace.ingestion.intake import Intake
from learntrace.ingestion.writer import Writer
from learntrace.kit import garbage
from learntrace.kit.config import Settings, load_settings
from learntrace.kit.db import Database
from learntrace.kit.http import (
    BoundedBody,
    OriginAwareCORS,
    Shortcut,
    install_error_answers,
)
from learntrace.kit.logging import configure
from learntrace.kit.loops import repeat
from learntrace.kit.object_storage import ObjectStorage
from learntrace.kit.observed import Observed
from learntrace.kit.rate_limit import RateLimits
from learntrace.openapi import describe
from learntrace.ops import open_router
from learntrace.roster.importing.endpoints import IMPORT_PATH
from learntrace.transcription_sessions import uploads
from learntrace.transcription_sessions.endpoints_uploads import UPLOADS_PATH
from learntrace.transcription_sessions.transcription.engines import installed

MOST_BODY_BYTES = 512 * 1024
ORIGINS_EVERY_S = 5.0
STATEMENT_S = 30.0
# Apart from people's connections, so that none of their slow queries holds up a game.
CREDENTIALS_POOL = 2


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    assert settings.database_url is not None
    url = settings.database_url
    database = Database.connect(
        url, pool_size=settings.database_pool_size, command_timeout_s=STATEMENT_S
    )
    credentials = Database.connect(url, pool_size=CREDENTIALS_POOL, command_timeout_s=STATEMENT_S)
    health = connect_for_health(url)
    app.state.database = database
    app.state.credentials_database = credentials
    app.state.health_database = health
    stop = asyncio.Event()
    intake = Intake()
    app.state.intake = intake
    try:
        await migrating.require_head(database.engine)
        app.state.object_storage = ObjectStorage.open(settings)
        async with database.transaction() as db:
            app.state.upload_key = await uploads.find_key(db)
        writer = Writer(
            url,
            connections=settings.writer_connections,
            queue_events=settings.writer_queue_events,
            queue_bytes=settings.writer_queue_bytes,
            earliest=settings.earliest_event_at,
        )
        app.state.writer = writer
        await writer.start()
        origins: AllowedOrigins = app.state.allowed_origins
        await origins.refresh(database)
        refreshing = asyncio.create_task(
            repeat(
                "origins",
                lambda: origins.refresh(database),
                pause_s=ORIGINS_EVERY_S,
                stop=stop,
            )
        )
        yield
        stop.set()
        await refreshing
        await writer.close()
    finally:
        intake.close()
        for pool in (database, credentials, health):
            await pool.dispose()


def create_app(settings: Settings) -> FastAPI:
    """The API for `settings`, whose `database_url` is set. Serve what `finished` makes of it."""
    app = FastAPI(
        title="Learntrace",
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.engines = installed()
    app.state.rate_limits = RateLimits()
    app.state.remembered_callers = RememberedCallers()
    app.state.allowed_origins = AllowedOrigins(settings.cors_origins)
    install_error_answers(app)
    app.router.routes[:0] = INGEST_ROUTES
    app.include_router(open_router)
    app.include_router(router)
    app.add_middleware(
        BoundedBody,
        most_bytes=MOST_BODY_BYTES,
        exempt={*(route.path for route in INGEST_ROUTES), IMPORT_PATH, UPLOADS_PATH},
    )

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def finished(app: FastAPI) -> ASGIApp:
    """`app` with CORS around everything, also around its errors."""
    origins: AllowedOrigins = app.state.allowed_origins
    hot = {route.path: route.app for route in INGEST_ROUTES}
    return OriginAwareCORS(Observed(Shortcut(app, hot), quiet=hot), origins.allows)


def from_environment() -> ASGIApp:
    """What each API process serves."""
    settings = load_settings()
    configure(settings.log_level, process="api")
    app = finished(create_app(settings))
    garbage.settle()
    return app
