"""Sounds in every format that is taken: a tone, made anew each time."""

import io
from functools import cache

import av
import numpy as np

# By the file's ending: container, codec, samples a second.
FORMATS = {
    "mp3": ("mp3", "libmp3lame", 16_000),
    "wav": ("wav", "pcm_s16le", 16_000),
    "flac": ("flac", "flac", 16_000),
    "ogg": ("ogg", "libopus", 48_000),
    "mp4": ("mp4", "aac", 16_000),
    "m4a": ("ipod", "aac", 16_000),
}


@cache
def sound(ending: str, seconds: float = 3.0) -> bytes:
    """A tone as a file with this ending."""
    container, codec, rate = FORMATS[ending]
    file = io.BytesIO()
    samples = 8000 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            samples.astype(np.int16)[np.newaxis], format="s16", layout="mono"
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()
