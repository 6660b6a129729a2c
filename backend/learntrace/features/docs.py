"""Writes docs/features.md from the catalogue: `python -m learntrace.features.docs`."""

import sys

from learntrace.features.behavioral import gos
from learntrace.features.catalogue import CATALOGUE, Feature
from learntrace.features.extract import EXTRACTOR_VERSION

_HEAD = f"""# Behavioural features

Written by `python -m learntrace.features.docs > docs/features.md` from the catalogue in
`backend/learntrace/features/catalogue.py`. Extractor version {EXTRACTOR_VERSION}.

A feature is computed from one game session's events in canonical order, read through the game's
[mapping](mapping.md), on the client's clock alone; two compare with a stored table of others'
times. It is a value, or null with a reason: never a number that stands for "unknown". Below the
evidence in the column *needs* it is null. The same events give the same values, whatever the
order, the batches and the repetitions in which they arrived. Events that the mapping does not
know are counted and change nothing else.

| feature | for teachers | unit | range | null when | needs |
|---|---|---|---|---|---|
"""

_TASKS = """
## Task instances

A task instance is one go at a task.

{rules}
- 30 minutes without activity end all open goes, as `timed_out`, where the silence began. The
  session's end, once it is closed, ends the rest as `ended`; before that they are `open`.
- Within the mapping's `opening_s` after a start, attempts, failures and successes are the game's
  announcement of how the task opened; they count for nothing.
- Attempts are the `attempt` events; of a game that sends none, the outcomes.

## Definitions
"""


def document() -> str:
    """The whole page, Markdown."""
    rows = "".join(row(feature) for feature in CATALOGUE.values())
    rules = (gos.__doc__ or "").partition("\n\n")[2].strip()
    sections = "".join(section(feature) for feature in CATALOGUE.values())
    return _HEAD + rows + _TASKS.format(rules=rules) + sections


def row(feature: Feature) -> str:
    """A feature's line in the table of all."""
    reason = "never" if feature.reason is None else f"`{feature.reason}`"
    needs = feature.needs or ""
    return (
        f"| [{feature.name}](#{feature.name}) | {feature.title} | {feature.unit}"
        f" | {_range(feature)} | {reason} | {needs} |\n"
    )


def _range(feature: Feature) -> str:
    if feature.minimum is None:
        return "true, false"
    if feature.maximum is None:
        return f"{feature.minimum:g} or more"
    return f"{feature.minimum:g} to {feature.maximum:g}"


def section(feature: Feature) -> str:
    """A feature's definition under a heading of its own."""
    null = "Never null." if feature.reason is None else f"Null with `{feature.reason}`:"
    because = "" if feature.reason_text is None else f" {feature.reason_text}"
    return (
        f"\n### {feature.name}\n\n{feature.title}. {feature.meaning}\n\n"
        f"{feature.definition}\n\n{null}{because} Code: `{feature.source}`.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(document())
