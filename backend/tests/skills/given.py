"""Evidence as tests need it: by hand, and generated."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from learntrace.skills.types import Observation, Source

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def seen(
    number: int,
    x: float = 0.0,
    *,
    source: Source = Source.GAME_PLAY,
    days_ago: float | None = None,
    occasion: str | None = None,
    weight: float = 1.0,
    kind: str = "retry_rate",
    words: str = "tried again after 80 % of the failures",
) -> Observation:
    """The observation with this number; each is a day older and an occasion of its own."""
    return Observation(
        evidence_id=f"{source}:{number}",
        source=source,
        x=x,
        at=NOW - timedelta(days=number if days_ago is None else days_ago),
        occasion=occasion or f"{source}:{number}",
        weight=weight,
        kind=kind,
        value=0.8,
        unit="share",
        words=words,
    )


def each(xs: Sequence[float], source: Source = Source.GAME_PLAY) -> list[Observation]:
    """One observation an occasion, newest first."""
    return [seen(number, x, source=source) for number, x in enumerate(xs)]


strengths = st.floats(-3, 3)
numbered = st.tuples(
    st.sampled_from(Source),
    strengths,
    st.floats(0, 700),
    st.integers(0, 5),
    st.floats(0.05, 1),
)
observations = st.lists(numbered, min_size=1, max_size=12).map(
    lambda drawn: [
        seen(number, x, source=source, days_ago=age, occasion=f"{sitting}", weight=weight)
        for number, (source, x, age, sitting, weight) in enumerate(drawn)
    ]
)
"""Any evidence on one skill, several observations in an occasion among it."""
