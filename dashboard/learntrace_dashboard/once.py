"""Links and keys that are told once: shown until whoever asked for them has passed them on."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.contract_school import Reset
from learntrace_dashboard.look import HERE, css, desk

_TOLD = "lt_told_once"


@dataclass(frozen=True)
class Secret:
    """What to pass on, and whose it is."""

    label: str
    value: str


def keep_links(resets: Sequence[tuple[str, Reset]]) -> None:
    """One-time links for new passwords, by the names of those they are for; not empty."""
    until = min(reset.expires_at for _, reset in resets)
    keep(
        "once.links",
        [
            Secret(desk().texts("once.link", name=name), link_to(reset.token))
            for name, reset in resets
        ],
        until,
    )


def keep(words: str, secrets: Sequence[Secret], until: datetime | None = None) -> None:
    """Show these from the next run on, under `words`, a key of the catalogue."""
    st.session_state[_TOLD] = (words, tuple(secrets), until)


def link_to(token: str) -> str:
    """The address at which the token sets a new password, at this dashboard's own address.

    The token stands behind the `#`: a browser sends that part to no server, so it is in no log.
    """
    base = _here().removesuffix(navigation.SCHOOL.address).rstrip("/")
    return f"{base}/{navigation.PASSWORD.address}#{token}"


def _here() -> str:
    """The address of the page as the person's browser has it."""
    return st.context.url or ""


def show() -> None:
    """What is to be passed on; nothing when there is nothing, or while names are hidden."""
    at_desk = desk()
    texts = at_desk.texts
    if _TOLD not in st.session_state:
        return
    if at_desk.names_hidden:
        st.info(texts("once.hidden"), icon=":material/visibility_off:")
        return
    words, secrets, until = st.session_state[_TOLD]
    when = at_desk.formats.moment(until, at_desk.now)
    with st.container(border=True, key="lt-once"):
        st.warning(texts(words, when=when), icon=":material/key:")
        _copier()(
            key="lt-copy",
            data={
                "rows": [asdict(one) for one in secrets],
                "copy": texts("once.copy"),
                "copied": texts("once.copied"),
            },
        )
        st.button(texts("once.done"), icon=":material/check:", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(_TOLD, None)


@cache
def _copier() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_copy",
        css=css("copy"),
        js=(HERE / "scripts" / "copy.js").read_text(encoding="utf-8"),
    )
