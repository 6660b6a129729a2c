"""What counts as a phrase of the lexicons, and what is denied."""

import pytest

from learntrace.features.linguistic.lexicons import LEXICONS
from learntrace.features.linguistic.phrases import Marker

ENGLISH = LEXICONS["en"]


@pytest.mark.parametrize(
    ("marker", "text", "count"),
    [
        (Marker.EMPATHY, "How do you feel? She must be sad.", 2),
        (Marker.EMPATHY, "I’M SORRY, that must have been hard", 2),
        (Marker.EMPATHY, "That must be wrong.", 0),
        (Marker.EMPATHY, "I don't understand", 0),
        (Marker.EMPATHY, "Don't worry!", 1),
        (Marker.PROBLEM_SOLVING, "Let's try another way. What if we turn it?", 3),
        (Marker.PROBLEM_SOLVING, "We could not solve it", 0),
        (Marker.PROBLEM_SOLVING, "We could not wait, solve it now", 1),
        (Marker.PROBLEM_SOLVING, "I can't do that but I figured it out", 1),
        (Marker.PERSEVERANCE, "Try again! Keep going, one more time.", 3),
        (Marker.PERSEVERANCE, "I won't give up", 1),
        (Marker.PERSEVERANCE, "I give up", 0),
        (Marker.PERSEVERANCE, "I don't want to try again", 0),
        (Marker.PERSEVERANCE, "I could never not try again", 1),
        (Marker.SOCIAL, "Thank you, can I help you?", 2),
        (Marker.SOCIAL, "we never share", 0),
        (Marker.SOCIAL, "No, together!", 1),
        (Marker.SOCIAL, "not me because we share", 1),
        (Marker.COGNITIVE, "I know why, because it makes sense", 3),
        (Marker.COGNITIVE, "I don't know, it makes no sense", 0),
        (Marker.HEDGE, "Maybe. I don't think so, I'm not sure.", 3),
        (Marker.FILLER, "um um, uhhh", 3),
        (Marker.FILLER, "my umbrella", 0),
        *((marker, "", 0) for marker in Marker),
        *((marker, "...", 0) for marker in Marker),
    ],
)
def test_phrases_are_counted(marker, text, count):
    assert ENGLISH.count(marker, text) == count


@pytest.mark.parametrize("distance", range(6))
def test_a_denial_reaches_three_words_far(distance):
    text = f"not {'very ' * distance}together"
    assert ENGLISH.count(Marker.SOCIAL, text) == (distance >= 3)


@pytest.mark.parametrize("lexicon", LEXICONS.values(), ids=LEXICONS)
def test_every_list_has_phrases_and_finds_each_of_them(lexicon):
    assert lexicon.phrases.keys() == set(Marker)
    for marker, phrases in lexicon.phrases.items():
        assert phrases
        assert len(set(phrases)) == len(phrases)
        for phrase in phrases:
            said = " ".join(word.partition("/")[0].replace("*", "") for word in phrase.split())
            assert lexicon.count(marker, said) >= 1, phrase
