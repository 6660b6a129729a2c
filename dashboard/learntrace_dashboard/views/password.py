"""Where a one-time link leads: choose a new password, then log in with it.

The token stands behind the `#` of the address, which a browser sends to no server: it is in no
access log and no referrer. A script hands it to this page over the connection that the page has
open, and takes it out of the address bar and the tab's history. What is left where the link was
opened, as in a browser's list of visited pages, is good once and for 24 hours.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.client import ApiError, Client, SignedOutError
from learntrace_dashboard.look import HERE
from learntrace_dashboard.sign_in import SignIn
from learntrace_dashboard.texts import Texts

LEAST_LENGTH = 12
_TOKEN = "lt_reset_token"  # noqa: S105 (the name of a place, not a secret)


def page(texts: Texts, sign_in: SignIn, new_client: Callable[..., Client]) -> None:
    """Draw the page, for people who are signed in and for those who are not."""
    with st.container(key="lt-password"):
        _draw(texts, sign_in, new_client)


def _draw(texts: Texts, sign_in: SignIn, new_client: Callable[..., Client]) -> None:
    st.title(texts("password.title"), anchor=False)
    found = _reader()(key="lt-reset", on_found_change=lambda: None).found
    if isinstance(found, str):
        st.session_state[_TOKEN] = found
    token = st.session_state.get(_TOKEN)
    if token is None:
        st.caption(texts("common.loading"))
        return
    if not token:
        st.info(texts("password.no_link"), icon=":material/link_off:")
        return
    st.markdown(texts("password.help", least=LEAST_LENGTH))
    with st.form("lt-password"):
        chosen = st.text_input(texts("password.new"), type="password", autocomplete="new-password")
        again = st.text_input(texts("password.again"), type="password", autocomplete="new-password")
        asked = st.form_submit_button(texts("password.save"), type="primary")
    if not asked:
        return
    if len(chosen) < LEAST_LENGTH:
        st.warning(texts("password.short", least=LEAST_LENGTH), icon=":material/info:")
    elif chosen != again:
        st.warning(texts("password.differ"), icon=":material/info:")
    elif _stored(texts, new_client(access_token=token), chosen):
        sign_in.start_over("password.done")
        navigation.go(navigation.CLASS, {})


def _stored(texts: Texts, client: Client, password: str) -> bool:
    """Whether the API took it; why not is said, and what was typed stays."""
    try:
        client.choose_password(password)
    except SignedOutError:
        st.error(texts("password.over"), icon=":material/link_off:")
        return False
    except ApiError as error:
        st.error(str(error), icon=":material/error:")
        return False
    return True


@cache
def _reader() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_reset", js=(HERE / "scripts" / "reset.js").read_text(encoding="utf-8")
    )
