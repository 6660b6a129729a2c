"""The words of the reasoning: plain, about what was seen, never about what a pupil is."""

from collections.abc import Mapping
from typing import Final

from learntrace.skills.types import Skill, Source

DOING: Final[Mapping[Skill, str]] = {
    Skill.EMPATHY: "seeing how others feel",
    Skill.ADAPTABILITY: "trying a new way",
    Skill.PROBLEM_SOLVING: "solving problems",
    Skill.SELF_REGULATION: "steering one's own work",
    Skill.RESILIENCE: "going on after a setback",
    Skill.COMMUNICATION: "sharing ideas",
    Skill.COLLABORATION: "working with others",
}
"""Each skill as something that one does."""

NEXT_STEPS: Final[Mapping[Skill, str]] = {
    Skill.EMPATHY: "ask how a friend might feel, and why",
    Skill.ADAPTABILITY: "find a new way to do a task that went well",
    Skill.PROBLEM_SOLVING: "say the first step out loud before the start",
    Skill.SELF_REGULATION: "pick one small goal for each lesson",
    Skill.RESILIENCE: "look at what went wrong, change one thing and try again",
    Skill.COMMUNICATION: "tell a friend how a task was done",
    Skill.COLLABORATION: "share a task with a friend and swap parts half way",
}

SEEN_IN: Final[Mapping[Source, str]] = {
    Source.GAME_PLAY: "play",
    Source.LEARNING_SESSIONS: "lessons",
    Source.TRANSCRIPTS: "talk",
    Source.TEACHER_RATINGS: "ratings",
}

STRENGTH: Final = "Going well in {doing}: {seen}, a step up from before."
NEXT_STEP: Final = "A next step in {doing}: {action}."
NEXT_SEE_MORE: Final = "A next step: play once more, so that more can be seen."
NEXT_MORE_OF: Final[Mapping[Source, str]] = {
    Source.TRANSCRIPTS: "A next step: talk once more, so that more can be heard.",
    Source.LEARNING_SESSIONS: "A next step: have one more lesson, so that more can be seen.",
}
"""Where all that is known comes from that one source."""
NEXT_TOPIC: Final = "A next step: work on {name} once more."
TOPIC: Final = (
    "In {name}, the pupil may get about {value} % right; it could be from {low} % to {high} %."
)
NEEDED: Final = "To say more on {doing}, we need {missing}."
NOT_AGREED: Final = "On {doing}, {sources} do not agree, so look at each of them first."
RESTS_ON: Final = "All this rests on {things} from {days}, seen in {sources}."
UNCERTAIN: Final = "These are rough guesses: they have not been tested, and they are not a grade."
NOTHING: Final = "There is nothing to go by yet, so we do not guess."

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Written out here, so that no server's language changes a text."""
