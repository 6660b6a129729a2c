"""Evidence weights: the page run in this process."""

import pytest
from starlette.responses import JSONResponse
from visiting import Visit


@pytest.fixture
def admin(visit: Visit) -> Visit:
    return visit.arrive().log_in("principal").open("weights")


def choose(visit: Visit, label: str, trust: float) -> None:
    next(one for one in visit.app.selectbox if one.label == label).set_value(trust)


def test_untouched_weights_are_normal(admin: Visit) -> None:
    assert "Nothing was ever changed" in admin.text
    assert len(admin.app.selectbox) == 28
    assert {one.value for one in admin.app.selectbox} == {1.0}
    assert [one.label for one in admin.app.selectbox[:4]] == [
        "Empathy, Play",
        "Empathy, Lessons (none yet)",
        "Empathy, Talk (none yet)",
        "Empathy, Teachers' ratings",
    ]
    assert "Play in a lesson counts as play." in admin.text


def test_weights_are_saved_as_a_whole(admin: Visit) -> None:
    choose(admin, "Resilience, Play", 0.5)
    choose(admin, "Empathy, Talk (none yet)", 0.0)
    admin.press("Save for the whole school")
    assert admin.fake.weights["trust"] == {
        ("transcripts", "empathy"): 0.0,
        ("game_play", "resilience"): 0.5,
    }
    assert "Saved. All estimates of your school are worked out anew" in admin.text
    assert "In force: version 1, saved today" in admin.text


def test_weights_go_back_to_normal(admin: Visit) -> None:
    choose(admin, "Resilience, Play", 2.0)
    admin.press("Save for the whole school")
    admin.press("Set everything back to normal")
    assert admin.fake.weights["trust"] == {}
    assert "In force: version 2" in admin.text
    assert {one.value for one in admin.app.selectbox} == {1.0}


def test_weight_between_the_steps_is_shown_and_kept(admin: Visit) -> None:
    admin.fake.weights |= {"version": 1, "trust": {("game_play", "empathy"): 0.7}}
    admin.press("Refresh")
    assert admin.app.selectbox[0].value == 0.7
    assert "0.7 times" in admin.app.selectbox[0].options
    admin.press("Save for the whole school")
    assert admin.fake.weights["trust"] == {("game_play", "empathy"): 0.7}


def test_weights_changed_by_somebody_else_meanwhile(admin: Visit) -> None:
    problem = {"detail": "Somebody else changed the weights just now. Read them again."}
    admin.fake.failures["/fusion/weights"] = JSONResponse(problem, 409)
    admin.press("Save for the whole school")
    assert "Somebody else changed the weights just now." in admin.text


def test_teachers_read_the_weights_only(visit: Visit) -> None:
    visit.fake.weights["trust"] = {("game_play", "empathy"): 0.7}
    visit.arrive().log_in().open("weights")
    assert "Your school's Learntrace administrator can change this." in visit.text
    assert "0.7 times" in visit.text
    assert len(visit.app.selectbox) == 0


def test_developers_have_no_weights(visit: Visit) -> None:
    visit.arrive().log_in("dev").open("weights")
    assert "This page is not part of your account" in visit.text
    assert "GET /fusion/weights" not in visit.fake.requests
