"""Numbers, times, rows, cards, charts and settings: everything pure."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from learntrace_dashboard import charts, config
from learntrace_dashboard.cards import cards_page, codes_csv
from learntrace_dashboard.contract import (
    ClassCodes,
    Feature,
    GameSessionLine,
    OverviewStudent,
    PlayEvent,
)
from learntrace_dashboard.formats import Formats, zone_of
from learntrace_dashboard.look import label_text
from learntrace_dashboard.rows import Rows, by_name, clock_shift, total
from learntrace_dashboard.texts import Texts

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 3, 9, 32, tzinfo=UTC)
KEY = "Kq7-2vXw9_pLm3ZtR8sYb4NcE6uHa1Jd"
words = Formats(Texts(), BERLIN)
rows = Rows(Texts(), words, NOW, {})


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0, "0 s"), (44.6, "45 s"), (59.4, "59 s"), (59.7, "1 min"), (60, "1 min"),
     (719, "12 min"), (3599, "1 h 00 min"), (3900, "1 h 05 min"), (90_000, "25 h 00 min")],
)  # fmt: skip
def test_durations_are_written_for_people(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "never"),
        (NOW, "today 10:32"),
        (NOW - timedelta(hours=11), "yesterday 23:32"),
        (NOW - timedelta(days=2), "Sun 1 Nov, 10:32"),
        (NOW - timedelta(days=400), "29 Sep 2025, 11:32"),
    ],
)
def test_times_are_written_in_the_zone_of_the_school(moment: datetime | None, text: str) -> None:
    assert words.moment(moment, NOW) == text


def test_freshness_is_a_clock_time_today_and_a_date_before() -> None:
    assert words.recent(NOW, NOW) == "10:32"
    assert words.recent(NOW - timedelta(days=1), NOW) == "yesterday 10:32"


def test_charts_get_the_wall_clock_of_the_school() -> None:
    assert words.wall(NOW) == datetime(2026, 11, 3, 10, 32, tzinfo=UTC)


@pytest.mark.parametrize("name", [None, "", "Nowhere/Atlantis", "../etc"])
def test_unknown_zone_is_utc(name: str | None) -> None:
    assert zone_of(name) is UTC


def feature(value, unit, low: float | None = 0.0, high: float | None = None) -> Feature:
    return Feature(title="x", value=value, unit=unit, minimum=low, maximum=high)


@pytest.mark.parametrize(
    ("one", "value", "possible"),
    [
        (feature(0.644, "share", 0, 1), "64 %", "0 % to 100 %"),
        (feature(745.0, "s"), "12 min", "0 s or more"),
        (feature(7.0, "count"), "7", "0 or more"),
        (feature(0.333, "per failure"), "0.3 per failure", "0 or more"),
        (feature(True, "yes/no", None), "yes", "yes or no"),
        (feature(False, "yes/no", None), "no", "yes or no"),
        (feature(None, "yes/no", None), "–", "yes or no"),
        (feature(3.5, "levels", None), "3.5 levels", "–"),
        (feature(3.0, "levels", 1, 9), "3 levels", "1 to 9"),
    ],
)
def test_figures_carry_their_unit_and_range(one: Feature, value: str, possible: str) -> None:
    assert words.value(one.value, one) == value
    assert words.range(one) == possible


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Here you are.", "Here you are."),
        ("loaf: bread (baked)", "loaf: bread (baked)"),
        ("a *b* _c_ :red[d]", r"a \*b\* \_c\_ \:red\[d\]"),
        ("1. one", r"1\. one"),
        ("- one", r"\- one"),
    ],
)
def test_label_escapes_nothing_but_what_would_format(text: str, label: str) -> None:
    assert label_text(text) == label


def an_overview_student(name: str, **values) -> OverviewStudent:
    return OverviewStudent(
        id=name, display_name=name, game_session_count=1, assessed_count=1, **values
    )


def test_students_stand_in_the_order_of_the_alphabet_never_of_skill() -> None:
    students = [
        an_overview_student("zoe", tasks_completed=90),
        an_overview_student("Ärnst", tasks_completed=1),
        an_overview_student("Bo", tasks_completed=50),
    ]
    assert [one.display_name for one in by_name(students)] == ["Bo", "zoe", "Ärnst"]
    players = [an_overview_student(f"Player {n}") for n in (10, 9, 1)]
    assert [one.display_name for one in by_name(players)] == ["Player 1", "Player 9", "Player 10"]


def test_unknown_counts_are_dashes_not_zeros() -> None:
    row = rows.overview([an_overview_student("Bo")])[0]
    assert [cell.text for cell in row] == ["Bo", "never", "1", "–", "–", "–"]


def test_who_plays_is_said_in_the_column_and_only_while_it_is_true() -> None:
    minute_ago, years_ago = NOW - timedelta(minutes=1), NOW - timedelta(days=1300)
    for last, text in ((minute_ago, "playing now"), (years_ago, "13 Apr 2023, 11:32")):
        student = an_overview_student("Bo", last_event_at=last, open_game_session_id="s")
        cell = rows.overview([student])[0][1]
        assert (cell.text, cell.chip) == (text, None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "open", "assessed": False}, "Playing now"),
        ({"state": "open", "ended_at": NOW - timedelta(days=9)}, "Not ended yet"),
        ({"assessed": False}, "Being worked out"),
        ({}, "Complete"),
    ],
)
def test_state_of_a_play_session_is_one_plain_word(values: dict[str, Any], said: str) -> None:
    cell = rows.game_sessions([a_line(**values)])[0][-1]
    assert (cell.text, cell.chip) == (said, None)


@pytest.mark.parametrize(
    ("values", "known"), [([], 0), ([None, None], None), ([None, 2.0, 3.0], 5.0)]
)
def test_a_sum_of_unknown_values_is_unknown(
    values: list[float | None], known: float | None
) -> None:
    assert total(values) == known


def an_event(**values) -> PlayEvent:
    return PlayEvent.model_validate(
        {"event_id": "e", "event_type": "fail", "timestamp": NOW, "received_at": NOW} | values
    )


def test_event_without_a_known_meaning_keeps_its_name() -> None:
    event = an_event(behaviours=["failure", "brand_new"], mapped=True, data={"a": "b" * 500})
    cells = rows.events([event])[0]
    assert cells[2].text == "Failed try, brand_new"
    assert cells[5].text.startswith("a: bbb")
    assert len(cells[5].text) == 120
    assert rows.events([an_event()])[0][2].chip == "not understood"
    assert rows.events([an_event(data={"level": 3, "of": [1]})])[0][5].text == "level: 3, of: [1]"


def test_marks_leave_out_starts_and_signs_of_life() -> None:
    events = [
        an_event(behaviours=["heartbeat"], mapped=True),
        an_event(behaviours=["task_start"], mapped=True, task="a"),
        an_event(behaviours=["attempt", "failure"], mapped=True, task="a", task_title="Level A"),
        an_event(behaviours=[], mapped=True, task="a"),
        an_event(),
    ]
    marks = rows.event_marks(events)
    assert [(mark["kind"], mark["lane"]) for mark in marks] == [
        ("Failed try", "Level A"),
        ("Other event", "Outside any task"),
    ]


def test_wrong_clock_of_a_device_is_put_right() -> None:
    assert clock_shift([an_event()]) == timedelta(0)
    late = [
        an_event(corrected_at=NOW + timedelta(seconds=s)) if s else an_event()
        for s in (0, 60, 61, 90)
    ]
    assert clock_shift(late) == timedelta(seconds=61)
    assert rows.events(late)[1][0].text == "10:33:00"


def test_unknown_outcome_is_shown_as_it_is() -> None:
    assert rows.outcome("completed") == "Finished"
    assert rows.outcome("paused") == "paused"


def a_line(**values) -> GameSessionLine:
    return GameSessionLine.model_validate(
        {"id": "s", "game": {"id": "g", "name": "Waves"}, "state": "closed", "started_at": NOW,
         "ended_at": NOW, "event_count": 3, "assessed": True, "active_time_s": 60.0} | values
    )  # fmt: skip


def test_days_of_the_chart_are_days_of_the_school() -> None:
    just_after_midnight = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    points = rows.play_points([a_line(started_at=just_after_midnight)], 28)
    assert points[0]["day"] == "2026-11-02"


def test_charts_of_several_games_have_a_legend() -> None:
    lines = [a_line(), a_line(game={"id": "h", "name": "Bridges"})]
    chart = charts.play_days(rows.play_points(lines, 60), Texts(), date(2026, 11, 3), 60).to_dict()
    assert chart["encoding"]["color"]["scale"]["domain"] == ["Bridges", "Waves"]
    assert len(chart["encoding"]["x"]["axis"]["values"]) in range(6, 9)


def test_signs_of_events_differ_in_shape_not_only_in_colour() -> None:
    shapes = [shape for shape, _ in charts.MARK_STYLES.values()]
    assert len(set(shapes)) == len(shapes)


def test_chart_of_a_class_that_did_not_play() -> None:
    bars = [{"name": "Bo", "minutes": 0.0, "active": "0 s"}]
    assert charts.active_minutes(bars, Texts()).to_dict()["layer"][0]["encoding"]["x"]["scale"][
        "domain"
    ] == [0, 1.0]


CODES = ClassCodes.model_validate(
    {"class_id": "c", "class_name": "5b <&>", "class_code": "WAVE-7K4M", "students": [
        {"id": "1", "display_name": "=SUM(A1)", "pupil_code": "ABC234"},
        {"id": "2", "display_name": "Bo <i>", "pupil_code": "DEF567"}]}
)  # fmt: skip


def test_sheet_of_codes_escapes_names() -> None:
    page = cards_page(CODES, Texts(), "")
    assert "Bo &lt;i&gt;" in page
    assert "5b &lt;&amp;&gt;" in page
    assert "<i>" not in page


def test_table_of_codes_holds_no_formula() -> None:
    assert codes_csv(CODES, Texts()).splitlines()[1] == "'=SUM(A1),WAVE-7K4M,ABC234"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (None, "DASHBOARD_COOKIE_KEY: Field required"),
        ("", "at least 32 characters"),
        ("short", "at least 32 characters"),
        ("some_key" * 8, "default or guessable"),
        ("CHANGE-ME-please-change-me-please!!", "default or guessable"),
        ("abababababababababababababababababab", "default or guessable"),
    ],
)
def test_weak_cookie_keys_are_refused(
    monkeypatch: pytest.MonkeyPatch, key: str | None, said: str
) -> None:
    monkeypatch.setenv("API_URL", "https://learn.example")
    monkeypatch.delenv("DASHBOARD_COOKIE_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("DASHBOARD_COOKIE_KEY", key)
    with pytest.raises(config.SettingsError, match=re.escape(said)) as caught:
        config.load_settings()
    assert not key or key not in str(caught.value)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", "https://learn.example")
    monkeypatch.setenv("DASHBOARD_COOKIE_KEY", KEY)
    monkeypatch.setenv("DASHBOARD_PORT", "9999")
    settings = config.load_settings()
    assert settings.dashboard_port == 9999
    assert settings.dashboard_host == "127.0.0.1"
    assert KEY not in repr(settings)


def test_program_refuses_to_start_with_a_sentence_and_code_2() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "learntrace_dashboard"],
        env={"PATH": "", "API_URL": "https://learn.example", "DASHBOARD_COOKIE_KEY": "short"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "The dashboard does not start" in run.stderr
    assert "Traceback" not in run.stderr
