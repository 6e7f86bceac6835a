"""Requested education level, hours a week, and whether an advert offers a learning place."""

from __future__ import annotations

import re

_MBO_LEVELS = re.compile(r"\bmbo(?:[- ]?(?:niveau|n)?)?[- ]?([1-4])(?:\s?(?:/|-|of|tot(?: en met)?)\s?(?:mbo[- ]?)?([1-4]))?|\bniveau ([1-4])(?:\s?(?:/|-|of)\s?([1-4]))?")
_MBO = re.compile(r"\bmbo\b|\bvocational\b")
_HBO = re.compile(r"\bhbo\b|\bbachelor\b")
_WO = re.compile(r"\bwo[- ](?:niveau|opleiding|werk|denk|diploma|master)|\bmaster\b|\buniversitair|\bwo\b")
_LEARNING = re.compile(r"\b(stage|stagiair|stageplek|stageplaats|leerbaan|leerwerkplek|leerwerkplaats|bbl-?traject|bbl-?opleiding|bbl|werken en leren|leerling)\b")
_HOURS = re.compile(r"\b(\d{1,2})\s?(?:-|–|tot|à|a)\s?(\d{1,2})\s?(?:uur|u\b|hours)|\b(\d{1,2})\s?(?:uur|hours)(?:\s+per week|\s+p/w|\b)")
_FULL = re.compile(r"\bfull-?time\b|\bvoltijds?\b")


def level(education: str | None, text: str) -> str:
    """mbo1..mbo4, mbo, hbo, wo or none: from the education field, else from the text. The lowest level asked counts."""
    for source in ((education or "").lower(), text.lower()):
        if not source.strip():
            continue
        found = _MBO_LEVELS.search(source)
        if found:
            numbers = [int(g) for g in found.groups() if g]
            return f"mbo{max(numbers)}" if len(numbers) > 1 and max(numbers) - min(numbers) <= 1 else f"mbo{min(numbers)}"
        if _MBO.search(source):
            return "mbo"
        if _HBO.search(source):
            return "hbo"
        if _WO.search(source):
            return "wo"
    return "none"


def hours(written: str | None, text: str) -> tuple[float | None, float | None]:
    """(lowest, highest) hours a week, or None where not said. Values outside 1-60 are not hours a week."""
    for source in ((written or "").lower(), text[:4000].lower()):
        for found in _HOURS.finditer(source):
            low, high, only = found.groups()
            values = sorted(float(v) for v in ((low, high) if low else (only, only)) if v)
            if values and values[0] >= 1 and values[-1] <= 60:
                return values[0], values[-1]
        if _FULL.search(source):
            return 36.0, 40.0
    return None, None


def learning_place(title: str) -> bool:
    """True when the title offers an internship or a work-study place, which is no job."""
    return bool(_LEARNING.search(title.lower()))
