"""The process in which Whisper runs: a recording on stdin, a line of JSON for each thing heard.

A process of its own, because a crash in decoding somebody's file must not end the worker, memory
is given back, and it can be stopped at any moment.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from faster_whisper import WhisperModel
from faster_whisper.transcribe import Word

from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.transcription.pieces import RATE, Recording
from learntrace.transcription_sessions.transcription.port import TranscriptionError

BREAK_S = 1.0
"""Who is silent for so long has ended; what follows may be somebody else's."""
MOST_THREADS = 4
NICE = 10
"""Assessing and answering people go first."""


def utterances(words: Sequence[Word], begin_s: float) -> Iterator[Heard]:
    """`words`, whose times count from `begin_s`, as what is said without a break."""
    said: list[Word] = []
    for word in words:
        if said and word.start - said[-1].end >= BREAK_S:
            yield _heard(said, begin_s)
            said = []
        said.append(word)
    if said:
        yield _heard(said, begin_s)


def _heard(words: Sequence[Word], begin_s: float) -> Heard:
    start_s = round(begin_s + float(words[0].start), 3)
    return Heard(
        start_s=start_s,
        # The times are guesses, one for each word.
        end_s=max(start_s, round(begin_s + float(words[-1].end), 3)),
        text="".join(word.word for word in words).strip(),
        confidence=round(sum(float(word.probability) for word in words) / len(words), 4),
    )


def transcribe(recording: Recording, model_folder: str, language: str) -> Iterator[dict[str, Any]]:
    """The lines: `{heard}` for each utterance, `{done_s, of_s}` now and then."""
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=threads)
    of_s, done_s = recording.length_s, 0.0
    for begin_s, sound in recording.pieces():
        segments, _ = model.transcribe(
            sound,
            language=language,
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        for segment in segments:
            for heard in utterances(segment.words or (), begin_s):
                yield {"heard": asdict(heard)}
            yield {"done_s": begin_s + float(segment.end), "of_s": of_s}
        done_s = begin_s + len(sound) / RATE
        yield {"done_s": done_s, "of_s": of_s}
    yield {"done_s": done_s, "of_s": done_s}


def main() -> None:
    """`python -m .. MODEL_FOLDER LANGUAGE < recording`."""
    model_folder, language = sys.argv[1:]
    os.nice(NICE)
    try:
        for line in transcribe(Recording(sys.stdin.buffer), model_folder, language):
            _say(line)
    except TranscriptionError as error:
        _say({"refused": str(error)})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
