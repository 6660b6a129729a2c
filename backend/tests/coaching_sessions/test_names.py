"""A name taken out of notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.coaching_sessions.names import without_name


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("", "Ada", ""),
        ("Ada drew it.", "Ada", "[client] drew it."),
        ("ada, Ada; ADA!", "Ada", "[client], [client]; [client]!"),
        ("Adam met Canada.", "Ada", "Adam met Canada."),
        ("Ada's plan, Adas Plan, Ada’s", "Ada", "[client]'s plan, [client]s Plan, [client]’s"),
        ("Zoë Müller-Weiß came.", "Zoë Müller-Weiß", "[client] [client]-[client] came."),
        ("Mila K. and K. talked", "Mila K.", "[client] K. and K. talked"),
        ("Nothing to take out.", "7", "Nothing to take out."),
        ("Ann, Anna, Annas", "Anna Ann", "[client], [client], [client]s"),
    ],
)
def test_each_word_of_the_name_gives_way(text: str, name: str, left: str) -> None:
    assert without_name(text, name) == left


@given(st.text(alphabet="ab .-'s", max_size=30), st.text(alphabet="ab .", max_size=12))
def test_taking_it_out_again_changes_nothing(text: str, name: str) -> None:
    once = without_name(text, name)
    assert without_name(once, name) == once
