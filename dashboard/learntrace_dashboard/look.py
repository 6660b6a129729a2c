"""The frame of every page: style, logo, heading with its time, empty and error states."""

import html
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.client import ApiError, Client, SignedOutError
from learntrace_dashboard.contract import Item, SchoolClass, Student, User
from learntrace_dashboard.formats import Formats, zone_of
from learntrace_dashboard.navigation import Place, may_open
from learntrace_dashboard.rows import Rows
from learntrace_dashboard.sign_in import SignIn, caller
from learntrace_dashboard.texts import Texts

HERE = Path(__file__).parent
SIDEBAR_PX = 240
HIDDEN = "names"
_FORMATTING = re.compile(r"[\\`*_\[\]<>~$|]|:(?=\w)")
_AT_START = re.compile(r"^[#+-]|(?<=^[0-9])[.)]")
_HIDE = "lt_hide_names"
Args = ParamSpec("Args")
Value = TypeVar("Value")


@cache
def css(name: str) -> str:
    """A style sheet of this package."""
    return (HERE / "styles" / f"{name}.css").read_text(encoding="utf-8")


def dress() -> None:
    """Title, icon, logo and style of every page, before anything else is drawn."""
    st.set_page_config(
        page_title="Learntrace",
        page_icon=str(HERE / "images" / "logo.svg"),
        layout="wide",
        initial_sidebar_state=SIDEBAR_PX,
    )
    st.html(f"<style>{css('page')}</style>")
    st.logo(
        str(HERE / "images" / "wordmark.svg"),
        size="large",
        icon_image=str(HERE / "images" / "logo.svg"),
    )


@dataclass(frozen=True)
class Desk:
    """What a page needs: who looks, the way to the data, the words, the formats, the time.

    In the test area (`area=test` in the address) everything is read from the sandbox.
    """

    user: User
    client: Client
    caller: str
    texts: Texts
    formats: Formats
    now: datetime
    test_area: bool = False
    names_hidden: bool = False

    @property
    def rows(self) -> Rows:
        """Writes table rows for this person."""
        return Rows(self.texts, self.formats, self.now, self.query())

    def query(self, **query: str) -> dict[str, str]:
        """What the address of another page says: the same area, names hidden if they are."""
        area = {"area": "test"} if self.test_area else {}
        return query | area | ({HIDDEN: "hidden"} if self.names_hidden else {})


_desk: ContextVar[Desk] = ContextVar("desk")


def set_desk(sign_in: SignIn, user: User, texts: Texts) -> None:
    """Prepare the desk for the page that runs next."""
    zone = zone_of(user.school.timezone if user.school else None)
    hidden = bool(st.session_state.get(_HIDE))
    client = sign_in.client()
    _desk.set(
        Desk(
            user=user,
            client=client.without_names() if hidden else client,
            caller=f"{caller()}/{reads.round_of(caller())}/{hidden}",
            texts=texts,
            formats=Formats(texts, zone),
            now=datetime.now(UTC),
            names_hidden=hidden,
        )
    )
    if st.query_params.get("area") == "test":
        enter_test_area()


def show_hiding(texts: Texts) -> None:
    """The switch that hides names, in the sidebar; drawn before anything that shows one.

    It stands in the address too: loading the page again in front of a class shows no name.
    """
    st.session_state.setdefault(_HIDE, st.query_params.get(HIDDEN) == "hidden")
    with st.sidebar:
        st.toggle(texts("hide.switch"), key=_HIDE, help=texts("hide.help"))
    if st.session_state[_HIDE]:
        st.query_params[HIDDEN] = "hidden"
    else:
        st.query_params.pop(HIDDEN, None)


def sit_again(at_desk: Desk) -> None:
    """Take the desk of the run before, at a new time: a part that runs alone has none."""
    _desk.set(replace(at_desk, now=datetime.now(UTC)))


def enter_test_area() -> None:
    """From here on, this run reads from the sandbox only."""
    outside = desk()
    _desk.set(
        replace(
            outside,
            client=outside.client.in_sandbox(),
            caller=f"{outside.caller}/test",
            test_area=True,
        )
    )


def desk() -> Desk:
    """The desk of the page that runs."""
    return _desk.get()


def fetch(
    read: reads.Reader[Args, Value], *args: Args.args, **named: Args.kwargs
) -> reads.Read[Value]:
    """Read with a sign of loading; a failure ends the page with a plain sentence."""
    return _try("page", read, *args, **named) or st.stop()


def part(
    name: str, read: reads.Reader[Args, Value], *args: Args.args, **named: Args.kwargs
) -> Value | None:
    """As `fetch`, for a part of a page whose other parts go on; None where it failed.

    `name` tells the part's way to try again from those of other parts.
    """
    found = _try(name, read, *args, **named)
    return found.value if found else None


def _try(
    name: str, read: reads.Reader[Args, Value], *args: Args.args, **named: Args.kwargs
) -> reads.Read[Value] | None:
    at_desk = desk()
    try:
        with st.spinner(at_desk.texts("common.loading")):
            return read(at_desk.caller, at_desk.client, *args, **named)
    except SignedOutError:
        raise
    except ApiError as error:
        fail(error, at_desk.texts, key=f"lt-retry-{name}")
        return None


