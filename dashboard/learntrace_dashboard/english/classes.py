"""Classes, their students, test players and codes."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # Class overview
    "class.title": "Class overview",
    "class.choose": "Class",
    "class.period": "Show",
    "class.none": "You have no class yet",
    "class.none_help": "Ask your school's Learntrace administrator to add you to your classes. "
    "They appear here as soon as that is done.",
    "class.no_students": "This class has no students yet",
    "class.no_students_help": "As soon as students are on the list of this class, they appear "
    "here, and their codes on the codes sheet.",
    "class.no_play_ever": "No play seen yet",
    "class.no_play": "No play seen in the last {days} days",
    "class.no_play_help": "Hand out the cards from the codes sheet; play appears here about a "
    "minute after it happened.",
    "class.metric_played": "Students who played",
    "class.metric_played_value": "{played} of {total}",
    "class.metric_sessions": "Play sessions",
    "class.metric_active": "Time playing, all together",
    "class.metric_open": "Playing now",
    "class.table": "Students of {name}, in the order of the alphabet",
    "class.table_hint": "Choose a name to see what this student did. A heading sorts the table.",
    "class.column_name": "Student",
    "class.column_last": "Last played",
    "class.column_sessions": "Play sessions",
    "class.column_active": "Time playing",
    "class.column_completed": "Tasks finished",
    "class.column_failures": "Failed tries",
    "class.now": "playing now",
    "class.waiting.one": "{count} play session has not ended or is still being worked out; its "
    "time, tasks and tries are not counted yet.",
    "class.waiting.other": "{count} play sessions have not ended or are still being worked out; "
    "their time, tasks and tries are not counted yet.",
    "class.failures_note": "Failed tries are part of learning: they show that a student "
    "tried, not how able he or she is.",
    "class.chart": "Time playing in the last {days} days",
    "class.chart_ever": "Time playing, all time",
    "class.chart_note": "Minutes of active play for each student, in the order of the alphabet. "
    "The table above says the same.",
    "class.axis_minutes": "Active minutes",
    # Test players
    "test.title": "Test players",
    "test.none": "There are no test players yet",
    "test.no_play_help": "Older play is still there: choose a player below.",
    "test.none_help": "They appear here as soon as a game sends play with a sandbox key.",
    # Student
    "student.title": "Student",
    "student.choose": "Student",
    "student.choose_prompt": "Choose a student",
    "student.start": "Choose a student to begin",
    "student.start_help": "Pick a class and a student above.",
    "student.in_classes": "In {classes}",
    "student.no_class": "In no class at the moment",
    "tab.play": "Play",
    "tab.skills": "Skills",
    "tab.why": "Why",
    "tab.growth": "Over time",
    "tab.people": "Ratings and notes",
    "tab.timeline": "Timeline",
    "student.metric_sessions": "Play sessions, ever",
    "student.metric_recent": "Play sessions, last {days} days",
    "student.metric_active": "Time playing, last {days} days",
    "student.metric_completed": "Tasks finished, last {days} days",
    "student.metric_last": "Last played",
    "student.empty": "{name} has not played yet",
    "student.empty_help": "Play appears here about a minute after it happened. The card with the "
    "codes is on the codes sheet.",
    "student.chart": "Play on each day",
    "student.chart_note": "One block for each play session; its height is the time of active "
    "play. The table below says the same.",
    "student.chart_empty": "No play in the last {days} days; older sessions are in the table.",
    "student.table": "Play sessions of {name}, newest first",
    "student.table_hint": "Choose a date to see what happened in that play session.",
    "student.column_when": "Started",
    "student.column_game": "Game",
    "student.column_active": "Time playing",
    "student.column_completed": "Tasks finished",
    "student.column_failures": "Failed tries",
    "student.column_events": "Events",
    "student.column_state": "State",
    "student.state_playing": "Playing now",
    "student.state_open": "Not ended yet",
    "student.state_waiting": "Being worked out",
    "student.state_assessed": "Complete",
    "student.axis_minutes": "Active minutes",
    # Codes sheet
    "codes.title": "Codes sheet",
    "codes.intro": "One card for each student, to cut out and hand out. Whoever has a card can "
    "play as that student: treat the sheet like keys.",
    "codes.print": "Print the cards",
    "codes.download_csv": "Download as a table (CSV)",
    "codes.download_html": "Download to print later (HTML)",
    "codes.class_code": "Class code",
    "codes.pupil_code": "Your code",
    "codes.how": "Type both codes when the game asks for them.",
    "codes.sheet": "Codes of {name}",
    "codes.empty": "There are no cards for this class",
    "codes.empty_help": "This class has no students yet.",
    "codes.csv_student": "Student",
}
