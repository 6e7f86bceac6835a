"""Rows of the marts for any areas: labour-market regions and the country when a publication is made, and any set of municipalities
afterwards, by the same functions.

An area is a value of `region_code`. Demand and leavers come in with that code on every row that belongs to the area; a row that
belongs to two areas (a region and the country) comes in twice. See docs/methodology.md, "Gebieden".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.alignment import apportioning, coverage, demand, mismatch, noise, supply
from etl.alignment.thresholds import DEFAULT, Limits

SUPPLY = ("supply_low", "supply", "supply_high")
LIVING = ("supply_living_low", "supply_living", "supply_living_high")
COUNTS = ["n", "experienced", "demand", "demand_var"]
STUDENTS = ["students_low", "students_high", "graduates_low", "graduates_high"]


@dataclass(frozen=True)
class Links:
    """The crosswalk in use (crebo, occupation_uri, weight), all variants of it (and variant), the sector of a programme by crebo."""

    crosswalk: pd.DataFrame
    variants: pd.DataFrame
    sector_of: pd.Series


# --- atoms ----------------------------------------------------------------------------------------------------
def weighed(counts: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """`counts` (province_code, period, sector, n) with factor, factor_basis, factor_year, demand (n x factor) and demand_var (n x factor squared)."""
    cell = factors[["period", "region_code", "sector", "factor", "factor_basis", "factor_year"]].rename(columns={"region_code": "province_code"})
    made = counts.assign(province_code=counts["province_code"].fillna(demand.NATIONAL)).merge(cell, on=["period", "province_code", "sector"], how="left")
    made["factor"], made["factor_basis"] = made["factor"].fillna(1.0), made["factor_basis"].fillna(demand.NONE)
    made["demand"], made["demand_var"] = made["n"] * made["factor"], made["n"] * made["factor"] ** 2
    return made


def summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """n, experienced, demand, demand_var, factor (demand / n), factor_basis and factor_year per `by`."""
    made = rows.groupby(by, as_index=False)[COUNTS].sum()
    used = rows[rows["n"] > 0].groupby(by, as_index=False).agg(basis=("factor_basis", "nunique"), factor_basis=("factor_basis", "first"), factor_year=("factor_year", "max"))
    used.loc[used.pop("basis") > 1, "factor_basis"] = "mixed"
    made = made.merge(used, on=by, how="left")
    made["factor"] = np.divide(made["demand"], made["n"], out=np.ones(len(made)), where=made["n"].to_numpy() > 0)
    made["factor_basis"] = made["factor_basis"].fillna(demand.NONE)
    return made


def together(atoms: pd.DataFrame, code: str) -> pd.DataFrame:
    """Demand of one area from rows of mart_area_demand of its municipalities, in the form that sector_rows and programme_rows take."""
    by = ["period", "sector", "occupation_uri", "factor_basis", "factor_year"]
    return atoms.groupby(by, as_index=False, dropna=False)[COUNTS].sum().assign(region_code=code)


def divided(leavers: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Leavers of regions (share_in_region) over the municipalities where they are taught: adds municipality_code and share_in_area.

    `places`: institution_code, crebo, region_code, municipality_code. Within a region evenly, so that they sum to the region.
    """
    towns = places[["institution_code", "crebo", "region_code", "municipality_code"]].drop_duplicates()
    towns = towns.assign(_towns=towns.groupby(["institution_code", "crebo", "region_code"])["municipality_code"].transform("count"))
    count = ["institution_code", "crebo", "pathway_source", "level", "year", "region_code"]
    if set(count) <= set(leavers.columns):  # two codes that were carried into one are two counts
        leavers = leavers.sort_values([*count, "graduates_low", "graduates_high"])
        leavers = leavers.assign(part=leavers.groupby(count).cumcount())
    made = leavers.merge(towns, on=["institution_code", "crebo", "region_code"], how="inner")
    made["share_in_area"] = made["share_in_region"] / made.pop("_towns")
    return made


