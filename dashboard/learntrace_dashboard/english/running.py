"""What arrives and whether all runs: data health and system status."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
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
    "health.unmapped_advice": "Not understood: {count} of {total} event names. Such events "
    "are kept and counted, but no figure uses them. Add the names to the game's mapping if they "
    "matter for learning.",
    "health.unmapped_note": "Not understood: {count} of {total} event names. Such events are "
    "kept and counted, but no figure uses them. There is nothing you need to do.",
    "health.all_mapped": "All event names are understood.",
    "health.rejections": "Refused events",
    "health.rejections_table": "Refused events by day",
    "health.rejections_note": "Each line counts the events of one day that were refused for the "
    "same reason, and shows what was wrong with the latest of them.",
    "health.rejections_none": "No event was refused",
    "health.rejections_none_help": "Everything this game sent in the last 30 days was accepted.",
    "health.column_day": "Day (UTC)",
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
    # Evidence weights
    "weights.title": "Evidence weights",
    "weights.intro": "How much your school trusts each source of evidence, skill by skill.",
    "weights.legend": "What counts for a skill, and how much: **none** (it is left out), "
    "**half**, **normal**, **more** (one and a half times) or **double**. Where a source has no "
    "evidence for a skill, the choice changes nothing: so it is with those marked “none yet”. "
    "Play in a lesson counts as play.",
    "weights.none": "none",
    "weights.half": "half",
    "weights.usual": "normal",
    "weights.more": "more",
    "weights.double": "double",
    "weights.other": "{value} times",
    "weights.never": "Nothing was ever changed: everything counts as normal.",
    "weights.version": "In force: version {version}, saved {when}.",
    "weights.read_only": "Your school's Learntrace administrator can change this.",
    "weights.save": "Save for the whole school",
    "weights.saved": "Saved. All estimates of your school are worked out anew; that may take some "
    "minutes.",
    "weights.reset": "Set everything back to normal",
    "weights.was_reset": "Everything counts as normal again. All estimates of your school are "
    "worked out anew; that may take some minutes.",
    "trusted.game_play": "Play",
    "trusted.learning_sessions": "Lessons (none yet)",
    "trusted.transcripts": "Talk (none yet)",
    "trusted.teacher_ratings": "Teachers' ratings",
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
}
