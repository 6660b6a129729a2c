"""The worker: closes idle sessions, assesses what is due, keeps tables fitting, forgets, lives."""

import asyncio
import logging
import os
import signal
import socket
from datetime import timedelta
from functools import partial
from uuid import UUID

from prometheus_client import start_http_server

from learntrace import migrating
from learntrace.accounts import housekeeping
from learntrace.assessment import inferring, populations, references, repository, service, talking
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock, garbage
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.loops import repeat
from learntrace.kit.object_storage import ObjectStorage
from learntrace.plans import ledger
from learntrace.skills import due
from learntrace.skills.grounds import MODEL
from learntrace.skills.refitting import refit_item_tables
from learntrace.student_records.forgetting import Done, forget_due
from learntrace.transcription_sessions import audio, jobs
from learntrace.transcription_sessions.removing import remove_audio
from learntrace.transcription_sessions.transcribing import Transcribing
from learntrace.transcription_sessions.transcription.engines import installed

log = logging.getLogger(__name__)

BEAT_S = 5.0
BEATS_KEPT = timedelta(days=1)
OUTDATED_S = 10.0
HOUSEKEEPING_S = 3600.0
REMOVING_S = 10.0
FORGETTING_S = 600.0
"""Each school's pass is made once a day; so late after its midnight at most."""
CLOSED_AT_ONCE = 500


async def work(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run every loop until `stop`; a pass that has begun is finished."""
    assert settings.database_url is not None
    database = Database.connect(settings.database_url, pool_size=settings.database_pool_size)
    storage = ObjectStorage.open(settings)
    transcribing = Transcribing(
        database, partial(audio.fetch, database, storage), installed(), stop
    )
    forgotten: dict[UUID, Done] = {}
    name = f"{socket.gethostname()}:{os.getpid()}"[:64]

    async def beat() -> int:
        async with database.transaction() as db:
            await repository.beat(db, name, clock.now())
        return 0

    async def close_idle() -> int:
        async with database.transaction() as db:
            return await game_sessions.close_idle(
                db, now=clock.now(), idle_s=settings.idle_close_s, most=CLOSED_AT_ONCE
            )

    async def tidy() -> int:
        async with database.transaction() as db:
            await repository.drop_beats(db, before=clock.now() - BEATS_KEPT)
            ended = await housekeeping.drop_expired(db) + await jobs.release_lost(db)
            return ended + await ledger.drop_old(db)

    try:
        await migrating.require_head(database.engine)
        async with database.transaction() as db:
            await due.mark_outdated(db, MODEL)
            await talking.mark_outdated(db)
        log.info("worker started")
        async with asyncio.TaskGroup() as loops:
            for loop, one_pass, pause_s in (
                ("beat", beat, BEAT_S),
                ("close idle", close_idle, settings.worker_pass_s),
                (
                    "assess unread",
                    partial(service.assess_unread, database, settings),
                    settings.worker_pass_s,
                ),
                (
                    "assess outdated",
                    partial(service.assess_outdated, database, settings),
                    OUTDATED_S,
                ),
                ("infer due", partial(inferring.infer_due, database), settings.worker_pass_s),
                ("refit references", partial(references.refit, database), settings.refit_pass_s),
                ("refit populations", partial(populations.refit, database), settings.refit_pass_s),
                ("refit item tables", partial(refit_item_tables, database), settings.refit_pass_s),
                ("housekeeping", tidy, HOUSEKEEPING_S),
                ("transcribe", transcribing.transcribe_next, settings.worker_pass_s),
                ("remove audio", partial(remove_audio, database, storage), REMOVING_S),
                ("forget", partial(forget_due, database, forgotten), FORGETTING_S),
            ):
                loops.create_task(repeat(loop, one_pass, pause_s=pause_s, stop=stop))
        log.info("worker stopped")
    finally:
        await database.dispose()


async def run_worker(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM, with metrics on the worker's own port."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    garbage.settle()
    server, thread = start_http_server(settings.worker_metrics_port, addr=settings.metrics_host)
    try:
        await work(settings, stop=stop)
    finally:
        server.shutdown()
        thread.join()
