"""Every word the dashboard says in English, by what the words are about."""

from collections.abc import Mapping

from learntrace_dashboard.english import (
    amounts,
    classes,
    frame,
    keeping,
    lesson,
    library,
    meetings,
    plan,
    play,
    privacy,
    record,
    recordings,
    running,
    school,
    skills,
    tutoring,
)

ENGLISH: Mapping[str, str] = {
    **frame.WORDS,
    **classes.WORDS,
    **lesson.WORDS,
    **play.WORDS,
    **skills.WORDS,
    **privacy.WORDS,
    **record.WORDS,
    **recordings.WORDS,
    **keeping.WORDS,
    **school.WORDS,
    **plan.WORDS,
    **meetings.WORDS,
    **library.WORDS,
    **tutoring.WORDS,
    **running.WORDS,
    **amounts.WORDS,
}
