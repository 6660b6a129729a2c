"""Event tables of OpenGameData (https://opengamedata.fielddaylab.wisc.edu) in our wire shape.

One row is one event, columns parted by tabs; the exporter puts blanks for tabs and line breaks
inside values, so a row is one line, also where a later tool has put cells in quotes. Three
generations of column names are read:

- exports since 2021: session_id, app_id, timestamp, event_name, event_data, event_source,
  app_version, app_branch, log_version, offset, user_id, user_data, game_state, index
- the database's own names: client_time, client_offset, server_time, event_sequence_index
- raw logs before that: event, event_custom, event_data_complex, client_time, client_time_ms,
  persistent_session_id, player_id, session_n, level

Times are UTC, as the project documents them; an offset only tells the player's local time.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

from learntrace.interchange.sources import UnreadableFileError

_IDS = UUID("6f1c8f0e-58e7-5b65-9d0c-0f6a9a3c1f52")
"""The namespace of our version 5 UUIDs for OpenGameData's ids; must never change."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "session": ("session_id",),
    "player": ("user_id", "player_id", "persistent_session_id"),
    "game": ("app_id", "game_id", "app_id_fast"),
    "name": ("event_name", "event"),
    "data": ("event_data", "event_data_complex"),
    "time": ("timestamp", "client_time"),
    "milliseconds": ("client_time_ms",),
    "offset": ("offset", "timestamp_offset", "time_offset", "client_offset", "timezone"),
    "index": ("index", "event_sequence_index", "session_n"),
    "source": ("event_source",),
    "version": ("app_version", "game_version"),
    "branch": ("app_branch",),
    "log_version": ("log_version",),
    "state": ("game_state",),
    "user_data": ("user_data",),
    "custom": ("event_custom",),
    "level": ("level",),
}
_NEEDED = ("session", "name", "data", "time")
_NOTHING = frozenset({"", "none", "null", "nan", "nat", "\\n"})
_PERSONAL = frozenset({"http_user_agent", "remote_addr"})
"""Never taken over: they tell about the child's machine, not about the play."""
_LEGACY_NAME = re.compile(r"([A-Z_]+)\.\d+")
_VERSION_LENGTH = 20


