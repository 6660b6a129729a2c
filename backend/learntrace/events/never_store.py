"""Fields of a game's events that are taken out before anything of them is stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

MISSION: Final = "mission_id"

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
# Name -> what goes of its value, `None` for all of it.
_Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class NeverStored:
    """What a mapping's `never_store` names, ready to be taken out; see docs/mapping.md.

    `mission` tells whether an event's `mission_id` goes.
    """

    tree: _Tree
    mission: bool

    def without(self, data_text: str) -> str:
        """An event's `data` without these fields; `data_text` is an object that may be stored.

        A text in which nothing is named comes back as it is. In an object that is changed, of a
        name given twice only the last is left; all else in it stays letter for letter.
        """
        return _without(data_text.encode(), self.tree).decode()


def never_stored(paths: Sequence[str]) -> NeverStored | None:
    """`paths` made ready: `mission_id`, or `data.` and names; `None` where there are none."""
    if not paths:
        return None
    tree: dict[str, Any] = {}
    for path in paths:
        if path != MISSION:
            _add(tree, path.split(".")[1:])
    return NeverStored(tree, MISSION in paths)


def _add(tree: dict[str, Any], names: Sequence[str]) -> None:
    first, *rest = names
    if not rest:
        tree[first] = None
    elif (inner := tree.setdefault(first, {})) is not None:
        _add(inner, rest)


def _without(value: bytes, tree: _Tree) -> bytes:
    """The value without what the tree names in it, or in the objects of a list."""
    if value.startswith(b"["):
        items = [bytes(item) for item in _ARRAY.decode(value)]
        left = [_without(item, tree) for item in items]
        return value if left == items else b"[" + b",".join(left) + b"]"
    if not value.startswith(b"{"):
        return value
    members = _OBJECT.decode(value)
    named = members.keys() & tree.keys()
    if not named:
        return value
    # Written anew also where nothing goes: of a name given twice, the first was not looked at.
    for name in named:
        inner = tree[name]
        if inner is None:
            del members[name]
        else:
            members[name] = msgspec.Raw(_without(bytes(members[name]), inner))
    return msgspec.json.encode(members)
