"""A file is taken where its name and its first bytes say the same."""

import pytest

from learntrace.kit.errors import InvalidError, UnsupportedMediaTypeError
from learntrace.transcription_sessions.audio_types import ENOUGH_BYTES, require_type

from .sounds import FORMATS, sound

ONE_CONTAINER = {"mp4", "m4a"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("content", FORMATS)
def test_name_and_content_have_to_agree(name: str, content: str) -> None:
    head = sound(content)[:ENOUGH_BYTES]
    if name == content or {name, content} == ONE_CONTAINER:
        assert require_type(f"a.{name.upper()}", head).startswith("audio/")
    else:
        with pytest.raises(UnsupportedMediaTypeError):
            require_type(f"a.{name}", head)


@pytest.mark.parametrize(
    "head", [b"", b"\0" * 9000, b"<!doctype html>", b"MZ" * 9, b"RIFF1234AVI "]
)
@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_no_audio_is_refused(ending: str, head: bytes) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        require_type(f"a.{ending}", head)


@pytest.mark.parametrize("name", ["a.txt", "a", "wav", ".wav", "a.wav.exe", "a\n.wav", "a.wav\0"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        require_type(name, sound("wav"))
