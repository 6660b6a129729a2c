"""Display names for made-up pupils: a first name and an initial, as on a class list."""

from random import Random

_FIRST_NAMES = (
    "Aaliyah Adam Aisha Alma Amara Anton Arjun Astrid Ava Ben Camila Carlos Chidi Clara Daniel "
    "Dina Elena Eli Elif Emil Emma Esra Farah Felix Finn Freya Gabriel Hana Hugo Ida Imani Ines "
    "Isaac Jada Jakub Jamal Jonas Julia Kai Kenji Lara Leo Lina Luca Malik Mara Mateo Maya Mei "
    "Mila Milo Mina Nadia Nia Noah Nora Omar Oscar Priya Rafael Rosa Ruby Samir Sara Sofia Tariq "
    "Theo Tomás Uma Viktor Yara Yusuf Zara Zoe"
)
_INITIALS = "ABCDEFGHJKLMNPRSTVWZ"


def pupil_names(seed: int, count: int) -> list[str]:
    """`count` different names such as "Amara K.", the same for the same seed.

    First names repeat only when there are more pupils than names. At most 1,000.
    """
    if count > 1000:
        raise ValueError("there are names for 1,000 pupils")
    rng = Random(f"{seed}:names")  # noqa: S311 - made-up names, nothing secret
    firsts = _FIRST_NAMES.split()
    rng.shuffle(firsts)
    initials = rng.sample(_INITIALS, len(_INITIALS))
    return [
        f"{firsts[turn]} {initials[(turn + again) % len(initials)]}."
        for again, turn in (divmod(number, len(firsts)) for number in range(count))
    ]
