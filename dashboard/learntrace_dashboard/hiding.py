"""Names that give way to neutral labels while the dashboard is shown to a whole room. Pure.

A label follows from the student's id alone, so it is the same on every page, in every chart and
file, and says nothing about the place in the alphabet.
"""

from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from learntrace_dashboard.texts import Texts

CONTEXT = "label_of"
LENGTH = 4
# Neither vowels nor signs that look alike: no label is a word.
_SIGNS = "BCDFGHJKLMNPQRSTVWXZ2345679"


def label_of(student_id: str, texts: Texts) -> str:
    """Student K7QM."""
    number = int.from_bytes(sha256(student_id.encode()).digest()[:8])
    signs = ""
    for _ in range(LENGTH):
        number, at = divmod(number, len(_SIGNS))
        signs += _SIGNS[at]
    return texts("hide.label", code=signs)


def _shown(name: str, info: ValidationInfo) -> str:
    """The name, or the label of the student whose id stands before it in the same answer."""
    label = (info.context or {}).get(CONTEXT)
    if label is None:
        return name
    return str(label(info.data.get("student_id") or info.data.get("id")))


StudentName = Annotated[str, AfterValidator(_shown)]
