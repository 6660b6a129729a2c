"""Which behaviour speaks for which skill, how much, and why. Data; docs/skills.md is made of it.

A skill that nothing in a game can show has no entry: empathy and communication get none from play.
"""

from dataclasses import dataclass
from typing import Final

from learntrace.skills.types import Skill

EVIDENCE_VERSION: Final = 1
"""Raised with every change that can change an observation; students are then assessed again."""

MASTERY: Final = "mastery"
"""What a student knows of a game's topics, as evidence; no behavioural feature."""


@dataclass(frozen=True, slots=True)
class Link:
    """A feature as evidence on a skill.

    `direction`: 1 when more of the feature is more of the skill, -1 when less is. `weight`: 0..1,
    how much of an observation a session's value is; 0 = not used unless a school says so.
    """

    feature: str
    skill: Skill
    direction: int
    weight: float
    rationale: str
    source: str


_PISA: Final = (
    "OECD (2017), PISA 2015 Assessment and Analytical Framework: collaborative problem solving is"
    " shared understanding, joint action and keeping up the team's organisation"
)
_JUDGEMENT: Final = "Our judgement"
_PENALISES: Final = "Our judgement. Weighs nothing: it penalises slow readers and assistive tools"

LINKS: Final = (
    Link(
        "task_completion_rate",
        Skill.PROBLEM_SOLVING,
        1,
        1.0,
        "Finishing what the game sets means having solved it.",
        _JUDGEMENT,
    ),
    Link(
        "wheel_spinning",
        Skill.PROBLEM_SOLVING,
        -1,
        0.5,
        "Ten goes at a topic without three right in a row: trying on does not lead on.",
        "Beck and Gong (2013), Wheel-spinning: students who fail to master a skill (AIED). That it"
        " speaks on solving problems at large is our judgement",
    ),
    Link(
        MASTERY,
        Skill.PROBLEM_SOLVING,
        1,
        0.25,
        "Knowing more of a subject helps to solve its problems; it is not the same, so it counts"
        " little.",
        _JUDGEMENT,
    ),
    Link(
        "time_efficiency",
        Skill.PROBLEM_SOLVING,
        1,
        0.0,
        "Tasks are solved in less time than others needed.",
        _PENALISES,
    ),
    Link(
        "retry_rate",
        Skill.RESILIENCE,
        1,
        1.0,
        "Trying again after a failure is what persisting looks like in a game.",
        "Ventura and Shute (2013), The validity of a game-based assessment of persistence"
        " (Computers in Human Behavior)",
    ),
    Link(
        "recovery_rate",
        Skill.RESILIENCE,
        1,
        1.0,
        "Finishing a task after failing in it is coming back from a setback.",
        "Martin and Marsh (2008), Academic buoyancy (Journal of School Psychology), on coping with"
        " everyday setbacks. That finishing a game's task shows it is our judgement",
    ),
    Link(
        "recovery_rate",
        Skill.ADAPTABILITY,
        1,
        0.5,
        "What failed once and then worked was mostly done in another way; the game does not tell"
        " it from doing the same again, so it counts half.",
        _JUDGEMENT,
    ),
    Link(
        "task_completion_rate",
        Skill.SELF_REGULATION,
        1,
        0.5,
        "Ending what was begun, rather than leaving it; ability plays into it, so it counts half.",
        _JUDGEMENT,
    ),
    Link(
        "distraction_resistance",
        Skill.SELF_REGULATION,
        1,
        0.0,
        "Time in tasks is spent on them.",
        _PENALISES,
    ),
    Link(
        "focus_duration_s",
        Skill.SELF_REGULATION,
        1,
        0.0,
        "Playing on for long without a break.",
        _PENALISES,
    ),
    Link(
        "rapid_guess_rate",
        Skill.SELF_REGULATION,
        -1,
        0.0,
        "Answers too fast to have been thought about.",
        "Wise and Kong (2005), Response time effort (Applied Measurement in Education), on effort"
        " in tests. Weighs nothing: it penalises assistive tools",
    ),
    Link(
        "collaboration_rate",
        Skill.COLLABORATION,
        1,
        1.0,
        "Taking the chances to work with others that the game offers.",
        _PISA,
    ),
    Link(
        "leadership_rate",
        Skill.COLLABORATION,
        1,
        0.5,
        "Taking a role in the group; leading is only one part of working together, so it counts"
        " half.",
        _PISA,
    ),
)

TIMED: Final = frozenset(
    {"time_efficiency", "distraction_resistance", "focus_duration_s", "rapid_guess_rate"}
)
"""Never counted for a student with extra time or assistive tools, whatever the weights."""

UNUSED: Final = {
    "retry_count": "It grows with time played and with failing; retry_rate says the same per"
    " failure.",
    "collaboration_indicators": "It grows with time played and with what the game offers.",
    "leadership_indicators": "It grows with time played and with what the game offers.",
    "help_per_failure": "Asking for help can be wise or too much: neither direction is right"
    " (Aleven, McLaren, Roll and Koedinger (2006), a model of help seeking, IJAIED).",
    "active_time_s": "How long somebody plays is not up to the student in a school.",
    "wall_time_s": "As active_time_s.",
    "event_count": "A property of the game's log.",
    "unmapped_count": "A property of the game's log.",
}
"""The features that are evidence on nothing, and why."""

WORDS: Final = {
    "task_completion_rate": "finished {} of the tasks",
    "time_efficiency": "finished tasks at a pace of {}, where 50 % is usual",
    "retry_rate": "tried again after {} of the failures",
    "recovery_rate": "in the end finished {} of the tasks that had gone wrong",
    "distraction_resistance": "spent {} of the time in tasks on them",
    "focus_duration_s": "mostly played on for {} without a break",
    "collaboration_rate": "took {} of the chances to work with others",
    "leadership_rate": "took {} of the chances to lead",
    "rapid_guess_rate": "gave {} of the answers very fast",
    MASTERY: "was likely to get {} of the game's questions right",
}
"""What was seen, as a clause about the student; the value stands in the braces."""

WHEEL_SPINNING_WORDS: Final = {
    True: "was stuck on a topic",
    False: "was not stuck on any topic",
}
