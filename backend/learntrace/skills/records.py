"""What is stored of one student's skills, and what teachers wrote."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Uuid,
    any_,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from learntrace.kit.held import (
    Aging,
    Held,
    Subject,
    Told,
    ages_by_time,
    ages_with_sitting,
    by_person,
)
from learntrace.skills.items import take_turns_in_games_of
from learntrace.skills.models import (
    AnsweredItem,
    Assessment,
    AssessmentDue,
    KnowledgeState,
    Note,
    Rating,
    SessionAnswers,
)

_WithStudent = (
    type[Rating]
    | type[Note]
    | type[SessionAnswers]
    | type[KnowledgeState]
    | type[Assessment]
    | type[AssessmentDue]
)


def _held(
    model: _WithStudent,
    says: str,
    told: Told,
    order: Told,
    aging: Aging | None,
) -> Held:
    return Held(
        name=model.__tablename__,
        says=says,
        model=model,
        of=by_person(model.school_id, model.student_id),
        told=told,
        order=order,
        aging=aging,
    )


def _answered(subject: Subject) -> ColumnElement[bool]:
    theirs: ColumnElement[bool] = AnsweredItem.student_ids.overlap(list(subject.ids))
    return (AnsweredItem.school_id == subject.tenant_id) & theirs


def _times_answered(subject: Subject) -> ColumnElement[int]:
    listed = func.unnest(AnsweredItem.student_ids).column_valued("listed")
    meant = listed == any_(literal(list(subject.ids), ARRAY(Uuid)))
    return select(func.count()).where(meant).scalar_subquery()


def _take_out(tenant_id: UUID, student_id: UUID) -> Sequence[Executable]:
    """Out of the lists of who answered; what nobody else is known to have answered goes.

    In turn with whoever notes answers of one of these games.
    """
    nobody = (AnsweredItem.school_id == tenant_id) & (
        func.cardinality(AnsweredItem.student_ids) == 0
    )
    left = func.array_remove(AnsweredItem.student_ids, student_id)
    answered = _answered(Subject(tenant_id, [student_id]))
    return (
        take_turns_in_games_of(tenant_id, student_id),
        update(AnsweredItem).where(answered).values(student_ids=left),
        delete(AnsweredItem).where(nobody),
    )


HELD: Final = (
    _held(
        Rating,
        "What teachers saw: a skill and its level, 1 to 4.",
        (
            Rating.id,
            Rating.skill,
            Rating.level,
            Rating.observed_on,
            Rating.rater_id,
            Rating.created_at,
        ),
        (Rating.created_at, Rating.id),
        None,
    ),
    _held(
        Note,
        "What teachers wrote about the student.",
        (Note.id, Note.text, Note.author_id, Note.created_at),
        (Note.created_at, Note.id),
        None,
    ),
    _held(
        Assessment,
        "Every assessment of the student's skills, with its evidence and its reasoning.",
        (Assessment.id, Assessment.assessed_at, Assessment.model, Assessment.body),
        (Assessment.id,),
        ages_by_time(Assessment.school_id, Assessment.assessed_at),
    ),
    _held(
        AssessmentDue,
        "Whether the student is about to be assessed anew.",
        (AssessmentDue.marks, AssessmentDue.next_at, AssessmentDue.attempts),
        (AssessmentDue.next_at,),
        None,
    ),
    _held(
        KnowledgeState,
        "What the student knows of each game's skills, as numbers of the model.",
        (
            KnowledgeState.game_id,
            KnowledgeState.table_version,
            KnowledgeState.answer_count,
            KnowledgeState.state,
            KnowledgeState.updated_at,
        ),
        (KnowledgeState.game_id,),
        None,
    ),
    _held(
        SessionAnswers,
        "The marked answers of each sitting: when, item, skill, right or wrong.",
        (
            SessionAnswers.game_session_id,
            SessionAnswers.game_id,
            SessionAnswers.event_count,
            SessionAnswers.answers,
            SessionAnswers.first_at,
        ),
        (SessionAnswers.first_at, SessionAnswers.game_session_id),
        ages_with_sitting(SessionAnswers.school_id, SessionAnswers.game_session_id),
    ),
    Held(
        name="answered_items",
        says="The items of games of which the student is known as one of the first who answered.",
        model=AnsweredItem,
        of=_answered,
        told=(AnsweredItem.game_id, AnsweredItem.skill, AnsweredItem.item),
        order=(AnsweredItem.game_id, AnsweredItem.skill, AnsweredItem.item),
        aging=None,
        times=_times_answered,
        erasing=_take_out,
    ),
)
