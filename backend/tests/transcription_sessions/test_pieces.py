"""A recording is read in pieces that lose nothing and cut no word."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from learntrace.transcription_sessions.transcription import pieces
from learntrace.transcription_sessions.transcription.pieces import RATE, Recording
from learntrace.transcription_sessions.transcription.port import TranscriptionError

from ..speech import Samples, hum, noise, silence, wav

# The containers that uploads may be, each with what is usually in it.
FORMATS = {"wav": "pcm_s16le", "mp3": "mp3", "flac": "flac", "ogg": "libopus", "mp4": "aac"}


def encoded(samples: Samples, container: str) -> bytes:
    """As a file of 48 kHz."""
    rate = 48_000
    written = io.BytesIO()
    with av.open(written, "w", format=container) as out:
        stream = out.add_stream(FORMATS[container], rate=rate, layout="mono")
        loud = np.repeat(samples, rate // RATE)[np.newaxis]
        for start in range(0, loud.shape[1], 1152):
            part = np.ascontiguousarray(loud[:, start : start + 1152])
            frame = AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return written.getvalue()


@pytest.mark.parametrize("container", FORMATS)
def test_every_format_of_uploads_is_read(container: str) -> None:
    recording = Recording(io.BytesIO(encoded(hum(3), container)))
    ((begin_s, sound),) = recording.pieces()
    assert begin_s == 0
    assert recording.length_s == pytest.approx(3, abs=0.2)
    assert len(sound) / RATE == pytest.approx(3, abs=0.2)
    assert np.sqrt(np.square(sound).mean()) == pytest.approx(6000 / 32768 / np.sqrt(2), rel=0.1)


def test_pieces_are_cut_where_it_is_quiet_and_lose_nothing() -> None:
    quiet_from = pieces.PIECE_S - 10
    samples = np.concatenate([noise(quiet_from), silence(1), noise(pieces.PIECE_S)])
    got = list(Recording(io.BytesIO(wav(samples))).pieces())
    assert np.array_equal(np.concatenate([sound for _, sound in got]), samples / np.float32(32768))
    begins = [begin_s for begin_s, _ in got]
    assert begins[0] == 0
    assert quiet_from < begins[1] < quiet_from + 1
    assert all(len(sound) <= pieces.PIECE_S * RATE for _, sound in got)


def test_a_damaged_part_leaves_the_rest() -> None:
    whole = encoded(hum(10), "mp3")
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(2000) + whole[middle + 2000 :]
    sound = np.concatenate([sound for _, sound in Recording(io.BytesIO(damaged)).pieces()])
    assert len(sound) / RATE > 8


def test_what_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LONGEST_S", 5)
    with pytest.raises(TranscriptionError, match="four hours"):
        list(Recording(io.BytesIO(wav(silence(6)))).pieces())


def test_a_film_without_sound_is_refused() -> None:
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    with pytest.raises(TranscriptionError, match="cannot be read as audio"):
        Recording(io.BytesIO(written.getvalue()))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a sound",
        b"RIFF" + bytes(200),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
    ids=["empty", "text", "broken", "playlist", "list of files"],
)
def test_what_is_no_audio_is_refused(content: bytes) -> None:
    with pytest.raises(TranscriptionError, match="cannot be read as audio"):
        list(Recording(io.BytesIO(content)).pieces())
