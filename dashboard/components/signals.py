"""The strongest signals of a region: which sectors stand out, in what way, ordered by how certain and how large."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import formats
from dashboard.components.tables import Row
from etl.alignment.mismatch import Thresholds


@dataclass(frozen=True)
class Signal:
    """A signal: code (shortage, surplus, demand_up, demand_down, leans_shortage, leans_surplus), the sector's row, the class
    whose colour and glyph it carries, and its strength (persons or vacancies, only comparable within a rank)."""

    code: str
    row: Row
    kind: str
    rank: int
    strength: float


def strongest_signals(rows: list[Row], limits: Thresholds, limit: int = 5) -> list[Signal]:
    """Signals of Reader.mismatch rows. First what holds over the whole interval (by the gap that is certain), then clear changes
    of demand (by size), then borderline sectors whose interval leaves out one side (by the gap)."""
    found = [signal for row in rows for signal in _of(row, limits)]
    return sorted(found, key=lambda s: (s.rank, -s.strength, s.row["sector"], s.code))[:limit]


def _of(row: Row, limits: Thresholds) -> list[Signal]:
    codes = set(str(row["signals"] or "").split("|"))
    kind = row["class"]
    made = []
    if kind == "shortage":
        made.append(Signal("shortage", row, kind, 1, row["gap_low"]))
    elif kind == "surplus":
        made.append(Signal("surplus", row, kind, 1, -row["gap_high"]))
    elif kind == "borderline" and row["ratio_low"] >= limits.surplus and row["ratio"] > limits.shortage:
        made.append(Signal("leans_shortage", row, kind, 3, row["gap"]))
    elif kind == "borderline" and row["ratio_high"] <= limits.shortage and row["ratio"] < limits.surplus:
        made.append(Signal("leans_surplus", row, kind, 3, -row["gap"]))
    for code in ("demand_up", "demand_down"):
        if code in codes and not formats.is_absent(row["demand_previous"]):
            made.append(Signal(code, row, kind, 2, abs(row["n"] - row["demand_previous"])))
    return made
