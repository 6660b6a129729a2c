"""What is chosen next, and with which probability."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.adaptive.policy import (
    AIM,
    EASIER,
    UNREPEATED,
    VALID_FOR,
    Decision,
    Reason,
    Situation,
    decide,
    weigh,
)
from learntrace.skills.knowledge import Answer, Easiness, ItemTable, predict, replay

from ..untraced import untraced

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SKILLS = ("add", "share", "measure")
EASE = {"very easy": 3.0, "easy": 2.0, "fair": 1.0, "usual": 0.0, "hard": -1.0, "very hard": -3.0}
OFFER = {skill: [f"{skill}: {ease}" for ease in EASE] for skill in SKILLS}
TABLE = ItemTable(
    version=1,
    intercept=0.5,
    items={f"{skill}: {ease}": Easiness(at, 0.02) for skill in SKILLS for ease, at in EASE.items()},
    skills={skill: Easiness(0.0, 0.02) for skill in SKILLS},
)


def answers(skill: str, marks: str, *, before: timedelta = timedelta(0)) -> list[Answer]:
    """One answer for each of `marks`, `+` or `-`, the last of them a minute ago."""
    items = [f"{skill}: {ease}" for ease in ("usual", "fair", "hard")]
    return [
        Answer(
            NOW - before - timedelta(minutes=len(marks) - n),
            items[n % len(items)],
            skill,
            mark == "+",
        )
        for n, mark in enumerate(marks)
    ]


def situation(
    recent: Sequence[Answer] = (),
    *,
    earlier: Sequence[Answer] = (),
    offer: dict[str, list[str]] | None = None,
    table: ItemTable = TABLE,
) -> Situation:
    learner = replay([*earlier, *recent], table)
    return Situation(learner, table, recent, OFFER if offer is None else offer, NOW)


def decided(one: Situation, seed: int = 1) -> Decision:
    return decide(one, Random(seed))


KNOWN = [
    answer for skill in SKILLS for answer in answers(skill, "++-+-++-+", before=timedelta(days=1))
]
marks = st.lists(st.tuples(st.sampled_from(SKILLS), st.booleans()), max_size=40)


@given(marks, st.sets(st.sampled_from(SKILLS), min_size=1), st.booleans())
def test_propensities_sum_to_one_over_distinct_actions(
    given_answers: list[tuple[str, bool]], skills: set[str], has_items: bool
) -> None:
    recent = [
        Answer(NOW - timedelta(minutes=len(given_answers) - n), f"{skill}: usual", skill, correct)
        for n, (skill, correct) in enumerate(given_answers)
    ]
    offer = {skill: OFFER[skill] if has_items else [] for skill in sorted(skills)}
    one = situation(recent, offer=offer)
    weighed = weigh(one)
    assert sum(share for _, share in weighed) == pytest.approx(1)
    assert len({(action.skill, action.item) for action, _ in weighed}) == len(weighed)
    for action, share in weighed:
        assert 0 <= share <= 1
        assert 0 < action.predicted.low <= action.predicted.p <= action.predicted.high < 1
        if action.item is None:
            assert action.difficulty is not None
            assert 0 <= action.difficulty <= 1
        else:
            assert action.difficulty is None
            assert action.item in offer[action.skill]


@untraced()
def test_actions_are_drawn_as_often_as_their_propensity_says() -> None:
    one = situation(earlier=KNOWN, offer={skill: [] for skill in SKILLS})
    drawn: Counter[tuple[str, str | None]] = Counter()
    rng = Random(5)
    for _ in range(4000):
        action = decide(one, rng).action
        drawn[action.skill, action.item] += 1
    weighed = weigh(one)
    assert len(weighed) == len(SKILLS)
    for action, share in weighed:
        assert drawn[action.skill, action.item] / 4000 == pytest.approx(share, abs=0.03)


def test_the_same_seed_decides_the_same() -> None:
    one = situation(earlier=KNOWN)
    assert decided(one, 7) == decided(one, 7)


def test_the_item_is_one_that_should_go_well_three_times_in_four() -> None:
    one = situation(earlier=KNOWN)
    assert one.aim == AIM
    decision = decided(one)
    assert decision.reason is Reason.PRACTISE
    assert abs(decision.action.predicted.p - AIM) < 0.1


def test_the_skill_mastered_least_is_the_likeliest() -> None:
    weak = answers("share", "---+----+--", before=timedelta(days=1))
    strong = answers("add", "++++++++++", before=timedelta(days=1))
    # Without items any skill can be made to fit, so that mastery alone decides.
    free: dict[str, list[str]] = {"add": [], "share": []}
    shares = {
        action.skill: share
        for action, share in weigh(situation(earlier=[*strong, *weak], offer=free))
    }
    assert shares["share"] > shares["add"]


def test_a_skill_is_less_likely_again() -> None:
    def chance_of_add(recent: Sequence[Answer]) -> float:
        one = situation(recent, earlier=KNOWN)
        return sum(share for action, share in weigh(one) if action.skill == "add")

    assert chance_of_add(answers("add", "-+")) < chance_of_add(answers("share", "-+"))


def test_items_answered_last_are_not_offered_again() -> None:
    recent = answers("add", "+-+-+")
    last = {answer.item for answer in recent[-UNREPEATED:]}
    assert last.isdisjoint(action.item for action, _ in weigh(situation(recent, earlier=KNOWN)))


def test_the_only_item_is_offered_again() -> None:
    recent = answers("add", "+")
    decision = decided(situation(recent, offer={"add": [recent[0].item]}))
    assert decision.action.item == recent[0].item
    assert decision.propensity == 1


def test_two_failures_make_it_a_step_easier() -> None:
    after_one = situation(answers("add", "+-"), earlier=KNOWN)
    after_two = situation(answers("add", "--"), earlier=KNOWN)
    assert (after_one.aim, after_two.aim) == (AIM, EASIER)
    free: dict[str, list[str]] = {"add": []}
    harder = decided(situation(answers("add", "+-"), earlier=KNOWN, offer=free)).action
    easier = decided(situation(answers("add", "--"), earlier=KNOWN, offer=free)).action
    assert harder.difficulty is not None
    assert easier.difficulty is not None
    assert easier.difficulty < harder.difficulty
    assert decided(after_two).reason is Reason.EASIER


def chance_of_last(one: Situation) -> float:
    last = one.recent[-1]
    return predict(one.learner, one.table, skill=last.skill, item=last.item, at=NOW).p


@given(marks, st.sampled_from(SKILLS), st.sampled_from(list(EASE)))
def test_after_two_failures_it_is_easier_than_what_was_failed_and_else_not_said_to_be(
    given_answers: list[tuple[str, bool]], skill: str, ease: str
) -> None:
    failed = [(skill, False), (skill, False)]
    played = [*given_answers, *failed]
    recent = [
        Answer(NOW - timedelta(minutes=len(played) - n), f"{skill}: {ease}", skill, correct)
        for n, (skill, correct) in enumerate(played)
    ]
    one = situation(recent, earlier=KNOWN)
    weighed = [action for action, _ in weigh(one)]
    is_easier = [action.predicted.p > chance_of_last(one) for action in weighed]
    assert all(is_easier) or not any(is_easier)
    for action, easier in zip(weighed, is_easier, strict=True):
        assert easier or one.reason(action) is not Reason.EASIER


def test_what_is_no_easier_than_the_failed_item_is_left_out_where_there_is_other() -> None:
    recent = [Answer(NOW - timedelta(minutes=n), "add: easy", "add", False) for n in (2, 1)]
    offer = {"add": ["add: fair", "add: very easy"], "share": ["share: fair"]}
    decision = decided(situation(recent, earlier=KNOWN, offer=offer))
    assert (decision.action.item, decision.reason) == ("add: very easy", Reason.EASIER)
    assert decision.propensity == 1


def test_a_step_easier_is_only_said_where_it_is_one() -> None:
    recent = [Answer(NOW - timedelta(minutes=n), "add: very easy", "add", False) for n in (2, 1)]
    decision = decided(situation(recent, earlier=KNOWN, offer={"add": ["add: easy"]}))
    assert decision.reason is not Reason.EASIER
    free = decided(situation(recent, earlier=KNOWN, offer={"add": []}))
    assert free.reason is not Reason.EASIER


def test_one_success_ends_the_easier_step() -> None:
    assert situation(answers("add", "--+"), earlier=KNOWN).aim == AIM


def test_spinning_wheels_lead_to_another_skill() -> None:
    one = situation(answers("add", "-+-+-+-+--"), earlier=KNOWN)
    for seed in range(20):
        decision = decided(one, seed)
        assert decision.action.skill != "add"
        assert decision.reason is Reason.OTHER_SKILL


def test_three_right_in_a_row_are_no_spinning_wheels() -> None:
    one = situation(answers("add", "-+++-+-+-+--"), earlier=KNOWN)
    assert not one.stuck


def test_nine_tries_are_not_enough_to_be_stuck() -> None:
    assert not situation(answers("add", "-+-+-+-+-")).stuck


def test_stuck_on_the_only_skill_says_so() -> None:
    one = situation(answers("add", "-+-+-+-+--"), offer={"add": OFFER["add"]})
    decision = decided(one)
    assert decision.reason is Reason.STUCK


def test_with_nothing_known_the_start_is_easy() -> None:
    one = situation()
    decision = decided(one)
    assert decision.reason is Reason.START
    assert one.aim == EASIER
    shares = Counter[str]()
    for action, share in weigh(one):
        shares[action.skill] += share  # type: ignore[assignment]
    assert list(shares.values()) == pytest.approx([1 / 3] * 3)


def test_a_game_without_any_answer_yet_gets_a_start_too() -> None:
    empty = ItemTable(version=0, intercept=0.0)
    decision = decided(situation(table=empty))
    assert decision.action.item is not None
    assert decision.action.predicted.p == pytest.approx(0.5)
    free = decided(situation(table=empty, offer={"add": []}))
    assert free.reason is Reason.START
    assert free.action.predicted.p == pytest.approx(EASIER)


def test_without_items_there_is_a_difficulty_that_brings_success_to_the_aim() -> None:
    decision = decided(situation(earlier=KNOWN, offer={"add": []}))
    assert decision.action.item is None
    assert decision.action.predicted.p == pytest.approx(AIM)
    assert decision.action.difficulty is not None


def test_when_all_is_too_hard_the_easiest_is_chosen_and_said_to_be() -> None:
    offer = {"add": ["add: hard", "add: very hard"]}
    decision = decided(situation(earlier=KNOWN, offer=offer))
    assert decision.action.item == "add: hard"
    assert decision.reason is Reason.EASIEST_LEFT


def test_when_all_is_too_easy_the_hardest_is_chosen_and_said_to_be() -> None:
    strong = answers("add", "+" * 30, before=timedelta(hours=1))
    offer = {"add": ["add: easy", "add: very easy"]}
    decision = decided(situation(earlier=strong, offer=offer))
    assert decision.action.item == "add: easy"
    assert decision.reason is Reason.HARDEST_LEFT


def test_a_decision_expires() -> None:
    decision = decided(situation())
    assert decision.expires_at == NOW + VALID_FOR
    assert not decision.is_expired(NOW)
    assert decision.is_expired(NOW + VALID_FOR)


def test_every_reason_has_words() -> None:
    assert all(reason.words.endswith(".") for reason in Reason)
