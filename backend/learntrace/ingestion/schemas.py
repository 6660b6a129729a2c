"""The shape of what games send and what they are answered.

The documented contract (OpenAPI, docs/events.md) and the explainer of refusals. The hot path
reads with `validation.WireEvent`, which property tests hold to `EventIn`.
"""

import json
import re
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from learntrace.ingestion.payload import data_problem
from learntrace.ingestion.times import parse_instant
from learntrace.ingestion.verdicts import Code, Outcome

MAX_EVENTS: Final = 1000
MAX_EVENT_TYPE: Final = 100
MAX_MISSION_ID: Final = 100
MAX_VERSION: Final = 20
DEFAULT_GAME_VERSION: Final = "1.0.0"
MAX_SEQUENCE: Final = 2**63 - 1
MIN_SEQUENCE: Final = -(2**63)

_NO_CONTROL = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search
_UUID = re.compile(
    r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
).fullmatch


def without_control(text: str) -> str:
    """The text itself. Raises ValueError where it holds a control character."""
    if not text.isprintable() and _CONTROL(text):
        raise ValueError("must not hold control characters")
    return text


def whole_number(value: object) -> object:
    """A float without a fraction as the integer it is (3.0 is 3); a truth value is refused."""
    if isinstance(value, bool | str | bytes):
        raise ValueError("must be a whole number")  # noqa: TRY004 - pydantic collects ValueErrors
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _uuid(value: object) -> object:
    if isinstance(value, UUID) or (isinstance(value, str) and _UUID(value)):
        return value
    raise ValueError("must be a UUID: 32 hexadecimal digits, with the four hyphens or without any")


def printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must hold printable characters only")
    return text


def _instant(value: object) -> object:
    return parse_instant(value) if isinstance(value, str) else _no_text(value)


def _no_text(value: object) -> object:
    if isinstance(value, datetime):
        return value
    raise ValueError("must be a text such as 2026-03-02T08:15:30.250Z")


def _fitting(data: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    problem = data_problem(text.encode(errors="surrogatepass"))
    if problem is not None:
        raise ValueError(problem[1])
    return data


Id = Annotated[UUID, BeforeValidator(_uuid)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
_LINE: Final = {"pattern": _NO_CONTROL}
Line = Annotated[str, Field(strict=True, json_schema_extra=_LINE), AfterValidator(without_control)]
Version = Annotated[
    str,
    Field(strict=True, max_length=MAX_VERSION, json_schema_extra=_LINE),
    AfterValidator(without_control),
]
MissionId = Annotated[
    str,
    Field(strict=True, max_length=MAX_MISSION_ID, json_schema_extra=_LINE),
    AfterValidator(without_control),
]
EventType = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=MAX_EVENT_TYPE, json_schema_extra=_LINE),
    AfterValidator(printable),
]
SequenceNumber = Annotated[
    int, Field(ge=MIN_SEQUENCE, le=MAX_SEQUENCE), BeforeValidator(whole_number)
]


EXAMPLE: Final[JsonDict] = {
    "event_id": "01956b2e-8f00-7c3a-9d41-5b6f0a1c2d3e",
    "student_id": "164be23e-152c-50bd-a674-0b8d28c90927",
    "session_id": "cdf50277-ef82-5919-a814-f085bdea4388",
    "event_type": "complete",
    "timestamp": "2026-03-02T08:15:30.250Z",
    "data": {"level": 3, "closeness": 0.97},
    "mission_id": "level_3",
    "game_version": "1.4.2",
    "sequence": 17,
}


