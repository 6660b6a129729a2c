"""A recording as sound, a few minutes at a time: memory does not grow with its length."""

from collections.abc import Iterator
from typing import BinaryIO, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from numpy.typing import NDArray

from learntrace.transcription_sessions.transcription.port import LONGEST_S, TranscriptionError

RATE = 16_000
"""Samples a second."""
PIECE_S = 120
SEARCHED_S = 15
"""The end of a piece, in which the quietest moment is looked for: words are not cut in two."""
MOMENT_S = 0.2

UNREADABLE = (
    "This file cannot be read as audio; it may be damaged. Export or record it again, "
    "or upload a transcript instead."
)
TOO_LONG = "This recording is longer than four hours. Upload it in parts."

# What uploads may be; nothing in a file may lead the reader to another file or address.
_OPTIONS = {"format_whitelist": "wav,mp3,flac,ogg,mov", "protocol_whitelist": ""}

Sound = NDArray[np.float32]


class Recording:
    """An audio file that is read once, from its beginning; mono, -1..1."""

    def __init__(self, audio: BinaryIO) -> None:
        """Raises `TranscriptionError` where `audio` is none."""
        try:
            self._container: InputContainer = av.open(
                audio, "r", metadata_errors="ignore", options=_OPTIONS
            )
        except av.error.FFmpegError as error:
            raise TranscriptionError(UNREADABLE) from error
        if not self._container.streams.audio:
            raise TranscriptionError(UNREADABLE)

    @property
    def length_s(self) -> float | None:
        """As the file says; null where it does not."""
        length = self._container.duration
        return None if length is None else length / av.time_base

    def pieces(self) -> Iterator[tuple[float, Sound]]:
        """Where each piece begins, in seconds, and its sound of at most `PIECE_S`."""
        begin, waiting, count = 0, list[NDArray[np.int16]](), 0
        for samples in self._samples():
            waiting.append(samples)
            count += len(samples)
            if begin + count > LONGEST_S * RATE:
                raise TranscriptionError(TOO_LONG)
            while count >= PIECE_S * RATE:
                sound = np.concatenate(waiting)
                end = _quietest(sound[: PIECE_S * RATE])
                yield begin / RATE, _as_sound(sound[:end])
                begin, waiting, count = begin + end, [sound[end:]], count - end
        if count:
            yield begin / RATE, _as_sound(np.concatenate(waiting))

    def _samples(self) -> Iterator[NDArray[np.int16]]:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in self._frames():
            for resampled in resampler.resample(frame):
                yield cast("NDArray[np.int16]", resampled.to_ndarray()).reshape(-1)

    def _frames(self) -> Iterator[AudioFrame | None]:
        """Every frame that can be read, and null at the end."""
        for packet in self._container.demux(audio=0):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:  # a damaged packet; the next may be whole
                continue
            for frame in frames:
                frame.pts = None  # files joined from several count anew in the middle
                yield frame
        yield None


def _quietest(samples: NDArray[np.int16]) -> int:
    """Where the quietest moment of the last seconds has its middle."""
    moment = int(MOMENT_S * RATE)
    searched = samples[-SEARCHED_S * RATE :].astype(np.float32)
    loudness = np.square(searched).reshape(-1, moment).mean(axis=1)
    quietest = int(loudness.argmin())
    return len(samples) - len(searched) + quietest * moment + moment // 2


def _as_sound(samples: NDArray[np.int16]) -> Sound:
    return samples.astype(np.float32) / 32768.0
