"""What was extracted from one student's game sessions and transcripts."""

from typing import Final

from learntrace.assessment.models import SessionFeatures, TranscriptFeatures
from learntrace.kit.held import Held, ages_with_sitting, by_person, by_sitting

HELD: Final = (
    Held(
        name="session_features",
        says="What was measured in each sitting: every feature, or the reason why there is none.",
        model=SessionFeatures,
        of=by_sitting(SessionFeatures.school_id, SessionFeatures.game_session_id),
        told=(
            SessionFeatures.game_session_id,
            SessionFeatures.game_id,
            SessionFeatures.event_count,
            SessionFeatures.extractor_version,
            SessionFeatures.mapping_version,
            SessionFeatures.reference_version,
            SessionFeatures.features,
            SessionFeatures.tasks,
            SessionFeatures.observations,
            SessionFeatures.active_time_s,
            SessionFeatures.tasks_completed,
            SessionFeatures.failures,
            SessionFeatures.assessed_at,
        ),
        order=(SessionFeatures.game_session_id,),
        aging=ages_with_sitting(SessionFeatures.school_id, SessionFeatures.game_session_id),
    ),
    Held(
        name="transcript_features",
        says="What was measured in each checked transcript of what the student said.",
        model=TranscriptFeatures,
        of=by_person(TranscriptFeatures.school_id, TranscriptFeatures.student_id),
        told=(
            TranscriptFeatures.transcription_session_id,
            TranscriptFeatures.language,
            TranscriptFeatures.said_at,
            TranscriptFeatures.versions,
            TranscriptFeatures.words,
            TranscriptFeatures.confidence,
            TranscriptFeatures.features,
        ),
        order=(TranscriptFeatures.said_at, TranscriptFeatures.transcription_session_id),
        aging=None,
    ),
)
