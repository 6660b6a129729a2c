"""A class in the lesson, and who may need attention after it."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # Now
    "now.title": "Now",
    "now.intro": "Who plays at this moment. The page renews itself every 10 seconds.",
    "moment.playing": "Playing",
    "moment.quiet": "Quiet",
    "moment.stuck": "Stuck",
    "moment.not_started": "Not started",
    "moment.other": "Not known",
    "moment.playing_symbol": "▶",
    "moment.quiet_symbol": "■",
    "moment.stuck_symbol": "▲",
    "moment.not_started_symbol": "○",
    "moment.other_symbol": "?",
    "now.legend": "▲ Stuck: 3 failed tries in the task without success. ■ Quiet: nothing done for "
    "2 minutes. ○ Not started: no play session is open. Does not come: a skill tried 10 times or "
    "more without 3 right in a row.",
    "now.tiles": "Students of {name} now, in the order of the alphabet",
    "now.joined": "has joined, but not begun",
    "now.not_joined": "has not joined",
    "now.between": "between tasks",
    "now.failures.one": "{count} failed try in this task",
    "now.failures.other": "{count} failed tries in this task",
    "now.stuck_skills": "does not come: {skills}",
    "now.table": "The same as a table",
    "now.column_state": "State",
    "now.column_game": "Game",
    "now.column_task": "Task",
    "now.column_failures": "Failed tries in it",
    "now.column_last": "Last did something",
    "now.ago": "{duration} ago",
    "now.last": "last active {ago}",
    "now.away": "The page could not be renewed: {sentence} It tries again by itself.",
    # Needs attention
    "attention.title": "Needs attention",
    "attention.note": "Only stuck work of the last {days} days: many failed tries, a skill that "
    "does not come, or stopping after failed tries. In the order of the alphabet. It says where "
    "help may be welcome, nothing about how able anybody is.",
    "attention.nobody": "Nobody's work looks stuck.",
    "attention.table": "Whose work looks stuck, in the order of the alphabet",
    "attention.column_why": "What was seen",
    "attention.column_where": "Where",
    "attention.open": "Open the play session",
    "attention.unseen.one": "{count} student was not seen playing in the last {days} days",
    "attention.unseen.other": "{count} students were not seen playing in the last {days} days",
    "attention.unseen_table": "Students without play in the last {days} days",
    "attention.column_last": "Last played",
}
