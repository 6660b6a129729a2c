"""Data health and system status, run in this process against the fake API."""

import re

import pytest
from fake_world import iso
from visiting import Visit


def mapping_in_use(visit: Visit) -> str:
    found = re.search(r"Game mapping in use</dt><dd>([^<]*)</dd>", visit.text)
    assert found is not None
    return found[1]


def test_data_health_names_what_is_not_understood_and_what_was_refused(visit: Visit) -> None:
    visit.arrive().log_in().open("data-health")
    for words in (
        "music_toggle",
        "Not understood: 1 of 10 event names",
        "Student not known",
        "Check that the student is on the school's list",
        "Other reason (brand_new_code)",
        "Latest example of what was wrong",
        "shows what was wrong with the latest of them",
    ):
        assert words in visit.text
    assert "Same number, other content" not in visit.text


@pytest.mark.parametrize(
    ("username", "advice", "newer"),
    [
        ("t.winter", False, False),
        ("principal", False, True),
        ("dev", True, False),
        ("root", True, False),
    ],
)
def test_advice_on_mappings_goes_to_those_who_can_follow_it(
    visit: Visit, username: str, advice: bool, newer: bool
) -> None:
    visit.arrive().log_in(username).open("data-health")
    assert len(visit.app.warning) == advice
    assert ("Add the names to the game's mapping" in visit.text) is advice
    assert ("There is nothing you need to do" in visit.text) is not advice
    assert ("Version 3 of this game's mapping is available" in visit.text) is newer
    assert ("learntrace games mapping choose" in visit.text) is newer


def test_data_health_shows_the_mapping_of_the_environment(visit: Visit) -> None:
    game = visit.fake.world.games[0]
    game["mapping_version"], game["latest_mapping_version"] = 1, 2
    visit.fake.world.sandbox_mappings[game["id"]] = 2
    visit.arrive().log_in("principal").open("data-health")
    assert mapping_in_use(visit) == "version 1"
    assert "Version 2 of this game's mapping is available; version 1 is in use" in visit.text
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert mapping_in_use(visit) == "version 2"
    assert "is available" not in visit.text


def test_newer_mapping_of_the_sandbox_is_chosen_for_the_sandbox(visit: Visit) -> None:
    visit.fake.world.sandbox_mappings[visit.fake.world.games[0]["id"]] = 2
    visit.arrive().log_in("principal").open("data-health")
    assert "--sandbox" not in visit.text
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert "learntrace games mapping choose --sandbox" in visit.text


def test_data_health_of_the_sandbox_stands_apart(visit: Visit) -> None:
    visit.arrive().log_in().open("data-health")
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert "Same number, other content" in visit.text
    assert "Student not known" not in visit.text


def test_data_health_of_a_game_that_sent_nothing(visit: Visit) -> None:
    visit.fake.world.games[1]["mapping_version"] = 0
    visit.fake.world.games[1]["latest_mapping_version"] = 0
    visit.arrive().log_in().open("data-health")
    visit.app.selectbox[0].set_value(visit.fake.world.games[1]["id"]).run()
    assert mapping_in_use(visit) == "built-in names"
    assert "No events yet" in visit.text
    assert "No event was refused" in visit.text


def test_data_health_when_every_name_is_understood(visit: Visit) -> None:
    visit.fake.world.events = {
        "one": [
            {"event_type": f"known{n}", "mapped": True, "behaviours": ["success", "new_one"],
             "received_at": iso(visit.fake.world.now)}
            for n in range(20)
        ]
    }  # fmt: skip
    visit.arrive().log_in().open("data-health")
    assert "All event names are understood." in visit.text
    assert "The chart shows the 15 most frequent of 20 names" in visit.text


def test_no_game_is_connected(visit: Visit) -> None:
    visit.fake.world.games = []
    visit.arrive().log_in().open("data-health")
    assert "No game is connected yet" in visit.text


def test_system_administrator_lands_on_the_system_status(visit: Visit) -> None:
    visit.arrive().log_in("root")
    assert visit.app.title[0].value == "System status"
    assert "Everything works" in visit.text
    assert "PostgreSQL 18.6, answers in 1.8 ms" in visit.text


def test_system_status_says_what_needs_attention(visit: Visit) -> None:
    visit.fake.status |= {
        "status": "degraded",
        "warnings": ["The worker was not seen for 5 minutes."],
        "database": {"status": "slow", "latency_ms": None, "version": None},
        "migrations": {"current": "0002", "head": "0003"},
        "worker": {"status": "down", "last_seen_at": None},
        "writer": {"queue_depth": None},
    }
    visit.arrive().log_in("root")
    for words in ("The worker was not seen", "learntrace migrate", "Does not work", "Look at this"):
        assert words in visit.text
