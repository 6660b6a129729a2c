"""The four levels by which a teacher rates a skill: what can be seen, never what a pupil is.

A level becomes the mean normal score of its part of the population, where 15, 35, 35 and 15 of 100
pupils are taken to stand at levels 1 to 4. These shares are our judgement, not locally validated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import NormalDist
from typing import Final

from learntrace.skills.types import Skill

LEVELS: Final = (1, 2, 3, 4)
LEVEL_SHARES: Final = (0.15, 0.35, 0.35, 0.15)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A skill's name, the question to ask oneself, and levels 1 to 4 as clauses on the pupil."""

    name: str
    question: str
    levels: tuple[str, str, str, str]


RUBRIC: Final[Mapping[Skill, Rubric]] = {
    Skill.EMPATHY: Rubric(
        "Empathy",
        "In the last weeks, how did the pupil respond to how others felt?",
        (
            "was not yet seen to respond when others were upset or glad",
            "responded to others' feelings when an adult pointed them out",
            "often noticed how others felt and responded without being asked",
            "noticed also quiet signs, asked about them and did what helped",
        ),
    ),
    Skill.ADAPTABILITY: Rubric(
        "Adaptability",
        "In the last weeks, what did the pupil do when a plan, a rule or a task changed?",
        (
            "stopped or went on as before when something changed",
            "changed the way of working after help from an adult",
            "often tried another way without being told",
            "tried several ways, and kept the one that worked",
        ),
    ),
    Skill.PROBLEM_SOLVING: Rubric(
        "Problem solving",
        "In the last weeks, how did the pupil go about a task with no clear way to do it?",
        (
            "waited for help or guessed",
            "worked on one step at a time when an adult named the steps",
            "often found the steps alone and checked some of them",
            "planned the steps, checked the result and could say why it works",
        ),
    ),
    Skill.SELF_REGULATION: Rubric(
        "Self-regulation",
        "In the last weeks, how did the pupil start, carry on and end work?",
        (
            "started and carried on only with an adult close by",
            "carried on for a while after reminders",
            "often started alone and came back to work after a break",
            "set a goal, kept an eye on it and changed what did not help",
        ),
    ),
    Skill.RESILIENCE: Rubric(
        "Resilience",
        "In the last weeks, what did the pupil do after something had gone wrong?",
        (
            "mostly left the task after it went wrong",
            "tried once more when an adult cheered on",
            "often tried again without being asked",
            "tried again, used what went wrong, and helped others to do so",
        ),
    ),
    Skill.COMMUNICATION: Rubric(
        "Communication",
        "In the last weeks, how did the pupil share ideas and take in those of others?",
        (
            "shared ideas rarely, in speech, writing, signs or pictures",
            "shared ideas when asked and with some help",
            "often made ideas clear and answered what others said",
            "made ideas clear to different people and checked that they were understood",
        ),
    ),
    Skill.COLLABORATION: Rubric(
        "Collaboration",
        "In the last weeks, how did the pupil work with others on a shared task?",
        (
            "worked next to others rather than with them",
            "took a part when it was given",
            "often took a part, shared and listened without being asked",
            "took a part, brought others in and helped when the group could not agree",
        ),
    ),
}


def _means() -> dict[int, float]:
    """The mean of a standard normal within each level's share: -1.55, -.47, .47, 1.55."""
    normal = NormalDist()
    inner = [normal.inv_cdf(edge) for edge in list(accumulate(LEVEL_SHARES))[:-1]]
    density = [0.0, *(normal.pdf(edge) for edge in inner), 0.0]
    return {
        level: (low - high) / share
        for level, share, (low, high) in zip(LEVELS, LEVEL_SHARES, pairwise(density), strict=True)
    }


SCORE_OF_LEVEL: Final[Mapping[int, float]] = _means()
"""What a level speaks for, as a normal score."""
