"""What the `data` of an event may hold, judged on its text as sent."""

import json
import math
import re
from collections.abc import Sequence
from typing import Final

from learntrace.ingestion.verdicts import Code

MAX_DATA_BYTES: Final = 10_000
MAX_DEPTH: Final = 32

# Every digit as 0 and E as e, signs dropped: three exponent digits then read e000.
_DIGITS_ALIKE = bytes.maketrans(b"123456789E", b"000000000e")
_LONG_EXPONENT = b"e000"
_LONG_NUMBER = b"0" * 200
_MAX_EXPONENT_DIGITS = 4

_NESTING = re.compile(r'"(?>[^"\\]+|\\.)*+"|[\[\]{}]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|(?P<nul>u0000)|.)",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?(?P<mantissa>[0-9.]+)(?:[eE][+-]?0*(?P<exponent>[0-9]*))?")


def are_plain(raws: Sequence[bytes]) -> bool:
    """True only for texts that `data_problem` has nothing against; False means: look closer.

    Each is one syntactically good JSON value without surrounding spaces; that they are UTF-8 is
    left to the caller, who decodes them anyway. Many are judged as fast as one.
    """
    together = b",".join(raws)
    return not (
        any(raw[0] != 0x7B for raw in raws)
        or max(map(len, raws)) > MAX_DATA_BYTES
        or b"\\u" in together
        or (_brackets(together) >= len(raws) + MAX_DEPTH and max(map(_brackets, raws)) > MAX_DEPTH)
        or _has_extreme_numbers(together)
    )


def _brackets(raw: bytes) -> int:
    return raw.count(b"{") + raw.count(b"[")


def _has_extreme_numbers(raw: bytes) -> bool:
    """False only where every number is between 1e-299 and 1e299, or zero."""
    alike = raw.translate(_DIGITS_ALIKE, b"+-")
    return _LONG_EXPONENT in alike or _LONG_NUMBER in alike


def data_problem(raw: bytes) -> tuple[Code, str] | None:
    """Why this text cannot be an event's `data`, or None where it can.

    An object of at most 10,000 bytes as sent, 32 levels deep (the object itself is the first), in
    UTF-8, without NUL, lone surrogates, NaN or Infinity. A number must fit a double: one too
    large for it (1e400, a thousand digits) could not be read back, one that only zero stands for
    (1e-400) would change its value. Of a key given twice the last counts, and both are kept.
    """
    if len(raw) > MAX_DATA_BYTES:
        return Code.TOO_LARGE, f"has more than {MAX_DATA_BYTES:,} bytes"
    if not raw.startswith(b"{"):
        return Code.INVALID, "must be an object"
    try:
        text = raw.decode()
        _check_depth(text)
        number = _check_number if _has_extreme_numbers(raw) else None
        json.loads(text, parse_int=number, parse_float=number, parse_constant=_refuse_word)
        _check_escapes(text)
    except UnicodeDecodeError:
        return Code.INVALID, "is not valid UTF-8"
    except json.JSONDecodeError:
        return Code.INVALID, "is not valid JSON"
    except ValueError as problem:
        return Code.INVALID, str(problem)
    return None


def _check_depth(text: str) -> None:
    depth = 0
    for token in _NESTING.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"is nested more than {MAX_DEPTH} levels deep")
        elif token[0] in "}]":
            depth -= 1


def _check_number(text: str) -> None:
    parts = _NUMBER.fullmatch(text)
    assert parts is not None, "the JSON parser hands over numbers only"
    value = float(text)
    lost = value == 0 and parts["mantissa"].strip("0.") != ""
    # PostgreSQL's numeric has no room for 0e-99999 either, though it is only zero.
    overlong = len(parts["exponent"] or "") > _MAX_EXPONENT_DIGITS
    if lost or overlong or not math.isfinite(value):
        raise ValueError("holds a number that no double can hold")


def _refuse_word(_: str) -> None:
    raise ValueError("holds NaN or Infinity, which JSON does not know")


def _check_escapes(text: str) -> None:
    for escape in _ESCAPE.finditer(text):
        if escape["lone"]:
            raise ValueError("holds half of a surrogate pair")
        if escape["nul"]:
            raise ValueError("holds the character NUL")
