"""The cookie that remembers a sign-in: signed and read by streamlit-authenticator.

It is neither HttpOnly nor encrypted, so it holds an opaque id that the API can end, and nothing
else. Only the writing is ours: the authenticator's component answers, and the answer makes
Streamlit run the page again and undo a click that was made meanwhile.
"""

import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jwt
import streamlit as st
from streamlit_authenticator.controllers import CookieController
from streamlit_authenticator.models import CookieModel

COOKIE_JOB = "lt_cookie_job"
_SCRIPT = Path(__file__).parent / "scripts" / "cookie.js"
_DAY_S = 86_400


class _Content(CookieModel):  # type: ignore[misc]
    """The authenticator's signing and reading, without its component."""

    def __init__(self, name: str, key: str, days: float) -> None:
        self.cookie_name = name
        self.cookie_key = key
        self.cookie_expiry_days = days
        self.token = None
        self.exp_date = None

    def signed(self) -> str:
        """The present sign-in id and the end of its life, signed."""
        self.exp_date = self._set_exp_date()
        return str(self._token_encode())


class RememberingCookie(CookieController):  # type: ignore[misc]
    """Reads the cookie, and notes changes that `perform` has the browser carry out."""

    def __init__(self, name: str, key: str, days: float) -> None:
        self.cookie_model = _Content(name, key, days)

    def get_cookie(self) -> dict[str, Any] | None:
        """The cookie's content, None when there is none or it is not ours."""
        try:
            content = super().get_cookie()
        except (jwt.InvalidTokenError, KeyError, TypeError):
            return None
        return content if isinstance(content, dict) else None

    def set_cookie(self) -> None:
        """Note that the browser should remember the present sign-in."""
        model = self.cookie_model
        self._note(model.signed(), int(model.cookie_expiry_days * _DAY_S))

    def delete_cookie(self) -> None:
        """Note that the browser should forget the sign-in."""
        self._note("", 0)

    def _note(self, value: str, age_s: int) -> None:
        st.session_state[COOKIE_JOB] = {
            "job": secrets.token_hex(8),
            "name": self.cookie_model.cookie_name,
            "value": value,
            "maxAge": age_s,
        }

    def perform(self) -> None:
        """Draw the component that carries out the noted change; it does so once."""
        job = st.session_state.get(COOKIE_JOB)
        if job is not None:
            _writer()(key="lt-cookie", data=job)


@cache
def _writer() -> Callable[..., Any]:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component("learntrace_cookie", js=script)
