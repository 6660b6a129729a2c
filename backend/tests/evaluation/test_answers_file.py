"""Files of answers: what is read, and one clear sentence for what cannot be."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from learntrace.evaluation.answers_file import SPACING, AnswersFileError, read_answers

HEADER = "user,order,item,skill,correct\n"


def written(tmp_path: Path, text: str, name: str = "answers.csv") -> Path:
    path = tmp_path / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("name", ["answers.csv", "answers.csv.gz"])
def test_answers_are_sorted_by_learner_and_order(tmp_path: Path, name: str) -> None:
    text = HEADER + "b,0,i1,s,1\na,2,i3,,0\na,1,i2,s,1\n\n"
    found = read_answers(written(tmp_path, text, name))
    assert list(found) == ["a", "b"]
    first, second = found["a"]
    assert (first.item, first.skill, first.correct) == ("i2", "s", True)
    assert (second.item, second.skill, second.correct) == ("i3", "", False)
    assert second.at - first.at == SPACING


def test_timestamps_go_before_order(tmp_path: Path) -> None:
    text = "correct,timestamp,user,order,item,skill\r\n1,90.5,a,0,i1,s\r\n0,30,a,1,i2,s\r\n"
    first, second = read_answers(written(tmp_path, text))["a"]
    assert (first.item, second.item) == ("i2", "i1")
    assert second.at - first.at == timedelta(seconds=60.5)


def test_a_byte_order_mark_and_more_columns_do_no_harm(tmp_path: Path) -> None:
    text = "\ufeffuser,order,item,skill,correct,device\na,0,i,s,1,phone\n"
    assert len(read_answers(written(tmp_path, text))["a"]) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: the header lacks user, order, item, skill, correct; it must name"),
        ("user,order,item,correct\n", "line 1: the header lacks skill;"),
        ("user,order,item,skill,correct,user\n", "line 1: the header names 'user' twice."),
        (HEADER, "answers.csv holds no answers."),
        (HEADER + "a,0,i,s\n", "line 2: 4 fields where the header has 5."),
        (HEADER + "a,0,i,s,1\n,1,i,s,1\n", "line 3: user is empty."),
        (HEADER + "a,0,,s,1\n", "line 2: item is empty."),
        (HEADER + "a,first,i,s,1\n", "line 2: order is 'first', not a whole number from 0."),
        (HEADER + "a,-1,i,s,1\n", "line 2: order is '-1', not a whole number from 0."),
        (HEADER + "a,99999999,i,s,1\n", "line 2: order is 99999999, more than"),
        (HEADER + "a,0,i,s,2\n", "line 2: correct is '2', not 0 or 1."),
        (HEADER + "a,0,i,s,\n", "line 2: correct is '', not 0 or 1."),
        (HEADER + "a,0,i,s,1\na,0,j,s,1\n", "line 3: user 'a' has the order 0 twice."),
        (HEADER + 'a,0,"i,s,1\n', "line 2: unexpected end of data."),
        (
            "user,order,timestamp,item,skill,correct\na,0,soon,i,s,1\n",
            "line 2: timestamp is 'soon', not a number of seconds.",
        ),
        (
            "user,order,timestamp,item,skill,correct\na,0,1700000000000,i,s,1\n",
            "line 2: timestamp is 1700000000000, not seconds from 0 to",
        ),
        (
            "user,order,timestamp,item,skill,correct\na,0,nan,i,s,1\n",
            "line 2: timestamp is nan, not seconds from 0 to",
        ),
    ],
)
def test_bad_files_are_told_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(AnswersFileError) as caught:
        read_answers(written(tmp_path, text))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_text_or_no_gzip_is_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(HEADER.encode() + "é,0,i,s,1\n".encode("latin-1"))
    with pytest.raises(AnswersFileError, match=r"latin\.csv is not UTF-8 text\."):
        read_answers(latin)
    for name, data in {
        "plain.csv.gz": HEADER.encode(),
        "cut.csv.gz": gzip.compress(HEADER.encode() + b"a,0,i,s,1\n")[:-12],
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(AnswersFileError, match=f"{name} is not a whole gzip file"):
            read_answers(path)
    with pytest.raises(AnswersFileError, match=r"nowhere\.csv cannot be read: No such file"):
        read_answers(tmp_path / "nowhere.csv")
