"""An engine that hears what a test tells it to, when the test lets it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.transcription.port import OnProgress

LENGTH_S = 60.0


@dataclass
class ScriptedTranscriber:
    """Says that it is at each of `steps`, seconds, and waits there where `gate` is closed.

    `failures` are raised one a call, before anything is heard.
    """

    heard: Sequence[Heard] = (Heard(0.0, 2.0, "I counted twelve.", confidence=0.9),)
    steps: Sequence[float] = (LENGTH_S,)
    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at_gate: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[tuple[bytes, str]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    name: str = "scripted"
    model: str = "play"
    languages: frozenset[str] = frozenset({"en"})
    cost_per_minute_micro: int = 0

    async def transcribe(
        self, audio: BinaryIO, language: str, on_progress: OnProgress
    ) -> list[Heard]:
        self.got.append((audio.read(), language))
        if self.failures:
            raise self.failures.pop(0)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            for step in self.steps:
                on_progress(step, LENGTH_S)
                self.at_gate.set()
                await self.gate.wait()
        finally:
            self.running -= 1
        return list(self.heard)
