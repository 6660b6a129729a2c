"""What stands in a study's archive: its tables, column by column, and what has to be heeded.

docs/privacy.md#research says what is done before a row gets here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from learntrace.features.catalogue import CATALOGUE, Feature
from learntrace.features.presenting import feature_columns
from learntrace.skills.answers import MOST_OF_STUDENT


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what its values mean; `unit` also says what range they have."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file of the archive."""

    file: str
    columns: Sequence[Column]


FEATURES: Final = tuple(CATALOGUE)
_STUDENT: Final = "The student's pseudonym in this study."
_PSEUDONYM: Final = "16 letters and digits"
_SINCE: Final = "seconds since that student's first event"
_VERSION: Final = "a number; the same number, the same rules"


def _of_feature(feature: Feature) -> tuple[Column, Column]:
    bounds = [f"{one:g}" for one in (feature.minimum, feature.maximum) if one is not None]
    name, reason = feature_columns([feature.name])
    unit = f"{feature.unit}, {' to '.join(bounds)}" if bounds else feature.unit
    why = "Never." if feature.reason is None else f"`{feature.reason}`: {feature.reason_text}"
    return (
        Column(name, f"{feature.meaning} {feature.definition}", unit),
        Column(reason, f"Why {feature.name} is empty. {why}"),
    )


STUDENTS: Final = Table(
    "students.csv",
    (
        Column("student", _STUDENT, _PSEUDONYM),
        Column("sessions", "How many game sessions the student played.", "1 or more"),
    ),
)
SESSIONS: Final = Table(
    "sessions.csv",
    (
        Column("student", _STUDENT, _PSEUDONYM),
        Column("session", "Which of the student's sessions, by their start.", "1, 2, 3, ..."),
        Column("game", "The game's pseudonym in this study.", _PSEUDONYM),
        Column("start_s", "When the session's first event was.", _SINCE),
        Column("end_s", "When its last event was.", _SINCE),
        Column("events", "How many events were stored of it.", "1 or more"),
        Column("extractor_version", "The rules of the features; empty until measured.", _VERSION),
        Column("mapping_version", "What the game's events were taken to mean.", _VERSION),
        Column("reference_version", "The others' times that were compared with.", _VERSION),
        *(column for feature in CATALOGUE.values() for column in _of_feature(feature)),
    ),
)
ANSWERS: Final = Table(
    "answers.csv",
    (
        Column("user", _STUDENT, _PSEUDONYM),
        Column("order", "Which of the student's answers, over all games.", "0, 1, 2, ..."),
        Column("timestamp", "When the answer was given.", _SINCE),
        Column("item", "The item's pseudonym, another in every game.", _PSEUDONYM),
        Column("skill", "The pseudonym of the skill that it is about, likewise.", _PSEUDONYM),
        Column("correct", "Whether the answer was right.", "1 or 0"),
    ),
)
RATINGS: Final = Table(
    "ratings.csv",
    (
        Column("student", _STUDENT, _PSEUDONYM),
        Column("rater", "The teacher's pseudonym in this study.", _PSEUDONYM),
        Column("skill", "The skill rated, by Learntrace's rubric."),
        Column("level", "What was seen of it, by the rubric.", "1 to 4"),
        Column(
            "time_s",
            "The day it was seen on; whole days, negative before the student's first event.",
            "86400 for each day since the day of that student's first event",
        ),
    ),
)
TABLES: Final = (STUDENTS, SESSIONS, ANSWERS, RATINGS)
COLUMNS: Final = Table(
    "columns.csv",
    (
        Column("file", "A file of this archive."),
        Column("column", "A column in it."),
        Column("meaning", "What its values mean."),
        Column("unit", "Their unit, range or form."),
    ),
)
README: Final = f"""\
Play for research
=================

columns.csv       what every column of the other files means
students.csv      who played, and how often
sessions.csv      each game session with its features: a value, or the reason why there is none
answers.csv       each marked answer, in order; `learntrace evaluate knowledge` reads it
ratings.csv       what teachers saw, as levels of a rubric

An empty cell means: unknown. Files are UTF-8. Times count from the oldest play of that student that
the school still keeps. Of more than {MOST_OF_STUDENT:,} answers of a student in a game only the
newest are here. Estimates of skills are not in here, and features are not validated as measures of
anything but what their definition says.

Who is in it
------------

Students of one school who played, without those who do not take part in research. In place of
names and ids there are pseudonyms: keyed digests whose key only the school has. The same student
has the same pseudonym in every export for the same study, and another in every other study. When
the school destroys the key, nobody can tell any more whose a pseudonym was.

There is no name, no id, no date, no text that anybody wrote and nothing as a game sent it. Games,
items and skills have pseudonyms, too, because a pupil can make up what play calls them.

What may still tell who somebody is
-----------------------------------

This is pseudonymised data about children, not anonymous data. Somebody who knows a student, or has
other data about them, may recognise them by

- how many sessions there are and how long lies between them: a timetable, an illness, a move;
- being the only one with a value, a game, an answer or a rating that nobody else has;
- a teacher who rates few students, or in a way of their own;
- other exports of the same study, put side by side.

What you must not do
--------------------

- try to find out who anybody is, or have somebody else try;
- join this with data from elsewhere about the same students, unless the school agreed in writing;
- hand it on, or put it where others can read it, such as a public repository or a language model;
- publish a table, plot or example in which a group has fewer than ten students;
- decide anything about a student by it;
- keep it longer than agreed. With each new export delete the one before: who is missing in the new
  one was erased or takes part no more.

Keep it encrypted. If it is lost or read by somebody else, tell the school at once.
"""


def described() -> list[dict[str, str]]:
    """The rows of columns.csv."""
    return [
        {"file": table.file, "column": one.name, "meaning": one.meaning, "unit": one.unit}
        for table in TABLES
        for one in table.columns
    ]
