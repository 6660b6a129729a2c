"""What a game can present: from what it says itself, its mapping and earlier play. Pure."""

from collections.abc import Collection, Mapping, Sequence

MOST_CONSIDERED = 2000
"""So many items are predicted for one decision, at most."""


class UnknownItemError(ValueError):
    """An item whose skill nobody knows."""

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(item)


def offer_of(
    known: Mapping[str, Collection[str]],
    *,
    skills: Sequence[str] | None,
    items: Sequence[str] | None,
) -> dict[str, list[str]]:
    """Skill -> items to choose from, in the order given or by name.

    `known`: skill -> the items seen of it, from mapping and play. `skills` and `items` narrow it
    to what the game can offer now, and may name what nobody has played: an item nobody knows
    belongs to the one skill asked for. Skills of which no item is left are left out where items
    are named. Raises `UnknownItemError` where that one skill is missing.
    """
    asked = list(dict.fromkeys(known if skills is None else skills))
    if items is None:
        return {skill: sorted(known.get(skill, ()))[:MOST_CONSIDERED] for skill in asked}
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
    return {skill: of_skill for skill, of_skill in offer.items() if of_skill}
