"""Requested skills: shares with intervals, trend between two years, and how much of the demand a programme covers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.alignment import intervals

MIN_N = 10


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Add share, share_low, share_high to rows with asked and n (vacancies, n > 0)."""
    made = rows.copy()
    made["share"] = made["asked"] / made["n"]
    made["share_low"], made["share_high"] = intervals.wilson(made["asked"], made["n"])
    return made


def trend(now: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add share_previous and trend to shares of several periods: rising or falling only where the intervals part.

    unknown when there is no figure for the year before (its n was too small or there is no such year).
    """
    before = now[[*by, "period", "share", "share_low", "share_high"]].assign(period=now["period"] + 1)
    made = now.merge(before, on=[*by, "period"], how="left", suffixes=("", "_before"))
    made["share_previous"] = made.pop("share_before")
    low, high = made.pop("share_low_before"), made.pop("share_high_before")
    made["trend"] = np.select(
        [made["share_previous"].isna(), made["share_low"] > high, made["share_high"] < low], ["unknown", "rising", "falling"], "steady")
    return made


def coverage(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sum of f_s over taught skills divided by the sum over all asked skills; rows have share and covered (bool)."""
    weighed = rows.assign(taught=rows["share"] * rows["covered"].astype(float))
    summed = weighed.groupby(by, as_index=False).agg(taught=("taught", "sum"), asked=("share", "sum"), coverage_n=("n", "max"))
    summed["coverage"] = summed["taught"] / summed["asked"]
    return summed[[*by, "coverage", "coverage_n"]]