def gathered(atoms: pd.DataFrame, code: str) -> pd.DataFrame:
    """Leavers of one area from rows of mart_area_supply of its municipalities: the parts of one count are put together again before
    anything is computed, as chance and masking belong to the count. Columns as supply.leaving gives, region_code is `code`."""
    count = ["institution_code", "crebo", "pathway_source", "level", "year", "part"]
    same = ["sector", "pathway", "graduates_low", "graduates_high", "share", "share_low", "share_high", "progression_basis"]
    made = atoms.drop_duplicates(count)[[*count, *same]].merge(atoms.groupby(count, as_index=False)["share_in_area"].sum(), on=count)
    made = made.rename(columns={"sector": "sector_code", "share_in_area": "share_in_region"})
    part = made["share_in_region"] = made["share_in_region"].where(made["share_in_region"] < 1 - 1e-9, 1.0)  # three thirds are one
    made["leaving_low"] = made["graduates_low"] * (1 - made["share_high"]) * part
    made["leaving"] = (made["graduates_low"] + made["graduates_high"]) / 2 * (1 - made["share"]) * part
    made["leaving_high"] = made["graduates_high"] * (1 - made["share_low"]) * part
    return made.assign(region_code=code)


def homes(students: pd.DataFrame) -> pd.DataFrame:
    """Rows of mart_area_home of students by home: municipality_code, institution_code, pathway, year, students_low, students_high."""
    of = ["institution_code", "pathway", "year"]
    made = students.groupby(["municipality_code", *of], as_index=False)[["students_low", "students_high"]].sum()
    every = made.groupby(of)[["students_low", "students_high"]].transform("sum").sum(axis=1) / 2
    made["part_low"], made["part_high"] = made["students_low"] / every, made["students_high"] / every
    return made[every > 0].drop(columns=["students_low", "students_high"])


def whole(leavers: pd.DataFrame) -> pd.DataFrame:
    """Leavers of the country added up as far as homes need them: institution_code, pathway, year, region_code, crebo, sector (code), bounds."""
    kept = ["institution_code", "pathway", "year", "region_code", "crebo", "sector_code"]
    return pd.DataFrame(leavers.groupby(kept, as_index=False, dropna=False)[["leaving_low", "leaving", "leaving_high"]].sum()).rename(columns={"sector_code": "sector"})


def living_in(everyone: pd.DataFrame, parts: pd.DataFrame, members: Collection[str], code: str) -> pd.DataFrame:
    """Leavers who live in one area (form of supply.by_home, region_code is `code`); empty without homes.

    `everyone`: all leavers of the country as whole gives; `parts`: rows of mart_area_home; `members`: its municipalities.
    """
    if parts.empty:
        return pd.DataFrame()
    near = parts[parts["municipality_code"].isin(list(members))]
    inside = parts[parts["institution_code"].isin(near["institution_code"])].rename(columns={"part_low": "students_low", "part_high": "students_high"})  # shares do not care for the unit
    inside = inside.assign(home_code=np.where(inside["municipality_code"].isin(list(members)), code, supply.UNKNOWN))
    made = supply.by_home(everyone[everyone["institution_code"].isin(near["institution_code"])], supply.home_shares(inside))
    return made[made["region_code"] == code]


def with_living(rows: pd.DataFrame, living: pd.DataFrame, by: list[str], everywhere: bool = False) -> pd.DataFrame:
    """`rows` (region_code, period and `by`) with LIVING, persons a year; null where it is not known, zero where nobody lives.

    With `everywhere`, rows are made for areas where people live and `rows` has none; otherwise these are left out.
    The country is everybody, abroad and unknown homes included: the sum over the regions and those two.
    """
    if living.empty:
        return rows.assign(**dict.fromkeys(LIVING, np.nan))
    periods = sorted(int(p) for p in rows["period"].unique())
    found = supply.yearly_mean(living, periods, ["region_code", *by])
    found = found.drop(columns="supply_years").rename(columns=dict(zip(SUPPLY, LIVING, strict=True)))
    found = found[~found["region_code"].isin([supply.ABROAD, supply.UNKNOWN])]
    made = rows.merge(found, on=["region_code", "period", *by], how="outer" if everywhere else "left")
    known = made["period"].isin(set(found["period"]))
    for name in LIVING:
        made.loc[known, name] = made.loc[known, name].fillna(0.0)
    return made


