"""The engine on real speech, and on what is none."""

import asyncio
import io
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

import jiwer
import numpy as np
import psutil
import pytest

from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.transcription.engines import installed
from learntrace.transcription_sessions.transcription.port import Transcriber, TranscriptionError
from learntrace.transcription_sessions.transcription.whisper import PROCESS

from ..speech import LISTS, RATE, hum, noise, plain_words, silence, spoken, talk, wav

MOST_ERRORS = 0.15


@pytest.fixture
def whisper() -> Transcriber:
    engine = installed().default
    if engine is None:
        pytest.skip("no speech-to-text here (extra [stt] absent)")
    return engine


def as_file(content: bytes) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the engine's process reads it
    file.write(content)
    file.seek(0)
    return file


async def hear(engine: Transcriber, content: bytes) -> list[Heard]:
    with as_file(content) as audio:
        return await engine.transcribe(audio, "en", lambda done_s, of_s: None)


async def test_at_most_fifteen_words_in_a_hundred_are_wrong(
    whisper: Transcriber, capsys: pytest.CaptureFixture[str]
) -> None:
    said, understood = [], []
    began = time.monotonic()
    for kind in LISTS:
        recordings = spoken(kind)
        parts = [part for one in recordings for part in (one.samples, silence(2))]
        heard = await hear(whisper, wav(np.concatenate(parts)))
        said.append(plain_words(" ".join(one.said for one in recordings)))
        understood.append(plain_words(" ".join(one.text for one in heard)))
        share = jiwer.wer(said[-1], understood[-1])
        with capsys.disabled():
            print(f"\n{kind}: {100 * share:.1f} % of {len(said[-1].split())} words wrong", end="")
    wrong = jiwer.wer(said, understood)
    with capsys.disabled():
        print(f"\nboth: {100 * wrong:.1f} %, in {time.monotonic() - began:.1f} s")
    assert wrong <= MOST_ERRORS


async def test_what_is_heard_says_when_and_how_surely(whisper: Transcriber) -> None:
    told: list[tuple[float, float | None]] = []
    samples = talk()
    with as_file(wav(samples)) as audio:
        heard = await whisper.transcribe(audio, "en", lambda *done: told.append(done))
    length_s = len(samples) / RATE
    assert len(heard) >= 5, "a pause of two seconds ends what is said"
    assert [one.start_s for one in heard] == sorted(one.start_s for one in heard)
    assert all(0 <= one.start_s < one.end_s <= length_s + 1 for one in heard)
    assert all(one.confidence is not None and 0.5 < one.confidence <= 1 for one in heard)
    assert "selfish" in " ".join(one.text for one in heard)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (pytest.approx(length_s), pytest.approx(length_s))


async def test_no_word_is_heard_where_nobody_speaks(whisper: Transcriber) -> None:
    nobody = np.concatenate([silence(40), noise(20), hum(20)])
    assert await hear(whisper, wav(nobody)) == []
    assert await hear(whisper, wav(silence(0))) == []


async def test_what_is_no_audio_is_refused_for_good(whisper: Transcriber) -> None:
    with pytest.raises(TranscriptionError, match="cannot be read as audio"):
        await hear(whisper, b"not a sound")


async def test_it_tells_nobody_and_leaves_nothing(
    whisper: Transcriber, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of its libraries reports home unless it is told not to, and first makes a file."""
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("CI", raising=False)  # where it keeps quiet by itself
    assert await hear(whisper, spoken("librivox")[0].file.read_bytes())
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


async def test_its_process_ends_when_it_is_cancelled(whisper: Transcriber) -> None:
    def running() -> list[int]:
        children = psutil.Process().children()
        return [one.pid for one in children if "whisper_process" in " ".join(one.cmdline())]

    with as_file(wav(silence(600))) as audio:
        task = asyncio.create_task(whisper.transcribe(audio, "en", lambda done_s, of_s: None))
        while not running():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not running()


async def test_a_process_that_breaks_off_is_no_refusal(whisper: Transcriber) -> None:
    with io.BytesIO() as closed, pytest.raises(io.UnsupportedOperation):
        await whisper.transcribe(closed, "en", lambda done_s, of_s: None)


def test_no_utterance_ends_before_it_begins() -> None:
    """The engine's times are guesses, and a transcript with such a one could not be stored."""
    whisper_process = pytest.importorskip(PROCESS, exc_type=ImportError)
    guessed = whisper_process.Word(start=1.24, end=1.2, word=" Yes.", probability=0.5)
    [heard] = whisper_process.utterances([guessed], begin_s=120.0)
    assert (heard.start_s, heard.end_s) == (121.24, 121.24)
