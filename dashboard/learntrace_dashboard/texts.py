"""Every word the dashboard says, in one catalogue.

A second language is a second mapping with the same keys in `CATALOGUES`; the tests hold
the catalogues to the same keys and placeholders. Plural forms are `key.one` and `key.other`.
"""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "app.tagline": "What your students do in their learning games, in plain words.",
    # Signing in and out
    "login.title": "Log in",
    "login.username": "User name",
    "login.password": "Password",
    "login.button": "Log in",
    "login.help": "Use the account your school gave you. Forgot your password? Ask your school's "
    "Learntrace administrator; nobody can look it up.",
    "login.empty": "Please enter your user name and your password.",
    "login.ended": "Your sign-in has ended. Please log in again.",
    "logout.button": "Log out",
    "logout.done": "You are logged out.",
    "logout.offline": "You are logged out on this device, but the server could not be told. "
    "Close this browser if others use it.",
    "setup.title": "The dashboard is not set up",
    # Roles
    "role.teacher": "Teacher",
    "role.school_admin": "School administrator",
    "role.system_admin": "System administrator",
    "role.game_developer": "Game developer",
    # Navigation
    "nav.school": "My school",
    "nav.games": "My games",
    "nav.checks": "Behind the scenes",
    "nav.class": "Class overview",
    "nav.student": "Student",
    "nav.session": "Play session",
    "nav.test": "Test players",
    "nav.codes": "Codes sheet",
    "nav.health": "Data health",
    "nav.system": "System status",
    # Errors
    "error.title": "This could not be shown",
    "error.retry": "Try again",
    "error.credentials": "User name or password is not right. Please check both and try again.",
    "error.signed_out": "Your sign-in has ended. Please log in again.",
    "error.timeout": "The Learntrace server took too long to answer. Please try again in a moment.",
    "error.unreachable": "The Learntrace server cannot be reached. Please try again in a moment; "
    "if it stays like this, tell your administrator.",
    "error.server": "Something went wrong on the Learntrace server. Nothing is lost; please try "
    "again in a moment.",
    "error.unexpected": "The Learntrace server gave an answer this dashboard does not understand. "
    "Server and dashboard may be of different versions; tell your administrator.",
    "error.busy": "Too many requests at once. Please wait a moment and try again.",
    "error.busy_wait": "Too many requests at once. Please wait {seconds} seconds and try again.",
    "error.forbidden": "Your account may not see this. Ask your administrator if you need it.",
    "error.not_found": "This was not found. It may have been deleted, or it belongs to a class "
    "that you do not teach.",
    "error.role": "This page is not part of your account. Choose another page in the menu.",
    # Common
    "common.loading": "Loading …",
    "common.data_until": "Data up to {time} ({zone} time)",
    "common.refresh": "Refresh",
    "common.unknown": "not known yet",
    "common.never": "never",
    "common.yes": "yes",
    "common.no": "no",
    "common.none": "–",
    "common.sandbox": "Test data",
    "common.sandbox_note": "This is the test area. Nobody here is a real student, and nothing "
    "here counts in your classes.",
    "common.live": "Real play",
    "common.last_days": "{days} days",
    "common.all_time": "All time",
    # Lists that are longer than what is read of them
    "list.classes": "Only the first {count} classes are in this list; there are more.",
    "list.students": "Only the first {count} students are in this list; the overview of the class "
    "has them all.",
    "list.sessions": "Only the newest {count} play sessions are shown and counted here; there are "
    "older ones.",
    "list.games": "Only the first {count} games are in this list; there are more.",
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
    # Play session
    "session.title": "Play session",
    "session.start": "Choose a play session to begin",
    "session.start_help": "Choose a student first; each line of the student's table opens one "
    "play session.",
    "session.to_students": "Choose a student",
    "session.of": "{game}, {when}",
    "session.back": "All play of {name}",
    "session.open": "This play session has not ended yet. Its figures are worked out when the "
    "game ends it, or when nothing has come from the game for a while.",
    "session.waiting": "This play session is being worked out. The figures appear here in about "
    "a minute.",
    "session.metric_length": "Time from start to end",
    "session.metric_active": "Time playing",
    "session.metric_completed": "Tasks finished",
    "session.metric_failures": "Failed tries",
    "session.metric_events": "Events",
    "session.completed_of": "{completed} of {total}",
    "session.tab_story": "What happened",
    "session.tab_features": "Figures",
    "session.tab_events": "All events",
    "session.chart": "The play session, minute by minute",
    "session.chart_note": "Each line is a task, from top to bottom in the order of the first try; "
    "each sign is something that happened. The tables below and under “All events” "
    "say the same.",
    "session.chart_cut": "The chart shows the first {shown} of {total} events; the table under "
    "“All events” has them all.",
    "session.outside": "Outside any task",
    "session.axis_time": "Time of day",
    "session.no_events": "No events are stored for this play session",
    "session.no_events_help": "They may have been deleted after the time your school keeps them.",
    "session.tasks": "Tasks, in the order they were started",
    "session.no_tasks": "No tasks were seen in this play session",
    "session.no_tasks_help": "The game did not say when a task started or ended, or Learntrace "
    "does not understand these events of the game yet.",
    "session.column_task": "Task",
    "session.column_started": "Started",
    "session.column_outcome": "How it ended",
    "session.column_attempts": "Tries",
    "session.column_failures": "Failed tries",
    "session.column_active": "Time playing",
    "session.features_note": "Worked out from the events of this one play session. A figure is "
    "left empty, with the reason, when there is too little to go by; that says nothing about the "
    "student.",
    "session.features_table": "Figures of this play session",
    "session.no_figures": "No figures yet",
    "session.features_missing": "Not enough to go by",
    "session.column_feature": "Figure",
    "session.column_value": "Value",
    "session.column_range": "Possible values",
    "session.column_meaning": "What it means",
    "session.cut_off": "cut off by the end of the session",
    "session.versions": "Worked out {when} with rules {extractor}, game mapping {mapping}, "
    "comparison table {reference}.",
    "session.no_reference": "none yet",
    "session.events_table": "Events {first} to {last} of {total}",
    "session.events_hint": "Events that are not understood are kept and counted, but no figure "
    "uses them.",
    "session.column_time": "Time",
    "session.column_event": "What the game sent",
    "session.column_behaviour": "What it means here",
    "session.column_answer": "Answer",
    "session.column_details": "Details",
    "session.right": "right",
    "session.wrong": "not right",
    "session.unmapped": "not understood",
    "session.previous": "Earlier events",
    "session.next": "Later events",
    "session.ids": "For your administrator: number of this play session",
    "outcome.completed": "Finished",
    "outcome.abandoned": "Given up",
    "outcome.ended": "Session ended first",
    "outcome.timed_out": "Left lying",
    "outcome.open": "Still going on",
    "mark.success": "Success",
    "mark.failure": "Failed try",
    "mark.retry": "Tried again",
    "mark.attempt": "Try or move",
    "mark.help": "Asked for a hint",
    "mark.away": "Away or paused",
    "mark.social": "With others",
    "mark.other": "Other event",
    "legend.task": "Task",
    "legend.event": "Event",
    "behaviour.task_start": "Task started",
    "behaviour.task_complete": "Task finished",
    "behaviour.task_abandon": "Task given up",
    "behaviour.attempt": "Try",
    "behaviour.failure": "Failed try",
    "behaviour.retry": "Tried again",
    "behaviour.success": "Success",
    "behaviour.hint_request": "Asked for a hint",
    "behaviour.choice": "Choice",
    "behaviour.pause": "Paused",
    "behaviour.resume": "Went on",
    "behaviour.focus_lost": "Left the window",
    "behaviour.focus_gained": "Came back to the window",
    "behaviour.collaboration_offered": "Could work with others",
    "behaviour.collaboration_taken": "Worked with others",
    "behaviour.help_given": "Helped someone",
    "behaviour.help_received": "Was helped",
    "behaviour.leadership_offered": "Could take the lead",
    "behaviour.leadership_taken": "Took the lead",
    "behaviour.heartbeat": "Game is running",
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
    # Data health
    "health.title": "Data health",
    "health.intro": "Does the play of your games arrive, and does Learntrace understand it?",
    "health.choose": "Game",
    "health.none": "No game is connected yet",
    "health.none_help": "A system administrator connects a game with the command “learntrace "
    "games”; then it appears here.",
    "health.environment": "Show",
    "health.metric_live": "Last real play",
    "health.metric_sandbox": "Last test play",
    "health.metric_understood": "Events understood",
    "health.metric_rejected": "Refused, last 30 days",
    "health.metric_mapping": "Game mapping in use",
    "health.mapping_newer": "Version {latest} of this game's mapping is available; "
    "version {version} is in use. Your school decides when to change over: ask whoever runs your "
    "Learntrace server. The command there is `{command}`.",
    "health.mapping_built_in": "built-in names",
    "health.mapping_version": "version {version}",
    "health.types": "Event names",
    "health.types_table": "Event names of {game}, most frequent first",
    "health.types_note": "An event is one thing that a game tells of a student's play. The game's "
    "mapping says what its event names mean.",
    "health.types_empty": "No events yet",
    "health.types_empty_help": "As soon as the game sends its first event, its name appears here.",
    "health.chart_more": "The chart shows the {shown} most frequent of {total} names; the table "
    "has them all.",
    "health.axis_events": "Events",
    "health.mapped": "Understood",
    "health.unmapped": "Not understood",
    "health.unmapped_count": "{count}, not understood",
    "health.column_type": "Event name",
    "health.column_count": "Events",
    "health.column_mapped": "Understood",
    "health.column_meaning": "What it means here",
    "health.column_last": "Last arrived",
    "health.unmapped_advice": "{count} of {total} event names are not understood: such events "
    "are kept and counted, but no figure uses them. Add the names to the game's mapping if they "
    "matter for learning.",
    "health.unmapped_note": "{count} of {total} event names are not understood: such events are "
    "kept and counted, but no figure uses them. There is nothing you need to do.",
    "health.all_mapped": "All event names are understood.",
    "health.rejections": "Refused events",
    "health.rejections_table": "Refused events by day",
    "health.rejections_note": "Each line counts the events of one day that were refused for the "
    "same reason, and shows what was wrong with the latest of them.",
    "health.rejections_none": "No event was refused",
    "health.rejections_none_help": "Everything this game sent in the last 30 days was accepted.",
    "health.column_day": "Day (UTC)",
    "health.column_environment": "Kind of play",
    "health.column_code": "Why",
    "health.column_todo": "What to do",
    "health.column_detail": "Latest example of what was wrong",
    "reject.invalid": "Not a valid event",
    "reject.invalid.todo": "The game's developer corrects the field named in the example.",
    "reject.too_large": "Event too large",
    "reject.too_large.todo": "The game's developer sends at most 10,000 bytes of data an event.",
    "reject.unknown_student": "Student not known",
    "reject.unknown_student.todo": "Check that the student is on the school's list; the game can "
    "then send the event again.",
    "reject.wrong_student": "Session of another student",
    "reject.wrong_student.todo": "The game must start a new session when another student takes "
    "over the device.",
    "reject.conflict": "Same number, other content",
    "reject.conflict.todo": "The game must give each event a number of its own and never change "
    "an event after sending it.",
    "reject.timestamp_out_of_range": "Impossible time",
    "reject.timestamp_out_of_range.todo": "Check date and time on the students' devices.",
    "reject.consent_missing": "Consent is missing",
    "reject.consent_missing.todo": "Play is kept only after consent; the game can then send it "
    "again.",
    "reject.erased_student": "Student was erased",
    "reject.erased_student.todo": "Nothing: this student's data was deleted on request.",
    "reject.other": "Other reason ({code})",
    "reject.other.todo": "Ask the game's developer, with the example on the right.",
    # System status
    "system.title": "System status",
    "system.intro": "How the Learntrace installation is doing right now.",
    "system.ok": "Everything works",
    "system.not_ok": "Something needs attention",
    "system.parts": "Parts of the installation",
    "system.column_part": "Part",
    "system.column_state": "State",
    "system.column_detail": "Detail",
    "system.database": "Database",
    "system.database_detail": "PostgreSQL {version}, answers in {latency}",
    "system.migrations": "Database schema",
    "system.migrations_detail": "version {current}",
    "system.migrations_behind": "version {current}, the program expects {head}: run "
    "`learntrace migrate`",
    "system.worker": "Background worker",
    "system.worker_detail": "last sign of life {when}",
    "system.writer": "Event writer",
    "system.writer_detail": "{queue} waiting to be stored",
    "system.metric_open": "Sessions not ended",
    "system.metric_due": "Sessions to work out",
    "system.metric_oldest": "Longest wait",
    "system.metric_version": "Version",
    "state.ok": "Works",
    "state.warn": "Look at this",
    "state.down": "Does not work",
    # Numbers, units and times
    "unit.seconds": "{value} s",
    "unit.minutes": "{value} min",
    "unit.hours": "{hours} h {minutes:02d} min",
    "unit.percent": "{value} %",
    "unit.milliseconds": "{value} ms",
    "unit.other": "{value} {unit}",
    "range.both": "{low} to {high}",
    "range.low": "{low} or more",
    "range.yes_no": "yes or no",
    "events.one": "{count} event",
    "events.other": "{count} events",
    "students.one": "{count} student",
    "students.other": "{count} students",
    "time.today": "today {time}",
    "time.yesterday": "yesterday {time}",
    "time.day": "{weekday} {day} {month}, {time}",
    "time.day_year": "{day} {month} {year}, {time}",
    "time.date": "{weekday} {day} {month}",
    "weekday.0": "Mon",
    "weekday.1": "Tue",
    "weekday.2": "Wed",
    "weekday.3": "Thu",
    "weekday.4": "Fri",
    "weekday.5": "Sat",
    "weekday.6": "Sun",
    "month.1": "Jan",
    "month.2": "Feb",
    "month.3": "Mar",
    "month.4": "Apr",
    "month.5": "May",
    "month.6": "Jun",
    "month.7": "Jul",
    "month.8": "Aug",
    "month.9": "Sep",
    "month.10": "Oct",
    "month.11": "Nov",
    "month.12": "Dec",
}

CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


class Texts:
    """The catalogue of one language; an unknown language gets English."""

    def __init__(self, language: str = "en") -> None:
        self._catalogue = CATALOGUES.get(language.partition("-")[0], ENGLISH)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its placeholders filled; an unknown key is a KeyError."""
        return self._catalogue[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`, for names that the API may add to."""
        return key in self._catalogue

    def count(self, key: str, number: int) -> str:
        """`key.one` or `key.other` with the number, grouped by thousands."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", count=f"{number:,}")
