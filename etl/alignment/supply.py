"""Supply: graduates who leave education for work, per region, with intervals from masking and from what is assumed.

Two ways to place them. Where they learn: graduates of an institution's programme are divided evenly over the labour-market
regions where it is taught (its share is reported). Where they live: in proportion to the homes of the institution's
students of the same pathway, whatever their programme, for DUO has no homes by programme. Continuing students are
subtracted per level and sector; the mean of the last years is taken.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

YEARS = 3
ALL = "*"  # every sector without a share of its own
ABROAD, UNKNOWN = "abroad", "unknown"  # homes outside the regions; never divided among the regions
_OF = ["institution_code", "pathway", "year"]


def located(counts: pd.DataFrame, locations: pd.DataFrame) -> pd.DataFrame:
    """Counts per institution, programme and pathway with the regions where they are taught and the share of each.

    `locations`: institution_code, crebo, region_code, basis. Adds region_code, basis and share_in_region (1 / number of
    regions). Rows without any location are dropped: give every institution a head-office fallback first.
    """
    regions = locations[["institution_code", "crebo", "region_code", "basis"]].drop_duplicates(["institution_code", "crebo", "region_code"])
    regions = regions.assign(share_in_region=1.0 / regions.groupby(["institution_code", "crebo"])["region_code"].transform("count"))
    return counts.merge(regions, on=["institution_code", "crebo"], how="inner")


# --- who continues in education -------------------------------------------------------------------------------
def remaining(own: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Rows of `shipped` that still hold beside the operator's `own`: not the same level and sector, nor a level that has an own row for all."""
    whole = set(own.loc[own["sector"] == ALL, "level"])
    named = set(zip(own["level"], own["sector"], strict=True))
    keep = [level not in whole and (level, sector) not in named for level, sector in zip(shipped["level"], shipped["sector"], strict=True)]
    return shipped[keep].reset_index(drop=True)


def leaving(graduates: pd.DataFrame, progression: pd.DataFrame) -> pd.DataFrame:
    """Graduates minus those who continue in education: adds leaving_low, leaving, leaving_high (persons),
    share, share_low, share_high (of those who continue) and progression_basis.

    `graduates` has graduates_low, graduates_high, level, sector_code (may be null), share_in_region. `progression` has level,
    sector (code or * for the others), share, share_low, share_high, basis. Raises ValueError for a level without a share.
    """
    known = set(zip(progression["level"], progression["sector"], strict=True))
    own = [sector if (level, sector) in known else ALL for level, sector in zip(graduates["level"], graduates["sector_code"], strict=True)]
    shares = progression[["level", "sector", "share", "share_low", "share_high", "basis"]].rename(columns={"sector": "_share_of", "basis": "progression_basis"})
    made = graduates.assign(_share_of=own).merge(shares, on=["level", "_share_of"], how="left", validate="many_to_one").drop(columns="_share_of")
    if made["share"].isna().any():
        raise ValueError(f"no progression share for levels {sorted({int(v) for v in made.loc[made['share'].isna(), 'level']})}")
    middle = (made["graduates_low"] + made["graduates_high"]) / 2
    made["leaving_low"] = made["graduates_low"] * (1 - made["share_high"]) * made["share_in_region"]
    made["leaving"] = middle * (1 - made["share"]) * made["share_in_region"]
    made["leaving_high"] = made["graduates_high"] * (1 - made["share_low"]) * made["share_in_region"]
    return made


def resting_on(leavers: pd.DataFrame) -> str:
    """What the progression behind these leavers rests on: 'published:0.41|partly assumed:0.59' (shares of the leavers, largest first)."""
    parts = leavers.groupby("progression_basis")["leaving"].sum().sort_values(ascending=False)
    total = float(parts.sum())
    return "|".join(f"{name}:{value / total:.2f}" for name, value in parts.items() if value > 0) if total else ""


