"""Changing something at the API, and saying in the next run that it is done."""

from collections.abc import Callable

import streamlit as st

from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.look import desk, refresh

_SAID = "lt_said"
_NOT_SAVED = "lt_not_saved"


def change(act: Callable[[], object]) -> bool:
    """Change something at the API and leave kept answers behind; whether it worked.

    A failure is said in plain words and what was typed stays.
    """
    try:
        act()
    except SignedOutError:
        raise
    except ApiError as error:
        st.error(str(error), icon=":material/error:")
        return False
    refresh()
    return True


def change_by_callback(act: Callable[[], object]) -> None:
    """Change something when a widget is moved, before the run that follows draws it anew.

    What failed is said by `show_said` in that run, which shows what is stored.
    """
    try:
        act()
    except ApiError as error:
        st.session_state[_NOT_SAVED] = str(error)
    else:
        refresh()


def sure_of(name: str, about: str, *, icon: str) -> bool:
    """Whether what is named was asked for by a button that a tick sets free, folded in.

    `name` begins the keys of its words: itself, with `_help`, `_sure` and `_button`.
    """
    texts = desk().texts
    with st.expander(texts(name), icon=icon):
        st.caption(texts(f"{name}_help"))
        is_sure = st.checkbox(texts(f"{name}_sure"), key=f"lt-{name}-{about}")
        return st.button(texts(f"{name}_button"), disabled=not is_sure)


def say(words: str) -> None:
    """Say this in the next run, which shows what was changed."""
    st.session_state[_SAID] = words


def show_said() -> None:
    """What the run before, or a widget that was moved, left to say."""
    words = st.session_state.pop(_SAID, None)
    if words:
        st.success(words, icon=":material/check:")
    failed = st.session_state.pop(_NOT_SAVED, None)
    if failed:
        st.error(f"**{desk().texts('error.not_saved')}**  \n{failed}", icon=":material/error:")


def form_key(name: str, *about: str) -> str:
    """The key of a form about something; after `renew_form` it is another, so the form is empty.

    A form that clears itself when it is sent would lose what was typed when that fails.
    """
    return "-".join(("lt", name, *about, str(st.session_state.get(_sent(name), 0))))


def renew_form(name: str) -> None:
    """What was typed into the form is stored: the next run draws an empty one."""
    st.session_state[_sent(name)] = st.session_state.get(_sent(name), 0) + 1


def _sent(name: str) -> str:
    return f"lt_sent_{name}"
