"""Every word the dashboard says in English, by what the words are about."""

from collections.abc import Mapping

from learntrace_dashboard.english import amounts, classes, frame, lesson, play, running

ENGLISH: Mapping[str, str] = {
    **frame.WORDS,
    **classes.WORDS,
    **lesson.WORDS,
    **play.WORDS,
    **running.WORDS,
    **amounts.WORDS,
}
