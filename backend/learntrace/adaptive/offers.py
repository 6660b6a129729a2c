"""What a game can present: from what it says itself, its mapping and earlier play. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from learntrace.skills.knowledge import Easiness

MOST_CONSIDERED = 2000
"""So many items, and skills without any, are weighed for one decision, at most."""
MOST_SKILLS = 1000
"""Of so many skills, at most."""


class UnknownItemError(ValueError):
    """An item whose skill nobody knows."""

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(item)


def all_known(
    listed: Collection[str], *found: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[str]]:
    """Skill -> its items, of everything found; only of `listed` skills where any are."""
    known: dict[str, set[str]] = {skill: set() for skill in listed}
    for one in found:
        for skill, items in one.items():
            if not listed or skill in known:
                known.setdefault(skill, set()).update(items)
    return {skill: frozenset(items) for skill, items in known.items()}


def offer_of(
    known: Mapping[str, Collection[str]],
    *,
    skills: Sequence[str] | None,
    items: Sequence[str] | None,
    easiness: Mapping[str, Easiness],
) -> dict[str, list[str]]:
    """Skill -> items to choose from, in the order given or by name.

    `known`: skill -> the items seen of it, from mapping and play. `skills` and `items` narrow it
    to what the game can offer now, and may name what nobody has played: an item nobody knows
    belongs to the one skill asked for. Skills of which no item is left are left out where items
    are named. Where there is more than `MOST_CONSIDERED`, all skills keep as many, spread from
    their easiest to their hardest by `easiness`, item -> what the item table says of it.
    Raises `UnknownItemError` where that one skill is missing.
    """
    asked = list(dict.fromkeys(known if skills is None else skills))
    if items is None:
        return _bounded({skill: sorted(known.get(skill, ())) for skill in asked}, easiness)
    everywhere = frozenset(item for of_skill in known.values() for item in of_skill)
    new = [item for item in dict.fromkeys(items) if item not in everywhere]
    if new and (skills is None or len(asked) != 1):
        raise UnknownItemError(new[0])
    offer = {
        skill: [
            item for item in dict.fromkeys(items) if item in new or item in known.get(skill, ())
        ]
        for skill in asked
    }
    return _bounded({skill: of_skill for skill, of_skill in offer.items() if of_skill}, easiness)


def _bounded(
    offer: Mapping[str, list[str]], easiness: Mapping[str, Easiness]
) -> dict[str, list[str]]:
    first = dict(islice(offer.items(), MOST_SKILLS))
    if sum(max(1, len(of_skill)) for of_skill in first.values()) <= MOST_CONSIDERED:
        return first
    share = MOST_CONSIDERED // len(first)
    return {skill: _spread(of_skill, share, easiness) for skill, of_skill in first.items()}


def _spread(items: list[str], most: int, easiness: Mapping[str, Easiness]) -> list[str]:
    """At most so many of the items, at least 2, in the order given: the hardest, the easiest, and
    of those between every so-manieth. An item that nobody has answered is as easy as its skill.
    """
    if len(items) <= most:
        return items
    from_hardest = sorted(
        items, key=lambda item: (easiness[item].mean if item in easiness else 0.0, item)
    )
    kept = {from_hardest[n * (len(items) - 1) // (most - 1)] for n in range(most)}
    return [item for item in items if item in kept]
