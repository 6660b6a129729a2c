"""What a run of an engine costs, by how long the recording is. Pure."""

from learntrace.plans.budget import cost_micro
from learntrace.transcription_sessions.transcription.port import LONGEST_S, Transcriber


def cost_of(engine: Transcriber, length_s: float | None) -> int:
    """In millionths of the currency; where nobody knows the length, that of the longest there is.

    So a file that does not say how long it plays spends nothing that the school has not.
    """
    return cost_micro(engine.cost_per_minute_micro, LONGEST_S if length_s is None else length_s)
