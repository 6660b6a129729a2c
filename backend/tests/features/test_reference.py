import json

import pytest

from learntrace.features.reference import MOST_TIMES, Reference, Times
from learntrace.features.types import AnswerTime, Completion

COMPLETIONS = [Completion("often", float(seconds)) for seconds in range(30, 10, -1)]
RARE = [Completion("seldom", 1.0)] * 19
ANSWERS = [AnswerTime("q", float(seconds)) for seconds in range(20)] + [AnswerTime("r", 1.0)] * 19


def test_table_holds_what_has_twenty_times():
    table = Times([*COMPLETIONS, *RARE], ANSWERS).reference(3)
    assert table.completion_s == {"often": tuple(float(seconds) for seconds in range(11, 31))}
    assert table.mean_answer_s == {"q": 9.5}
    bit_by_bit = Times([*RARE, *reversed(COMPLETIONS)])
    bit_by_bit.add([], reversed(ANSWERS))
    assert table == bit_by_bit.reference(3)


def test_table_survives_json():
    table = Times(COMPLETIONS, ANSWERS).reference(3)
    assert Reference.from_json(3, json.loads(json.dumps(table.to_json()))) == table


def test_mid_rank_puts_ties_in_the_middle():
    table = Reference(1, {"t": (1.0, 2.0, 2.0, 3.0)}, {})
    ranks = [table.mid_rank(Completion("t", seconds)) for seconds in (0.5, 1.0, 2.0, 2.5, 9.0)]
    assert ranks == [0, 0.125, 0.5, 0.75, 1]
    assert table.mid_rank(Completion("other", 1.0)) is None


@pytest.mark.parametrize("count", [MOST_TIMES, MOST_TIMES + 1, 2 * MOST_TIMES - 1, 54_321])
def test_table_keeps_a_thousand_times_of_a_task_and_ranks_as_all_would(count):
    every = tuple(float(seconds) for seconds in range(count))
    table = Times(Completion("t", seconds) for seconds in reversed(every)).reference(1)
    assert len(table.completion_s["t"]) == MOST_TIMES
    for seconds in (-1.0, 0.0, count * 0.25, count / 2, count * 0.9, count - 1.0, count + 1.0):
        asked = Completion("t", seconds)
        among_all = Reference(1, {"t": every}, {}).mid_rank(asked)
        assert table.mid_rank(asked) == pytest.approx(among_all, abs=1 / MOST_TIMES)