def fail(error: ApiError, texts: Texts, key: str = "lt-retry") -> None:
    """The error state: what happened, in plain words, and a way to try again."""
    st.error(f"**{texts('error.title')}**  \n{error}", icon=":material/error:")
    st.button(texts("error.retry"), key=key, icon=":material/refresh:", on_click=refresh)


def cut_note(read: reads.Read[tuple[Item, ...]], words: str) -> None:
    """Says in `words`, a key of the catalogue, that a list goes on; nothing for a whole one."""
    if read.more:
        at_desk = desk()
        st.caption(at_desk.texts(words, count=at_desk.formats.count(len(read.value))))


def empty(title: str, help_text: str, until: datetime | None = None) -> None:
    """The empty state: what is not there, what to do about it, and as of when."""
    if until is not None:
        data_until(until)
    words = f"<strong>{html.escape(title)}</strong><p>{html.escape(help_text)}</p>"
    st.html(f'<div class="lt-empty">{words}</div>')


def heading(title: str, subtitle: str | None = None, *, sandbox: bool = False) -> None:
    """The page's title; test data is marked beside it."""
    badge = f" :orange-badge[{desk().texts('common.sandbox')}]" if sandbox else ""
    st.title(f"{escape(title)}{badge}", anchor=False)
    if subtitle:
        st.markdown(escape(subtitle))


def data_until(until: datetime) -> None:
    """The line that says how fresh the page is, in the school's zone, and a way to refresh."""
    at_desk = desk()
    with st.container(horizontal=True, vertical_alignment="center", key="lt-fresh"):
        zone = str(at_desk.formats.zone)
        time = at_desk.formats.recent(until, at_desk.now)
        st.caption(at_desk.texts("common.data_until", time=time, zone=zone), width="content")
        st.button(
            at_desk.texts("common.refresh"),
            key="lt-refresh",
            type="tertiary",
            icon=":material/refresh:",
            on_click=refresh,
        )


def not_validated() -> None:
    """What stands wherever an estimate of a social-emotional skill stands."""
    st.info(f"**{desk().texts('skills.not_validated')}**", icon=":material/info:")


def figures(values: Sequence[tuple[str, str]]) -> None:
    """A row of figures, each with its name; it wraps where the screen is narrow."""
    boxes = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd></div>"
        for label, value in values
    )
    st.html(f'<dl class="lt-figures">{boxes}</dl>')


def for_roles_of(place: Place) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Draw a page only for those whose account it is part of; tell others so in plain words."""

    def guarded(page: Callable[[], None]) -> Callable[[], None]:
        @wraps(page)
        def draw() -> None:
            if may_open(place, desk().user):
                page()
                return
            heading(desk().texts(place.title))
            st.warning(desk().texts("error.role"), icon=":material/lock:")
            data_until(desk().now)

        return draw

    return guarded


def in_sandbox(student: Student, classes: Sequence[SchoolClass]) -> bool:
    """Whether this is a test player: a member of a class that is marked so."""
    if desk().test_area:
        return True
    test_classes = {one.id for one in classes if one.sandbox}
    return any(one.id in test_classes for one in student.classes)


def show_person(user: User, texts: Texts) -> None:
    """Who is logged in, in the sidebar."""
    role = f"role.{user.role}"
    with st.sidebar.container(key="lt-person"):
        st.markdown(f"**{escape(user.display_name)}**")
        words = [texts(role) if texts.has(role) else user.role]
        words += [user.school.name] if user.school else []
        st.caption(escape(" · ".join(words)))


def login_page(texts: Texts, sign_in: SignIn) -> None:
    """The page of a person who is not logged in."""
    with st.container(key="lt-login"):
        wordmark = b64encode((HERE / "images" / "wordmark.svg").read_bytes()).decode()
        source = f"data:image/svg+xml;base64,{wordmark}"
        st.html(f'<img src="{source}" alt="Learntrace" width="190">')
        st.markdown(texts("app.tagline"))
        sign_in.show_form()
        st.caption(texts("login.help"))


def print_button(label: str) -> None:
    """A button that opens the browser's own print window."""
    _printer()(key="lt-print", data={"label": label}, width="content")


@cache
def _printer() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_print",
        css=css("print_button"),
        js=(HERE / "scripts" / "print_button.js").read_text(encoding="utf-8"),
    )


def mend_frame() -> None:
    """Make the menu what screen readers expect; drawn nowhere."""
    with st.container(key="lt-frame"):
        _mender()(key="lt-mend")


@cache
def _mender() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_frame", js=(HERE / "scripts" / "frame.js").read_text(encoding="utf-8")
    )


def escape(text: str) -> str:
    """A name inside Markdown: its own characters, no formatting."""
    special = "\\`*_{}[]<>()#+-.!|~$:"
    return "".join(f"\\{sign}" if sign in special else sign for sign in text)


def label_text(text: str) -> str:
    """A text as a widget's label: its own characters, no formatting.

    Screen readers are told the label as it is written, so nothing is escaped but what would format.
    """
    return _AT_START.sub(r"\\\g<0>", _FORMATTING.sub(r"\\\g<0>", text))


def refresh() -> None:
    """Leave this sign-in's kept answers behind, in every tab: the next reads are new ones."""
    reads.round_of.clear(caller())