# --- where they live ------------------------------------------------------------------------------------------
def home_shares(homes: pd.DataFrame) -> pd.DataFrame:
    """Share of an institution's students of a pathway and year that lives in each home: *_OF, home_code, share_low, share, share_high.

    `homes`: institution_code, pathway, year, home_code (a region or municipality, ABROAD or UNKNOWN), students_low,
    students_high. A bound takes the count at one end and all the others at the other; the points (middles) add up to one.
    Totals of other files are left out on purpose: with them a masked count could be computed.
    """
    made = homes.groupby([*_OF, "home_code"], as_index=False)[["students_low", "students_high"]].sum()
    made = made[made["students_high"] > 0].reset_index(drop=True)
    low, high = made["students_low"].to_numpy(float), made["students_high"].to_numpy(float)
    whole = made.groupby(_OF)[["students_low", "students_high"]].transform("sum").to_numpy(float)
    middle = (low + high) / (whole[:, 0] + whole[:, 1])
    smallest, largest = low + whole[:, 1] - high, high + whole[:, 0] - low
    made["share"] = middle
    made["share_low"] = np.minimum(np.divide(low, smallest, out=np.zeros_like(low), where=smallest > 0), middle)
    made["share_high"] = np.maximum(high / largest, middle)
    return made[[*_OF, "home_code", "share_low", "share", "share_high"]]


def by_home(leavers: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Leavers divided over where they live: `leavers` with region_code the home_code, taught_in the region of the lessons.

    `leavers` has the form of leaving(); `homes` that of home_shares(). Taken are the homes on 1 October before the diploma
    year, or of the nearest year there is; leavers without known homes are UNKNOWN. The sum over all homes is the sum of `leavers`.
    Adds homes_low and homes_high: the bounds of `leaving` from masked homes alone, without those of its other sources.
    """
    shares = homes.rename(columns={"year": "home_year", "home_code": "region_code", "share_low": "_low", "share": "_share", "share_high": "_high"})
    years = {of: sorted(rows) for of, rows in homes.groupby(["institution_code", "pathway"])["year"].unique().items()}
    wanted = leavers[_OF].drop_duplicates()
    found = [min(known, key=lambda k: (abs(k - year + 1), k)) if (known := years.get((i, p))) is not None else -1
             for i, p, year in zip(wanted["institution_code"], wanted["pathway"], wanted["year"], strict=True)]
    rows = leavers.rename(columns={"region_code": "taught_in"}).merge(wanted.assign(home_year=found), on=_OF)
    made = rows.merge(shares, on=["institution_code", "pathway", "home_year"], how="left")
    made["region_code"] = made["region_code"].fillna(UNKNOWN)
    made[["_low", "_share", "_high"]] = made[["_low", "_share", "_high"]].fillna(1.0)
    made["homes_low"], made["homes_high"] = made["leaving"] * made["_low"], made["leaving"] * made["_high"]
    for name, share in (("leaving_low", "_low"), ("leaving", "_share"), ("leaving_high", "_high")):
        made[name] = made[name] * made[share]
    return made.drop(columns=["home_year", "_low", "_share", "_high"])


# --- over the years -------------------------------------------------------------------------------------------
def yearly_mean(leavers: pd.DataFrame, periods: list[int], by: list[str], years: int = YEARS) -> pd.DataFrame:
    """Mean over the last `years` diploma years up to each period: columns by, period, supply_low, supply, supply_high, supply_years.

    The same years count for every row of a period, so that parts add up to the whole. A period two or more years after
    the last diploma year has no supply.
    """
    columns = [*by, "supply_low", "supply", "supply_high", "period", "supply_years"]
    wanted = windows(leavers, periods, years)
    if wanted.empty or leavers.empty:
        return pd.DataFrame(columns=columns)
    values = ["leaving_low", "leaving", "leaving_high"]
    yearly = leavers.groupby([*by, "year"], as_index=False)[values].sum().merge(wanted, on="year")
    summed = yearly.groupby(["period", *by], as_index=False).agg({**dict.fromkeys(values, "sum"), "size": "first", "supply_years": "first"})
    for name in values:
        summed[name.replace("leaving", "supply")] = summed[name] / summed["size"]
    return summed[columns]


def windows(leavers: pd.DataFrame, periods: list[int], years: int = YEARS) -> pd.DataFrame:
    """The diploma years behind each period: period, year, size (how many), supply_years (first-last); none where the last is two years ago."""
    known = sorted(int(y) for y in leavers["year"].unique())
    found = []
    for period in periods:
        chosen = [y for y in known if y <= period][-years:]
        if chosen and period - chosen[-1] <= 1:
            found += [(period, year, len(chosen), f"{chosen[0]}-{chosen[-1]}") for year in chosen]
    return pd.DataFrame(found, columns=["period", "year", "size", "supply_years"])


def split_share(leavers: pd.DataFrame) -> float:
    """Share of leavers that was divided evenly over several regions."""
    total = float(leavers["leaving"].sum())
    return float(leavers.loc[leavers["share_in_region"] < 1, "leaving"].sum()) / total if total else 0.0
