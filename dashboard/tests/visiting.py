"""A person in front of the app, which runs in this process."""

import re
from collections.abc import Iterator
from pathlib import Path

from fake_api import FakeApi
from google.protobuf import text_format
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput
from streamlit.util import calc_hash

from learntrace_dashboard import config

APP = Path(config.__file__).with_name("app.py")
APP_TIMEOUT_S = 120


def class_named(fake: FakeApi, name: str) -> str:
    """The id of a class."""
    return next(one["id"] for one in fake.world.classes if one["name"] == name)


def student_named(fake: FakeApi, name: str) -> str:
    """The id of a student."""
    return next(one["id"] for one in fake.world.students.values() if one["display_name"] == name)


def busiest(fake: FakeApi) -> str:
    """The id of the student who played most often."""
    return max(fake.world.students, key=lambda one: len(fake.sessions_of(one)))


def session_of(fake: FakeApi, *, assessed: bool) -> dict:
    """A play session."""
    return next(one for one in fake.world.sessions.values() if one["assessed"] is assessed)


class Visit:
    """A person in front of the app."""

    def __init__(self, fake: FakeApi) -> None:
        self.fake = fake
        self.app = AppTest.from_file(str(APP), default_timeout=APP_TIMEOUT_S)

    def arrive(self, **query: str) -> "Visit":
        self.app.query_params.update(query)
        self.app.run()
        return self

    def log_in(self, username: str = "t.winter", password: str | None = None) -> "Visit":
        name, secret = self.app.text_input
        name.set_value(username)
        secret.set_value(password or f"{username}-pass-2026")
        self.app.button[0].click().run()
        return self

    def open(self, page: str, **query: str) -> "Visit":
        """A page by its address, with what else the address says."""
        self.app.query_params.clear()
        self.app.query_params.update(query)
        # The public switch_page() knows pages that are files only.
        self.app._page_hash = calc_hash(page)
        self.app.run()
        assert not self.app.exception
        return self

    def switch(self, label: str, on: bool) -> "Visit":
        next(one for one in self.app.toggle if one.label == label).set_value(on).run()
        return self

    def press(self, label: str) -> "Visit":
        next(button for button in self.app.button if button.label == label).click().run()
        return self

    def choose(self, label: str, value: object) -> "Visit":
        """An option of a choice, by its value."""
        next(one for one in self.app.selectbox if one.label == label).set_value(value).run()
        return self

    def field(self, label: str) -> TextInput:
        """The first field of this label for a line of text."""
        return next(one for one in self.app.text_input if one.label.startswith(label))

    @property
    def text(self) -> str:
        """All words on the page, those inside tables and figures too."""
        return "\n".join(_words(self.app))


def _words(app: AppTest) -> Iterator[str]:
    for element in app:
        proto = getattr(element, "proto", None)
        if proto is not None:
            text = text_format.MessageToString(proto, as_utf8=True)
            yield "" if "<style>" in text and "lt-card" not in text else _plain(text)


def _plain(text: str) -> str:
    """Without the escapes that a message's JSON and text carry."""
    text = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return text.replace("\\", "")
