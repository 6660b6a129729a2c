"""Writes docs/data-inventory.md from the models: `python -m learntrace.student_records.inventory`.

Which class a column is of, what for and how long a table is kept stands in each model's `holds`.
"""

import sys
from typing import Final

from learntrace import migrating
from learntrace.kit.db import Base
from learntrace.student_records.holdings import HOLDINGS

CLASSES: Final = {
    "identifiers": "identifier",
    "names": "name or code",
    "circumstances": "circumstances",
    "content": "play content",
    "derived": "behaviour",
    "judgement": "judgement",
    "staff": "staff",
    "secrets": "secret",
    "organisation": "organisation",
    "technical": "technical",
}
"""The classes of `kit.inventory.Holds`, as the document calls them."""
OF_STUDENTS: Final = frozenset(
    ("identifiers", "names", "circumstances", "content", "derived", "judgement")
)

_HEAD: Final = """# Data inventory

Written by `python -m learntrace.student_records.inventory > docs/data-inventory.md` from the
models. Every column of every table has one class, every table a purpose and an end; a column
without a class fails the tests.

| class | what it is |
|---|---|
| identifier | leads to one student, and says nothing to who does not have this database |
| name or code | known outside: a student's name, the pupil's code, the roster's own id |
| circumstances | what was said of a student: consents, classes, extra time (a hint at disability) |
| play content | what a student did, and what else [games send](mapping.md#what-is-never-stored) |
| behaviour | computed from play: features, answers, estimates, offers |
| judgement | what teachers saw and wrote |
| staff | who signs in: name, username, and what that person did when |
| secret | a key, a password's or a token's digest, a digest that stands for who was erased |
| organisation | schools, classes, games, and what a school chose |
| technical | versions, counts and times of the machinery |

*Handed out and erased*: the rows are in the archive of
[everything about a student](privacy.md#everything-about-a-student), and go when the student is
[erased](privacy.md#erasing). *All pupils together*: computed from the play of many, naming none.

## Tables
"""
_FILES: Final = """
## Files

- `DATA_DIR/postgres`, or the PostgreSQL of your own: the tables above, with deleted rows until
  vacuum has gone over them and the write-ahead log is recycled.
- `DATA_DIR/audio`, or the store that `OBJECT_STORAGE_URL` names: the [recordings](recordings.md)
  that are kept, under ids that mean nothing without the database.
- `DATA_DIR/logs`, standard output: routes as templates, status, durations; no id, name, code,
  address or payload. `make run` keeps one file before the current one, else it is up to the
  operator.
- PostgreSQL's log: no rows, where it is set as [operations](operations.md) says.
- `DATA_DIR/demo.json`, `dashboard.key`, `postgres/password`: secrets, readable by their owner
  alone, until they are deleted.
- What `export`, `students export`, the HTTP export and the dashboard's CSV and PDF write: play, or
  all that is stored of one student, until whoever has the file deletes it.
- `TMPDIR`, else `/tmp`: while a student's archive is downloaded over HTTP, all that is stored of
  that student, in a file without a name that only the API can read. It is gone when the download
  ends or breaks off, or the process ends.
- What `research export` writes: play and ratings under [pseudonyms](privacy.md#research), until
  whoever has the file deletes it.
- Backups: everything, for as long as the operator keeps them.

## Memory

- Of the server: who called in the last 30 seconds, as digests; counts for the rate limits, by
  address and digest; mappings, item tables and populations that were used last.
- Of the dashboard: what its pages read for whoever is signed in (names, estimates, notes, raw
  events), given to that person again for at most 300 s (lists, names, codes) or 60 s, and gone with
  the next answers of that kind or a restart. Erasing a student on the student's page empties all
  of it at once, for everybody; whoever goes in another way may be shown for these 300 s.
- Of the dashboard, for one open page: a copy of everything about a student until the next click; a
  roster's preview and one-time links until they are used or left. It goes when the page is closed.
"""


def document() -> str:
    """The whole page, Markdown."""
    return _HEAD + "".join(_section(model) for model in models()) + _FILES


def models() -> list[type[Base]]:
    """Every table's model, by the table's name."""
    by_name = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return [by_name[table] for _, table in sorted(migrating.METADATA.tables.items())]


def _section(model: type[Base]) -> str:
    rows = "".join(
        f"| {CLASSES[one]} | {', '.join(f'`{column}`' for column in columns)} |\n"
        for one, columns in model.holds.classes()
    )
    return (
        f"\n### {model.__tablename__}\n\n{model.holds.purpose} {_whose(model)}\n"
        f"Kept: {model.holds.kept}\n\n| class | columns |\n|---|---|\n{rows}"
    )


def _whose(model: type[Base]) -> str:
    if any(held.model is model for held in HOLDINGS):
        return "Handed out and erased."
    if any(one in OF_STUDENTS for one, _ in model.holds.classes()):
        return "All pupils together."
    return "Of no student."


if __name__ == "__main__":
    sys.stdout.write(document())
