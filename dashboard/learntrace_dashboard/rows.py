"""From answers of the API to rows of tables and points of charts. Pure."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from learntrace_dashboard import contract
from learntrace_dashboard.formats import Formats
from learntrace_dashboard.table import Cell, Row, Tone
from learntrace_dashboard.texts import Texts

MARKS: Mapping[str, str] = {
    "success": "success",
    "failure": "failure",
    "retry": "retry",
    "hint_request": "help",
    "attempt": "attempt",
    "choice": "attempt",
    "pause": "away",
    "resume": "away",
    "focus_lost": "away",
    "focus_gained": "away",
    "collaboration_offered": "social",
    "collaboration_taken": "social",
    "help_given": "social",
    "help_received": "social",
    "leadership_offered": "social",
    "leadership_taken": "social",
}
FRESH = timedelta(minutes=30)
MARK_ORDER = ("success", "failure", "retry", "help", "attempt", "away", "social", "other")


def by_name(
    students: Iterable[contract.OverviewStudent],
) -> list[contract.OverviewStudent]:
    """Students in the order of the alphabet: never a ranking."""
    return sorted(students, key=lambda student: name_order(student.display_name))


def name_order(name: str) -> list[tuple[int, int, str]]:
    """What a name sorts by: Player 2 comes before Player 10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def timestamp(moment: datetime | None) -> float:
    """What a time sorts by; never comes first."""
    return moment.timestamp() if moment else 0.0


def playing_now(game_session_open: bool, last_event_at: datetime | None, now: datetime) -> bool:
    """Whether somebody plays: the session is open, and its last event is fresh by the clock.

    Imported play may be years old and its session still open.
    """
    fresh = last_event_at is not None and now - last_event_at < FRESH
    return game_session_open and fresh


