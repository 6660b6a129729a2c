"""The knowledge model: what an answer, time and order do to what is believed of a learner."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.skills.knowledge import (
    Answer,
    Easiness,
    Head,
    ItemTable,
    Learner,
    Parameters,
    learn,
    mastery,
    predict,
    replay,
)
from learntrace.skills.knowledge.head import FEATURES
from learntrace.skills.knowledge.model import forgotten

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
TABLE = ItemTable(
    version=3,
    intercept=0.3,
    items={
        "easy": Easiness(2.0, 0.05, 0.4),
        "middling": Easiness(0.0, 0.2),
        "hard": Easiness(-2.5, 0.1, -0.9),
    },
    skills={"waves": Easiness(0.4, 0.02), "sound": Easiness(-0.3, 0.1, 0.2)},
)
HEAD = Head(0.1, tuple(0.8 if name == "logit" else 0.05 for name in FEATURES))

items = st.sampled_from(["easy", "middling", "hard", "unseen"])
skills = st.sampled_from(["waves", "sound", "unheard-of", ""])
pasts = st.lists(
    st.tuples(items, skills, st.booleans(), st.floats(0, 2_000)),
    max_size=30,
)
tables = st.sampled_from([TABLE, replace(TABLE, head=HEAD)])


def answers(past: Sequence[tuple[str, str, bool, float]]) -> list[Answer]:
    at, made = START, []
    for item, skill, correct, hours in past:
        at += timedelta(hours=hours)
        made.append(Answer(at, item, skill, correct))
    return made


def later(made: Sequence[Answer], hours: float = 0.0) -> datetime:
    return (made[-1].at if made else START) + timedelta(hours=hours)


def test_one_answer_by_hand() -> None:
    """z = .3 + .4 + 0 = .7; v = 1.2 + .7 + .2 + .02 = 2.12; p = sigmoid(.7 / sqrt(1.8325))."""
    learner = Learner()
    before = predict(learner, TABLE, skill="waves", item="middling", at=START)
    assert before.p == pytest.approx(0.62647, abs=1e-5)
    learn(learner, TABLE, Answer(START, "middling", "waves", correct=True))
    # w = .23400, D = 1 + 2.12 w = 1.49609
    assert learner.mean == pytest.approx(1.2 * 0.37353 / 1.49609, abs=1e-4)
    assert learner.variance == pytest.approx(1.2 - 1.44 * 0.15641 + 0.005, abs=1e-4)
    state = learner.skills["waves"]
    assert state.mean == pytest.approx(0.7 * 0.37353 / 1.49609 + 0.08, abs=1e-4)
    assert state.variance == pytest.approx(0.7 - 0.49 * 0.15641 + 0.04, abs=1e-4)


def test_ability_counts_more_where_an_item_tells_learners_apart() -> None:
    sharp, blunt = (
        replace(TABLE, items={"a": Easiness(0.0, 0.2, discrimination)})
        for discrimination in (0.5, -0.5)
    )
    learner = Learner(mean=1.0, variance=0.5)
    chances = [predict(learner, one, skill="waves", item="a", at=START).p for one in (sharp, blunt)]
    # z = .7 + 1.5 and .7 + .5; v = 2.25 (.5 + .7) + .22 and .25 (.5 + .7) + .22.
    assert chances == pytest.approx([0.81781, 0.74905], abs=1e-5)
    moved = [
        replay([Answer(START, "a", "waves", correct=True)], one).mean for one in (sharp, blunt)
    ]
    assert moved[0] > moved[1] > 0


def test_no_item_speaks_against_those_who_answer_it_right() -> None:
    table = replace(TABLE, items={"odd": Easiness(0.0, 0.2, -3.0)})
    learner = replay([Answer(START, "odd", "waves", correct=True)], table)
    assert learner.mean > 0


def test_a_run_counts_the_answers_that_were_alike() -> None:
    runs = [
        replay(answers([("easy", "waves", mark == "+", 0) for mark in marks]), TABLE).run
        for marks in ("", "+", "++", "++-", "---", "--+")
    ]
    assert runs == [0, 1, 2, -1, -3, 1]


def test_a_table_and_a_state_from_before_discrimination_are_read() -> None:
    """Two numbers for an item, no variance of discrimination, a head with a feature less."""
    stored = json.loads(json.dumps(replace(TABLE, head=HEAD).to_json()))
    for key in ("items", "skills"):
        stored[key] = {name: numbers[:2] for name, numbers in stored[key].items()}
    del stored["parameters"]["discrimination_variance"]
    stored["head"]["weights"].pop()
    table = ItemTable.from_json(stored)
    assert table.items["easy"] == Easiness(2.0, 0.05, 0.0)

    state = replay(answers([("easy", "waves", True, 0)]), table).to_json()
    del state["run"]
    learner = Learner.from_json({**state, "last_correct": True})
    assert learner.mean > 0
    assert 0 < predict(learner, table, skill="waves", item="easy", at=START).p < 1


def test_never_answered_is_unknown() -> None:
    learner = replay(answers([("easy", "waves", True, 0)]), TABLE)
    assert mastery(learner, TABLE, "sound", at=START) is None
    known = mastery(learner, TABLE, "waves", at=START)
    assert known is not None
    assert (known.answers, known.last_at) == (1, START)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([("middling", "waves", True, 0)], [("middling", "waves", False, 0)]),
        ([("hard", "waves", True, 0)], [("easy", "waves", True, 0)]),
        ([("hard", "waves", False, 0)], [("easy", "waves", False, 0)]),
        ([("middling", "waves", True, 0)] * 5, [("middling", "waves", True, 0)]),
    ],
)
def test_which_answers_speak_for_more_mastery(
    better: list[tuple[str, str, bool, float]], worse: list[tuple[str, str, bool, float]]
) -> None:
    values = []
    for past in (better, worse):
        found = mastery(replay(answers(past), TABLE), TABLE, "waves", at=START)
        assert found is not None
        values.append(found.value)
    assert values[0] > values[1]


def test_an_answer_on_one_skill_also_moves_others() -> None:
    fresh = predict(Learner(), TABLE, skill="sound", at=START)
    learner = replay(answers([("middling", "waves", True, 0)]), TABLE)
    assert predict(learner, TABLE, skill="sound", at=START).p > fresh.p


def test_more_answers_narrow_the_interval() -> None:
    widths = []
    for count in (1, 5, 25):
        past = [("middling", "waves", n % 2 == 0, 0.0) for n in range(count)]
        found = mastery(replay(answers(past), TABLE), TABLE, "waves", at=START)
        assert found is not None
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)


def test_order_matters_as_documented() -> None:
    one = [("middling", "waves", correct, 0.0) for correct in (True, True, False, False)]
    first, second = replay(answers(one), TABLE), replay(answers(one[::-1]), TABLE)
    assert second.skills["waves"].mean > first.skills["waves"].mean


@given(pasts, tables, st.integers(0, 30))
def test_replay_is_the_stream_also_from_a_stored_state(
    past: list[tuple[str, str, bool, float]], table: ItemTable, cut: int
) -> None:
    made = answers(past)
    learner = replay(made[:cut], table)
    stored = json.loads(json.dumps(learner.to_json()))
    resumed = Learner.from_json(stored)
    assert resumed == learner
    reloaded = ItemTable.from_json(json.loads(json.dumps(table.to_json())))
    assert reloaded == table
    for answer in made[cut:]:
        learn(resumed, reloaded, answer)
    assert resumed == replay(made, table)


@given(pasts, tables, items, skills, st.floats(0, 10_000))
def test_chances_and_variances_stay_within_their_bounds(
    past: list[tuple[str, str, bool, float]],
    table: ItemTable,
    item: str,
    skill: str,
    hours: float,
) -> None:
    made = answers(past)
    learner = replay(made, table)
    at = later(made, hours)
    asked = (predict(learner, table, skill=skill, item=one, at=at) for one in (item, None))
    for prediction in asked:
        assert 0 < prediction.low <= prediction.p <= prediction.high < 1
    if (known := mastery(learner, table, skill, at=at)) is not None:
        assert 0 < known.low <= known.value <= known.high < 1
    assert 0 < (learner.variance or 1.0) <= table.parameters.ability_variance
    for state in learner.skills.values():
        assert 0 < state.variance <= table.parameters.skill_variance


@given(pasts, items, skills)
def test_right_answer_never_lowers_and_wrong_one_never_beats_it(
    past: list[tuple[str, str, bool, float]], item: str, skill: str
) -> None:
    """Of the model itself; the head also knows what usually comes after an answer."""
    made = answers(past)
    at = later(made)
    before = predict(replay(made, TABLE), TABLE, skill=skill, item=item, at=at).p
    after = {}
    for correct in (True, False):
        learner = replay([*made, Answer(at, item, skill, correct)], TABLE)
        after[correct] = predict(learner, TABLE, skill=skill, item=item, at=at).p
    assert after[True] >= before
    assert after[True] > after[False]


@given(pasts.filter(bool), st.floats(0, 500), st.floats(0, 500))
def test_forgetting_moves_towards_the_prior(
    past: list[tuple[str, str, bool, float]], sooner: float, wait: float
) -> None:
    made = answers(past)
    parameters = TABLE.parameters
    state = replay(made, TABLE).skills[made[-1].skill]
    mean, variance = forgotten(state, parameters, later(made, sooner))
    late_mean, late_variance = forgotten(state, parameters, later(made, sooner + wait))
    assert abs(late_mean) <= abs(mean) <= abs(state.mean)
    assert late_mean * state.mean >= 0
    assert state.variance <= variance <= late_variance <= parameters.skill_variance


@given(pasts, items, skills)
def test_asking_changes_nothing(
    past: list[tuple[str, str, bool, float]], item: str, skill: str
) -> None:
    made = answers(past)
    learner = replay(made, TABLE)
    before = json.dumps(learner.to_json())
    predict(learner, TABLE, skill=skill, item=item, at=later(made, 3))
    mastery(learner, TABLE, skill, at=later(made, 3))
    assert json.dumps(learner.to_json()) == before


def test_without_forgetting_time_changes_nothing() -> None:
    table = replace(TABLE, parameters=Parameters(forgetting=0.0, forgetting_variance=0.0))
    learner = replay(answers([("easy", "waves", False, 0)]), table)
    soon, late = (
        predict(learner, table, skill="waves", at=START + timedelta(days=days)) for days in (0, 900)
    )
    assert soon == late


def test_a_clock_that_went_back_forgets_nothing() -> None:
    learner = replay(answers([("easy", "waves", True, 5)]), TABLE)
    now, earlier = (
        predict(learner, TABLE, skill="waves", at=START + timedelta(hours=hours))
        for hours in (5, 1)
    )
    assert now == earlier


def test_a_head_that_only_repeats_the_model_changes_nothing() -> None:
    same = Head(0.0, tuple(float(name == "logit") for name in FEATURES))
    made = answers([("easy", "waves", True, 0), ("hard", "waves", False, 1)])
    with_head = replace(TABLE, head=same)
    learner = replay(made, TABLE)
    plain = predict(learner, TABLE, skill="waves", item="hard", at=later(made))
    headed = predict(learner, with_head, skill="waves", item="hard", at=later(made))
    assert (headed.p, headed.low, headed.high) == pytest.approx(
        (plain.p, plain.low, plain.high), abs=1e-12
    )


def test_the_prior_of_an_unknown_game_is_one_half() -> None:
    empty = ItemTable(version=0, intercept=0.0)
    assert predict(Learner(), empty, skill="new", at=START).p == 0.5
