"""Standard error of a supply figure: masked counts, counts that differ by chance from year to year, and the assumed share that continues.

A masked count is one of 1, 2, 3 and 4 (variance 5/4); a yearly count of graduates is Poisson; the margin of the share that
continues is a 90% interval, the same for all programmes of a level that share it (a level, or a level in a sector), and independent between these.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.alignment.intervals import Z
from etl.alignment.supply import YEARS, windows

MASKED_VARIANCE = 1.25


def standard_error(leavers: pd.DataFrame, periods: list[int], by: list[str], years: int = YEARS) -> pd.DataFrame:
    """Columns by, period, supply_se (persons a year) for the means that supply.yearly_mean makes of the same frame.

    `leavers` has year, level, graduates_low, graduates_high, share_in_region (part of the count that is meant), share, share_low,
    share_high (of those who continue).
    """
    rows = leavers.copy()
    stay = rows["share_in_region"] * (1 - rows["share"])
    middle = (rows["graduates_low"] + rows["graduates_high"]) / 2
    masked = np.ceil((rows["graduates_high"] - rows["graduates_low"]) / 3 - 1e-9)
    rows["chance"] = (middle + MASKED_VARIANCE * masked) * stay ** 2
    rows["margin"] = middle * rows["share_in_region"] * (rows["share_high"] - rows["share_low"]) / 2 / Z
    wanted = windows(rows, periods, years)
    if wanted.empty or rows.empty:
        return pd.DataFrame(columns=[*by, "supply_se", "period"])
    yearly = rows.groupby([*by, "level", "year"], as_index=False)[["chance", "margin"]].sum().merge(wanted, on="year")
    level = yearly.groupby(["period", *by, "level"], as_index=False).agg(chance=("chance", "sum"), margin=("margin", "sum"), size=("size", "first"))
    level["variance"] = (level["chance"] + level["margin"] ** 2) / level["size"] ** 2
    made = level.groupby(["period", *by], as_index=False)[["variance"]].sum()
    made["supply_se"] = np.sqrt(made["variance"])
    return pd.DataFrame(made[[*by, "supply_se", "period"]])
