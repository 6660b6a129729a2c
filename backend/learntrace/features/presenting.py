"""Stored features with the words and bounds that a reader needs beside each value."""

from collections.abc import Mapping, Sequence
from typing import Any

from learntrace.features.catalogue import CATALOGUE
from learntrace.features.types import Value


def to_milliseconds(seconds: float) -> float:
    """Seconds as every answer gives them; finer digits are noise of adding up."""
    return round(seconds, 3)


def present(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each stored feature by name, in the catalogue's order.

    `stored` maps names to objects with `value`, `reason` and `cut_off`; a name that an older
    extractor did not know is left out.
    """
    return {
        name: {
            "value": _shown(stored[name]["value"], feature.unit),
            "unit": feature.unit,
            "minimum": feature.minimum,
            "maximum": feature.maximum,
            "reason": stored[name]["reason"],
            "title": feature.title,
            "meaning": feature.meaning,
            "reason_text": feature.reason_text if stored[name]["value"] is None else None,
            "cut_off": stored[name]["cut_off"],
        }
        for name, feature in CATALOGUE.items()
        if name in stored
    }


def flat_features(features: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Two cells a feature, `<name>` and `<name>_reason`: one of them is always empty."""
    cells: dict[str, Any] = {}
    for name in names:
        feature = features.get(name) or {}
        cells[name] = feature.get("value")
        cells[f"{name}_reason"] = feature.get("reason")
    return cells


def feature_columns(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that `flat_features` fills, in order."""
    return tuple(column for name in names for column in (name, f"{name}_reason"))


def _shown(value: Value | None, unit: str | None) -> Value | None:
    return to_milliseconds(value) if unit == "s" and value is not None else value
