"""Demand against supply: ratio, gap and class per row, with intervals. Classes only when the whole interval lies inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.alignment import intervals

CLASSES = ("shortage", "balance", "surplus", "borderline", "too_little_data")


@dataclass(frozen=True)
class Thresholds:
    """Where classes begin. `shortage` and `surplus` are ratios of demand to supply; `min_n` follows SBB (nothing below 10)."""

    shortage: float = 1.25
    surplus: float = 0.80
    min_n: int = 10


DEFAULT = Thresholds()


def classify(ratio_low: float, ratio_high: float, n: float, supply_high: float, thresholds: Thresholds = DEFAULT) -> str:
    """One of CLASSES. Too few vacancies or graduates: too_little_data; an interval over a threshold: borderline."""
    if n < thresholds.min_n or not supply_high >= thresholds.min_n or ratio_low != ratio_low or ratio_high != ratio_high:
        return "too_little_data"
    if ratio_low > thresholds.shortage:
        return "shortage"
    if ratio_high < thresholds.surplus:
        return "surplus"
    if ratio_low >= thresholds.surplus and ratio_high <= thresholds.shortage:
        return "balance"
    return "borderline"


def quiet_reason(n: float, supply_high: float, ratio: float, thresholds: Thresholds = DEFAULT) -> str | None:
    """Why numbers stay quiet, or None: a code for the screen."""
    if n < thresholds.min_n:
        return f"n < {thresholds.min_n}"
    if supply_high != supply_high:
        return "supply unknown"
    if supply_high < thresholds.min_n:
        return f"supply < {thresholds.min_n}"
    return "supply can be zero" if ratio != ratio else None


def compare(rows: pd.DataFrame, thresholds: Thresholds = DEFAULT, incomplete: pd.Series | None = None) -> pd.DataFrame:
    """Add demand_low, demand_high, ratio, gap (with _low and _high), class and reason.

    `rows` has n (vacancies), demand (vacancies, weighted by calibration and crosswalk) and supply_low, supply, supply_high (persons a
    year, bounds of what masked counts and margins allow; NaN = unknown). Optional: demand_var (sum of squared weights; demand^2 / n
    when absent), demand_alt_low and demand_alt_high (demand under other crosswalks), supply_se (standard error; from the bounds when
    absent). `incomplete` marks rows whose year is not complete: they stay quiet. Quiet rows have no ratio and gap.
    """
    made = rows.copy()
    demand, n = made["demand"].to_numpy(float), made["n"].to_numpy(float)
    variance = made["demand_var"].to_numpy(float) if "demand_var" in made else np.divide(demand**2, n, out=np.zeros_like(demand), where=n > 0)
    made["demand_low"], made["demand_high"] = intervals.counted(demand, variance)
    d = (made["demand_low"].to_numpy(float), demand, made["demand_high"].to_numpy(float))
    bounds = (made["supply_low"].to_numpy(float), made["supply"].to_numpy(float), made["supply_high"].to_numpy(float))
    s = _supply(bounds, made["supply_se"].to_numpy(float)) if "supply_se" in made else bounds
    spread = (np.fmin(made["demand_alt_low"].to_numpy(float), demand), np.fmax(made["demand_alt_high"].to_numpy(float), demand)) if "demand_alt_low" in made else None
    for name, triple in (("ratio", intervals.ratio(d, s, spread)), ("gap", intervals.gap(d, s, spread))):
        made[f"{name}_low"], made[name], made[f"{name}_high"] = triple
    made["class"] = [
        classify(a, b, c, e, thresholds) for a, b, c, e in zip(made["ratio_low"], made["ratio_high"], n, bounds[2], strict=True)]
    made["reason"] = [quiet_reason(c, e, r, thresholds) for c, e, r in zip(n, bounds[2], made["ratio"], strict=True)]
    if incomplete is not None:
        made.loc[incomplete, "class"] = "too_little_data"
        made.loc[incomplete, "reason"] = "incomplete year"
    quiet = made["class"] == "too_little_data"
    for name in ("ratio", "gap"):
        for bound in ("", "_low", "_high"):
            made.loc[quiet, name + bound] = np.nan
    return made


def _supply(bounds: tuple[intervals.Array, intervals.Array, intervals.Array], error: intervals.Array) -> tuple[intervals.Array, intervals.Array, intervals.Array]:
    """90% interval of a supply from its standard error; never zero where the bounds are not (a lognormal one)."""
    low, point, high = bounds
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(point > intervals.SMALLEST, error / point, 0.0)
        made = point * np.exp(-intervals.Z * relative), point, point * np.exp(intervals.Z * relative)
    unknown = np.isnan(error)
    return np.where(unknown, low, np.where(low > intervals.SMALLEST, made[0], low)), point, np.where(unknown, high, made[2])