class EventIn(BaseModel):
    """One thing that happened in a game. Fields not listed here are ignored."""

    event_id: Id = Field(
        description="Made once by the client, the same at every repeat. A UUID of any version; 7 "
        "is advised. 32 hexadecimal digits of either case, with the four hyphens or without any."
    )
    student_id: Id = Field(description="Who played: the id from joining, or from the roster.")
    session_id: Id = Field(
        description="One sitting of one student in one game; made by the client, opened by its "
        "first event."
    )
    event_type: EventType = Field(
        description="The game's own name of what happened, 1 to 100 printable characters, kept "
        "verbatim. The game's mapping says what it stands for.",
    )
    timestamp: Instant = Field(
        description="When it happened by the client's clock: RFC 3339 with seconds and a UTC "
        "offset; 0 to 9 fractional digits, those after microseconds are cut off."
    )
    data: Annotated[dict[str, Any], AfterValidator(_fitting)] = Field(
        default_factory=dict,
        description="The game's own payload, an object, kept as sent: at most 10,000 bytes and 32 "
        "levels; no NUL, no half surrogate pairs; numbers that a double can hold. Left out: {}.",
    )
    mission_id: MissionId | None = Field(
        default=None,
        description="The level or task the event belongs to, at most 100 characters, or null.",
    )
    game_version: Version = Field(
        default=DEFAULT_GAME_VERSION,
        description="The game's version, at most 20 characters. Left out: 1.0.0.",
    )
    sequence: SequenceNumber | None = Field(
        default=None,
        description="The client's own counter in the session, a 64-bit whole number (3.0 is 3), "
        "or null. With it, events keep their order even when clocks jump.",
    )

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


class SingleIn(EventIn):
    """One event sent alone. The two further fields are for beacons, which cannot set headers."""

    sent_at: Instant | None = Field(
        default=None, description="As in a batch; the header `X-Sent-At` goes before it."
    )
    player_token: Line | None = Field(
        default=None, description="Only with `text/plain`: the token from joining."
    )


class BatchIn(BaseModel):
    """Up to 1,000 events in one body. Each is judged alone."""

    batch_id: Id = Field(description="Names the send, to ask for its status later.")
    client_version: Version | None = Field(
        default=None, description="The sending library's version, at most 20 characters."
    )
    sent_at: Instant | None = Field(
        default=None,
        description="The client's clock when it sends: corrects a wrong clock. RFC 3339.",
    )
    player_token: Line | None = Field(
        default=None, description="Only with `text/plain`: the token from joining."
    )
    events: list[EventIn] = Field(
        min_length=1, max_length=MAX_EVENTS, description="1 to 1,000 events, each judged alone."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "batch_id": "01956b2e-9a10-7b21-8c55-0d1e2f3a4b5c",
                    "client_version": "2.0.1",
                    "sent_at": "2026-03-02T08:15:31.000Z",
                    "events": [EXAMPLE],
                }
            ]
        }
    )


class RejectedEvent(BaseModel):
    """Why one event was not stored."""

    model_config = ConfigDict(from_attributes=True)

    index: int = Field(ge=0, description="Its place among the events sent, from 0.", examples=[2])
    event_id: UUID | None = Field(description="Null where none could be read.")
    code: Code
    retryable: bool = Field(description="Whether the same event can be taken later.")
    detail: str = Field(
        description="Names the field, never what it held.",
        examples=["timestamp: must end in a UTC offset such as Z or +01:00"],
    )


class IngestAnswer(BaseModel):
    """What became of one send. The three counts sum up to `received_count`."""

    status: Outcome
    received_count: int = Field(ge=0, examples=[3])
    accepted: int = Field(ge=0, description="Stored now.", examples=[1])
    duplicates: int = Field(ge=0, description="Known before, or repeated here.", examples=[1])
    rejected: list[RejectedEvent]
    batch_id: UUID | None = Field(description="Null for a single event.")
    message: str = Field(examples=["1 stored, 1 already known, 1 refused."])


class BatchStatus(BaseModel):
    """The stored truth about a batch, over all its sends."""

    model_config = ConfigDict(from_attributes=True)

    batch_id: UUID
    status: Outcome
    received_at: datetime = Field(description="When it was last received.")
    attempts: int = Field(ge=1, description="How often it was sent.")
    received_count: int = Field(ge=0, description="Events in the last send.")
    accepted: int = Field(ge=0, description="Events stored, over all sends.")
    duplicates: int = Field(ge=0, description="Events known before, in the last send.")
    rejected: list[RejectedEvent] = Field(description="Those of the last send.")
