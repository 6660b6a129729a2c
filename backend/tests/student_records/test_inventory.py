"""Every column has a class, and the document says what the models say."""

from dataclasses import fields
from pathlib import Path

import pytest

from learntrace import migrating
from learntrace.kit.db import Base
from learntrace.kit.inventory import FOR_GOOD, Holds
from learntrace.student_records.holdings import HOLDINGS
from learntrace.student_records.inventory import CLASSES, OF_STUDENTS, document, models

DOCS = Path(__file__).parents[3] / "docs" / "data-inventory.md"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__tablename__)
def test_every_column_has_one_class_its_table_a_purpose_and_an_end(model: type[Base]) -> None:
    assert model.holds.problems(model.__table__.columns.keys()) == []
    assert model.holds.purpose.endswith(".")
    assert model.holds.kept.endswith(".")


def test_no_table_is_left_out() -> None:
    assert {model.__tablename__ for model in models()} == set(migrating.METADATA.tables)


def test_a_column_without_a_class_is_told() -> None:
    holds = Holds(
        purpose="Shows it.",
        kept=FOR_GOOD,
        names=("name", "code"),
        technical=("code", "gone"),
    )
    assert holds.problems(["name", "code", "new"]) == [
        "new has no class",
        "code has several classes",
        "gone is no column",
    ]


def test_what_tells_of_one_student_is_handed_out_and_erased() -> None:
    """A table with an identifier of students is a holding, and a holding has one."""
    held = {one.model.__tablename__ for one in HOLDINGS}
    assert held == {model.__tablename__ for model in models() if model.holds.identifiers}


def test_the_document_knows_every_class() -> None:
    named = [one.name for one in fields(Holds) if one.name not in {"purpose", "kept"}]
    assert named == list(CLASSES)
    assert set(CLASSES) > OF_STUDENTS


def test_the_document_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == document()
