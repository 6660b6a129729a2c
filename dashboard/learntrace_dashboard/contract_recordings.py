"""The shapes of the API's answers about recordings, their transcripts and what talk shows."""

from collections.abc import Mapping
from datetime import date, datetime

from learntrace_dashboard.contract import Answer, Feature
from learntrace_dashboard.hiding import StudentName


class Recording(Answer):
    """A recording or an uploaded transcript.

    `status`: uploading, pending, processing, completed, failed or cancelled. `checked_at` is None
    until somebody said that the transcript is right.
    """

    id: str
    title: str
    status: str
    language: str
    stt_provider: str
    student_id: str | None = None
    student_name: StudentName | None = None
    audio_filename: str | None = None
    duration_seconds: float | None = None
    segments_count: int = 0
    progress_percentage: int = 0
    error_message: str | None = None
    checked_at: datetime | None = None
    has_audio: bool = False
    created_at: datetime
    updated_at: datetime


class Recordings(Answer):
    """Recordings as the API lists them, newest first, and how many there are in all."""

    items: tuple[Recording, ...] = ()
    total: int = 0


class RecordingsPage(Answer):
    """One page of recordings; `next_cursor` is None on the last one."""

    items: tuple[Recording, ...] = ()
    next_cursor: str | None = None


class Engine(Answer):
    """What writes transcripts, the languages it knows, and what a minute costs, in millionths."""

    name: str
    model: str
    languages: tuple[str, ...] = ()
    cost_per_minute_micro: int = 0


class Engines(Answer):
    """The engines of this installation, none where there is no speech recognition."""

    providers: tuple[Engine, ...] = ()
    default: str | None = None


class UploadAddress(Answer):
    """Where a recording may be sent until `expires_at`; the address is the credential."""

    upload_url: str
    expires_at: datetime


class Confirmed(Answer):
    """Whether the recording has arrived whole."""

    file_exists: bool
    ready_for_transcription: bool
    message: str | None = None


class Started(Answer):
    """The transcription is on its way."""

    message: str | None = None
    estimated_completion_minutes: float | None = None


class Progress(Answer):
    """How far the transcription is."""

    status: str
    progress_percentage: int = 0
    message: str | None = None
    duration_processed: float | None = None
    duration_total: float | None = None
    started_at: datetime | None = None
    estimated_completion: datetime | None = None


class Segment(Answer):
    """What one speaker said without a break; seconds from the beginning of the audio."""

    id: str
    speaker_id: str | None = None
    role: str | None = None
    start_sec: float
    end_sec: float
    content: str
    confidence: float | None = None


class Segments(Answer):
    """A transcript, in the order in which it was said."""

    segments: tuple[Segment, ...] = ()


class Talk(Answer):
    """What the student's talk shows, by the names of the figures."""

    features: Mapping[str, Feature] = {}


class RecordingsRetention(Answer):
    """How long the plan keeps recordings, and what would go, or goes, of them.

    `days` is -1 for good; `before` is the first day that is kept, None where all are.
    """

    days: int
    confirmed: bool
    before: date | None = None
    counts: Mapping[str, int] = {}


class KeepAudio(Answer):
    """Whether the school keeps audio whose transcript was accepted."""

    keep_audio: bool
