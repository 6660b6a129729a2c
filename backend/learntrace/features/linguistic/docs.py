"""Writes docs/talk.md from the catalogue: `python -m learntrace.features.linguistic.docs`."""

import sys
from typing import Final

from learntrace.features.docs import row, section
from learntrace.features.linguistic.catalogue import TALK_CATALOGUE, WHOLE_TALK
from learntrace.features.linguistic.extract import TALK_VERSION, WITHOUT_BLANKS
from learntrace.features.linguistic.lexicons import LEXICONS
from learntrace.features.linguistic.phrases import DENIABLE, NEGATION_WORDS, Lexicon

_HEAD: Final = f"""# Features of talk

Written by `python -m learntrace.features.linguistic.docs > docs/talk.md` from the catalogue and the
lexicons in `backend/learntrace/features/linguistic/`. Version {TALK_VERSION} of the extraction.

A feature of talk is computed from the segments of one transcript: those with the role *student*,
and how much everybody else says. It is a value, or null with a reason: never a number that stands
for "unknown". The same segments give the same values, in whatever order they come and however
often one is repeated. What stands in brackets or between asterisks was not said.

**None of this is validated, and the word error rate on children's speech is not measured.** So
nothing is computed before a person has read a transcript and marked it as checked, whether a
machine or a person wrote it.
Few of these features are evidence on a skill, and none weighs much:
[skills](skills.md#evidence-from-talk).

| feature | for teachers | unit | range | null when | needs |
|---|---|---|---|---|---|
"""

_WHOLE: Final = f"""
All of them are null with the same reason, the first that holds, where nothing can be said of the
talk as a whole. The languages {", ".join(f"`{one}`" for one in sorted(WITHOUT_BLANKS))} put no
blanks between words, so nothing is counted in them.

| reason | in words |
|---|---|
"""

_LEXICONS: Final = f"""
## Lexicons

Lists of phrases, one for each language, with a version. A phrase counts once for each time it is
said; of phrases that overlap, the one that begins first, and of these the longest. `a/b` is either
word, and a star any ending. A phrase of {", ".join(sorted(DENIABLE))} does not count where one of
the {NEGATION_WORDS} words before it in the same clause denies it; two negations deny nothing.
These lists are our judgement and were not tested on anybody's talk: they weigh nothing as evidence.
"""


def document() -> str:
    """The whole page, Markdown."""
    rows = "".join(row(feature) for feature in TALK_CATALOGUE.values())
    reasons = "".join(f"| `{reason}` | {text} |\n" for reason, text in WHOLE_TALK.items())
    sections = "".join(section(feature) for feature in TALK_CATALOGUE.values())
    lexicons = "".join(_lexicon(one) for one in LEXICONS.values())
    return _HEAD + rows + _WHOLE + reasons + "\n## Definitions\n" + sections + _LEXICONS + lexicons


def _lexicon(lexicon: Lexicon) -> str:
    rows = "".join(
        f"| {marker} | {'; '.join(phrases)} |\n" for marker, phrases in lexicon.phrases.items()
    )
    return (
        f"\n### `{lexicon.language}`, version {lexicon.version}\n\n"
        f"| list | phrases |\n|---|---|\n{rows}\n"
        f"Denying: {', '.join(sorted(lexicon.negators))}, and what ends in"
        f" {' or '.join(lexicon.negating_endings)}. Ending what is denied:"
        f" {', '.join(sorted(lexicon.turns_away))}, and punctuation.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(document())
