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
    """Add demand, ratio, gap (with _low and _high), class and reason.

    `rows` has n (vacancies), demand (vacancies, may be apportioned) and supply_low, supply, supply_high (persons a year;
    NaN = unknown). `incomplete` marks rows whose year is not complete: they stay quiet. Quiet rows have no ratio and gap.
    """
    made = rows.copy()
    demand, n = made["demand"].to_numpy(float), made["n"].to_numpy(float)
    low, high = intervals.poisson(n)
    scale = np.divide(demand, n, out=np.ones_like(demand), where=n > 0)
    made["demand_low"], made["demand_high"] = np.minimum(low * scale, demand), np.maximum(high * scale, demand)
    d = (made["demand_low"].to_numpy(float), demand, made["demand_high"].to_numpy(float))
    s = (made["supply_low"].to_numpy(float), made["supply"].to_numpy(float), made["supply_high"].to_numpy(float))
    for name, triple in (("ratio", intervals.ratio(d, s)), ("gap", intervals.gap(d, s))):
        made[f"{name}_low"], made[name], made[f"{name}_high"] = triple
    made["class"] = [
        classify(a, b, c, e, thresholds) for a, b, c, e in zip(made["ratio_low"], made["ratio_high"], n, s[2], strict=True)]
    made["reason"] = [quiet_reason(c, e, r, thresholds) for c, e, r in zip(n, s[2], made["ratio"], strict=True)]
    if incomplete is not None:
        made.loc[incomplete, "class"] = "too_little_data"
        made.loc[incomplete, "reason"] = "incomplete year"
    quiet = made["class"] == "too_little_data"
    for name in ("ratio", "gap"):
        for bound in ("", "_low", "_high"):
            made.loc[quiet, name + bound] = np.nan
    return made
