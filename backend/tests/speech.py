"""Real speech with what is said in it, and sound that is none."""

import io
import re
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 16_000
# Of the Debian package pocketsphinx-testdata: a reader of LibriVox, and commands of a card game.
FOLDER = Path("/usr/share/pocketsphinx/test/data")
LISTS = {"librivox": "librivox/transcription", "cards": "cards/cards.transcription"}
# These transcripts spell out what the engine abbreviates.
SPELT = {"mr": "mister", "10": "ten", "5": "five"}
LINE = re.compile(r"<s> (?P<said>.*?)\s*</s> \((?P<name>.*)\)")

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Spoken:
    """A recording and the words that are said in it, in lower case."""

    file: Path
    said: str

    @property
    def samples(self) -> Samples:
        with wave.open(str(self.file)) as recording:
            assert (recording.getframerate(), recording.getnchannels()) == (RATE, 1)
            return np.frombuffer(recording.readframes(recording.getnframes()), np.int16)


def spoken(kind: str) -> list[Spoken]:
    """The recordings of one kind; skips the test where the package is not installed."""
    listed = FOLDER / LISTS[kind]
    if not listed.is_file():
        pytest.skip("real speech is not here (Debian package pocketsphinx-testdata absent)")
    found = LINE.finditer(listed.read_text())
    return [Spoken(FOLDER / kind / f"{one['name']}.wav", one["said"]) for one in found]


def plain_words(said: str) -> str:
    """Without what is not heard: marks, and how a word is written."""
    plain = "".join(letter if letter.isalnum() else " " for letter in said.lower())
    return " ".join(SPELT.get(word, word) for word in plain.split())


def wav(samples: Samples) -> bytes:
    """As a WAV file, mono."""
    written = io.BytesIO()
    with wave.open(written, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(samples.tobytes())
    return written.getvalue()


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.int16)


def noise(seconds: float) -> Samples:
    return np.random.default_rng(1).normal(0, 1500, int(seconds * RATE)).astype(np.int16)


def hum(seconds: float) -> Samples:
    return (6000 * np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * 100 / RATE)).astype(np.int16)


def talk(times: int = 1, pause_s: float = 2.0) -> Samples:
    """What the reader reads, with a pause after each sentence: 35 s, so many times."""
    once = [part for one in spoken("librivox") for part in (one.samples, silence(pause_s))]
    return np.concatenate(once * times)
