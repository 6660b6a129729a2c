"""Data health: what arrives from each game, what is understood, what is refused and why."""

from collections.abc import Mapping, Sequence

import streamlit as st

from learntrace_dashboard import charts, navigation, reads
from learntrace_dashboard.contract import DataHealth, Environment, EventTypes, Game, Rejection
from learntrace_dashboard.look import (
    cut_note,
    data_until,
    desk,
    empty,
    fetch,
    figures,
    for_roles_of,
    heading,
)
from learntrace_dashboard.table import Column, table

ENVIRONMENTS: tuple[Environment, ...] = ("live", "sandbox")
CHART_NAMES = 15
WRITE_MAPPINGS = navigation.DEVELOPERS | navigation.OPERATORS
CHOOSE_COMMAND: Mapping[Environment, str] = {
    "live": "learntrace games mapping choose",
    "sandbox": "learntrace games mapping choose --sandbox",
}


@for_roles_of(navigation.HEALTH)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("health.title"), texts("health.intro"))
    games = fetch(reads.games)
    if not games.value:
        empty(texts("health.none"), texts("health.none_help"), games.at)
        return
    cut_note(games, "list.games")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        by_id = {game.id: game for game in games.value}
        game = by_id[
            st.selectbox(texts("health.choose"), list(by_id), format_func=lambda i: by_id[i].name)
        ]
    with right:
        environment: Environment = st.segmented_control(
            texts("health.environment"),
            ENVIRONMENTS,
            default="live",
            format_func=lambda one: texts("common.live" if one == "live" else "common.sandbox"),
            required=True,
            key="lt_environment",
        )
    types = fetch(reads.event_types, game.id, environment)
    health = fetch(reads.data_health, game.id).value
    data_until(types.at)
    refused = [line for line in health.rejections if line.environment == environment]
    _figures(types.value, health, refused)
    _types(game, types.value, environment)
    _rejections(refused)


def _figures(types: EventTypes, health: DataHealth, refused: Sequence[Rejection]) -> None:
    at_desk = desk()
    texts, formats = at_desk.texts, at_desk.formats
    understood = (
        texts("unit.percent", value=int(100 * types.mapped / types.total))
        if types.total
        else texts("common.none")
    )
    values = (
        ("health.metric_live", formats.moment(health.last_event_at.live, at_desk.now)),
        ("health.metric_sandbox", formats.moment(health.last_event_at.sandbox, at_desk.now)),
        ("health.metric_understood", understood),
        ("health.metric_rejected", formats.count(sum(line.count for line in refused))),
        ("health.metric_mapping", _mapping(types)),
    )
    figures([(texts(label), value) for label, value in values])


def _mapping(types: EventTypes) -> str:
    texts = desk().texts
    if not types.mapping_version:
        return texts("health.mapping_built_in")
    return texts("health.mapping_version", version=types.mapping_version)


def _types(game: Game, types: EventTypes, environment: Environment) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("health.types"), anchor=False)
    if not types.event_types:
        empty(texts("health.types_empty"), texts("health.types_empty_help"))
        return
    st.caption(texts("health.types_note"))
    _understanding(types)
    _newer_mapping(game, types, environment)
    _names(types)
    caption = texts("health.types_table", game=game.name)
    table(
        caption,
        (
            Column(texts("health.column_type")),
            Column(texts("health.column_count"), align="right"),
            Column(texts("health.column_mapped")),
            Column(texts("health.column_meaning"), wide=True),
            Column(texts("health.column_last")),
        ),
        at_desk.rows.event_types(types.event_types),
        key=f"types-{game.id}",
    )


def _understanding(types: EventTypes) -> None:
    """Whether all names are understood: advice for those who can change it, else a remark."""
    at_desk = desk()
    texts = at_desk.texts
    unknown = sum(not kind.mapped for kind in types.event_types)
    count = {"count": unknown, "total": len(types.event_types)}
    if not unknown:
        st.success(texts("health.all_mapped"), icon=":material/check:")
    elif at_desk.user.role in WRITE_MAPPINGS:
        st.warning(texts("health.unmapped_advice", **count), icon=":material/translate:")
    else:
        st.caption(texts("health.unmapped_note", **count))


def _newer_mapping(game: Game, types: EventTypes, environment: Environment) -> None:
    """That a newer mapping waits, for those who decide whether their school takes it."""
    at_desk = desk()
    used, latest = types.mapping_version, game.latest_mapping_version
    if used == latest or at_desk.user.role not in navigation.SCHOOL_ADMINS:
        return
    newer = {"version": used, "latest": latest, "command": CHOOSE_COMMAND[environment]}
    st.info(at_desk.texts("health.mapping_newer", **newer), icon=":material/upgrade:")


def _names(types: EventTypes) -> None:
    texts = desk().texts
    ordered = sorted(types.event_types, key=lambda kind: (-kind.count, kind.event_type))
    bars = [
        {
            "name": kind.event_type,
            "count": kind.count,
            "understood": texts("health.mapped" if kind.mapped else "health.unmapped"),
            "label": desk().formats.count(kind.count)
            if kind.mapped
            else texts("health.unmapped_count", count=desk().formats.count(kind.count)),
        }
        for kind in ordered[:CHART_NAMES]
    ]
    st.altair_chart(charts.event_names(bars, texts), width="stretch", theme=None)
    if len(ordered) > CHART_NAMES:
        st.caption(texts("health.chart_more", shown=CHART_NAMES, total=len(ordered)))


def _rejections(refused: Sequence[Rejection]) -> None:
    texts = desk().texts
    st.subheader(texts("health.rejections"), anchor=False)
    if not refused:
        empty(texts("health.rejections_none"), texts("health.rejections_none_help"))
        return
    st.caption(texts("health.rejections_note"))
    table(
        texts("health.rejections_table"),
        (
            Column(texts("health.column_day")),
            Column(texts("health.column_code"), wide=True),
            Column(texts("health.column_count"), align="right"),
            Column(texts("health.column_todo"), wide=True),
            Column(texts("health.column_detail"), wide=True),
        ),
        desk().rows.rejections(refused),
        key="rejections",
    )
