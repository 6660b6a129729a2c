"""The dashboard's texts: each is there, used, said once, and none ranks or diagnoses anybody."""

import re
import string
from pathlib import Path

from learntrace_dashboard import english, texts
from learntrace_dashboard.english import ENGLISH
from learntrace_dashboard.texts import CATALOGUES, Texts

PACKAGE = Path(texts.__file__).parent
CATALOGUE = Path(english.__file__).parent
TEXT_KEY = re.compile(r"""["']([a-z]+\.(?!(?:py|js)["'])[\w.]+)["']""")


def test_one_and_many() -> None:
    assert Texts().count("events", 1) == "1 event"
    assert Texts().count("events", 12_000) == "12,000 events"


def test_all_languages_say_the_same_things() -> None:
    def placeholders(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for catalogue in CATALOGUES.values():
        assert catalogue.keys() == ENGLISH.keys()
        for key, text in catalogue.items():
            assert placeholders(text) == placeholders(ENGLISH[key]), key


def test_no_text_is_said_twice_under_one_key() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in CATALOGUE.glob("*.py"))
    assert len(re.findall(r'^    "[a-z]+\.[\w.]+":', written, re.MULTILINE)) == len(ENGLISH)


def test_unknown_language_is_english() -> None:
    assert Texts("tlh")("nav.class") == Texts("en-GB")("nav.class") == "Class overview"


def test_every_text_that_is_asked_for_exists_and_every_text_is_used() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.parent != CATALOGUE
    )
    rooms = {key.split(".")[0] for key in ENGLISH}
    named = {name for name in TEXT_KEY.findall(code) if name.split(".")[0] in rooms}
    named |= {
        f"{name}_{part}"
        for name in re.findall(r'sure_of\("([\w.]+)"', code)
        for part in ("help", "sure", "button")
    }
    plural = {key.removesuffix(".one") for key in ENGLISH if key.endswith(".one")}
    assert named <= ENGLISH.keys() | plural
    built = (
        "role.",
        "tab.",
        "place.",
        "end.",
        "moment.",
        "skill.",
        "head.",
        "label.",
        "source.",
        "trusted.",
        "kind.",
        "older.",
        "outcome.",
        "mark.",
        "behaviour.",
        "reject.",
        "consent.",
        "people.",
        "access.",
        "retention.",
        "keys.",
        "amend.",
        "roster.",
        "recorded.",
        "coached.",
        "keeping.",
        "tutored.",
        "recall.",
        "recalled.",
        "aims.",
        "plan.",
        "budget.",
        "sending.",
        "transcript.",
        "speaks.",
        "files.",
        "language.",
        "assigned.",
        "assign.",
        "difficulty.",
        "scenario.",
        "content.",
        "weekday.",
        "month.",
    )
    unused = {
        key
        for key in ENGLISH
        if key not in named and not key.startswith(built) and not key.endswith((".one", ".other"))
    }
    assert unused == set()


def test_no_text_speaks_of_ranks_or_diagnoses() -> None:
    banned = re.compile(
        r"\b(rank|grade|weak|poor|bad|disorder|diagnos\w+|lazy|slow learner)\b", re.IGNORECASE
    )
    said = {key for key, text in ENGLISH.items() if banned.search(text)}
    assert said == {"skills.not_validated"}
    assert "not a grade" in ENGLISH["skills.not_validated"]