# --- region ---------------------------------------------------------------------------------------------------
def grid(areas: Sequence[str], periods: Sequence[int], sectors: Sequence[str] | None = None) -> pd.DataFrame:
    """Every area in every period (and sector)."""
    parts: dict[str, Sequence[Any]] = {"region_code": areas, "period": periods}
    if sectors is not None:
        parts["sector"] = sectors
    return pd.MultiIndex.from_product(list(parts.values()), names=list(parts)).to_frame(index=False)


def totals(months: pd.DataFrame, leavers: pd.DataFrame, areas: Sequence[str], periods: list[int], living: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(rows of mart_region, of mart_unmapped, of mart_demand_month) of rows of mart_area_month, leavers and living leavers by area."""
    keys = ["region_code", "period"]
    unmapped = months[months["sector"].isna()].groupby([*keys, "reason"], as_index=False)[["n"]].sum()
    unmapped = pd.DataFrame(unmapped[unmapped["n"] > 0]).rename(columns={"n": "demand"})
    monthly = pd.DataFrame(months[months["n"] > 0].assign(sector=months["sector"].fillna("unmapped")).groupby(["region_code", "sector", "period", "month"], as_index=False)[["n"]].sum())
    monthly["month"] = pd.to_datetime({"year": monthly["period"], "month": monthly["month"], "day": 1})
    monthly = monthly.rename(columns={"n": "demand"})[["region_code", "sector", "month", "demand"]]
    made = grid(areas, periods).merge(pd.DataFrame(months.groupby(keys, as_index=False)[["n", "adverts"]].sum()).rename(columns={"n": "total_demand"}), how="left")
    made = made.merge(pd.DataFrame(unmapped.groupby(keys, as_index=False)[["demand"]].sum()).rename(columns={"demand": "unmapped_demand"}), on=keys, how="left")
    made = made.fillna({"total_demand": 0, "unmapped_demand": 0, "adverts": 0})
    made = made.merge(supply.yearly_mean(leavers, periods, ["region_code"]), on=keys, how="left")
    outside = supply.yearly_mean(leavers[leavers["sector_code"].isna()], periods, ["region_code"])
    made = made.merge(outside[[*keys, "supply"]].rename(columns={"supply": "supply_outside_sectors"}), on=keys, how="left")
    made["supply_split_share"] = made["region_code"].map({area: supply.split_share(rows) for area, rows in leavers.groupby("region_code")})
    made["supply_note"] = made["region_code"].map({area: supply.resting_on(rows) for area, rows in leavers.groupby("region_code")})
    return with_living(made, living, []), unmapped, monthly


def sector_rows(
    rows: pd.DataFrame, leavers: pd.DataFrame, areas: Sequence[str], periods: list[int], incomplete: Collection[int], sectors: Sequence[str], links: Links,
    living: pd.DataFrame, limits: Limits = DEFAULT,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of mart_mismatch without signals and with `incomplete`, rows of mart_variant of sectors).

    `rows`: region_code, period, sector, occupation_uri, COUNTS, factor_basis, factor_year. `leavers` as supply.leaving gives, with sector_code.
    """
    keys = ["region_code", "period", "sector"]
    cells = grid(areas, periods, sectors)
    cells = cells.merge(summed(rows, keys), on=keys, how="left").fillna({"n": 0, "experienced": 0, "demand": 0.0, "demand_var": 0.0, "factor": 1.0, "factor_basis": demand.NONE})
    mapped = rows[["occupation_uri", *keys, "n"]].assign(apportioned=rows["n"] * rows["occupation_uri"].map(apportioning.checked(links.crosswalk)).fillna(0.0))
    cells = cells.merge(mapped.groupby(keys, as_index=False)["apportioned"].sum(), on=keys, how="left").fillna({"apportioned": 0.0})
    others = _variants(apportioning.by_sector(_weighings(rows, keys), links.variants, links.sector_of))
    cells = cells.merge(apportioning.spread(others, keys), on=keys, how="left")
    named = leavers.drop(columns=["sector"], errors="ignore").rename(columns={"sector_code": "sector"}).dropna(subset=["sector"])
    cells = with_living(_with_supply(cells, named, periods, keys), living, ["sector"])
    cells = mismatch.compare(cells, limits, incomplete=cells["period"].isin(incomplete))
    before = cells[[*keys, "n"]].assign(period=cells["period"] + 1).rename(columns={"n": "demand_previous"})
    cells = cells.merge(before, how="left")
    cells.loc[(cells["period"] - 1).isin(incomplete), "demand_previous"] = np.nan
    return cells.assign(incomplete=cells["period"].isin(incomplete)), others.rename(columns={"sector": "subject"}).assign(subject_kind="sector")


# --- programmes -----------------------------------------------------------------------------------------------
def programme_rows(
    rows: pd.DataFrame, leavers: pd.DataFrame, institutions: pd.DataFrame, covered: pd.DataFrame, periods: list[int], incomplete: Collection[int], links: Links,
    living: pd.DataFrame, limits: Limits = DEFAULT, national: Mapping[tuple[int, str], float] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of mart_programme without signals, and with incomplete, national_high and smallest_high; rows of mart_variant of programmes).

    `institutions`: rows of mart_programme_institution. `covered`: region_code, period, crebo, coverage, coverage_n. `national`: students in
    the country by (period, crebo), upper bound; found among the rows when these hold the country.
    """
    keys = ["region_code", "period"]
    whole = [*keys, "crebo"]
    per_occupation = rows[rows["occupation_uri"].notna()].groupby([*keys, "occupation_uri"], as_index=False)[COUNTS].sum()
    per_programme, _ = apportioning.apportion(per_occupation, links.crosswalk)
    others = _variants(apportioning.by_programme(_weighings(per_occupation, keys), links.variants))
    per_programme = per_programme.merge(apportioning.spread(others, whole), on=whole, how="left")
    offered = supply.yearly_mean(leavers, periods, ["region_code", "crebo"])
    by = institutions.groupby(["region_code", "year", "crebo"])
    taught = by[STUDENTS].sum(min_count=1).assign(providers=by["institution_code"].nunique()).reset_index().rename(columns={"year": "period"})
    made = per_programme.merge(offered[whole], on=whole, how="outer").merge(taught, on=whole, how="outer")
    made = with_living(made, living, ["crebo"], everywhere=True)
    made = made[made["period"].isin(periods)].reset_index(drop=True)
    filled = ["n", "experienced", "demand", "demand_raw", "demand_var", "providers"]
    made[filled] = made[filled].fillna(0)
    made = _with_supply(made, leavers, periods, whole)
    made = mismatch.compare(made, limits, incomplete=made["period"].isin(incomplete))
    unlinked = ~made["crebo"].isin(set(links.crosswalk["crebo"]))
    made.loc[unlinked, ["demand", "demand_low", "demand_high", "demand_raw", "demand_var"]] = np.nan
    made.loc[unlinked, "reason"] = "no occupation linked"
    made = made.merge(covered, on=whole, how="left")
    if national is None:
        country = made[made["region_code"] == demand.NATIONAL]
        national = dict(zip(zip(country["period"], country["crebo"], strict=True), country["students_high"], strict=True))
    smallest = institutions.groupby([*by.keys, "institution_code"])["students_high"].sum().groupby(level=[0, 1, 2]).min().to_dict()
    made["national_high"] = [national.get((r, c)) for r, c in zip(made["period"], made["crebo"], strict=True)]
    made["smallest_high"] = [smallest.get(key) for key in zip(made["region_code"], made["period"], made["crebo"], strict=True)]
    return made.assign(incomplete=made["period"].isin(incomplete)), others.rename(columns={"crebo": "subject"}).assign(subject_kind="programme")


def _with_supply(rows: pd.DataFrame, leavers: pd.DataFrame, periods: list[int], by: list[str]) -> pd.DataFrame:
    """`rows` with SUPPLY, supply_years and supply_se; no graduates in a year we know is zero, not unknown."""
    of = [name for name in by if name != "period"]
    offered = supply.yearly_mean(leavers, periods, of)
    made = rows.merge(offered, on=by, how="left").merge(noise.standard_error(leavers, periods, of), on=by, how="left")
    known = made["period"].isin(set(offered["period"]))
    for name in SUPPLY:
        made.loc[known, name] = made.loc[known, name].fillna(0.0)
    made.loc[made["supply_se"].isna() & (made["supply"] == 0), "supply_se"] = 0.0
    return made


def _weighings(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """`rows` twice, marked by `calibrated`: with their calibrated demand, and with the plain count as demand."""
    made = rows[[c for c in (*keys, "occupation_uri", "demand") if c in rows]]
    return pd.concat([made.assign(calibrated=True), made.assign(calibrated=False, demand=rows["n"].astype(float))], ignore_index=True)


def _variants(made: pd.DataFrame) -> pd.DataFrame:
    """Demand and demand_raw per variant, of what became of the rows of _weighings."""
    plain = made[~made["calibrated"]].rename(columns={"demand": "demand_raw"}).drop(columns="calibrated")
    return made[made["calibrated"]].drop(columns="calibrated").merge(plain)


# --- skills ---------------------------------------------------------------------------------------------------
def subjects(counted: pd.DataFrame, asked: pd.DataFrame, crosswalk: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of mart_subject, vacancies that ask for a skill) of occupations, and of programmes by their occupations.

    `counted`: region_code, period, occupation_uri, n; `asked`: the same keys, skill_id, asked; `crosswalk`: crebo, occupation_uri.
    """
    keys = ["region_code", "period", "subject"]
    link = crosswalk[["crebo", "occupation_uri"]]
    made = []
    for rows, by, value in ((counted, keys, "n"), (asked, [*keys, "skill_id"], "asked")):
        per_programme = rows.merge(link).rename(columns={"crebo": "subject"}).groupby(by, as_index=False)[value].sum()
        made.append(pd.concat([rows.rename(columns={"occupation_uri": "subject"}).assign(subject_kind="occupation"), per_programme.assign(subject_kind="programme")], ignore_index=True))
    return made[0][["region_code", "period", "subject_kind", "subject", "n"]], made[1]


def skill_rows(counted: pd.DataFrame, asked: pd.DataFrame, taught: pd.DataFrame, near: pd.DataFrame) -> pd.DataFrame:
    """Rows of mart_skill of what subjects gives. `taught`: crebo, skill_id; `near`: rows of skill_near."""
    keys = ["region_code", "period", "subject_kind", "subject"]
    rows = asked.merge(counted[[*keys, "n"]], on=keys)
    rows = coverage.trend(coverage.shares(rows[rows["n"] >= coverage.MIN_N]), ["region_code", "subject_kind", "subject", "skill_id"], counted)
    cover = coverage.kinds(rows.loc[rows["subject_kind"] == "programme", ["subject", "skill_id"]], taught.rename(columns={"crebo": "subject"}), near)
    rows = rows.merge(cover.rename(columns={"near_id": "near_skill"}).assign(subject_kind="programme"), on=["subject_kind", "subject", "skill_id"], how="left")
    rows["covered"] = (rows["cover"] == coverage.COVERED).astype(object).where(rows["cover"].notna(), None)
    return rows


def covered(skills: pd.DataFrame) -> pd.DataFrame:
    """region_code, period, crebo, coverage, coverage_n of rows of mart_skill."""
    return coverage.coverage(skills[skills["cover"].notna()], ["region_code", "period", "subject"]).rename(columns={"subject": "crebo"})


# --- counted in another way -----------------------------------------------------------------------------------
SUPPLIES = ("teaching", "living")  # where they learn, where they live
DEMANDS = ("calibrated", "raw")
CROSSWALKS = ("combined", "even", "by_graduates", "text")


@dataclass(frozen=True)
class Count:
    """How is counted: one of SUPPLIES, of DEMANDS and of CROSSWALKS."""

    supply: str = SUPPLIES[0]
    demand: str = DEMANDS[0]
    crosswalk: str = CROSSWALKS[0]

    @property
    def usual(self) -> bool:
        """Whether it is how everything is counted when nobody asks for something else."""
        return self == Count()


def retotalled(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """Rows of mart_region with the supply that `count` asks for; what lies outside the sectors is not known by home."""
    if count.supply != "living":
        return rows
    made = rows.assign(**{ours: rows[theirs] for ours, theirs in zip(SUPPLY, LIVING, strict=True)})
    return made.assign(supply_outside_sectors=np.nan)


def recounted(
    rows: pd.DataFrame, variants: pd.DataFrame, count: Count, subject: str, limits: Limits = DEFAULT, crosswalks: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Rows of mart_mismatch (subject "sector") or mart_programme ("crebo") counted in another way: demand, supply, ratio, gap, class and
    reason anew by mismatch.compare; signals of the outcome follow from it elsewhere.

    `variants`: rows of mart_variant of the same kind. Where they live: bounds from masked homes stand in for a standard error. Under
    another crosswalk or without calibration the variance goes with the square of the demand. n stays what it is: the vacancies seen.
    `crosswalks`: one per row, instead of that of `count`.
    """
    keys = ["region_code", "period", "subject"]
    value = "demand_raw" if count.demand == "raw" else "demand"
    named = variants.rename(columns={value: "_value"})[[*keys, "variant", "_value"]]
    made = rows.drop(columns=["demand_alt_low", "demand_alt_high"]).rename(columns={subject: "subject"}).reset_index(drop=True)
    own_crosswalk = pd.Series(list(crosswalks) if crosswalks is not None else [count.crosswalk] * len(made), dtype=object)
    pairs = made[keys].assign(_row=range(len(made)), _own=own_crosswalk.to_numpy()).merge(named, on=keys)
    taken = pairs["variant"] == pairs["_own"]
    spread = pairs[pairs["variant"].isin(apportioning.DEFENSIBLE) | taken].groupby("_row")["_value"]  # names alone widen no interval but their own
    made["demand_alt_low"], made["demand_alt_high"] = spread.min().reindex(made.index), spread.max().reindex(made.index)
    chosen = pairs[taken].set_index("_row")["_value"].reindex(made.index)
    unlinked = made["demand"].isna()
    before = made["demand"].fillna(0.0)
    own = made["demand_raw"] if "demand_raw" in made else made["n"]
    usual = own.fillna(0.0).astype(float) if count.demand == "raw" else before
    now = usual.where(own_crosswalk == CROSSWALKS[0], chosen.fillna(0.0))
    scale = np.divide(now, before, out=np.zeros(len(made)), where=before.to_numpy() > 0)
    made["demand_var"] = np.where(before > 0, made["demand_var"].fillna(0.0) * scale**2, now)  # a cell that only this crosswalk fills: as plain counts
    made["demand"] = now
    if count.supply == "living":
        for ours, theirs in zip(SUPPLY, LIVING, strict=True):
            made[ours] = made[theirs]
        made["supply_se"] = np.nan
    made = mismatch.compare(made, limits, incomplete=pd.Series(rows["reason"].eq("incomplete year").to_numpy()))
    made.loc[unlinked, [c for c in ("demand", "demand_low", "demand_high", "demand_raw", "demand_var") if c in made]] = np.nan
    made.loc[unlinked, "reason"] = "no occupation linked"
    return made.rename(columns={"subject": subject})[list(rows.columns)]