class BadRowError(Exception):
    """A row without an event in it; the message says why and repeats no values."""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one file: which place holds what."""

    width: int
    places: Mapping[str, tuple[int, ...]]

    @classmethod
    def from_header(cls, header: bytes) -> Self:
        """Raises UnreadableFileError naming the columns that are missing."""
        names = [
            name.strip().strip('"').lower()
            for name in header.decode("utf-8", "replace").split("\t")
        ]
        places = {
            what: tuple(names.index(column) for column in columns if column in names)
            for what, columns in _COLUMNS.items()
        }
        missing = [" or ".join(_COLUMNS[what]) for what in _NEEDED if not places[what]]
        if missing:
            raise UnreadableFileError(
                "not an OpenGameData event table: no column " + "; no column ".join(missing)
            )
        return cls(width=len(names), places=places)

    def event(self, row: bytes) -> dict[str, Any]:
        """One row as an event in our wire shape. Raises BadRowError."""
        try:
            cells = row.decode("utf-8").split("\t")
        except UnicodeDecodeError as error:
            raise BadRowError(f"not UTF-8 text at byte {error.start}") from error
        if len(cells) != self.width:
            raise BadRowError(f"{len(cells)} columns where the header names {self.width}")
        return _Row({what: self._cell(cells, what) for what in self.places}).event()

    def _cell(self, cells: list[str], what: str) -> str | None:
        """The first column that says something, None where none does."""
        for place in self.places[what]:
            value = _unquoted(cells[place].strip())
            if value.lower() not in _NOTHING:
                return value
        return None


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[str, str | None]

    def event(self) -> dict[str, Any]:
        data = _mapping(self.cells["data"], "event_data")
        name, legacy_name = self._names(data)
        at = self._time()
        index = self._index()
        game_session = self._needed("session", "session_id")
        game = self.cells["game"] or ""
        own_name = f"{game}\t{game_session}"
        position = str(index) if index is not None else f"{at.isoformat()}\t{self.cells['data']}"
        source = self.cells["source"] or "GAME"
        level = self._level(data)
        return {
            "event_id": str(uuid5(_IDS, f"event\t{own_name}\t{source}\t{position}\t{name}")),
            "student_id": str(self._student_id(game, game_session)),
            "session_id": str(uuid5(_IDS, f"session\t{own_name}")),
            "event_type": name,
            "timestamp": at.isoformat().replace("+00:00", "Z"),
            "data": self._data(data, legacy_name, index, level),
            "mission_id": None if level is None else f"level_{level}",
            "game_version": (self.cells["version"] or "0")[:_VERSION_LENGTH],
            "sequence": index,
        }

    def _needed(self, what: str, column: str) -> str:
        value = self.cells[what]
        if value is None:
            raise BadRowError(f"{column} is empty")
        return value

    def _student_id(self, game: str, game_session: str) -> UUID:
        """The player; a game that knows no players gets one student for each session."""
        player = self.cells["player"]
        if player is None:
            return uuid5(_IDS, f"student of session\t{game}\t{game_session}")
        return uuid5(_IDS, f"student\t{player}")

    def _names(self, data: Mapping[str, Any]) -> tuple[str, str | None]:
        """The event's name, and the legacy one it was logged under.

        Old games log CUSTOM.1, CUSTOM.2 and so on, and the name that people know beside it.
        """
        name = self._needed("name", "event_name")
        legacy = _LEGACY_NAME.fullmatch(name)
        custom = data.get("event_custom", self.cells["custom"])
        if legacy is None and not (name == "CUSTOM" and isinstance(custom, str)):
            return name, None
        if isinstance(custom, str) and not custom.isdigit():
            return custom.lower(), name
        if legacy is not None and legacy[1] != "CUSTOM":
            return legacy[1].lower(), name
        return name, None

    def _time(self) -> datetime:
        try:
            at = datetime.fromisoformat(self._needed("time", "timestamp").removesuffix(" UTC"))
            if milliseconds := self.cells["milliseconds"]:
                at = at.replace(microsecond=0) + timedelta(milliseconds=float(milliseconds))
        except (ValueError, OverflowError) as error:
            raise BadRowError("timestamp is no date and time") from error
        if at.tzinfo is None:
            return at.replace(tzinfo=UTC)
        try:
            return at.astimezone(UTC)
        except OverflowError as error:
            raise BadRowError("timestamp is no date and time") from error

    def _index(self) -> int | None:
        value = self.cells["index"]
        if value is None:
            return None
        try:
            return int(value.removesuffix(".0"))
        except ValueError as error:
            raise BadRowError("index is no whole number") from error

    def _level(self, data: Mapping[str, Any]) -> object:
        for level in (data.get("level"), self.cells["level"]):
            if isinstance(level, int | str) and str(level).strip():
                return level
        return None

    def _data(
        self, data: Mapping[str, Any], legacy_name: str | None, index: int | None, level: object
    ) -> dict[str, Any]:
        """The event's own fields first; what else the row tells under names of its own."""
        beside = {
            "level": int(level) if isinstance(level, str) and level.isdigit() else level,
            "game_state": _mapping(self.cells["state"], "game_state"),
            "user_data": _mapping(self.cells["user_data"], "user_data"),
            "source_event": legacy_name,
            "app_branch": self.cells["branch"],
            "log_version": self.cells["log_version"],
            "time_offset": self.cells["offset"],
            "sequence": index,
        }
        left_out = _PERSONAL | ({"event_custom"} if legacy_name else frozenset())
        own = {
            key: value
            for key, value in data.items()
            if key not in left_out and not (key == "event_data_complex" and value is None)
        }
        return own | {
            key: value
            for key, value in beside.items()
            if value not in (None, {}) and key not in own
        }


def _unquoted(cell: str) -> str:
    """A cell as a spreadsheet's or a data frame's writer put it in quotes."""
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _mapping(text: str | None, column: str) -> Mapping[str, Any]:
    """A JSON object; the oldest exports wrote it in Python's notation. Raises BadRowError."""
    if text is None:
        return {}
    try:
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(text)
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
            raise BadRowError(f"{column} is no JSON object") from error
    if not isinstance(value, dict):
        raise BadRowError(f"{column} is no JSON object")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
