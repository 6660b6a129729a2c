"""What was heard, as whoever transcribes or reads a transcript says it. Pure."""

from dataclasses import dataclass
from typing import Final

from learntrace.transcription_sessions.states import Role

MOST_CHARACTERS: Final = 10_000
"""Of one segment's text."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one speaker said without a break; seconds are from the beginning of the audio.

    `end_s` is not before `start_s`. `confidence`, 0..1, is how surely it was heard; null where
    nobody says. `speaker_id` tells speakers of one recording apart, at most 64 characters; null
    where they are not told apart.
    """

    start_s: float
    end_s: float
    text: str
    confidence: float | None = None
    speaker_id: str | None = None
    role: Role | None = None
