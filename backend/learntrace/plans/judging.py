"""Whether a plan allows what somebody is about to do, and how much of it is used. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from math import ceil
from typing import Final

from learntrace.plans.limits import PLANS, UNLIMITED, Plan, fits

WARN_AT: Final = 0.8
"""The share of a limit from which on people are warned."""
LEAST_MIN: Final = 1 / 60


class Action(StrEnum):
    """What somebody may be about to do; the words on the wire."""

    CREATE_SESSION = "create_session"
    TRANSCRIBE = "transcribe"
    CHECK_MINUTES = "check_minutes"
    UPLOAD_FILE = "upload_file"
    EXPORT_TRANSCRIPT = "export_transcript"
    INGEST_EVENTS = "ingest_events"


class Kind(StrEnum):
    """What a limit is of; the words on the wire."""

    RECORDINGS = "sessions"
    TRANSCRIPTIONS = "transcriptions"
    MINUTES = "minutes"
    FILE_MB = "file_size_mb"
    EXPORTS = "exports"
    JOBS = "concurrent_jobs"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of UTC: its first instant, and the day on which the next begins."""

    start: datetime
    reset_date: date


@dataclass(frozen=True, slots=True)
class Used:
    """What a school used this month: recordings made, transcriptions, and seconds of these."""

    recordings: int
    transcriptions: int
    transcribed_s: int

    @property
    def minutes(self) -> float:
        return round(self.transcribed_s / 60, 2)


@dataclass(frozen=True, slots=True)
class LimitInfo:
    """How one limit stands. `current` is `None` where nothing adds up.

    `limit` is `UNLIMITED` or the most there may be; `reset_date` is `None` where no month counts.
    """

    kind: Kind
    current: float | None
    limit: int
    reset_date: date | None = None

    @property
    def is_near(self) -> bool:
        """Whether it is time to warn."""
        return self.limit > 0 and (self.current or 0) >= WARN_AT * self.limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """`message` says why not, or warns. `upgrade` is the smallest plan that would allow it."""

    allowed: bool
    message: str | None
    info: LimitInfo
    upgrade: str | None = None


def month_of(at: datetime) -> Month:
    """The month that `at` lies in, UTC."""
    start = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(start.year * 12 + start.month, 12)
    return Month(start, date(year, month + 1, 1))


def seconds_of(minutes: float) -> int:
    """Minutes as the ledger counts them: whole seconds, each begun one counted."""
    return ceil(round(minutes * 60, 3))


def minutes(plan: Plan, used: Used, month: Month, requested: float = 0) -> Verdict:
    """Whether so many minutes more may be transcribed this month."""
    wanted_s = used.transcribed_s + seconds_of(requested)

    def allows(some: Plan) -> bool:
        limit = some.minutes_per_month
        return fits(wanted_s, UNLIMITED if limit == UNLIMITED else limit * 60)

    limit = plan.minutes_per_month
    info = LimitInfo(Kind.MINUTES, used.minutes, limit, month.reset_date)
    if not allows(plan):
        left = max(0.0, round(limit - used.minutes, 2))
        takes = f", and this takes {requested:g}" if requested > LEAST_MIN else ""
        said = (
            f"{left:g} of this month's {limit:,} minutes are left{takes}. "
            f"They are counted anew on {month.reset_date}, UTC."
        )
        return Verdict(False, said, info, _smallest(plan, allows))
    if 0 < WARN_AT * limit * 60 <= wanted_s:
        share = f"{100 * wanted_s // (limit * 60)} % of this month's {limit:,} minutes"
        return Verdict(True, f"With this, {share} are used.", info)
    return Verdict(True, None, info)


def transcribing(plan: Plan, used: Used, month: Month, requested: float = 0) -> Verdict:
    """Whether a transcription may be started: their number is unlimited, their minutes are not.

    Where the length is not known yet, a second has to be left.
    """
    verdict = minutes(plan, used, month, max(requested, LEAST_MIN))
    if not verdict.allowed:
        return verdict
    return replace(verdict, info=transcriptions(used, month))


def transcriptions(used: Used, month: Month) -> LimitInfo:
    """How many were started this month; their number has no limit."""
    return LimitInfo(Kind.TRANSCRIPTIONS, used.transcriptions, UNLIMITED, month.reset_date)


def recording(used: Used, month: Month) -> Verdict:
    """Whether a recording may be made: always."""
    info = LimitInfo(Kind.RECORDINGS, used.recordings, UNLIMITED, month.reset_date)
    return Verdict(True, None, info)


def file_mb(plan: Plan, mb: float) -> Verdict:
    """Whether a file of this size may be uploaded."""
    info = LimitInfo(Kind.FILE_MB, None, plan.file_mb)
    if fits(mb, plan.file_mb):
        return Verdict(True, None, info)
    said = f"A file may have {plan.file_mb} MB. Shorten the recording, or save it compressed."
    return Verdict(False, said, info, _smallest(plan, lambda some: fits(mb, some.file_mb)))


def export(plan: Plan, wanted: str | None = None) -> Verdict:
    """Whether a transcript may be exported, in this format where one is given.

    The limit of a format that the plan lacks is 0; what is exported is not counted.
    """
    if wanted is None or wanted in plan.export_formats:
        return Verdict(True, None, LimitInfo(Kind.EXPORTS, None, UNLIMITED))
    said = f"The plan {plan.id} exports as {', '.join(plan.export_formats)}."
    upgrade = _smallest(plan, lambda some: wanted in some.export_formats)
    return Verdict(False, said, LimitInfo(Kind.EXPORTS, None, 0), upgrade)


def job(plan: Plan, running: int) -> Verdict:
    """Whether one transcription more may run beside so many."""
    info = LimitInfo(Kind.JOBS, running, plan.concurrent_jobs)
    if fits(running + 1, plan.concurrent_jobs):
        return Verdict(True, None, info)
    said = "Other recordings of the school are being transcribed. Start this one when one is done."
    upgrade = _smallest(plan, lambda some: fits(running + 1, some.concurrent_jobs))
    return Verdict(False, said, info, upgrade)


def events(count: int, month: Month) -> Verdict:
    """Whether events may be stored: always; `count` were this month."""
    return Verdict(True, None, LimitInfo(Kind.EVENTS, count, UNLIMITED, month.reset_date))


def _smallest(plan: Plan, allows: Callable[[Plan], bool]) -> str | None:
    """The first plan after this one that allows it."""
    order = list(PLANS.values())
    return next((some.id for some in order[order.index(plan) + 1 :] if allows(some)), None)
