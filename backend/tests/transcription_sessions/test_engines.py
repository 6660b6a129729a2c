"""Which engine a recording is for, and what is refused before anybody waits for it."""

from pathlib import Path

import pytest

from learntrace.kit.errors import InvalidError
from learntrace.transcription_sessions.transcription.engines import (
    AUTO,
    NONE,
    Engines,
    installed,
    spoken,
)
from learntrace.transcription_sessions.transcription.whisper import Whisper

WHISPER = Whisper(Path("unused"), "tiny.en", frozenset({"en"}))
GERMAN = Whisper(Path("unused"), "small", frozenset({"de", "en"}), name="german")
BOTH = Engines((WHISPER, GERMAN))


@pytest.mark.parametrize(
    ("provider", "language", "why"),
    [
        (AUTO, "en", None),
        (AUTO, "en-GB", None),
        (AUTO, "de", "understands only: en"),
        ("german", "de-CH", None),
        ("german", "fr", "understands only: de, en"),
        ("parrot", "en", "one of: auto, none, faster-whisper, german"),
        (NONE, "fr", "made for an uploaded transcript"),
    ],
)
def test_an_engine_is_chosen_by_name_and_language(provider, language, why) -> None:
    refusal = BOTH.refusal(provider, language)
    assert (refusal is None) if why is None else (refusal is not None and why in refusal)


def test_what_would_be_refused_in_the_end_is_refused_at_once() -> None:
    BOTH.require(AUTO, "en")
    with pytest.raises(InvalidError, match="upload a transcript"):
        BOTH.require(AUTO, "fr")


def test_a_transcript_is_uploaded_in_any_language_and_without_an_engine() -> None:
    BOTH.require(NONE, "fr")
    nothing = Engines(())
    nothing.require(AUTO, "fr")
    assert nothing.default is None
    why = nothing.refusal(AUTO, "en") or ""
    assert "Upload a transcript" in why
    assert why.endswith("ask whoever runs Learntrace to install speech recognition.")


@pytest.mark.parametrize("written", ["de", "de-CH", "DE_at"])
def test_a_region_is_no_other_language(written: str) -> None:
    assert spoken(written) == "de"


def test_another_package_offers_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = installed()
    offering = tmp_path / "cloud-1.0.dist-info"
    offering.mkdir()
    (offering / "METADATA").write_text("Metadata-Version: 2.1\nName: cloud\nVersion: 1.0\n")
    engine = "tests.transcription_sessions.scripted:ScriptedTranscriber"
    (offering / "entry_points.txt").write_text(f"[learntrace.transcribers]\ncloud = {engine}\n")
    monkeypatch.syspath_prepend(tmp_path)
    names = [one.name for one in installed().transcribers]
    assert names == [*(one.name for one in own.transcribers), "scripted"]
