"""Scenarios and content in files: a JSON list of them. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from learntrace.kit.errors import InvalidError

Item = TypeVar("Item", bound=BaseModel)
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()
MOST_PROBLEMS: Final = 20


def read(text: str, kind: type[Item]) -> list[Item]:
    """The items of a file.

    Raises `InvalidError` with all problems, a line each: the line on which the item begins or the
    JSON breaks, where in the item, and what is wrong.
    """
    found, problems = [], []
    try:
        for line, value in _items(text):
            try:
                found.append(kind.model_validate(value))
            except ValidationError as error:
                problems += [f"line {line}: {one}" for one in _told(error)]
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


def write(items: Sequence[BaseModel]) -> str:
    """The file that `read` reads as the same items."""
    told = [one.model_dump(mode="json") for one in items]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _items(text: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list, each with the line on which it begins."""
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        raise json.JSONDecodeError("expected [", text, at)
    at = _after_space(text, at + 1)
    while text[at : at + 1] != "]":
        value, end = _DECODER.raw_decode(text, at)
        yield text.count("\n", 0, at) + 1, value
        at = _after_space(text, end)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("expected , or ] after an item", text, at)
    rest = _after_space(text, at + 1)
    if rest < len(text):
        raise json.JSONDecodeError("expected nothing after the list", text, rest)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space is not None, "no space is a match, too"
    return space.end()


def _told(error: ValidationError) -> Iterable[str]:
    for one in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in one["loc"]) or "the item"
        yield f"{where}: {one['msg']}"
