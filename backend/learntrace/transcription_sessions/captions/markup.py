"""Markup of cues: what is said is taken out of it, and put where none may be seen in it."""

import html
import re
from typing import Final

# What is written in angle brackets otherwise, such as <laughs>, somebody said or meant to say.
_TAG: Final = re.compile(
    r"""</?(?:v|c|b|i|u|s|em|strong|font|span|lang|ruby|rt)(?:[.\s][^<>]*)?>  # formatting
    | <\d[\d:.,]*>                                                             # when a word is said
    | \{\\[^{}]*\}                                                             # {\an8}""",
    re.VERBOSE | re.IGNORECASE,
)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_REFERENCE: Final = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|lrm|rlm|\#\d{1,7}|\#x[0-9a-f]{1,6});", re.IGNORECASE
)
ARROW: Final = "-->"


def one_line(text: str) -> str:
    """`text` with single spaces for all white space, line breaks among it."""
    return " ".join(text.split())


def plain(marked: str) -> str:
    """What is said in a piece of a cue, in one line."""
    bare = _TAG.sub("", _BREAK.sub(" ", marked))
    return one_line(_REFERENCE.sub(lambda found: html.unescape(found[0]), bare))


def escaped(text: str) -> str:
    """`text` as a cue says it: `plain` gives it back, in one line."""
    return html.escape(one_line(text), quote=False).replace("{\\", "&#123;\\")


def escaped_where_needed(text: str) -> str:
    """The same, but as it is where nothing in it looks like markup: not all players know how."""
    line = one_line(text)
    return line if plain(line) == line and ARROW not in line else escaped(line)
