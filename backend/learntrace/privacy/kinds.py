"""What consent and what amendment is asked for, and how each stands. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What a consent is for: storing play, audio, and use in research."""

    PLAY = "play"
    AUDIO = "audio"
    RESEARCH = "research"


class State(StrEnum):
    """How a consent stands; `pending` is where nothing was ever said."""

    PENDING = "pending"
    VERIFIED = "verified"
    REVOKED = "revoked"


class About(StrEnum):
    """What of a student's record somebody says is wrong."""

    GAME_PLAY = "game_play"
    ASSESSMENT = "assessment"
    RATING = "rating"
    NOTE = "note"
    PERSON = "person"


class Decision(StrEnum):
    """How a request for an amendment stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
