"""What meetings tell of one student."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, select

from learntrace.coaching_sessions.models import Client, CoachingSession, Observation
from learntrace.kit.held import Held, Subject, by_person

_OF_PERSON = by_person(Client.school_id, Client.student_id)


def _of_meeting(subject: Subject) -> ColumnElement[bool]:
    theirs = select(Client.id).where(_OF_PERSON(subject))
    return (CoachingSession.school_id == subject.tenant_id) & CoachingSession.client_id.in_(theirs)


def _of_observation(subject: Subject) -> ColumnElement[bool]:
    meetings = select(CoachingSession.id).where(_of_meeting(subject))
    return (Observation.school_id == subject.tenant_id) & (
        Observation.coaching_session_id.in_(meetings)
    )


# In the order of erasing: what refers to a row goes before it.
HELD: Final[Sequence[Held]] = (
    Held(
        name="coaching_observations",
        says="What was seen in each meeting; the levels are among the ratings, under `rating_id`.",
        model=Observation,
        of=_of_observation,
        told=(Observation.rating_id, Observation.coaching_session_id, Observation.text),
        order=(Observation.coaching_session_id, Observation.rating_id),
        aging=None,
    ),
    Held(
        name="coaching_sessions",
        says="Each meeting with the student: when, how long, with whom, and notes of it.",
        model=CoachingSession,
        of=_of_meeting,
        told=(
            CoachingSession.id,
            CoachingSession.client_id,
            CoachingSession.coach_id,
            CoachingSession.session_date,
            CoachingSession.duration_min,
            CoachingSession.notes,
            CoachingSession.fee_amount,
            CoachingSession.fee_currency,
            CoachingSession.transcription_session_id,
            CoachingSession.created_at,
            CoachingSession.updated_at,
        ),
        order=(CoachingSession.session_date, CoachingSession.id),
        aging=None,
    ),
    Held(
        name="coaching_clients",
        says="Who coaches the student, and since when.",
        model=Client,
        of=_OF_PERSON,
        told=(Client.id, Client.owner_id, Client.created_at, Client.updated_at),
        order=(Client.created_at, Client.id),
        aging=None,
    ),
)
