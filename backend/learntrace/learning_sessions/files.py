"""Scenarios and content in files: a JSON list of them. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Any, ClassVar, Final, TypeVar

from pydantic import ValidationError

from learntrace.kit.errors import InvalidError
from learntrace.kit.wire import In, in_words


class InFile(In):
    """`named_by`: the member that names an item, where it has one."""

    named_by: ClassVar[str]


Item = TypeVar("Item", bound=InFile)
_SPACE: Final = re.compile(r"[ \t\r\n]*")
MOST_PROBLEMS: Final = 20
MOST_DIGITS: Final = 100


def read(text: str, kind: type[Item]) -> list[Item]:
    """The items of a file, no two of one name.

    Raises `InvalidError` with all problems, a line each: the line on which the item begins or the
    JSON breaks, where in the item, and what is wrong.
    """
    found, problems = [], []
    lines: dict[str, int] = {}
    try:
        for line, value in _items(text):
            try:
                item = kind.model_validate(value)
            except ValidationError as error:
                problems += [f"line {line}: {one}" for one in _told(error)]
                continue
            name = getattr(item, kind.named_by)
            if name in lines:
                problems.append(f"line {line}: {kind.named_by}: line {lines[name]} has the same")
            if name is not None:
                lines[name] = line
            found.append(item)
    except json.JSONDecodeError as error:
        problems.append(f"line {error.lineno}: this is no JSON list: {error.msg}")
    if problems:
        more = len(problems) - MOST_PROBLEMS
        shown = problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise InvalidError("\n".join(shown))
    return found


def read_starter(name: str, kind: type[Item]) -> list[Item]:
    """The `scenarios` or `content` that come with the program, in English and German."""
    packaged = files(__package__) / "starter" / f"{name}.json"
    return read(packaged.read_text(encoding="utf-8"), kind)


def write(items: Sequence[InFile]) -> str:
    """The file that `read` reads as the same items."""
    told = [one.model_dump(mode="json") for one in items]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _items(text: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list, each with the line on which it begins."""
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        raise json.JSONDecodeError("expected [", text, at)
    at = _after_space(text, at + 1)
    more = text[at : at + 1] != "]"
    while more:
        value, end = _item(text, at)
        yield text.count("\n", 0, at) + 1, value
        at = _after_space(text, end)
        more = text[at : at + 1] == ","
        if more:
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("expected , or ] after an item", text, at)
    rest = _after_space(text, at + 1)
    if rest < len(text):
        raise json.JSONDecodeError("expected nothing after the list", text, rest)


def _item(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise json.JSONDecodeError("lists stand in lists too deeply", text, at) from None
    except ValueError as error:  # a name twice, or a number of thousands of digits
        raise json.JSONDecodeError(str(error), text, at) from None


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    names = Counter(name for name, _ in members)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ValueError(f"an object has {twice[0][:100]!r} more than once")
    return dict(members)


def _number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space is not None, "no space is a match, too"
    return space.end()


def _told(error: ValidationError) -> Iterable[str]:
    for one in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in one["loc"]) or "the item"
        yield f"{where}: {in_words(one)}"


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_int=_number)
