"""What turns speech into text, whatever engine does it."""

from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from learntrace.transcription_sessions.heard import Heard

LONGEST_S: Final = 4 * 3600
"""The longest recording that is transcribed."""

OnProgress = Callable[[float, float | None], None]
"""Called with how many seconds are done, and of how many; null where nobody knows yet."""


class TranscriptionError(Exception):
    """This recording cannot be transcribed, however often it is tried.

    The message is for whoever recorded it: what is the matter and what to do.
    """


class Transcriber(Protocol):
    """An engine with its model."""

    @property
    def name(self) -> str:
        """What it is called on the wire."""

    @property
    def model(self) -> str:
        """The model's name."""

    @property
    def languages(self) -> frozenset[str]:
        """What it understands, as two or three letters: `en`."""

    @property
    def cost_per_minute_micro(self) -> int:
        """What a minute of audio costs whoever runs it, in millionths of the currency; 0 is free.

        What costs something runs only for schools with a budget for it (`plans.budgeting`).
        """

    async def transcribe(
        self, audio: BinaryIO, language: str, on_progress: OnProgress
    ) -> list[Heard]:
        """What is said in `audio`, the first said first; nothing where nobody speaks.

        `audio` is a file at its beginning, in any format that uploads take; `language` is one of
        `languages`. Whoever wants it to stop cancels the task that awaits it. Raises
        `TranscriptionError`; whatever else it raises may go well another time.
        """
