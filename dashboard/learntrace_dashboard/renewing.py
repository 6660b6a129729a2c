"""Parts of a page that run alone every few seconds, and what they read."""

import streamlit as st

from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.look import Args, Desk, Value, desk, sit_again
from learntrace_dashboard.reads import Read, Reader

_SIGNED_OUT = "lt_signed_out"


def renew(
    at_desk: Desk, away: str, read: Reader[Args, Value], *args: Args.args, **named: Args.kwargs
) -> Read[Value] | None:
    """Read at the desk of the run before; where that fails None, said under `away`, a key."""
    sit_again(at_desk)
    try:
        return read(at_desk.caller, at_desk.client, *args, **named)
    except SignedOutError:
        st.session_state[_SIGNED_OUT] = True
        st.rerun()
    except ApiError as error:
        st.error(desk().texts(away, sentence=str(error)), icon=":material/error:")
        return None


def stop_if_signed_out() -> None:
    """Raises `SignedOutError` where a renewal found that the sign-in is over."""
    if st.session_state.pop(_SIGNED_OUT, False):
        raise SignedOutError("")
