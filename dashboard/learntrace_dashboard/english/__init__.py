"""Every word the dashboard says in English, by what the words are about."""

from collections.abc import Mapping

from learntrace_dashboard.english import amounts, classes, frame, lesson, play, running, skills

ENGLISH: Mapping[str, str] = {
    **frame.WORDS,
    **classes.WORDS,
    **lesson.WORDS,
    **play.WORDS,
    **skills.WORDS,
    **running.WORDS,
    **amounts.WORDS,
}
