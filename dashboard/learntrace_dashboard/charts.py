"""The charts. Signs differ by shape as well as colour (Okabe and Ito's colour-blind safe set).

Times come as the school's wall clock marked as UTC and are drawn on UTC scales, so that the
browser's zone does not matter. Every chart stands beside a table that says the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from learntrace_dashboard.texts import Texts

INK = "#1d2b33"
QUIET = "#5b6b72"
GRID = "#e3eae8"
TEAL = "#1f6f78"
GAME_COLOURS = ["#1f6f78", "#D58A00", "#0072B2", "#7a4f9a", "#5b6b72"]
OUTCOME_COLOURS: Mapping[str, str] = {
    "outcome.completed": "#9fd4c3",
    "outcome.abandoned": "#f3cf9b",
    "outcome.ended": "#d3dbdd",
    "outcome.timed_out": "#e3d5e8",
    "outcome.open": "#b9dbf2",
}
MARK_STYLES: Mapping[str, tuple[str, str]] = {
    "mark.success": ("circle", "#00664c"),
    "mark.failure": ("cross", "#b03a00"),
    "mark.retry": ("triangle-up", "#8a5a00"),
    "mark.help": ("diamond", "#0072B2"),
    "mark.attempt": ("M-0.14,-1L0.14,-1L0.14,1L-0.14,1Z", "#4d5d64"),
    "mark.away": ("square", "#7a4f9a"),
    "mark.social": ("triangle-down", "#006d8f"),
    "mark.other": ("M-0.8,-0.16L0.8,-0.16L0.8,0.16L-0.8,0.16Z", "#4d5d64"),
}
Drawing: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart
LANE_PX = 32
AXIS_PX = 48
LEGEND_PX = 165
MAX_LABEL_PX = 220


def styled(chart: Drawing) -> Drawing:
    """The common look: calm grid, readable labels, room for the last one, no frame."""
    styled: Drawing = (
        chart.properties(padding={"left": 0, "top": 5, "right": 18, "bottom": 5})
        .configure(font='"Source Sans", sans-serif')
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=QUIET,
            labelFontSize=13,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
            labelLimit=MAX_LABEL_PX,
        )
        .configure_legend(
            labelColor=INK, titleColor=QUIET, labelFontSize=13, titleFontSize=12, orient="top"
        )
    )
    return styled


def _room(longest: float) -> float:
    """The end of a scale on which the label behind the longest bar has room, on a phone too."""
    return float(longest) * 1.35 or 1.0


def active_minutes(students: Sequence[Mapping[str, Any]], texts: Texts) -> Drawing:
    """Minutes played by each student; `students` have name, minutes, active (in words)."""
    frame = pd.DataFrame(students)
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelOverlap=False, ticks=False)),
        tooltip=[
            alt.Tooltip("name:N", title=texts("class.column_name")),
            alt.Tooltip("active:N", title=texts("class.column_active")),
        ],
    )
    scale = alt.Scale(domain=[0, _room(frame["minutes"].max())], nice=False)
    bars = base.mark_bar(color=TEAL, cornerRadiusEnd=3, size=14).encode(
        x=alt.X(
            "minutes:Q",
            title=texts("class.axis_minutes"),
            scale=scale,
            axis=alt.Axis(tickCount=8),
        )
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(
        x="minutes:Q", text="active:N"
    )
    return styled(alt.layer(bars, labels).properties(height=26 * len(frame) + AXIS_PX))


def play_days(points: Sequence[Mapping[str, Any]], texts: Texts, last: date, days: int) -> Drawing:
    """One block for each play session on its day, height in active minutes."""
    frame = pd.DataFrame(points)
    shown = [(last - timedelta(days=back)).isoformat() for back in reversed(range(days))]
    games = sorted(set(frame["game"]))
    colour = alt.Color(
        "game:N",
        title=texts("student.column_game"),
        scale=alt.Scale(domain=games, range=GAME_COLOURS),
        legend=alt.Legend() if len(games) > 1 else None,
    )
    axis = alt.Axis(
        values=shown[:: -max(1, round(days / 7))],
        labelExpr="utcFormat(toDate(datum.value), '%-d %b')",
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=6,
        grid=False,
    )
    chart = (
        alt.Chart(frame)
        .mark_bar(stroke="#fbfaf7", strokeWidth=2, cornerRadius=3, tooltip=True)
        .encode(
            x=alt.X("day:O", title=None, scale=alt.Scale(domain=shown), axis=axis),
            y=alt.Y("minutes:Q", title=texts("student.axis_minutes"), stack="zero"),
            order=alt.Order("number:Q"),
            detail="number:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("when:N", title=texts("student.column_when")),
                alt.Tooltip("game:N", title=texts("student.column_game")),
                alt.Tooltip("active:N", title=texts("student.column_active")),
                alt.Tooltip("completed:N", title=texts("student.column_completed")),
                alt.Tooltip("failures:N", title=texts("student.column_failures")),
            ],
        )
        .properties(height=240)
    )
    return styled(chart)


def lanes_of(bars: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lanes from top to bottom: tasks by their first start, then what else has marks."""
    return list(dict.fromkeys([bar["lane"] for bar in bars] + [mark["lane"] for mark in marks]))


