"""The thresholds of a publication, for pages that name them."""

from __future__ import annotations

from typing import Any

from etl.alignment.thresholds import Limits
from warehouse import asking_thresholds


def limits_of(reader: Any) -> Limits:
    """The thresholds that the publication was made with."""
    def read() -> Limits:
        rows = asking_thresholds.thresholds(reader)
        return Limits(**{key: int(value) if float(value).is_integer() else float(value) for key, value in zip(rows["key"], rows["value"], strict=True)})
    return reader._answer(("limits",), read)
