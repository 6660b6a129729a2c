"""A person's name taken out of what was written about them. Pure."""

import re
from typing import Final

IN_PLACE: Final = "[client]"
# Longer than an initial: that stands in too many words' place.
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def without_name(text: str, name: str) -> str:
    """`text` with each word of `name` replaced, whatever its case, also in the genitive.

    Nicknames and misspelt names stay.
    """
    words = sorted(set(_WORD.findall(name)), key=len, reverse=True)
    if not words:
        return text
    named = "|".join(map(re.escape, words))
    return re.sub(rf"\b(?:{named})(?=(?:['’]?s)?\b)", IN_PLACE, text, flags=re.IGNORECASE)