def play_timeline(
    bars: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]], texts: Texts
) -> Drawing:
    """A play session over time: tasks as bars on lanes, what happened as signs on them."""
    lanes = lanes_of(bars, marks)
    lane = alt.Y(
        "lane:N",
        sort=lanes,
        scale=alt.Scale(domain=lanes),
        title=None,
        axis=alt.Axis(grid=True, ticks=False, labelOverlap=False),
    )
    layers = []
    if bars:
        layers.append(_task_bars(bars, lane, texts))
    if marks:
        layers.append(_event_marks(marks, lane, texts))
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent")
    return styled(chart.properties(height=LANE_PX * len(lanes) + AXIS_PX + LEGEND_PX))


def _time_axis(field: str, texts: Texts) -> alt.X:
    axis: alt.X = alt.X(
        f"{field}:T",
        title=texts("session.axis_time"),
        scale=alt.Scale(type="utc", nice=False, padding=26),
        axis=alt.Axis(format="%H:%M:%S", labelOverlap="greedy", labelSeparation=14, tickCount=8),
    )
    return axis


def _task_bars(bars: Sequence[Mapping[str, Any]], lane: alt.Y, texts: Texts) -> alt.Chart:
    outcomes = {texts(key): colour for key, colour in OUTCOME_COLOURS.items()}
    shown = [name for name in outcomes if name in {bar["outcome"] for bar in bars}]
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar(height=20, cornerRadius=4, stroke="#9aa8ad", strokeWidth=0.6)
        .encode(
            x=_time_axis("start", texts),
            x2="end:T",
            y=lane,
            color=alt.Color(
                "outcome:N",
                title=texts("legend.task"),
                scale=alt.Scale(domain=shown, range=[outcomes[name] for name in shown]),
                legend=alt.Legend(symbolType="square", orient="top", columns=2),
            ),
            tooltip=[
                alt.Tooltip("lane:N", title=texts("session.column_task")),
                alt.Tooltip("from:N", title=texts("session.column_started")),
                alt.Tooltip("outcome:N", title=texts("session.column_outcome")),
                alt.Tooltip("active:N", title=texts("session.column_active")),
                alt.Tooltip("attempts:N", title=texts("session.column_attempts")),
                alt.Tooltip("failures:N", title=texts("session.column_failures")),
            ],
        )
    )
    return chart


def _event_marks(marks: Sequence[Mapping[str, Any]], lane: alt.Y, texts: Texts) -> alt.Chart:
    styles = {texts(key): style for key, style in MARK_STYLES.items()}
    shown = [name for name in styles if name in {mark["kind"] for mark in marks}]
    legend = alt.Legend(orient="bottom", columns=2, symbolSize=90)
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(marks))
        .mark_point(size=80, filled=True, opacity=1, strokeWidth=1.6)
        .encode(
            x=_time_axis("time", texts),
            y=lane,
            shape=alt.Shape(
                "kind:N",
                title=texts("legend.event"),
                scale=alt.Scale(domain=shown, range=[styles[name][0] for name in shown]),
                legend=legend,
            ),
            color=alt.Color(
                "kind:N",
                title=texts("legend.event"),
                scale=alt.Scale(domain=shown, range=[styles[name][1] for name in shown]),
                legend=legend,
            ),
            tooltip=[
                alt.Tooltip("clock:N", title=texts("session.column_time")),
                alt.Tooltip("lane:N", title=texts("session.column_task")),
                alt.Tooltip("meaning:N", title=texts("session.column_behaviour")),
                alt.Tooltip("event:N", title=texts("session.column_event")),
            ],
        )
    )
    return chart


def event_names(types: Sequence[Mapping[str, Any]], texts: Texts) -> Drawing:
    """How many events of each name arrived; `types` have name, count, understood and label."""
    frame = pd.DataFrame(types)
    words = [texts("health.mapped"), texts("health.unmapped")]
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelOverlap=False, ticks=False)),
    )
    bars = base.mark_bar(size=14, cornerRadiusEnd=3).encode(
        x=alt.X(
            "count:Q",
            title=texts("health.axis_events"),
            scale=alt.Scale(domain=[0, _room(frame["count"].max())], nice=False),
            axis=alt.Axis(tickCount=8),
        ),
        color=alt.Color(
            "understood:N", title=None, scale=alt.Scale(domain=words, range=[TEAL, "#e8a33d"])
        ),
        tooltip=[
            alt.Tooltip("name:N", title=texts("health.column_type")),
            alt.Tooltip("count:Q", title=texts("health.column_count"), format=","),
            alt.Tooltip("understood:N", title=texts("health.column_mapped")),
        ],
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(
        x="count:Q", text="label:N"
    )
    return styled(alt.layer(bars, labels).properties(height=26 * len(frame) + AXIS_PX + 30))
