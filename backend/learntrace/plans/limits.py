"""The plans and what each allows. Pure; the one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

UNLIMITED: Final = -1
BYTES_PER_MB: Final = 1024 * 1024
FORMATS: Final = ("json", "txt", "vtt", "srt", "xlsx")
"""In which transcripts are exported."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a school may use; `UNLIMITED` where a number has no limit.

    `minutes_per_month`: of audio transcribed, counted anew on the 1st, UTC. `file_mb`: of one
    audio file, of `BYTES_PER_MB` each. `retention_days`: how long audio and transcripts are kept.
    """

    id: str
    minutes_per_month: int
    file_mb: int
    export_formats: tuple[str, ...]
    concurrent_jobs: int
    retention_days: int


PLANS: Final[Mapping[str, Plan]] = {
    plan.id: plan
    for plan in (
        Plan("free", 200, 60, FORMATS[:2], 1, 30),
        Plan("student", 500, 100, FORMATS[:4], 2, 180),
        Plan("pro", 3000, 200, FORMATS, 3, 365),
        Plan("school", UNLIMITED, 500, FORMATS, 10, UNLIMITED),
    )
}
"""By id, from the one that allows least to the one that allows most."""
DEFAULT: Final = "school"
ALIASES: Final[Mapping[str, str]] = {"coaching_school": "school", "enterprise": "school"}


def find_plan(name: str) -> Plan | None:
    """The plan with this id or alias."""
    return PLANS.get(ALIASES.get(name, name))


def fits(wanted: float, limit: int) -> bool:
    """Whether so much in all is within `limit`."""
    return limit == UNLIMITED or wanted <= limit
