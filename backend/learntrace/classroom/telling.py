"""What of a stored assessment a caller is told.

No score of too little evidence: one lesson or one rating places nobody. And to those who do not
read what teachers write, nothing that teachers' ratings or talk with a student count for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from learntrace.roster.visibility import Sight
from learntrace.skills.assessments import AssessmentLine, StoredAssessment, private_skills
from learntrace.skills.types import Label

_NO_SCORE: Final = {"score": None, "low": None, "high": None}
_WITHHELD: Final = _NO_SCORE | {
    "label": Label.INSUFFICIENT,
    "conflict": False,
    "prior_weight": 1.0,
    "missing": [
        {
            "what": "leave_to_read_ratings",
            "count": 1,
            "words": "leave to read what teachers write",
        }
    ],
}


def tell(sight: Sight, stored: StoredAssessment) -> StoredAssessment:
    """A whole assessment, as this caller may know it."""
    body = stored.body
    withheld = _withheld(sight, private_skills(body))
    told = {**body, "skills": _skills(body["skills"], withheld)}
    if withheld:
        told |= _without(body, withheld)
    return replace(stored, body=told)


def tell_line(sight: Sight, line: AssessmentLine) -> AssessmentLine:
    """An assessment without evidence and reasoning, likewise."""
    return replace(line, skills=_skills(line.skills, _withheld(sight, line.private)))


def _withheld(sight: Sight, private: Collection[str]) -> set[str]:
    return set(private) if sight.only_sandbox else set()


def _skills(skills: Sequence[Mapping[str, Any]], withheld: set[str]) -> list[dict[str, Any]]:
    told = []
    for one in skills:
        if one["skill"] in withheld:
            told.append({**one, **_WITHHELD})
        elif one["label"] == Label.INSUFFICIENT:
            told.append({**one, **_NO_SCORE})
        else:
            told.append({**one})
    return told


def _without(body: Mapping[str, Any], withheld: set[str]) -> dict[str, Any]:
    """Only the evidence of other skills, and of the sentences those that rest on nothing else."""
    uses = {skill: [] if skill in withheld else used for skill, used in body["uses"].items()}
    shown = {use["evidence_id"] for used in uses.values() for use in used}
    evidence = [
        {**one, "skills": [skill for skill in one["skills"] if skill not in withheld]}
        for one in body["evidence"]
        if one["evidence_id"] in shown or one["kind"] == "knowledge"
    ]
    apart = {one["evidence_id"] for one in body["evidence"] if withheld.isdisjoint(one["skills"])}
    reasoning = [one for one in body["reasoning"] if apart.issuperset(one["cites"])]
    return {"uses": uses, "evidence": evidence, "reasoning": reasoning}
