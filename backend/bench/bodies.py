"""The requests that are posted: generated events of the size and shape of real play."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from bench.load import request_bytes
from bench.school import School

EVENTS_PATH = "/api/v1/telemetry/events"
BATCH_PATH = "/api/v1/telemetry/batch"
TYPES = ("begin", "slide_move", "slide_release", "reset", "succeed", "fail", "complete")
_LARGEST = 1000
# Events of a request that one student made in one sitting.
_OF_ONE_STUDENT = 20
_WARM_UP = 0.2
# PostgreSQL plans a statement anew for the first five groups of each connection; two processes
# have six, and two batches of 100 share a group.
_LEAST_WARM_UP = 100
# Each event is a millisecond after the one before.
_AGO_MS = 24 * 3600 * 1000

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How events are posted: `batch` in a request (1: alone), by `connections` clients.

    `players`: each client is a pupil with a token of its own, else all use the write key.
    """

    name: str
    batch: int
    connections: int
    in_flight: int
    requests: int
    players: bool = False

    def scaled(self, share: float) -> "Shape":
        return replace(self, requests=max(self.connections, round(self.requests * share)))

    def warm_up(self) -> "Shape":
        """What is posted before anything is measured."""
        scaled = self.scaled(_WARM_UP)
        return replace(scaled, requests=max(_LEAST_WARM_UP, scaled.requests))


SINGLES = Shape("single events", 1, 16, 16, 6000)
FIVES = Shape("batches of 5", 5, 2000, 64, 4000, players=True)
HUNDREDS = Shape("batches of 100", 100, 8, 8, 400)
THOUSANDS = Shape("batches of 1,000", 1000, 4, 4, 60)
SHAPES = (SINGLES, FIVES, HUNDREDS, THOUSANDS)


class Pattern(StrEnum):
    """Which of the events were stored before."""

    NEW = "new"
    ALL = "all duplicates"
    TENTH = "10 % duplicates"
    LAST = "last one a duplicate"


@dataclass(frozen=True, slots=True)
class Load:
    """What one measurement posts: `before` unmeasured, then `requests` with `events` in all.

    `new` are the events that are stored by both together and by no load before.
    """

    shape: Shape
    pattern: Pattern
    before: Sequence[bytes]
    requests: Sequence[bytes]
    events: int
    new: Sequence[Event]


class Play:
    """A seeded supply of events that never repeat; ids are of version 7, or 4."""

    def __init__(self, school: School, seed: int, *, id_version: int = 7) -> None:
        self._school = school
        self._rng = random.Random(seed)  # noqa: S311 - no secret
        self._clock_ms = int(time.time() * 1000) - _AGO_MS
        self._id_version = id_version

    def loads(self, shape: Shape) -> list[Load]:
        """Every pattern that the shape can have; `ALL` repeats what `NEW` posted."""
        warm = list(self.batches(shape.warm_up()))
        batches = list(self.batches(shape))
        fresh = self.requests(shape, batches)
        events = [one for batch in (*warm, *batches) for one in batch]
        count = shape.batch * len(batches)
        loads = [
            Load(shape, Pattern.NEW, self.requests(shape, warm), fresh, count, events),
            Load(shape, Pattern.ALL, [], fresh, count, []),
            self._known_before(shape, Pattern.TENTH),
        ]
        if shape.batch > 1:
            loads.append(self._known_before(shape, Pattern.LAST))
        return loads

    def _known_before(self, shape: Shape, pattern: Pattern) -> Load:
        batches = list(self.batches(shape))
        events = [one for batch in batches for one in batch]
        known = events[::10] if pattern is Pattern.TENTH else [batch[-1] for batch in batches]
        parts = [known[at : at + _LARGEST] for at in range(0, len(known), _LARGEST)]
        before = [self._request(BATCH_PATH, self._school.write_key, part) for part in parts]
        return Load(shape, pattern, before, self.requests(shape, batches), len(events), events)

    def batches(self, shape: Shape) -> Iterator[list[Event]]:
        """The events of each request, ids ascending where they are of version 7."""
        sittings = [self._id() for _ in self._school.students]
        at_once = max(1, shape.batch // _OF_ONE_STUDENT)
        clients = shape.connections
        for number in range(shape.requests):
            first = number % clients if at_once == 1 else number * at_once
            yield [
                self._event((first + index % at_once) % len(sittings), sittings, number)
                for index in range(shape.batch)
            ]

    def _event(self, student: int, sittings: Sequence[str], sequence: int) -> Event:
        self._clock_ms += 1
        rng = self._rng
        happened_at = datetime.fromtimestamp(self._clock_ms / 1000, UTC)
        return {
            "event_id": self._id(),
            "student_id": self._school.students[student],
            "session_id": sittings[student],
            "event_type": rng.choice(TYPES),
            "timestamp": happened_at.isoformat(timespec="milliseconds"),
            "data": {
                "level": rng.randrange(40),
                "amplitude": rng.random() * 20,
                "wavelength": rng.random() * 40,
                "tries": rng.randrange(5),
            },
            "mission_id": f"level_{rng.randrange(40)}",
            "game_version": "1.4.2",
            "sequence": sequence * 1000 + self._clock_ms % 1000,
        }

    def _id(self) -> str:
        """A UUID of RFC 9562."""
        bits = self._rng.getrandbits
        head = self._clock_ms if self._id_version == 7 else bits(48)
        version = self._id_version << 76
        return str(UUID(int=head << 80 | version | bits(12) << 64 | 0b10 << 62 | bits(62)))

    def requests(self, shape: Shape, batches: Sequence[Sequence[Event]]) -> list[bytes]:
        """Each of `batches` as its client posts it."""
        made = []
        for number, events in enumerate(batches):
            client = number % shape.connections
            if shape.players:
                made.append(self._request(BATCH_PATH, self._school.player_tokens[client], events))
            else:
                path = EVENTS_PATH if shape.batch == 1 else BATCH_PATH
                key = self._school.write_key
                made.append(self._request(path, key, events, client=f"client-{client}"))
        return made

    def _request(
        self, path: str, token: str, events: Sequence[Event], *, client: str | None = None
    ) -> bytes:
        body: object = events[0]
        if path == BATCH_PATH:
            body = {"batch_id": self._id(), "client_version": "1.4.2", "events": events}
        return request_bytes(path, token, msgspec.json.encode(body), client)
