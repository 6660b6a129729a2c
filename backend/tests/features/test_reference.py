import json

from learntrace.features.reference import Reference, build_reference
from learntrace.features.types import AnswerTime, Completion

COMPLETIONS = [Completion("often", float(seconds)) for seconds in range(30, 10, -1)]
RARE = [Completion("seldom", 1.0)] * 19
ANSWERS = [AnswerTime("q", float(seconds)) for seconds in range(20)] + [AnswerTime("r", 1.0)] * 19


def test_table_holds_what_has_twenty_times():
    table = build_reference(3, [*COMPLETIONS, *RARE], ANSWERS)
    assert table.completion_s == {"often": tuple(float(seconds) for seconds in range(11, 31))}
    assert table.mean_answer_s == {"q": 9.5}
    assert table == build_reference(3, [*RARE, *reversed(COMPLETIONS)], reversed(ANSWERS))


def test_table_survives_json():
    table = build_reference(3, COMPLETIONS, ANSWERS)
    assert Reference.from_json(3, json.loads(json.dumps(table.to_json()))) == table


def test_mid_rank_puts_ties_in_the_middle():
    table = Reference(1, {"t": (1.0, 2.0, 2.0, 3.0)}, {})
    ranks = [table.mid_rank(Completion("t", seconds)) for seconds in (0.5, 1.0, 2.0, 2.5, 9.0)]
    assert ranks == [0, 0.125, 0.5, 0.75, 1]
    assert table.mid_rank(Completion("other", 1.0)) is None
