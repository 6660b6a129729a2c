"""Who speaks in a cue: `<v Name>`, or `Name: text` where a whole file is written so."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from learntrace.transcription_sessions.captions.markup import plain

Piece = tuple[str | None, str]
"""A speaker, `None` where nothing tells, and what is said."""

MOST_NAME: Final = 64
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]+)>", re.IGNORECASE)
_VOICE_ENDS: Final = re.compile(r"</v\s*>", re.IGNORECASE)
# >> and - stand before a change of speaker; [ ] around the name that a machine gave.
_NAMED: Final = re.compile(r"(?:>>++|-++)?\s*\[?([^:!?;\[\]]{1,40})\]?\s?:\s+(\S.*)")
_MOST_WORDS: Final = 5
# In plain speech a colon comes now and then, and after other words each time.
_LEAST_SHARE: Final = 0.8


def has_voices(marked: str) -> bool:
    """Whether a cue says who speaks with `<v Name>`."""
    return _VOICE.search(marked) is not None


def voices(marked: str) -> list[Piece]:
    """What each speaker says in a cue, in order."""
    before, *parts = _VOICE.split(marked)
    found: list[Piece] = [(None, plain(before))]
    for name, said in zip(parts[::2], parts[1::2], strict=True):
        within, *after = _VOICE_ENDS.split(said, maxsplit=1)
        found.append((_cut(plain(name)) or None, plain(within)))
        found += [(None, plain(rest)) for rest in after]
    return [(speaker, said) for speaker, said in found if said]


def names(cues: Collection[Sequence[str]]) -> frozenset[str]:
    """Who speaks in a file: the names before a colon at the beginning of its cues, given as lines.

    Nobody where few cues begin so, or no name comes twice: then it is plain speech.
    """
    found = Counter(opening[0] for lines in cues if (opening := _opening(lines[0])) is not None)
    recurs = len(found) < found.total()
    return frozenset(found if recurs and found.total() >= _LEAST_SHARE * len(cues) else ())


def named(lines: Sequence[str], known: Collection[str]) -> list[Piece]:
    """What each speaker says in a cue, where these are the speakers of its file."""
    found: list[Piece] = []
    for line in lines:
        opening = _opening(line)
        if opening is not None and opening[0] in known:
            found.append(opening)
        elif found:
            speaker, said = found[-1]
            found[-1] = (speaker, f"{said} {line}")
        else:
            found.append((None, line))
    return found


def _opening(line: str) -> tuple[str, str] | None:
    """The name at the beginning of a line and what follows the colon."""
    found = _NAMED.fullmatch(line)
    if found is None:
        return None
    name, said = found[1].strip(), found[2]
    return (_cut(name), said) if _may_be_name(name) else None


def _may_be_name(said: str) -> bool:
    """Whether it may be one, with titles and initials; what ends a sentence is none."""
    words = said.split()
    ends_sentence = any(word.endswith(".") and not _is_title(word) for word in words)
    return 0 < len(words) <= _MOST_WORDS and not said[0].islower() and not ends_sentence


def _is_title(word: str) -> bool:
    return word[0].isupper() and len(word) <= len("Prof.")


def _cut(name: str) -> str:
    return name[:MOST_NAME].strip()
