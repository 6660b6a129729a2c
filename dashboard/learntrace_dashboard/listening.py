"""Passes with which a browser's player hears one recording, without a token in any address.

A pass is a random word in this process's memory: it stands for whoever opened the page, and the
API decides each time whether that person may still hear the recording.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from learntrace_dashboard.client import Client

MOST_PASSES = 2000


@dataclass(frozen=True)
class Pass:
    """Which recording somebody hears, and in whose name it is asked for."""

    client: Client
    recording_id: str


class Passes:
    """The passes of everybody who has a recording open; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._words: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._passes: dict[str, Pass] = {}
        self._lock = Lock()

    def give(self, caller: str, client: Client, recording_id: str) -> str:
        """The word for this sign-in and recording: the same one as before, if there was one."""
        with self._lock:
            word = self._words.setdefault((caller, recording_id), secrets.token_urlsafe(24))
            self._words.move_to_end((caller, recording_id))
            self._passes[word] = Pass(client, recording_id)
            while len(self._words) > MOST_PASSES:
                del self._passes[self._words.popitem(last=False)[1]]
            return word

    def of(self, word: str) -> Pass | None:
        """Whose pass it is; None for one that was never given or is too old."""
        with self._lock:
            return self._passes.get(word)


passes = Passes()
