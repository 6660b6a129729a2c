"""Each feature of talk on conversations that can be counted by hand."""

from dataclasses import replace

import pytest

from learntrace.features.linguistic.catalogue import TALK_CATALOGUE
from learntrace.features.linguistic.talk import Segment, read_talk
from learntrace.features.types import TalkReason

from .conversations import FIFTY, conversation, measured, talk_of

TEACHER = "teacher: one two three four five"


@pytest.mark.parametrize(
    ("feature", "lines", "value"),
    [
        ("talk_ratio", [f"student: {FIFTY}", TEACHER, f"student: {FIFTY}"], 100 / 105),
        ("talk_ratio", [f"student: {FIFTY}", f"?: {FIFTY}"], 0.5),
        ("talk_ratio", [f"student: {FIFTY}", f"peer: {FIFTY}", f"teacher: {FIFTY}"], 1 / 3),
        ("turns", [f"student: {FIFTY}", TEACHER, "student: yes", "student: I do"], 2),
        ("turns", [f"student: {FIFTY}", "student: yes"], 1),
        ("mean_turn_words", [f"student: {FIFTY}", TEACHER, "student: I do"], 26),
        ("speaking_rate", [f"student: {FIFTY}", TEACHER], 120),
        ("pause_rate", [f"student: {FIFTY}", TEACHER, "student: yes"], 0),
        ("question_rate", [f"student: {FIFTY}", "student: Why? Oh. I see."], 1 / 4),
        ("question_rate", [f"student: {FIFTY} Is it so?!", "student: well then"], 1 / 3),
        ("question_rate", [f"student: {FIFTY}", "student: Three is 3.5?", "teacher: Is it?"], 0.5),
        ("vocabulary_diversity", [f"student: {FIFTY}"], 1),
        ("vocabulary_diversity", ["student: " + "same " * 50], 1 / 50),
        ("vocabulary_diversity", ["student: " + "tick tock " * 40], 2 / 50),
        ("vocabulary_diversity", [f"student: {FIFTY}", "student: word0 WORD1"], 1),
        ("filler_rate", [f"student: {FIFTY} Um, I, ummm, uh-huh, err."], 100 * 3 / 55),
    ],
)
def test_value_by_hand(feature, lines, value):
    assert measured(feature, *lines).value == pytest.approx(value)


def test_pauses_are_silences_inside_a_turn():
    half = " ".join(FIFTY.split()[:25])
    segments = [
        Segment("student", 0, 12, half),
        Segment("student", 13, 25, half),  # a pause
        Segment("student", 25.9, 30, "short"),  # none
        Segment("teacher", 32, 33, "mhm"),
        Segment("student", 40, 42, "after somebody else"),  # none
    ]
    assert talk_of(segments).features["pause_rate"].value == pytest.approx(60 / (24 + 4.1 + 2))


def test_overlapping_segments_are_one_time():
    segments = [Segment("student", 0, 20, FIFTY), Segment("student", 10, 30, "Well. Yes.")]
    assert talk_of(segments).features["speaking_rate"].value == pytest.approx(52 * 60 / 30)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], TalkReason.NO_ROLES),
        (["?: hello", f"?: {FIFTY}"], TalkReason.NO_ROLES),
        (["teacher: hello", f"?: {FIFTY}"], TalkReason.NO_STUDENT),
        (["student: [laughs]", f"teacher: {FIFTY}"], TalkReason.NO_STUDENT),
        (["student: " + "word " * 49], TalkReason.TOO_FEW_WORDS),
    ],
)
def test_nothing_is_said_of_talk_as_a_whole(lines, reason):
    found = talk_of(conversation(*lines))
    assert {one.reason for one in found.features.values()} == {reason}


@pytest.mark.parametrize(
    ("feature", "lines", "reason"),
    [
        ("talk_ratio", [f"student: {FIFTY}"], TalkReason.NOBODY_ELSE),
        ("mean_turn_words", [f"student: {FIFTY}", "teacher: ..."], TalkReason.NOBODY_ELSE),
        ("question_rate", ["student: " + "word " * 61], TalkReason.NO_PUNCTUATION),
    ],
)
def test_nothing_is_said_of_one_feature(feature, lines, reason):
    found = talk_of(conversation(*lines)).features
    assert found[feature].reason is reason
    assert found["vocabulary_diversity"].value is not None


def test_without_times_nothing_is_said_of_speed():
    segments = [replace(one, start_s=0, end_s=0) for one in conversation(f"student: {FIFTY}")]
    found = talk_of(segments).features
    assert found["speaking_rate"].reason is TalkReason.TOO_LITTLE_TIME
    assert found["pause_rate"].reason is TalkReason.TOO_LITTLE_TIME


def test_nothing_is_said_before_a_person_checked_the_transcript():
    lines = [f"student: {FIFTY}", TEACHER]
    found = talk_of(conversation(*lines), is_reviewed=False).features
    assert list(found) == list(TALK_CATALOGUE)
    assert {one.reason for one in found.values()} == {TalkReason.NOT_REVIEWED}


@pytest.mark.parametrize("language", ["de", "fr-CH", "hi"])
def test_phrases_wait_for_a_lexicon_and_counts_do_not(language):
    found = talk_of(conversation(f"student: {FIFTY}", TEACHER), language=language)
    for name, one in found.features.items():
        has_phrases = name.endswith(("markers", "hedge_rate", "filler_rate"))
        assert one.reason is (TalkReason.LANGUAGE if has_phrases else None)
    assert found.versions == "1.0"


@pytest.mark.parametrize("language", ["zh", "ja-JP", "th"])
def test_no_words_are_counted_where_no_blanks_part_them(language):
    found = talk_of(conversation(f"student: {FIFTY}", TEACHER), language=language).features
    assert {one.reason for one in found.values()} == {TalkReason.LANGUAGE}


@pytest.mark.parametrize("language", ["en", "en-GB", "EN_us"])
def test_every_english_is_english(language):
    assert talk_of(conversation(f"student: {FIFTY}"), language=language).versions == "1.1"


def test_words_are_those_of_the_student_and_were_said():
    lines = ["student: [door] Well — it’s a *cough* sooo (laughs) well-known T-Rex…", TEACHER]
    words = read_talk(conversation(*lines), language="en").words
    assert words == ("well", "it's", "a", "so", "well-known", "t-rex")


def test_words_of_other_scripts_stay_whole():
    words = read_talk(conversation("student: नमस्ते दुनिया, привет"), language="hi").words
    assert words == ("नमस्ते", "दुनिया", "привет")


@pytest.mark.parametrize(
    ("surely", "mean"), [((0.5, 1.0), 0.75), ((None, 0.6), 0.6), ((None, None), None)]
)
def test_confidence_is_the_mean_over_the_students_words(surely, mean):
    segments = [
        Segment("student", 0, 10, FIFTY, surely[0]),
        Segment("teacher", 10, 11, "hm", 0.1),
        Segment("student", 11, 20, FIFTY, surely[1]),
    ]
    assert talk_of(segments).confidence == (None if mean is None else pytest.approx(mean))
