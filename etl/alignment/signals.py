"""Signals for a conversation: codes only, words live on the pages. Thresholds are a table."""

from __future__ import annotations

from dataclasses import dataclass

from etl.alignment import intervals


@dataclass(frozen=True)
class SignalRules:
    """few_students and small_provider follow CMMBO (50 nationally, 18 per institution); the others are ours."""

    few_students_nationally: int = 50
    small_provider: int = 18
    uncovered_below: float = 0.5
    uncovered_min_n: int = 30


DEFAULT = SignalRules()


def change(now: float, before: float | None) -> str | None:
    """demand_up or demand_down when the 90% intervals of two yearly counts part, else None."""
    if before is None or before != before:
        return None
    low, high = intervals.poisson([now, before])
    if low[0] > high[1]:
        return "demand_up"
    return "demand_down" if high[0] < low[1] else None


def sector_signals(kind: str, now: float, before: float | None) -> list[str]:
    """Signals of a region x sector row: its class when clear, and a clear change of demand."""
    found = [kind] if kind in ("shortage", "surplus") else []
    moved = change(now, before)
    return [*found, moved] if moved else found


def programme_signals(
    kind: str, *, national_high: float | None, smallest_provider_high: float | None, providers: int,
    coverage: float | None, coverage_n: float | None, rules: SignalRules = DEFAULT,
) -> list[str]:
    """Signals of a programme in a region. Upper bounds are used: a signal holds whatever the masked count is."""
    found = [kind] if kind in ("shortage", "surplus") else []
    if national_high is not None and national_high == national_high and 0 < national_high < rules.few_students_nationally:
        found.append("few_students")
    if providers > 1 and smallest_provider_high is not None and 0 < smallest_provider_high < rules.small_provider:
        found.append("small_providers")
    if coverage is not None and coverage == coverage and coverage < rules.uncovered_below and (coverage_n or 0) >= rules.uncovered_min_n:
        found.append("skills_uncovered")
    return found
