from pathlib import Path

from learntrace.features.catalogue import CATALOGUE
from learntrace.features.docs import document
from learntrace.features.linguistic.catalogue import TALK_CATALOGUE, reason_text
from learntrace.features.linguistic.docs import document as talk_document
from learntrace.features.types import Reason

from .scripted_play import features_of

DOCS = Path(__file__).parents[3] / "docs"


def test_every_feature_is_extracted_and_explained():
    assert list(features_of().features) == list(CATALOGUE)
    for feature in CATALOGUE.values():
        assert feature.title
        assert feature.meaning.endswith(".")
        assert (feature.reason is None) == (feature.reason_text is None)


def test_every_reason_belongs_to_a_feature():
    assert {feature.reason for feature in CATALOGUE.values()} == {None, *Reason}


def test_a_session_without_events_gives_each_feature_its_own_reason():
    for name, found in features_of().features.items():
        assert found.reason is CATALOGUE[name].reason


def test_documentation_is_current():
    assert (DOCS / "features.md").read_text(encoding="utf-8") == document()
    assert (DOCS / "talk.md").read_text(encoding="utf-8") == talk_document()


def test_every_feature_of_talk_is_explained():
    assert not TALK_CATALOGUE.keys() & CATALOGUE.keys()
    for feature in TALK_CATALOGUE.values():
        assert feature.meaning.endswith(".")
        if feature.reason is not None:
            assert reason_text(feature, feature.reason).endswith(".")
