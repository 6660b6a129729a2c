"""What must never change a feature of talk, on any conversation."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.features.linguistic.catalogue import TALK_CATALOGUE, WHOLE_TALK
from learntrace.features.linguistic.talk import Segment
from learntrace.features.types import TalkReason

from .conversations import FIFTY, conversation, talk_of

OF_WORDING = {
    "question_rate",
    "vocabulary_diversity",
    "filler_rate",
    "hedge_rate",
    "empathy_markers",
    "problem_solving_markers",
    "perseverance_markers",
    "social_markers",
    "cognitive_markers",
}
texts = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "um",
                "not",
                "try",
                "again,",
                "Let's",
                "together.",
                "why?",
                "I",
                "don't",
                "word",
                "[x]",
            ]
        ),
        max_size=40,
    ).map(" ".join),
)
ANY = st.booleans()
roles = st.sampled_from(["student", "student", "teacher", "peer", None])


@st.composite
def talks(draw, enough=ANY):
    """Segments in order of time, whole seconds; the first is long enough, or chance decides."""
    at_s, segments = 0, []
    if draw(enough):
        segments.append(Segment("student", 0, 25, FIFTY, draw(st.none() | st.floats(0, 1))))
        at_s = 25
    for role, gap_s, length_s, text in draw(
        st.lists(st.tuples(roles, st.integers(0, 3), st.integers(0, 9), texts), max_size=12)
    ):
        start_s = at_s + gap_s
        at_s = start_s + length_s
        segments.append(Segment(role, start_s, at_s, text))
    return segments


long_talks = talks(enough=st.just(True))


def values(segments, **options):
    return {name: one.value for name, one in talk_of(segments, **options).features.items()}


@given(talks(), st.sampled_from(["en", "de", "zh", ""]), st.booleans())
def test_value_or_reason_and_within_its_range(segments, language, is_reviewed):
    found = talk_of(segments, language=language, is_reviewed=is_reviewed)
    assert list(found.features) == list(TALK_CATALOGUE)
    for name, one in found.features.items():
        feature = TALK_CATALOGUE[name]
        assert (one.value is None) == (one.reason is not None)
        assert one.reason in {None, feature.reason, *WHOLE_TALK}
        if one.value is not None:
            assert one.value >= feature.minimum
            assert feature.maximum is None or one.value <= feature.maximum
    assert found.confidence is None or 0 <= found.confidence <= 1


@given(talks())
def test_reading_again_gives_the_same(segments):
    assert talk_of(segments) == talk_of(segments)


@given(talks(), st.data())
def test_order_and_duplicates_change_nothing(segments, data):
    repeated = data.draw(st.lists(st.sampled_from(segments), max_size=5)) if segments else []
    again = data.draw(st.permutations([*segments, *repeated]))
    assert values(again) == values(segments)


@given(talks(), st.sampled_from(["", "   ", "[music]", "...", "(laughs) —"]), st.integers(0, 300))
def test_segments_without_words_change_nothing(segments, text, at_s):
    wordless = Segment("student", at_s, at_s + 5, text)
    assert values([*segments, wordless]) == values(segments)


@given(talks(), st.integers(0, 100_000))
def test_beginning_later_changes_nothing(segments, by_s):
    later = [replace(one, start_s=one.start_s + by_s, end_s=one.end_s + by_s) for one in segments]
    assert values(later) == pytest.approx(values(segments))


@given(talks())
def test_capitals_blanks_and_curly_apostrophes_change_nothing(segments):
    written = [
        replace(one, text="  ".join(one.text.replace("'", "’").split(" "))) for one in segments
    ]
    assert values(written) == values(segments)
    ascii_only = [one for one in segments if one.text.isascii()]
    loud = [replace(one, text=one.text.upper()) for one in ascii_only]
    assert values(loud) == values(ascii_only)


@given(long_talks, st.lists(texts, max_size=3))
def test_what_others_say_changes_nothing_of_the_students_wording(segments, others):
    at_s = segments[-1].end_s
    more = [Segment("teacher", at_s + n, at_s + n + 1, text) for n, text in enumerate(others)]
    before, after = values(segments), values([*segments, *more])
    assert {name: after[name] for name in OF_WORDING} == {name: before[name] for name in OF_WORDING}


@given(long_talks, st.integers(1, 49))
def test_cutting_a_segment_in_two_changes_nothing(segments, at):
    first, rest = segments[0], segments[1:]
    words = first.text.split()
    cut_s = first.end_s * at / len(words)
    halves = [
        replace(first, end_s=cut_s, text=" ".join(words[:at])),
        replace(first, start_s=cut_s, text=" ".join(words[at:])),
    ]
    assert values([*halves, *rest]) == pytest.approx(values(segments))


@given(long_talks)
def test_saying_it_all_twice_repeats_the_rates(segments):
    until_s = segments[-1].end_s
    again = [
        replace(one, start_s=one.start_s + until_s, end_s=one.end_s + until_s) for one in segments
    ]
    once, twice = values(segments), values([*segments, *again])
    for name in ("talk_ratio", "filler_rate"):
        assert twice[name] == pytest.approx(once[name])


@given(st.text())
def test_any_text_is_read(text):
    talk_of([Segment("student", 0, 1, text), *conversation(f"student: {FIFTY}")])


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ["not ", "try again ", "a", "[", "(<", "?", "' ", "um?! ", "Why? ", "let's not, "]
)
def test_nothing_in_reading_a_text_goes_by_squares(text):
    """By squares, so much would take many minutes; as it is, not a second."""
    segments = [
        Segment("student", 0, 60, text * (400_000 // len(text))),
        Segment("student", 60, 90, FIFTY),
    ]
    assert talk_of(segments).words >= 50


def test_every_reason_is_explained():
    own = {feature.reason for feature in TALK_CATALOGUE.values()} - {None}
    assert own | set(WHOLE_TALK) == set(TalkReason)
