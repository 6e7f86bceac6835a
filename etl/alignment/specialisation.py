"""Specialisation: what a region has relatively much of, and which regions are alike. Pure: frames in, frames out.

Location quotient = share of a branch in the region / share of the branch in the country; 1 in the country itself. A branch is an SBI
section (jobs, CBS) or one of our sectors (vacancies). Formulas and limits: docs/methodology.md, "Specialisation".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from etl.alignment import intervals

ROUNDING = 0.05  # CBS writes thousands with one decimal: a number is at most this far off
MANY, FEW = 1.25, 0.80  # a quotient that lies wholly above or below is named
LEAST_THOUSAND = 0.5  # no quotient below 500 jobs (or vacancies) in the region: rounding alone would move it by a tenth
LEAST_COUNT = 10  # nor below 10 counted vacancies
CHANGE = 1.10  # a quotient that changed by less than a tenth is steady, however precise it is
SHORT = 0.05  # branches that leave more of the total than this, with nothing hidden, are of another edition than the total
KINDS = ("many", "few", "like", "unsure", "quiet")
REST = "rest"  # what is in the total and in no branch


def amounts(figures: pd.DataFrame, groups: pd.DataFrame, branches: Sequence[str], total: str, rounding: float = ROUNDING) -> pd.DataFrame:
    """Amounts per region, period and branch from published figures of parts (municipalities; a region itself is one part).

    `figures`: part_code, period, branch, value (x 1,000; NaN = hidden). `groups`: region_code, part_code. Columns of the answer:
    region_code, period, branch, value, low, high, hidden (parts whose figure is hidden), unsound (parts whose
    branches do not add up: to more than their total beyond rounding, or with nothing hidden to a twentieth less), parts, total, total_low, total_high. Rounding
    of k parts is at most k x 0.05, and 90% of the time within 1.645 x 0.05 x sqrt(k/3). A hidden figure lies between 0 and what the
    part's total leaves; its point is an even part of that. A region is left out in a period in which a part has no total.
    """
    named = figures[figures["branch"].isin([*branches, total]) & figures["part_code"].isin(groups["part_code"])]
    wide = named.pivot_table(index=["part_code", "period"], columns="branch", values="value", aggfunc="first", dropna=False)
    wide = wide.reindex(columns=[*branches, total])
    wide = wide[wide[total].notna()]
    known = wide[list(branches)]
    hidden = known.isna()
    rest = wide[total] - known.sum(axis=1)
    left = rest.clip(lower=0.0)
    guess = left / hidden.sum(axis=1).where(hidden.any(axis=1), 1)
    long = pd.DataFrame({
        "value": known.apply(lambda c: c.where(c.notna(), guess)).stack(), "most": known.apply(lambda c: c.where(c.notna(), left)).stack(),
        "least": known.fillna(0.0).stack(), "hidden": hidden.astype(int).stack()}).rename_axis(["part_code", "period", "branch"]).reset_index()
    size = groups.groupby("region_code")["part_code"].nunique()
    sums = long.merge(groups, on="part_code").groupby(["region_code", "period", "branch"], as_index=False)[["value", "least", "most", "hidden"]].sum()
    slack = rounding * (len(branches) + 1)
    wrong = (rest < -slack) | ((rest > np.maximum(slack, SHORT * wide[total])) & ~hidden.any(axis=1))
    sizes = wide[[total]].assign(unsound=wrong.astype(int)).reset_index().merge(groups, on="part_code")
    whole = sizes.groupby(["region_code", "period"], as_index=False).agg(total=(total, "sum"), parts=("part_code", "nunique"), unsound=("unsound", "sum"))
    whole = whole[whole["parts"] == whole["region_code"].map(size)]
    made = sums.merge(whole, on=["region_code", "period"])
    margin = margin_of(made["parts"].to_numpy(float), rounding)
    made["low"], made["high"] = (made["least"] - margin).clip(lower=0.0), made["most"] + margin
    made["total_low"], made["total_high"] = made["total"] - margin, made["total"] + margin
    order = {branch: position for position, branch in enumerate(branches)}
    return made.sort_values(["region_code", "period", "branch"], key=lambda c: c.map(order) if c.name == "branch" else c)[
        ["region_code", "period", "branch", "value", "low", "high", "hidden", "unsound", "parts", "total", "total_low", "total_high"]].reset_index(drop=True)


def margin_of(parts: intervals.Array, rounding: float = ROUNDING) -> intervals.Array:
    """How far a sum of so many rounded numbers is off: at most, or with 90% confidence where that is less."""
    return np.minimum(parts * rounding, intervals.Z * rounding * np.sqrt(parts / 3))


def quotients(regions: pd.DataFrame, country: pd.DataFrame, least: float = LEAST_THOUSAND) -> pd.DataFrame:
    """Add share, country_share (0-1), lq, lq_low, lq_high, kind (of KINDS) and reason to rows of `amounts`; `country` has the same form.

    The bounds take all four numbers at their worst ends. Quiet, with reason: "unsound" (see `amounts`), "hidden" (the only figure is hidden), "small" (below `least`), or
    "absent" (the country has none). The country against itself is 1 exactly.
    """
    held = country.drop_duplicates(["period", "branch"])[["period", "branch", "value", "low", "high", "hidden", "unsound", "total", "total_low", "total_high"]]
    made = regions.merge(held, on=["period", "branch"], how="left", suffixes=("", "_nl"))
    same = made["region_code"].isin(country["region_code"].unique())
    with np.errstate(divide="ignore", invalid="ignore"):
        made["share"], made["country_share"] = made["value"] / made["total"], made["value_nl"] / made["total_nl"]
        made["lq"] = np.where(same, 1.0, made["share"] / made["country_share"])
        made["lq_low"] = np.where(same, 1.0, made["low"] / made["total_high"] * made["total_low_nl"] / made["high_nl"])
        made["lq_high"] = np.where(same, 1.0, made["high"] / made["total_low"] * made["total_high_nl"] / made["low_nl"])
    made["reason"] = [
        "unsound" if wrong else "absent" if not v > 0 or h else "hidden" if gone and gone == parts else "small" if value < least else None
        for wrong, v, h, gone, parts, value in zip(made["unsound"] + made["unsound_nl"], made["low_nl"], made["hidden_nl"], made["hidden"], made["parts"], made["value"], strict=True)]
    return _named(made.drop(columns=[f"{c}_nl" for c in ("low", "high", "hidden", "unsound", "total_low", "total_high")]))


def counted(regions: pd.DataFrame, country: pd.DataFrame, least: int = LEAST_COUNT) -> pd.DataFrame:
    """The same from counts: rows region_code, period, branch, n. A share has Wilson's interval, their ratio MOVER's (90%); a count below
    `least`, here or in the country, stays quiet. Columns as `quotients` with n and total in the unit counted."""
    total = regions.groupby(["region_code", "period"])["n"].transform("sum")
    own = country.assign(total_nl=country.groupby("period")["n"].transform("sum"))[["period", "branch", "n", "total_nl"]].rename(columns={"n": "value_nl"})
    made = regions.assign(value=regions["n"].astype(float), total=total.astype(float)).merge(own, on=["period", "branch"], how="left")
    made[["value_nl", "total_nl"]] = made[["value_nl", "total_nl"]].fillna(0.0)
    made["share"], made["country_share"] = made["value"] / made["total"].clip(lower=1), made["value_nl"] / made["total_nl"].clip(lower=1)
    here = intervals.wilson(made["value"], made["total"].clip(lower=1))
    there = intervals.wilson(made["value_nl"], made["total_nl"].clip(lower=1))
    point, wide = made["share"].to_numpy(float), made["country_share"].to_numpy(float)
    low, middle, high = intervals.ratio((here[0], point, here[1]), (there[0], wide, there[1]))
    same = made["region_code"].isin(country["region_code"].unique())
    for name, values in (("lq", middle), ("lq_low", low), ("lq_high", high)):
        made[name] = np.where(same, 1.0, values)
    made["reason"] = ["small" if n < least or v < least else None for n, v in zip(made["value"], made["value_nl"], strict=True)]
    return _named(made)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    quiet = rows["reason"].notna()
    rows.loc[quiet, ["lq", "lq_low", "lq_high"]] = np.nan
    rows["kind"] = ["quiet" if q else kind(a, b) for q, a, b in zip(quiet, rows["lq_low"], rows["lq_high"], strict=True)]
    return rows


def kind(low: float, high: float) -> str:
    """What may be said of a quotient: many or few when its whole interval lies beyond the bound, like when it lies between, else unsure."""
    return "many" if low > MANY else "few" if high < FEW else "like" if low >= FEW and high <= MANY else "unsure"


def trends(rows: pd.DataFrame) -> pd.DataFrame:
    """Per region and branch the first and last period that have a quotient, and what may be said: up or down when their intervals part and
    the quotient changed by a tenth or more, else steady. Columns region_code, branch, first, last, lq_first, lq_last, change. With one period there is no row."""
    shown = rows[rows["lq"].notna()].sort_values("period")
    ends = shown.groupby(["region_code", "branch"], as_index=False).agg(
        first=("period", "first"), last=("period", "last"), lq_first=("lq", "first"), lq_last=("lq", "last"), low_first=("lq_low", "first"), high_first=("lq_high", "first"),
        low_last=("lq_low", "last"), high_last=("lq_high", "last"))
    ends = ends[ends["first"] != ends["last"]].reset_index(drop=True)
    grown = ends["lq_last"] / ends["lq_first"].clip(lower=1e-9)
    ends["change"] = np.where((ends["low_last"] > ends["high_first"]) & (grown >= CHANGE), "up", np.where((ends["high_last"] < ends["low_first"]) & (grown <= 1 / CHANGE), "down", "steady"))
    return ends[["region_code", "branch", "first", "last", "lq_first", "lq_last", "change"]]


def profiles(rows: pd.DataFrame) -> pd.DataFrame:
    """Region x branch: shares that sum to one; what is in the total and in no branch is the branch `rest`. Rows of one period: region_code, branch, value, total."""
    wide = rows.pivot_table(index="region_code", columns="branch", values="value", aggfunc="first", fill_value=0.0)
    total = rows.groupby("region_code")["total"].first()
    wide[REST] = (total - wide.sum(axis=1)).clip(lower=0.0)
    return wide.div(wide.sum(axis=1), axis=0)


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Half the sum of the absolute differences between two profiles (0-1): the part of the jobs that would have to be in another branch
    for the two to be alike. Krugman's index of specialisation is twice this."""
    return float(sum(abs(one.get(b, 0.0) - other.get(b, 0.0)) for b in {*one, *other}) / 2)


def alike(shares: pd.DataFrame, region: str, among: Sequence[str] | None = None, most: int = 3) -> pd.DataFrame:
    """The regions most like one: region_code, distance, and the branches that differ most (`branch`, `difference` = theirs minus ours) and next most
    (`branch_2`, `difference_2`); `shares` from `profiles`. Ties in order of code."""
    columns = ["region_code", "distance", "branch", "difference", "branch_2", "difference_2"]
    if region not in shares.index:
        return pd.DataFrame(columns=columns)
    own = shares.loc[region]
    rows = []
    for code in sorted(set(shares.index if among is None else among) - {region}):
        if code in shares.index:
            differs = shares.loc[code] - own
            first, second = differs.abs().sort_values(ascending=False, kind="stable").index[:2]
            rows.append([code, float(differs.abs().sum() / 2), first, float(differs[first]), second, float(differs[second])])
    return pd.DataFrame(rows, columns=columns).sort_values(["distance", "region_code"]).head(most).reset_index(drop=True)