def total(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where there are values and none of them is known."""
    given = list(values)
    known = [value for value in given if value is not None]
    return sum(known) if known or not given else None


class Rows:
    """Writes rows in one language and zone, as of `now`; `area` goes into every address."""

    def __init__(
        self, texts: Texts, formats: Formats, now: datetime, area: Mapping[str, str]
    ) -> None:
        self.texts = texts
        self.formats = formats
        self.now = now
        self.area = area

    def number(self, value: float | None) -> Cell:
        """A count, or a dash that sorts below every count."""
        tone: Tone = "muted" if value is None else "plain"
        return Cell(self.formats.count(value), sort=-1 if value is None else value, tone=tone)

    def duration(self, seconds: float | None) -> Cell:
        """A length of time, or a dash that sorts below every length."""
        tone: Tone = "muted" if seconds is None else "plain"
        sort = -1 if seconds is None else seconds
        return Cell(self.formats.duration(seconds), sort=sort, tone=tone)

    def is_playing(self, student: contract.OverviewStudent) -> bool:
        """Whether the student plays at this moment."""
        is_open = student.open_game_session_id is not None
        return playing_now(is_open, student.last_event_at, self.now)

    def student(self, student_id: str, name: str) -> Cell:
        """A name that leads to the student's page."""
        query = urlencode({"student": student_id, **self.area})
        return Cell(name, link=student_id, href=f"student?{query}")

    def overview(self, students: Sequence[contract.OverviewStudent]) -> list[Row]:
        """Name, last played, play sessions, time played, tasks finished, failed tries."""
        return [
            (
                self.student(student.id, student.display_name),
                Cell(
                    self.texts("class.now")
                    if self.is_playing(student)
                    else self.formats.moment(student.last_event_at, self.now),
                    sort=timestamp(student.last_event_at),
                ),
                self.number(student.game_session_count),
                self.duration(student.active_time_s),
                self.number(student.tasks_completed),
                self.number(student.failures),
            )
            for student in by_name(students)
        ]

    def game_sessions(self, lines: Sequence[contract.GameSessionLine]) -> list[Row]:
        """Started, game, time played, tasks finished, failed tries, events, state."""
        return [
            (
                Cell(
                    self.formats.moment(line.started_at, self.now),
                    sort=timestamp(line.started_at),
                    link=line.id,
                    href=f"session?{urlencode({'session': line.id, **self.area})}",
                ),
                Cell(line.game.name),
                self.duration(line.active_time_s),
                self.number(line.tasks_completed),
                self.number(line.failures),
                self.number(line.event_count),
                self._state(line),
            )
            for line in lines
        ]

    def _state(self, line: contract.GameSessionLine) -> Cell:
        if playing_now(line.state == "open", line.ended_at, self.now):
            return Cell(self.texts("student.state_playing"), sort="0")
        if line.state == "open":
            return Cell(self.texts("student.state_open"), sort="1")
        if not line.assessed:
            return Cell(self.texts("student.state_waiting"), sort="2")
        return Cell(self.texts("student.state_assessed"), sort="3", tone="muted")

    def tasks(self, tasks: Sequence[contract.Task], shift: timedelta) -> list[Row]:
        """Task, started, how it ended, tries, failed tries, time played; see `clock_shift`.

        Where a game tells of no tries their number is unknown, so 0 is a dash.
        """
        tones: Mapping[str, Tone] = {"completed": "good", "abandoned": "warn", "open": "live"}
        return [
            (
                Cell(task.title or task.task),
                Cell(
                    self.formats.clock_s(task.started_at + shift), sort=timestamp(task.started_at)
                ),
                Cell("", chip=self.outcome(task.outcome), tone=tones.get(task.outcome, "muted")),
                self.number(task.attempts or None),
                self.number(task.failures),
                self.duration(task.active_time_s),
            )
            for task in tasks
        ]

    def outcome(self, outcome: str) -> str:
        """How a task ended, in words; a new word of the API is shown as it is."""
        key = f"outcome.{outcome}"
        return self.texts(key) if self.texts.has(key) else outcome

    def features(self, features: Mapping[str, contract.Feature]) -> list[Row]:
        """Title, value or the reason why there is none, possible values, meaning."""
        return [self._feature(feature) for feature in features.values()]

    def _feature(self, feature: contract.Feature) -> Row:
        if feature.value is None:
            reason = feature.reason_text or feature.reason
            missing = self.texts("session.features_missing")
            value = Cell(missing, note=reason, tone="muted", sort=missing)
        else:
            cut = self.texts("session.cut_off") if feature.cut_off else None
            value = Cell(self.formats.value(feature.value, feature), note=cut)
        return (
            Cell(feature.title),
            value,
            Cell(self.formats.range(feature), tone="muted"),
            Cell(feature.meaning, tone="muted"),
        )

    def behaviours(self, event: contract.PlayEvent) -> str:
        """What an event means here, in words."""
        return ", ".join(
            self.texts(f"behaviour.{name}") if self.texts.has(f"behaviour.{name}") else name
            for name in event.behaviours
        )

    def events(self, events: Sequence[contract.PlayEvent]) -> list[Row]:
        """Time, name as sent, meaning, task, answer, details."""
        answers = {True: self.texts("session.right"), False: self.texts("session.wrong")}
        none = self.texts("common.none")
        return [
            (
                Cell(self.formats.clock_s(when_of(event))),
                Cell(event.event_type),
                Cell(self.behaviours(event))
                if event.mapped
                else Cell("", chip=self.texts("session.unmapped"), tone="muted"),
                Cell(event.task_title or event.task or none),
                Cell(none if event.correct is None else answers[event.correct]),
                Cell(_data_text(event.data), tone="muted"),
            )
            for event in events
        ]

    def event_types(self, types: Sequence[contract.EventType]) -> list[Row]:
        """Event name, count, understood, meaning, last arrived."""
        ordered = sorted(types, key=lambda kind: (-kind.count, kind.event_type))
        none = self.texts("common.none")
        return [
            (
                Cell(kind.event_type),
                self.number(kind.count),
                Cell(
                    "",
                    chip=self.texts("health.mapped" if kind.mapped else "health.unmapped"),
                    tone="good" if kind.mapped else "warn",
                    sort=str(kind.mapped),
                ),
                Cell(", ".join(self._behaviour(name) for name in kind.behaviours) or none),
                Cell(
                    self.formats.moment(kind.last_received_at, self.now),
                    sort=timestamp(kind.last_received_at),
                ),
            )
            for kind in ordered
        ]

    def _behaviour(self, name: str) -> str:
        key = f"behaviour.{name}"
        return self.texts(key) if self.texts.has(key) else name

    def rejections(self, rejections: Sequence[contract.Rejection]) -> list[Row]:
        """Day, why, events, what to do, detail."""
        ordered = sorted(rejections, key=lambda line: (line.day, line.count), reverse=True)
        return [self._rejection(line) for line in ordered]

    def _rejection(self, line: contract.Rejection) -> Row:
        key = f"reject.{line.code}"
        known = self.texts.has(key)
        return (
            Cell(self.day(line.day), sort=line.day.isoformat()),
            Cell(self.texts(key) if known else self.texts("reject.other", code=line.code)),
            self.number(line.count),
            Cell(self.texts(f"{key}.todo" if known else "reject.other.todo")),
            Cell(line.detail or self.texts("common.none"), tone="muted"),
        )

    def day(self, day: date) -> str:
        """Mon 2 Nov."""
        weekday = self.texts(f"weekday.{day.weekday()}")
        month = self.texts(f"month.{day.month}")
        return self.texts("time.date", weekday=weekday, day=day.day, month=month)

    def play_points(
        self, lines: Sequence[contract.GameSessionLine], days: int
    ) -> list[dict[str, Any]]:
        """One point for each play session of the last `days` days: day and active minutes."""
        first = self.now.astimezone(self.formats.zone).date() - timedelta(days=days - 1)
        points: list[dict[str, Any]] = []
        for line in reversed(lines):
            local = line.started_at.astimezone(self.formats.zone)
            if local.date() < first or line.active_time_s is None:
                continue
            points.append(
                {
                    "day": local.date().isoformat(),
                    "minutes": line.active_time_s / 60,
                    "number": len(points),
                    "when": self.formats.moment(line.started_at, self.now),
                    "game": line.game.name,
                    "active": self.formats.duration(line.active_time_s),
                    "completed": self.formats.count(line.tasks_completed),
                    "failures": self.formats.count(line.failures),
                }
            )
        return points

    def task_bars(
        self, game_session: contract.GameSession, shift: timedelta
    ) -> list[dict[str, Any]]:
        """One bar for each task instance, on the lane of its task; see `clock_shift`."""
        return [
            {
                "lane": task.title or task.task,
                "start": self.formats.wall(task.started_at + shift),
                "end": self.formats.wall(
                    task.ended_at + shift if task.ended_at else game_session.ended_at
                ),
                "outcome": self.outcome(task.outcome),
                "from": self.formats.clock_s(task.started_at + shift),
                "active": self.formats.duration(task.active_time_s),
                "attempts": self.formats.count(task.attempts or None),
                "failures": self.formats.count(task.failures),
            }
            for task in game_session.tasks
        ]

    def event_marks(self, events: Sequence[contract.PlayEvent]) -> list[dict[str, Any]]:
        """One sign for each event but starts and signs of life, on the lane of its task."""
        marks = []
        for event in events:
            kinds = [MARKS[name] for name in event.behaviours if name in MARKS]
            if not kinds and event.mapped:
                continue
            kind = min(kinds, key=MARK_ORDER.index) if kinds else "other"
            marks.append(
                {
                    "lane": event.task_title or event.task or self.texts("session.outside"),
                    "time": self.formats.wall(when_of(event)),
                    "kind": self.texts(f"mark.{kind}"),
                    "clock": self.formats.clock_s(when_of(event)),
                    "event": event.event_type,
                    "meaning": self.behaviours(event) or self.texts("session.unmapped"),
                }
            )
        return marks


def when_of(event: contract.PlayEvent) -> datetime:
    """When it happened on the wall clock: corrected where the device's clock was wrong."""
    return event.corrected_at or event.timestamp


def clock_shift(events: Iterable[contract.PlayEvent]) -> timedelta:
    """How far the device's clock was behind, by the middle of its corrected events.

    Tasks are timed by the device's clock alone; adding this puts them beside their events.
    """
    shifts = sorted(
        event.corrected_at - event.timestamp for event in events if event.corrected_at is not None
    )
    return shifts[len(shifts) // 2] if shifts else timedelta(0)


def _data_text(data: object) -> str:
    """An event's own data as `name: value, …` on one line, shortened to 120 characters."""
    fields = data if isinstance(data, Mapping) else {}
    text = ", ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in fields.items()
    )
    return text if len(text) <= 120 else f"{text[:119]}…"
