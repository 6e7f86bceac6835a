"""Standard error of a supply figure: masked counts, counts that differ by chance from year to year, and the assumed share that continues.

A masked count is one of 1, 2, 3 and 4 (variance 5/4); a yearly count of graduates is Poisson; the margin of the share that
continues is a 90% interval, the same for all programmes of a level that share it (a level, or a level in a sector), and independent between these.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.alignment.intervals import Z
from etl.alignment.supply import YEARS

MASKED_VARIANCE = 1.25


def standard_error(leavers: pd.DataFrame, periods: list[int], by: list[str], years: int = YEARS) -> pd.DataFrame:
    """Columns by, period, supply_se (persons a year) for the means that supply.yearly_mean makes of the same frame.

    `leavers` has year, level, graduates_low, graduates_high, share_in_region (part of the count that is meant), share, share_low,
    share_high (of those who continue).
    """
    rows = leavers.assign(period=0)
    stay = rows["share_in_region"] * (1 - rows["share"])
    middle = (rows["graduates_low"] + rows["graduates_high"]) / 2
    masked = np.ceil((rows["graduates_high"] - rows["graduates_low"]) / 3 - 1e-9)
    rows["chance"] = (middle + MASKED_VARIANCE * masked) * stay ** 2
    rows["margin"] = middle * rows["share_in_region"] * (rows["share_high"] - rows["share_low"]) / 2 / Z
    known, parts = sorted(int(y) for y in rows["year"].unique()), []
    for period in periods:
        chosen = [y for y in known if y <= period][-years:]
        if not chosen or period - chosen[-1] > 1:
            continue
        level = rows[rows["year"].isin(chosen)].groupby([*by, "level", "share"], as_index=False)[["chance", "margin"]].sum()
        level["variance"] = (level["chance"] + level["margin"] ** 2) / len(chosen) ** 2
        summed = level.groupby(by, as_index=False)["variance"].sum()
        parts.append(summed.assign(supply_se=np.sqrt(summed.pop("variance")), period=period))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*by, "supply_se", "period"])
