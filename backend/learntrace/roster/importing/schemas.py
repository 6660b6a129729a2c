"""What a school's administrator is told of a roster, as JSON."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from learntrace.roster.importing.service import Report
from learntrace.roster.importing.telling import MOST_TOLD
from learntrace.roster.importing.uploads import Outcome

MOST_PROBLEMS = 200


class CountsOut(BaseModel):
    """`added` are new or back, `changed` renamed or moved in time."""

    model_config = ConfigDict(from_attributes=True)

    added: int
    changed: int
    ended: int
    unchanged: int


class RosterCounts(BaseModel):
    """What the roster does to each kind of thing."""

    model_config = ConfigDict(from_attributes=True)

    classes: CountsOut
    students: CountsOut
    teachers: CountsOut
    enrolments: CountsOut
    teachings: CountsOut


class ChangeOut(BaseModel):
    """One change, in words with names."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["class", "student", "teacher", "enrolment", "teaching"]
    action: Literal["added", "changed", "ended"]
    words: str


class NewPersonOut(BaseModel):
    """A teacher who is new and needs a link: `POST /users/{user_id}/password-reset`."""

    user_id: Annotated[UUID | None, Field(description="Null where nothing was stored.")]
    username: str
    display_name: str


class ImportOut(BaseModel):
    """What an import did, or would do; nothing was stored where `refused` says why."""

    dry_run: bool
    stored: bool
    refused: str | None
    counts: Annotated[RosterCounts | None, Field(description="Null where there are problems.")]
    changes: Annotated[
        list[ChangeOut], Field(description=f"The first {MOST_TOLD}: what ends comes first.")
    ]
    change_count: int
    erased_count: Annotated[
        int, Field(description="Students whom the school had erased before: left out.")
    ]
    problems: Annotated[list[str], Field(description=f"The first {MOST_PROBLEMS}.")]
    new_people: list[NewPersonOut]

    @classmethod
    def of(cls, outcome: Outcome, *, dry_run: bool) -> Self:
        report = outcome.report
        people = [] if report is None else report.new_people
        told = [] if report is None else report.told
        return cls(
            dry_run=dry_run,
            stored=outcome.stored,
            refused=outcome.refused,
            counts=None if report is None else RosterCounts.model_validate(report),
            changes=[ChangeOut.model_validate(one) for one in told],
            change_count=_change_count(report),
            erased_count=0 if report is None else report.erased,
            problems=outcome.problems[:MOST_PROBLEMS],
            new_people=[
                NewPersonOut(
                    user_id=one.user_id if outcome.stored else None,
                    username=one.username,
                    display_name=one.display_name,
                )
                for one in people
            ],
        )


def _change_count(report: Report | None) -> int:
    if report is None:
        return 0
    return sum(one.added + one.changed + one.ended for one in report.counts().values())
