"""Every threshold in use, in one table: its key, usual value, unit and where the usual value comes from. Settings may change them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from etl.alignment.mismatch import Thresholds

OWN = "eigen keuze van Regiokoers"


@dataclass(frozen=True)
class Limits(Thresholds):
    """All thresholds: those of the classes (mismatch.Thresholds) and those of the signals."""

    few_students: float = 50
    small_provider: float = 18
    uncovered_below: float = 0.5
    uncovered_n: float = 30
    asked_share: float = 0.20
    rare_share: float = 0.03
    rare_n: float = 100
    enrolment_change: float = 0.10


ABOUT = {
    "shortage": ("ratio", OWN), "surplus": ("ratio", OWN), "min_n": ("vacancies or persons", "SBB: geen cijfer onder n = 10"),
    "few_students": ("students", "CMMBO: minder dan 50 studenten landelijk"), "small_provider": ("students", "CMMBO: meer instellingen in een regio, een met minder dan 18 studenten"),
    "uncovered_below": ("share", OWN), "uncovered_n": ("vacancies", OWN), "asked_share": ("share", OWN), "rare_share": ("share", OWN), "rare_n": ("vacancies", OWN), "enrolment_change": ("share", OWN),
}
DEFAULT = Limits()


def rows(limits: Limits) -> list[dict[str, object]]:
    """Rows of table threshold."""
    return [{"key": f.name, "value": float(getattr(limits, f.name)), "unit": ABOUT[f.name][0], "usual": float(getattr(DEFAULT, f.name)), "source": ABOUT[f.name][1]} for f in fields(Limits)]
