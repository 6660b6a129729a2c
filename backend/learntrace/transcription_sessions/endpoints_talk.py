"""How the student talks in one transcript, over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from learntrace.kit.db import RequestDb
from learntrace.transcription_sessions import talk
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.endpoints import REFUSED
from learntrace.transcription_sessions.schemas_talk import TalkFeaturesOut

router = APIRouter(
    prefix="/sessions",
    tags=["transcription sessions"],
    responses={403: REFUSED[403], 404: REFUSED[404]},
)


@router.get("/{transcription_session_id}/features")
async def read_talk_features(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> TalkFeaturesOut:
    """The features of the student's talk, each a value or the reason why there is none.

    Of segments with the role `student` alone, and only once a person marked the transcript as
    checked.
    """
    language, found = await talk.show(db, educator, transcription_session_id)
    return TalkFeaturesOut.of(transcription_session_id, language, found)
