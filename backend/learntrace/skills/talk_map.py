"""Which features of talk speak for which skill, how little, and why. Data, like `evidence_map`.

Falls under `EVIDENCE_VERSION`.
"""

from typing import Final

from learntrace.skills.evidence_map import Link
from learntrace.skills.types import Skill

_JUDGEMENT: Final = "Our judgement, not validated"
_NOT_VALIDATED: Final = "Our judgement. Weighs nothing until somebody validates the phrases"
_SPEED: Final = (
    "Our judgement. Weighs nothing: it penalises who stutters, who speaks a second language and"
    " who thinks first"
)

TALK_LINKS: Final = (
    Link(
        "talk_ratio",
        Skill.COMMUNICATION,
        1,
        0.25,
        "Taking a larger part in a conversation is sharing more; who else talks, and how much,"
        " decides it too, so it counts little.",
        _JUDGEMENT,
    ),
    Link(
        "mean_turn_words",
        Skill.COMMUNICATION,
        1,
        0.25,
        "More words at a time put more of an idea into words; what is asked decides it too, so it"
        " counts little.",
        _JUDGEMENT,
    ),
    Link(
        "question_rate",
        Skill.COMMUNICATION,
        1,
        0.25,
        "Asking is finding out what others know and mean; not every talk calls for it, so it"
        " counts little.",
        _JUDGEMENT,
    ),
    Link(
        "question_rate",
        Skill.COLLABORATION,
        1,
        0.25,
        "Asking serves a shared understanding; not every talk is work on something shared, so it"
        " counts little.",
        "OECD (2017), as for collaboration_rate. That questions at large show it is our judgement",
    ),
    Link(
        "vocabulary_diversity",
        Skill.COMMUNICATION,
        1,
        0.0,
        "Finding different words for different things.",
        "Our judgement. Weighs nothing: it penalises who is still learning the language",
    ),
    Link(
        "speaking_rate",
        Skill.COMMUNICATION,
        1,
        0.0,
        "Speaking fluently.",
        _SPEED,
    ),
    Link(
        "pause_rate",
        Skill.COMMUNICATION,
        -1,
        0.0,
        "Speaking fluently.",
        _SPEED,
    ),
    Link(
        "filler_rate",
        Skill.COMMUNICATION,
        -1,
        0.0,
        "Speaking fluently.",
        _SPEED,
    ),
    Link(
        "empathy_markers",
        Skill.EMPATHY,
        1,
        0.0,
        "Speaking of how others feel.",
        _NOT_VALIDATED,
    ),
    Link(
        "problem_solving_markers",
        Skill.PROBLEM_SOLVING,
        1,
        0.0,
        "Speaking of ways to solve something.",
        _NOT_VALIDATED,
    ),
    Link(
        "cognitive_markers",
        Skill.PROBLEM_SOLVING,
        1,
        0.0,
        "Speaking of reasons.",
        _NOT_VALIDATED,
    ),
    Link(
        "perseverance_markers",
        Skill.RESILIENCE,
        1,
        0.0,
        "Speaking of trying again.",
        _NOT_VALIDATED,
    ),
    Link(
        "social_markers",
        Skill.COLLABORATION,
        1,
        0.0,
        "Speaking of doing something together.",
        _NOT_VALIDATED,
    ),
)

TALK_UNUSED: Final = {
    "turns": "It grows with the length of the talk.",
    "hedge_rate": "Leaving something open can be care or doubt: neither direction is right.",
}
"""The features of talk that are evidence on nothing, and why."""

TALK_WORDS: Final = {
    "talk_ratio": "said {} of the words in a talk",
    "mean_turn_words": "said about {} at a time in a talk",
    "question_rate": "asked a question in {} of what was said",
}
"""What was heard, as a clause about the student; those of links that weigh something."""
