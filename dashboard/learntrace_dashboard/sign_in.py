"""Signing in: streamlit-authenticator's form and cookie, the API's verdict.

The API checks the password and issues an opaque sign-in id; the cookie's `username` is that
id and nothing else. A new page load exchanges it for a short access token. Logging out ends
the sign-in at the API, so a copied cookie is worthless from then on.
"""

from collections.abc import Callable

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController

from learntrace_dashboard.client import ApiError, Client, SignedOutError
from learntrace_dashboard.config import Settings
from learntrace_dashboard.contract import SignedIn, User
from learntrace_dashboard.cookie import COOKIE_JOB, RememberingCookie
from learntrace_dashboard.texts import Texts

_TOKEN = "lt_access_token"  # noqa: S105 (the name of a place, not a secret)
_USER = "lt_user"
_NOTICE = "lt_notice"


def caller() -> str:
    """What cached answers are kept under: the id of this tab's sign-in, so nobody shares them."""
    return str(st.session_state["username"])


class BackendAuthentication(AuthenticationController):  # type: ignore[misc]
    """Asks the API instead of a list of passwords."""

    def __init__(self, client: Callable[[], Client], secret_key: str, texts: Texts) -> None:
        super().__init__({"usernames": {}}, auto_hash=False, secret_key=secret_key)
        self._client = client
        self._texts = texts

    def login(
        self,
        username: str | None = None,
        password: str | None = None,
        *_: object,
        token: dict[str, str] | None = None,
        **__: object,
    ) -> bool:
        """Sign in by password, or by the remembered id in the cookie's content.

        True when signed in. Raises `ApiError` with a sentence; a dead cookie is not used again.
        """
        if token:
            st.session_state["username"] = token["username"]
            try:
                self._client().refresh()
            except SignedOutError:
                forget(logged_out=True)
                raise
            except ApiError:
                st.session_state["username"] = None
                raise
            return True
        if not username or not password:
            raise ApiError(self._texts("login.empty"))
        self._client().login(username.strip(), password)
        return True

    def logout(self, callback: Callable[..., None] | None = None) -> None:
        """End the sign-in at the API, then forget it here even if the API cannot be reached."""
        del callback
        notice = "logout.done"
        try:
            self._client().logout()
        except SignedOutError:
            notice = "logout.done"
        except ApiError:
            notice = "logout.offline"
        forget(logged_out=True)
        st.session_state[_NOTICE] = notice


class LoginForm(stauth.Authenticate):  # type: ignore[misc]
    """The authenticator's form and buttons over our cookie and the API."""

    def __init__(self, cookie: RememberingCookie, backend: BackendAuthentication) -> None:
        # Not the parent's: it draws a component that reads all cookies and then runs the page
        # again, which undoes a click that was made meanwhile.
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = cookie
        self.authentication_controller = backend


class SignIn:
    """The sign-in of the person in front of this browser tab."""

    def __init__(self, settings: Settings, texts: Texts, new_client: Callable[..., Client]) -> None:
        self._texts = texts
        self._new_client = new_client
        key = settings.dashboard_cookie_key.get_secret_value()
        self._cookie = RememberingCookie(
            settings.dashboard_cookie_name, key, settings.dashboard_cookie_days
        )
        self._authentication = BackendAuthentication(self.client, key, texts)
        self._authenticator = LoginForm(self._cookie, self._authentication)

    def client(self) -> Client:
        """A client that speaks for the person signed in, and keeps every new token."""
        return self._new_client(
            access_token=st.session_state.get(_TOKEN),
            sign_in_id=st.session_state.get("username"),
            on_sign_in=self._remember,
        )

    @property
    def user(self) -> User | None:
        """Who is signed in, None when nobody is."""
        user: User | None = st.session_state.get(_USER)
        return user

    def restore(self) -> None:
        """Sign in from the cookie if there is one; raises `ApiError` when the API is away."""
        if self.user is None:
            try:
                self._authenticator.login("unrendered")
            except SignedOutError:
                self._cookie.delete_cookie()
                st.session_state[_NOTICE] = "login.ended"
        with st.container(key="lt-cookies"):
            self._cookie.perform()

    def show_form(self) -> None:
        """Draw the login form; a successful login starts the run again, signed in."""
        texts = self._texts
        notice = st.session_state.get(_NOTICE)
        before = st.session_state.get("username")
        try:
            self._authenticator.login(
                "main",
                fields={
                    "Form name": texts("login.title"),
                    "Username": texts("login.username"),
                    "Password": texts("login.password"),
                    "Login": texts("login.button"),
                },
                key="lt-login",
            )
        except ApiError as error:
            st.error(str(error), icon=":material/error:")
            return
        if st.session_state.get("username") != before:
            st.session_state.pop(_NOTICE, None)
            st.rerun()
        if notice:
            st.info(texts(notice), icon=":material/info:")

    def show_logout(self) -> None:
        """Draw the logout button in the sidebar."""
        self._authenticator.logout(
            self._texts("logout.button"), "sidebar", key="lt-logout", use_container_width=True
        )
        if self.user is None:
            st.rerun()

    def end(self) -> None:
        """Forget a sign-in that the API no longer knows, and start again at the login form."""
        forget(logged_out=True)
        self._cookie.delete_cookie()
        st.session_state[_NOTICE] = "login.ended"
        st.rerun()

    def start_over(self, notice: str) -> None:
        """End whatever sign-in there is here; the login form says `notice`, a key, first."""
        if self.user is not None:
            self._authentication.logout()
        forget(logged_out=True)
        self._cookie.delete_cookie()
        st.session_state[_NOTICE] = notice

    def _remember(self, signed_in: SignedIn) -> None:
        """Keep the token and, when the id is new, have the browser remember it."""
        known = st.session_state.get("username")
        st.session_state[_TOKEN] = signed_in.access_token
        st.session_state[_USER] = signed_in.user
        st.session_state["name"] = signed_in.user.display_name
        st.session_state["roles"] = [signed_in.user.role]
        st.session_state["authentication_status"] = True
        st.session_state["logout"] = None
        if signed_in.sign_in_id and signed_in.sign_in_id != known:
            st.session_state["username"] = signed_in.sign_in_id
            self._cookie.set_cookie()


def forget(*, logged_out: bool) -> None:
    """Empty this tab's state: token, person, choices; the cookie is not read again."""
    job = st.session_state.get(COOKIE_JOB)
    for name in list(st.session_state):
        del st.session_state[name]
    if job is not None:
        st.session_state[COOKIE_JOB] = job
    for name in ("name", "username", "authentication_status", "email", "roles"):
        st.session_state[name] = None
    st.session_state["logout"] = logged_out
