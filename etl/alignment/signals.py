"""Signals for a conversation: a code and the figures it stands on; words live on the pages. Thresholds are a table (thresholds.py).

A signal holds whatever a masked count is: bounds are used, never middles. Strength only sorts; it is no score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np

from etl.alignment import intervals
from etl.alignment.thresholds import DEFAULT, Limits

CODES = (
    "shortage", "surplus", "demand_up", "demand_down", "enrolment_falls_demand_rises", "enrolment_rises_demand_falls",
    "skills_asked_not_taught", "skills_taught_hardly_asked", "skills_uncovered", "small_providers", "few_students",
)


@dataclass(frozen=True)
class Signal:
    """What stands out: the code, the figures by name, and how far it sorts to the front."""

    code: str
    values: Mapping[str, Any]
    strength: float


def changes(now: Sequence[float], before: Sequence[float | None], limits: Limits = DEFAULT) -> list[str | None]:
    """Per pair of yearly counts demand_up or demand_down when their 90% intervals part, else None; also without a count before, and
    where both are below the least that may speak."""
    first = np.array([np.nan if value is None else value for value in before], dtype=float)
    known = ~np.isnan(first) & (np.fmax(np.asarray(now, dtype=float), first) >= limits.min_n)
    low, high = intervals.poisson(np.asarray(now, dtype=float))
    low_before, high_before = intervals.poisson(np.where(known, first, 0.0))
    return [None if not k else "demand_up" if a > d else "demand_down" if b < c else None for k, a, b, c, d in zip(known, low, high, low_before, high_before, strict=True)]


def change(now: float, before: float | None, limits: Limits = DEFAULT) -> str | None:
    """demand_up or demand_down of one pair; see changes."""
    return changes([now], [before], limits)[0]


def enrolment_change(now: tuple[float, float] | None, before: tuple[float, float] | None, limits: Limits = DEFAULT) -> str | None:
    """rises or falls when students changed by more than the threshold whatever masked counts are; (low, high) of two years."""
    if not now or not before or now[0] != now[0] or before[0] != before[0] or before[1] <= 0:
        return None
    if now[0] > before[1] * (1 + limits.enrolment_change):
        return "rises"
    return "falls" if now[1] < before[0] * (1 - limits.enrolment_change) else None


def outcome(row: Mapping[str, Any]) -> list[Signal]:
    """shortage or surplus of a row of mismatch.compare."""
    if row["class"] not in ("shortage", "surplus"):
        return []
    figures = {name: _plain(row[name]) for name in ("demand", "demand_low", "demand_high", "supply", "supply_low", "supply_high", "ratio", "ratio_low", "ratio_high", "gap", "gap_low", "gap_high", "n")}
    sure = row["ratio_low"] if row["class"] == "shortage" else 1 / max(row["ratio_high"], 1e-6)
    return [Signal(str(row["class"]), figures, 100 + log(max(sure, 1.0001)) * sqrt(abs(row["gap"])))]


def moved(
    code: str | None, now: float, before: float | None, students: tuple[float, float] | None = None, students_before: tuple[float, float] | None = None, limits: Limits = DEFAULT,
) -> list[Signal]:
    """A clear change of demand (`code` of changes), and students who go the other way."""
    if code is None or before is None:
        return []
    found = [Signal(code, {"n": int(now), "n_previous": int(before)}, 50 + abs(log((now + 1) / (before + 1))) * sqrt(max(now, before)))]
    enrolled = enrolment_change(students, students_before, limits)
    if students and students_before and (enrolled, code) in (("falls", "demand_up"), ("rises", "demand_down")):
        name = "enrolment_falls_demand_rises" if enrolled == "falls" else "enrolment_rises_demand_falls"
        figures = {"n": int(now), "n_previous": int(before), "students_low": _plain(students[0]), "students_high": _plain(students[1]),
                   "students_previous_low": _plain(students_before[0]), "students_previous_high": _plain(students_before[1])}
        found.append(Signal(name, figures, found[0].strength + 10))
    return found


def providers(national_high: float | None, smallest_high: float | None, count: int, limits: Limits = DEFAULT) -> list[Signal]:
    """The two of CMMBO: few students in the country, and several providers of which one is small."""
    found = []
    if national_high is not None and national_high == national_high and 0 < national_high < limits.few_students:
        found.append(Signal("few_students", {"national_high": _plain(national_high), "limit": limits.few_students}, 20.0))
    if count > 1 and smallest_high is not None and 0 < smallest_high < limits.small_provider:
        found.append(Signal("small_providers", {"smallest_high": _plain(smallest_high), "providers": count, "limit": limits.small_provider}, 25.0))
    return found


def taught(coverage: float | None, n: float | None, asked: list[str], rare: list[str], limits: Limits = DEFAULT) -> list[Signal]:
    """Of the skills of a programme: little covered, skills often asked and not covered (`asked`, ids, most asked first), and
    covered ones that are hardly asked (`rare`)."""
    found = []
    if coverage is not None and coverage == coverage and coverage < limits.uncovered_below and (n or 0) >= limits.uncovered_n:
        found.append(Signal("skills_uncovered", {"coverage": _plain(coverage), "n": int(n or 0), "limit": limits.uncovered_below}, 15 + sqrt(n or 0) * (limits.uncovered_below - coverage)))
    if asked and (n or 0) >= limits.uncovered_n:
        found.append(Signal("skills_asked_not_taught", {"skills": asked[:5], "count": len(asked), "n": int(n or 0), "limit": limits.asked_share}, 10.0 + len(asked)))
    if rare and (n or 0) >= limits.rare_n:
        found.append(Signal("skills_taught_hardly_asked", {"skills": rare[:5], "count": len(rare), "n": int(n or 0), "limit": limits.rare_share}, 5.0))
    return found


def _plain(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)
