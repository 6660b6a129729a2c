"""Charts of estimates over time; see `charts` for their look."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from learntrace_dashboard.charts import INK, TEAL, Drawing, styled
from learntrace_dashboard.texts import Texts


def growth(points: Sequence[Mapping[str, Any]], texts: Texts, *, in_percent: bool) -> Drawing:
    """A curve in its band. `points` have at, when, value, low, high and words.

    Without `in_percent` the scale bears the words less and more seen and no number.
    """
    frame = pd.DataFrame(points)
    if in_percent:
        axis = alt.Axis(format=".0%", tickCount=5)
    else:
        ends = f"datum.value == 0 ? '{texts('skills.less')}' : '{texts('skills.more')}'"
        axis = alt.Axis(values=[0, 1], labelExpr=ends, grid=False, ticks=False)
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(frame).encode(
        x=alt.X(
            "at:T",
            title=None,
            scale=alt.Scale(type="utc", padding=16),
            axis=alt.Axis(format="%-d %b", labelOverlap="greedy", labelSeparation=10, tickCount=6),
        )
    )
    band = base.mark_area(color=TEAL, opacity=0.2, interpolate="monotone").encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q"
    )
    curve = base.mark_line(color=TEAL, strokeWidth=2.5, interpolate="monotone").encode(
        y=alt.Y("value:Q", scale=scale, title=None)
    )
    dots = base.mark_point(color=INK, filled=True, size=70, opacity=1).encode(
        y=alt.Y("value:Q", scale=scale, title=None),
        tooltip=[
            alt.Tooltip("when:N", title=texts("growth.column_when")),
            alt.Tooltip("words:N", title=texts("growth.column_words")),
        ],
    )
    return styled(alt.layer(band, curve, dots).properties(height=260))
