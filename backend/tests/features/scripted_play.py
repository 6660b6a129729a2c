"""Sessions written down as lines, for tests: `"12.5 failure task=t1"`."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from learntrace.events.types import Behaviour, Event, MappedEvent
from learntrace.features.extract import extract
from learntrace.features.reference import Reference
from learntrace.features.types import FeatureSettings, Measure, SessionFeatures

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NAMESPACE = UUID("6f1c1d3e-0d6d-4a4b-9f58-6a5c3f6b7a10")
DEFAULT = FeatureSettings()
TRUTH = {"yes": True, "no": False}


def mapped_event(
    at_s: float,
    behaviours: tuple[Behaviour, ...] = (),
    *,
    number: int = 0,
    mapped: bool = True,
    task: str | None = None,
    skill: str | None = None,
    item: str | None = None,
    correct: bool | None = None,
    opportunity: str | None = None,
    start: datetime = START,
) -> MappedEvent:
    timestamp = start + timedelta(seconds=at_s)
    event = Event(
        event_id=uuid5(NAMESPACE, str(number)),
        student_id=NAMESPACE,
        game_session_id=NAMESPACE,
        event_type="scripted",
        timestamp=timestamp,
        received_at=timestamp,
        corrected_at=timestamp,
        data={},
        mission_id=None,
        game_version="1.0.0",
        sequence=number,
    )
    return MappedEvent(event, behaviours, mapped, task, skill, item, correct, number, opportunity)


def scripted(*lines: str, first_number: int = 0) -> list[MappedEvent]:
    """One event a line: seconds, behaviours joined by `+` (`-` none, `?` unmapped), fields."""
    events = []
    for number, line in enumerate(lines, start=first_number):
        at_s, what, *fields = line.split()
        named = dict(one.split("=") for one in fields)
        names = [] if what in "-?" else what.split("+")
        events.append(
            mapped_event(
                float(at_s),
                tuple(map(Behaviour, names)),
                number=number,
                mapped=what != "?",
                task=named.get("task"),
                skill=named.get("skill"),
                item=named.get("item"),
                correct=TRUTH.get(named.get("correct", "")),
                opportunity=named.get("opportunity"),
            )
        )
    return events


def features_of(
    *lines: str,
    reference: Reference | None = None,
    closed: bool = True,
    settings: FeatureSettings = DEFAULT,
) -> SessionFeatures:
    return extract(scripted(*lines), reference, settings, session_closed=closed)


def measure(name: str, *lines: str, reference: Reference | None = None) -> Measure:
    return features_of(*lines, reference=reference).features[name]
