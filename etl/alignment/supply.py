"""Supply: graduates who leave education for work, per region, with intervals from masking and from what is assumed.

Graduates of an institution's programme are divided evenly over the labour-market regions where it is taught (a documented
assumption, its share is reported); continuing students are subtracted per level; the mean of up to three years is taken.
"""

from __future__ import annotations

import pandas as pd

YEARS = 3


def located(counts: pd.DataFrame, locations: pd.DataFrame) -> pd.DataFrame:
    """Counts per institution, programme and pathway with the regions where they are taught and the share of each.

    `locations`: institution_code, crebo, region_code, basis. Adds region_code, basis and share_in_region (1 / number of
    regions). Rows without any location are dropped: give every institution a head-office fallback first.
    """
    regions = locations[["institution_code", "crebo", "region_code", "basis"]].drop_duplicates(["institution_code", "crebo", "region_code"])
    regions = regions.assign(share_in_region=1.0 / regions.groupby(["institution_code", "crebo"])["region_code"].transform("count"))
    return counts.merge(regions, on=["institution_code", "crebo"], how="inner")


def leaving(graduates: pd.DataFrame, progression: pd.DataFrame) -> pd.DataFrame:
    """Graduates minus those who continue in education: adds leaving_low, leaving, leaving_high (persons).

    `graduates` has graduates_low, graduates_high, level, share_in_region; `progression` has level, share, share_low, share_high.
    """
    made = graduates.merge(progression[["level", "share", "share_low", "share_high"]], on="level", how="left", validate="many_to_one")
    if made["share"].isna().any():
        raise ValueError(f"no progression share for levels {sorted(made.loc[made['share'].isna(), 'level'].unique())}")
    middle = (made["graduates_low"] + made["graduates_high"]) / 2
    made["leaving_low"] = made["graduates_low"] * (1 - made["share_high"]) * made["share_in_region"]
    made["leaving"] = middle * (1 - made["share"]) * made["share_in_region"]
    made["leaving_high"] = made["graduates_high"] * (1 - made["share_low"]) * made["share_in_region"]
    return made


def yearly_mean(leavers: pd.DataFrame, periods: list[int], by: list[str]) -> pd.DataFrame:
    """Mean over the last YEARS diploma years up to each period: columns by, period, supply_low, supply, supply_high, years.

    The same years count for every row of a period, so that parts add up to the whole. A period two or more years after
    the last diploma year has no supply.
    """
    known = sorted(int(y) for y in leavers["year"].unique())
    parts = []
    for period in periods:
        years = [y for y in known if y <= period][-YEARS:]
        if not years or period - years[-1] > 1:
            continue
        chosen = leavers[leavers["year"].isin(years)]
        summed = chosen.groupby(by, as_index=False)[["leaving_low", "leaving", "leaving_high"]].sum()
        for name in ("leaving_low", "leaving", "leaving_high"):
            summed[name.replace("leaving", "supply")] = summed.pop(name) / len(years)
        parts.append(summed.assign(period=period, supply_years=f"{years[0]}-{years[-1]}"))
    columns = [*by, "supply_low", "supply", "supply_high", "period", "supply_years"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def split_share(leavers: pd.DataFrame) -> float:
    """Share of leavers that was divided evenly over several regions."""
    total = float(leavers["leaving"].sum())
    return float(leavers.loc[leavers["share_in_region"] < 1, "leaving"].sum()) / total if total else 0.0
