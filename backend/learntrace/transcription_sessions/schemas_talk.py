"""Features of talk as JSON; docs/talk.md says what each means."""

from typing import Annotated, Literal, Self

from pydantic import Field

from learntrace.features.linguistic.catalogue import TALK_CATALOGUE, reason_text
from learntrace.features.linguistic.extract import TalkFeatures
from learntrace.features.types import Measure, TalkReason
from learntrace.kit.wire import Id, Out


class TalkFeatureOut(Out):
    """A value in `unit`, or a `reason` why there is none, with the words for it."""

    value: float | None
    unit: Annotated[str, Field(examples=["share"])]
    minimum: float | None
    maximum: float | None
    reason: TalkReason | None
    reason_text: str | None
    title: Annotated[str, Field(examples=["Part of the talk"])]
    meaning: str

    @classmethod
    def of(cls, name: str, measure: Measure) -> Self:
        feature = TALK_CATALOGUE[name]
        reason = None if measure.reason is None else TalkReason(measure.reason)
        return cls(
            value=measure.value,
            unit=feature.unit,
            minimum=feature.minimum,
            maximum=feature.maximum,
            reason=reason,
            reason_text=None if reason is None else reason_text(feature, reason),
            title=feature.title,
            meaning=feature.meaning,
        )


class TalkFeaturesOut(Out):
    """How the student talks in one transcript. Not validated: no grade, and no diagnosis.

    The word error rate on children's speech is not measured; so everything is null until a person
    marked the transcript as checked.
    """

    transcription_session_id: Id
    language: str
    versions: Annotated[str, Field(examples=["1.1"])]
    words: Annotated[int, Field(ge=0, description="How many the student said.")]
    confidence: Annotated[
        float | None,
        Field(ge=0, le=1, description="How surely these were heard; null where nobody says."),
    ]
    features: dict[str, TalkFeatureOut]
    not_validated: Literal[True] = True

    @classmethod
    def of(cls, transcription_session_id: Id, language: str, found: TalkFeatures) -> Self:
        return cls(
            transcription_session_id=transcription_session_id,
            language=language,
            versions=found.versions,
            words=found.words,
            confidence=found.confidence,
            features={
                name: TalkFeatureOut.of(name, measure) for name, measure in found.features.items()
            },
        )
