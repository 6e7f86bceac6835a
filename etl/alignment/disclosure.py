"""Masked counts stay masked: beside parts of which some are masked, no total may stand from which they can be computed.

A total of which all parts but one are known gives that one away. Totals made by adding bounds never do: all parts at their
lower bound and all at their upper bound both fit, also where several totals share parts. A total that was published as a
number is widened until it tells nothing about any masked part.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def shown_totals(totals: pd.DataFrame, parts: pd.DataFrame, by: list[str], measure: str) -> pd.DataFrame:
    """`totals` with <measure>_low and <measure>_high widened as little as keeps every masked part of it as wide as it is.

    `parts` has `by`, <measure>_low and <measure>_high; a part is masked where these differ. For a masked part i the total
    reaches from l_i + the upper bounds of the others down, to h_i + the lower bounds of the others up. Totals without masked
    parts stay as they are. Parts without a number (both bounds missing) do not take part.
    """
    low, high = f"{measure}_low", f"{measure}_high"
    known = parts.dropna(subset=[low, high])
    whole = known.groupby(by)[[low, high]].transform("sum")
    masked = known[known[low] < known[high]]
    reach = masked[by].assign(
        _least=masked[low] + whole.loc[masked.index, high] - masked[high], _most=masked[high] + whole.loc[masked.index, low] - masked[low])
    limits = reach.groupby(by, as_index=False).agg(_least=("_least", "min"), _most=("_most", "max"))
    made = totals.merge(limits, on=by, how="left")
    made[low], made[high] = np.fmin(made[low], made["_least"]), np.fmax(made[high], made["_most"])
    return made[list(totals.columns)]
