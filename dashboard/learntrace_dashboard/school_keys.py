"""Write keys: with which game servers write a school's play, and replacing or ending them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from learntrace_dashboard import once, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract_school import NewWriteKey, WriteKey
from learntrace_dashboard.look import data_until, desk, empty, escape, fetch, label_text, part
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table
from learntrace_dashboard.texts import Texts

LONGEST_NAME = 100
ENVIRONMENTS = ("live", "sandbox")
OVERLAPS_H = (0, 24, 72, 168)


def show() -> None:
    """Draw the tab."""
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.write_keys)
    keys = read.value.items
    data_until(read.at)
    st.markdown(texts("keys.intro"))
    if keys:
        table(
            texts("keys.table"),
            (
                Column(texts("keys.column_name")),
                Column(texts("keys.column_game")),
                Column(texts("keys.column_environment")),
                Column(texts("keys.column_created")),
                Column(texts("keys.column_used")),
                Column(texts("people.column_state")),
            ),
            [_row(one) for one in keys],
            key="keys",
        )
    else:
        empty(texts("keys.none"), texts("keys.none_help"))
    _create()
    _change([one for one in keys if works(one, at_desk.now)])


def works(key: WriteKey, now: datetime) -> bool:
    """Whether a game server can still write with it."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def _row(one: WriteKey) -> Row:
    at_desk = desk()
    formats, now = at_desk.formats, at_desk.now
    return (
        Cell(one.name),
        Cell(one.game.name),
        Cell(_environment(at_desk.texts, one.environment)),
        Cell(formats.moment(one.created_at, now), sort=timestamp(one.created_at)),
        Cell(formats.moment(one.last_used_at, now), sort=timestamp(one.last_used_at)),
        _state(one),
    )


def _environment(texts: Texts, environment: str) -> str:
    return texts("common.live" if environment == "live" else "common.sandbox")


def _state(one: WriteKey) -> Cell:
    """Works, works until, ended; in words."""
    at_desk = desk()
    texts, formats, now = at_desk.texts, at_desk.formats, at_desk.now
    ended = [at for at in (one.revoked_at, one.expires_at) if at is not None and at <= now]
    if ended:
        return Cell(texts("keys.ended", when=formats.moment(min(ended), now)), tone="muted")
    if one.expires_at:
        return Cell(texts("keys.until", when=formats.moment(one.expires_at, now)))
    return Cell(texts("keys.works"))


def _create() -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("keys.create"), icon=":material/add:"):
        games = part("games", reads.games)
        if games is None:
            return
        names = {one.id: one.name for one in games}
        with st.form(form_key("key")):
            name = st.text_input(
                texts("keys.column_name"), max_chars=LONGEST_NAME, help=texts("keys.name_help")
            ).strip()
            game = st.selectbox(
                texts("keys.column_game"), list(names), format_func=lambda one: names[one]
            )
            environment = st.radio(
                texts("keys.column_environment"),
                ENVIRONMENTS,
                index=None,
                format_func=partial(_environment, texts),
                captions=[texts(f"keys.{one}_help") for one in ENVIRONMENTS],
            )
            asked = st.form_submit_button(texts("keys.create_button"), type="primary")
        if asked and not (name and game and environment):
            st.warning(texts("keys.empty"), icon=":material/info:")
        elif asked and change(
            lambda: _told(at_desk.client.create_key(str(game), str(environment), name))
        ):
            renew_form("key")
            st.rerun()


def _told(made: NewWriteKey) -> None:
    key = made.write_key
    once.keep("once.key", [once.Secret(f"{key.name} ({key.game.name})", made.secret)])


def _change(keys: Sequence[WriteKey]) -> None:
    """Replace or end one of the keys that work."""
    texts = desk().texts
    if not keys:
        return
    by_id = {one.id: one for one in keys}
    with st.expander(texts("keys.change"), icon=":material/key:"):
        chosen = st.selectbox(
            texts("keys.which"),
            list(by_id),
            index=None,
            placeholder=texts("keys.which_prompt"),
            format_func=lambda one: f"{by_id[one].name} ({by_id[one].game.name})",
            key="lt-key",
        )
        if chosen is not None:
            _rotate(by_id[chosen])
            _revoke(by_id[chosen])


def _rotate(key: WriteKey) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.form(form_key("rotate", key.id)):
        st.markdown(texts("keys.rotate_help"))
        overlap_h = st.radio(
            texts("keys.overlap"),
            OVERLAPS_H,
            index=1,
            format_func=lambda one: texts(f"keys.overlap_{one}"),
            horizontal=True,
        )
        asked = st.form_submit_button(texts("keys.rotate"))
    if asked and change(lambda: _told(at_desk.client.rotate_key(key.id, overlap_h))):
        st.rerun()


def _revoke(key: WriteKey) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.form(form_key("revoke", key.id)):
        st.markdown(texts("keys.revoke_help"))
        sure = st.checkbox(label_text(texts("keys.revoke_sure", name=key.name)))
        asked = st.form_submit_button(texts("keys.revoke"))
    if asked and not sure:
        st.warning(texts("keys.revoke_unsure"), icon=":material/info:")
    elif asked and change(lambda: at_desk.client.revoke_key(key.id)):
        say(texts("keys.revoked", name=escape(key.name)))
        st.rerun()
