"""Features of who speaks, how long and how fast. docs/talk.md says what each means."""

from learntrace.features.linguistic.talk import Talk
from learntrace.features.types import Measure, TalkReason

MIN_SPEECH_S = 10.0
MINUTE = 60.0


def talk_ratio(talk: Talk) -> Measure:
    """Share of all words that the student said, 0 to 1; null where nobody else speaks."""
    if not talk.others_words:
        return Measure(None, TalkReason.NOBODY_ELSE)
    own = len(talk.words)
    return Measure(own / (own + talk.others_words), evidence=own)


def turns(talk: Talk) -> Measure:
    """How many turns the student had; a turn lasts until somebody else speaks."""
    count = len(talk.own_turns)
    return Measure(count, evidence=count)


def mean_turn_words(talk: Talk) -> Measure:
    """Words of the student per turn; null where nobody else speaks, so that no turn ends."""
    if not talk.others_words:
        return Measure(None, TalkReason.NOBODY_ELSE)
    count = len(talk.own_turns)
    return Measure(len(talk.words) / count, evidence=count)


def speaking_rate(talk: Talk) -> Measure:
    """Words per minute of the student's own segments; null under 10 seconds of them."""
    if talk.speech_s < MIN_SPEECH_S:
        return Measure(None, TalkReason.TOO_LITTLE_TIME, evidence=talk.speech_s)
    return Measure(len(talk.words) * MINUTE / talk.speech_s, evidence=talk.speech_s)


def pause_rate(talk: Talk) -> Measure:
    """Silences of a second or more inside turns, per minute of the student's segments."""
    if talk.speech_s < MIN_SPEECH_S:
        return Measure(None, TalkReason.TOO_LITTLE_TIME, evidence=talk.speech_s)
    return Measure(talk.pauses * MINUTE / talk.speech_s, evidence=talk.speech_s)
