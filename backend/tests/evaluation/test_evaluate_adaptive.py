"""The simulated pupils, the rivals, and what the comparison prints."""

from random import Random

import pytest
from click.testing import CliRunner

from learntrace.cli import main
from learntrace.evaluation import adaptive
from learntrace.evaluation.adaptive import START, Comparison, compare
from learntrace.evaluation.adaptive_policies import Ladder, Lessons, Staircase, rate_items
from learntrace.evaluation.adaptive_pupils import SimulatedGame, SimulatedPupil
from learntrace.skills.knowledge import Answer, fit

from ..untraced import untraced

EASY, HARD = "easy", "hard"


@pytest.fixture(scope="module")
@untraced()
def comparison() -> Comparison:
    return compare(seed=3, pupils=25, steps=80)


@pytest.fixture
def few_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policies learn from little play: for tests that ask for no result."""
    monkeypatch.setattr(adaptive, "EARLIER_PUPILS", 20)


def pupil(seed: int = 1) -> SimulatedPupil:
    return SimulatedPupil(SimulatedGame.make(Random(1)), Random(seed))


def lessons() -> Lessons:
    earlier = [
        [
            Answer(START, item, "skill", correct=item == EASY or (item == "middle" and n % 2 == 0))
            for item in (EASY, "middle", HARD)
        ]
        for n in range(40)
    ]
    offer = {"skill": [HARD, "middle", EASY]}
    return Lessons.learn(offer, fit(earlier, version=1), earlier, START)


def test_a_pupil_learns_and_forgets_some_of_it_overnight() -> None:
    one = pupil()
    item = next(iter(one.game.items))
    before = one.chance(item)
    for _ in range(20):
        one.answer(item)
    evening = one.chance(item)
    one.sleep()
    assert before < one.chance(item) < evening


def test_who_only_fails_quits_and_who_does_well_stays() -> None:
    def quits(*, easiest: bool) -> int:
        count = 0
        for seed in range(40):
            one = pupil(seed)
            items = sorted(one.game.items, key=one.chance, reverse=easiest)
            steps = 0
            while steps < 12 and not one.has_quit:
                one.answer(items[0])
                steps += 1
            count += one.has_quit
        return count

    assert quits(easiest=True) == 0
    assert quits(easiest=False) > 20


def test_the_order_of_difficulty_is_learned_from_answers() -> None:
    known = lessons()
    assert known.by_difficulty["skill"] == [EASY, "middle", HARD]
    assert known.elo[EASY] > known.elo["middle"] > known.elo[HARD]
    assert rate_items([]) == {}


def test_a_ladder_goes_up_after_each_success_and_never_down() -> None:
    ladder = Ladder(lessons(), Random(1))
    chosen = []
    for correct in (False, True, True, False):
        item = ladder.choose(START)
        chosen.append(item)
        ladder.saw(Answer(START, item, "skill", correct))
    assert chosen == [EASY, EASY, "middle", HARD]
    assert ladder.choose(START) == HARD


def test_a_staircase_goes_up_after_two_and_down_after_one() -> None:
    staircase = Staircase(lessons(), Random(1))
    chosen = []
    for correct in (True, True, False, False, True):
        item = staircase.choose(START)
        chosen.append(item)
        staircase.saw(Answer(START, item, "skill", correct))
    assert chosen == ["middle", "middle", HARD, "middle", EASY]


def test_the_same_seed_gives_the_same_numbers(few_earlier: None) -> None:
    first, second = (compare(seed=5, pupils=3, steps=10).played for _ in range(2))
    assert first == second


def test_the_policy_keeps_more_steps_in_the_band_than_its_rivals(comparison: Comparison) -> None:
    policy, *rivals = comparison.played
    for rival in rivals:
        assert comparison.better_in_band(policy, rival).value > 0
    for name in comparison.played:
        share = comparison.in_band(name)
        assert 0 <= share.low <= share.value <= share.high <= 1


def test_fewer_quit_than_with_a_staircase(comparison: Comparison) -> None:
    policy, *_ = comparison.played
    assert comparison.fewer_quits(policy, "staircase").value > 0


def test_the_command_prints_the_table_and_the_gates(few_earlier: None) -> None:
    printed = CliRunner().invoke(
        main, ["evaluate", "adaptive", "--pupils", "10", "--steps", "12", "--seed", "2"]
    )
    assert printed.exit_code == ("MISSED" in printed.output), printed.output
    lines = printed.output.splitlines()
    assert lines[0].startswith("| choice")
    assert sum(line.startswith("| ") for line in lines) == 7
    gates = [line for line in lines if line.lstrip().startswith(("holds", "MISSED"))]
    assert len(gates) == 7
