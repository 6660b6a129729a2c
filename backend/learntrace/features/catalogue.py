"""What each feature means, in words for teachers and with its exact definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from learntrace.features.types import Reason, TalkReason


@dataclass(frozen=True, slots=True)
class Feature:
    """One entry: `minimum` and `maximum` bound the value where it is bounded.

    `reason` is why there is no value, `needs` the evidence that there has to be; both are `None`
    for what is always known.
    """

    name: str
    title: str
    unit: str
    minimum: float | None
    maximum: float | None
    meaning: str
    definition: str
    source: str
    reason: Reason | TalkReason | None = None
    needs: str | None = None

    @property
    def reason_text(self) -> str | None:
        """Why there is no value, as one sentence."""
        return None if self.needs is None else f"Needs at least {self.needs}."


_ALL: Final = (
    Feature(
        name="task_completion_rate",
        title="Tasks finished",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the tasks that came to an end were finished.",
        definition="Completed / closed task instances. A task instance closes by completion, by"
        " abandonment, at the end of the session, or by 30 minutes without activity. Open ones"
        " are counted apart.",
        reason=Reason.NO_CLOSED_TASKS,
        needs="5 tasks that came to an end",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="time_efficiency",
        title="Pace compared with others",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How quickly tasks were finished, compared with others who finished them:"
        " 50 % is typical, more is faster.",
        definition="Mean over completed tasks of 1 - the mid-rank of the task's active time among"
        " the stored successful completions of that task (of more than 1,000, among an even choice"
        " of 1,000). Only completions seen from their start count; a time equal to some of the"
        " others' stands in the middle of them.",
        reason=Reason.NO_REFERENCE,
        needs="3 finished tasks that 20 others' times are known for",
        source="behavioral/pacing.py",
    ),
    Feature(
        name="retry_rate",
        title="Tried again after a failure",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the failures were followed by another try at the same task.",
        definition="Failures followed by another try at the same task / failures. Whatever shows"
        " that the student is at that task once more is a try: an attempt, a retry, another"
        " failure, a success, a new start, its completion.",
        reason=Reason.NO_FAILURES,
        needs="3 failures",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="retry_count",
        title="Times tried again",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How often a failure was followed by another try at the same task.",
        definition="The number of failures followed by another try, as for retry_rate.",
        reason=Reason.NO_FAILURES,
        needs="3 failures",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="recovery_rate",
        title="Finished after a failure",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the tasks in which something failed were finished after all.",
        definition="Task instances with a failure whose task was completed later in the session,"
        " in that instance or a later one / closed task instances with a failure.",
        reason=Reason.NO_FAILURES,
        needs="3 tasks with a failure",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="distraction_resistance",
        title="Time on task",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="Of the time in tasks, the share spent playing, neither away from the window nor"
        " idle.",
        definition="Active time / (active time + time with lost focus + idle time above the"
        " threshold), inside open tasks. Pauses count in neither.",
        reason=Reason.TOO_LITTLE_TIME,
        needs="60 seconds inside tasks",
        source="behavioral/focus.py",
    ),
    Feature(
        name="focus_duration_s",
        title="Usual stretch without a break",
        unit="s",
        minimum=0,
        maximum=None,
        meaning="How long the student usually played on without a break.",
        definition="Median length of the uninterrupted stretches of at least two activities. A"
        " gap above the threshold, a pause or lost focus ends a stretch. Flagged as cut off when"
        " the last stretch was still going on: in the middle of a task, or in an open session.",
        reason=Reason.TOO_FEW_EVENTS,
        needs="2 things done without a break between them",
        source="behavioral/focus.py",
    ),
    Feature(
        name="collaboration_rate",
        title="Chances to work together taken",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the chances to work with others were taken.",
        definition="Distinct opportunities acted on / offered. An offer is told from another by"
        " the mapping's `opportunity` field; where an offer has none, each is one of its own, and"
        " the oldest still waiting is the one that is taken.",
        reason=Reason.NO_OPPORTUNITY,
        needs="3 chances to work together",
        source="behavioral/social.py",
    ),
    Feature(
        name="collaboration_indicators",
        title="Times worked together",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How often the student worked with others, gave help or received it.",
        definition="Number of events with collaboration_taken, help_given or help_received.",
        reason=Reason.NO_OPPORTUNITY,
        needs="1 chance to work together, or 1 sign of doing so",
        source="behavioral/social.py",
    ),
    Feature(
        name="leadership_rate",
        title="Chances to lead taken",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the chances to take the lead were taken.",
        definition="Distinct opportunities acted on / offered, as for collaboration_rate.",
        reason=Reason.NO_OPPORTUNITY,
        needs="3 chances to take the lead",
        source="behavioral/social.py",
    ),
    Feature(
        name="leadership_indicators",
        title="Times took the lead",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How often the student took the lead.",
        definition="Number of events with leadership_taken.",
        reason=Reason.NO_OPPORTUNITY,
        needs="1 chance to take the lead, or 1 sign of doing so",
        source="behavioral/social.py",
    ),
    Feature(
        name="rapid_guess_rate",
        title="Very fast answers",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many answers came so fast that there was hardly time to think.",
        definition="Answers faster than min(10 s, 10 % of the item's mean time) / answers. An"
        " answer is an event that names an item and was right or wrong; its time is the active"
        " time since the task's start or its last answer. Answers without a known beginning or"
        " without a reference for their item (20 answers) do not count.",
        reason=Reason.NO_REFERENCE,
        needs="5 answers to questions that 20 others' times are known for",
        source="behavioral/pacing.py",
    ),
    Feature(
        name="wheel_spinning",
        title="Stuck on a skill",
        unit="yes/no",
        minimum=None,
        maximum=None,
        meaning="Whether there is a skill that was practised at least 10 times without being right"
        " three times in a row.",
        definition="True when a skill has 10 or more opportunities and never three right in a"
        " row; an opportunity is an event that names a skill and was right or wrong.",
        reason=Reason.TOO_FEW_OPPORTUNITIES,
        needs="10 opportunities to practise the same skill",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="help_per_failure",
        title="Help asked for per failure",
        unit="per failure",
        minimum=0,
        maximum=None,
        meaning="How often the student asked for a hint, compared with how often something failed.",
        definition="Hint requests / failures.",
        reason=Reason.NO_FAILURES,
        needs="3 failures",
        source="behavioral/tasks.py",
    ),
    Feature(
        name="active_time_s",
        title="Time playing",
        unit="s",
        minimum=0,
        maximum=None,
        meaning="How long the student was actually doing something.",
        definition="Sum of the gaps from one activity to the next, each without the time away in"
        " it (paused, or focus lost) and at most the idle threshold: 30 s unless the game's"
        " mapping says otherwise. Heartbeats, pauses and changes of focus are no activity. Where"
        " the clock steps back, the step and catching up with it count 0; after a step of more"
        " than the threshold the clock goes on from there.",
        source="behavioral/pacing.py",
    ),
    Feature(
        name="wall_time_s",
        title="Time from start to end",
        unit="s",
        minimum=0,
        maximum=None,
        meaning="How much time passed from the first event to the last, breaks included.",
        definition="Latest - earliest timestamp of the events that the mapping knows.",
        source="behavioral/pacing.py",
    ),
    Feature(
        name="event_count",
        title="Events",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How many events the game sent.",
        definition="Number of events; one with a repeated id counts once.",
        source="behavioral/pacing.py",
    ),
    Feature(
        name="unmapped_count",
        title="Events not understood",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How many events the game's mapping has no meaning for; they count for nothing"
        " else.",
        definition="Number of events that no rule of the mapping reads.",
        source="behavioral/pacing.py",
    ),
)

CATALOGUE: Final[Mapping[str, Feature]] = {feature.name: feature for feature in _ALL}
"""Every feature by name, in the order in which they are shown."""
