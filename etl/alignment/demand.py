"""Calibrating counted vacancies to CBS's official totals, by province and sector where these exist.

Official flow of a province and industry = newly arisen vacancies of the industry in the country (CBS 80472ned, four quarters) x
the province's share of its open vacancies (CBS 83599NED, mean of the quarters). Both are x 1,000 with one decimal, so small cells
are rounding noise. A factor has two parts: the level (official total of the province / our total, all education levels) and the
composition (share of a sector in the official flow / its share among our adverts); the composition of a province is used only where
its cells are precise enough, that of the country otherwise. See docs/methodology.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

NATIONAL, ALL = "NL01", "T001081"
ROUNDING = 50.0  # vacancies: half of the last decimal of a figure x 1,000
CELL, MARGINS, NONE = "province x sector", "margins", "none"


@dataclass(frozen=True)
class Calibration:
    """When official totals may be used: bounds of the factor of the country, largest rounding error of a cell (share), fewest
    vacancies of ours in a cell, and how many years old the official figures may be."""

    least: float = 0.5
    most: float = 5.0
    rounding: float = 0.05
    min_n: int = 30
    years_back: int = 2


DEFAULT = Calibration()


def official_flow(stock: pd.DataFrame, arisen: pd.DataFrame) -> pd.DataFrame:
    """Vacancies arisen in a year: period, region_code (NL01 or a province), sbi, flow, stock (mean open vacancies), of complete years only.

    `stock`: sbi_code, region_code, period (2023KW01), value_thousand; `arisen`: characteristic_code, period, arisen_thousand.
    """
    columns = ["period", "region_code", "sbi", "flow", "stock"]
    quarters = stock[stock["period"].str.contains("KW") & stock["value_thousand"].notna()]
    quarters = quarters.assign(year=quarters["period"].str[:4].astype(int), value=quarters["value_thousand"] * 1000.0)
    mean = quarters.groupby(["year", "region_code", "sbi_code"], as_index=False).agg(stock=("value", "mean"), quarters=("value", "size"))
    mean = mean[mean["quarters"] == 4]
    flows = arisen[arisen["period"].str.contains("KW") & arisen["arisen_thousand"].notna()]
    flows = flows.assign(year=flows["period"].str[:4].astype(int), value=flows["arisen_thousand"] * 1000.0)
    year = flows.groupby(["year", "characteristic_code"], as_index=False).agg(arisen=("value", "sum"), quarters=("value", "size"))
    year = year[year["quarters"] == 4].rename(columns={"characteristic_code": "sbi_code"})
    whole = mean[mean["region_code"] == NATIONAL][["year", "sbi_code", "stock"]].rename(columns={"stock": "whole"})
    made = mean.merge(whole, on=["year", "sbi_code"]).merge(year[["year", "sbi_code", "arisen"]], on=["year", "sbi_code"])
    made = made[made["whole"] > 0]
    made["flow"] = made["arisen"] * made["stock"] / made["whole"]
    return made.rename(columns={"year": "period", "sbi_code": "sbi"})[columns].reset_index(drop=True)


def by_sector(flow: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Official flow per period, region_code and sector: flow, rounding (largest relative error of the cell).

    `bridge`: sbi, sector, share; the shares of an industry sum to at most one (ValueError otherwise).
    """
    sums = bridge.groupby("sbi")["share"].sum()
    if (sums > 1 + 1e-9).any():
        raise ValueError(f"shares of industry {sums.idxmax()} over sectors sum to {sums.max():.3f}, above 1")
    joined = flow.merge(bridge[["sbi", "sector", "share"]], on="sbi")
    joined["part"], joined["open"], joined["error"] = joined["flow"] * joined["share"], joined["stock"] * joined["share"], ROUNDING * joined["share"]
    summed = joined.groupby(["period", "region_code", "sector"], as_index=False)[["part", "open", "error"]].sum()
    summed["rounding"] = np.divide(summed["error"], summed["open"], out=np.full(len(summed), np.inf), where=summed["open"].to_numpy() > 0)
    return summed.rename(columns={"part": "flow"})[["period", "region_code", "sector", "flow", "rounding"]]


def factors(ours: pd.DataFrame, flow: pd.DataFrame, bridge: pd.DataFrame, rules: Calibration = DEFAULT) -> pd.DataFrame:
    """period, region_code (NL01 and provinces), sector, factor, factor_basis, factor_year, official, counted: one row per cell that occurs.

    `ours`: period, region_code (a province, or null where the place is unknown), sector (null when unknown), n: vacancies of all
    education levels, duplicates once. `official` and `counted` are the totals of the area (all sectors) that the level stands on.
    Basis "none" (factor 1) where there is no official year near enough, or where our adverts are too few of the official total.
    """
    known = sorted(int(y) for y in flow["period"].unique())
    sectors, parts = sorted(bridge["sector"].unique()), []
    official_sectors = by_sector(flow, bridge)
    for period, rows in ours.groupby("period"):
        areas = [NATIONAL, *sorted(rows["region_code"].dropna().unique())]
        year = next((y for y in reversed(known) if 0 <= int(str(period)) - y <= rules.years_back), None)
        grid = pd.MultiIndex.from_product([areas, sectors], names=["region_code", "sector"]).to_frame(index=False).assign(period=period)
        if year is None:
            parts.append(grid.assign(factor=1.0, factor_basis=NONE, factor_year=None, official=np.nan, counted=np.nan))
            continue
        parts.append(_year(grid, rows, flow[flow["period"] == year], official_sectors[official_sectors["period"] == year], rules).assign(factor_year=year))
    columns = ["period", "region_code", "sector", "factor", "factor_basis", "factor_year", "official", "counted"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _year(grid: pd.DataFrame, ours: pd.DataFrame, flow: pd.DataFrame, sectors: pd.DataFrame, rules: Calibration) -> pd.DataFrame:
    total = flow[flow["sbi"] == ALL].set_index("region_code")["flow"]
    precise = flow[flow["sbi"] == ALL].set_index("region_code")["stock"].map(lambda stock: ROUNDING / stock <= rules.rounding if stock > 0 else False)
    everywhere = pd.concat([ours, ours.assign(region_code=NATIONAL)], ignore_index=True).dropna(subset=["region_code"])
    counted = everywhere.groupby("region_code")["n"].sum()
    level = (total / counted.where(counted > 0)).dropna()
    cells = everywhere.dropna(subset=["sector"]).groupby(["region_code", "sector"])["n"].sum()
    official = sectors.set_index(["region_code", "sector"])
    national = float(level.get(NATIONAL, np.nan))
    trusted = rules.least <= national <= rules.most
    share_ours = cells / cells.groupby(level=0).transform("sum")
    share_official = official["flow"] / official["flow"].groupby(level=0).transform("sum")
    composition = (share_official / share_ours).dropna().to_dict()
    rounding, own_cells = official["rounding"].to_dict(), cells.to_dict()
    made = []
    for area, sector in zip(grid["region_code"], grid["sector"], strict=True):
        own = float(level[area]) if area in level.index and bool(precise.get(area, False)) and counted[area] >= rules.min_n else national
        key, whole = (area, sector), (NATIONAL, sector)
        exact = key in composition and own_cells[key] >= rules.min_n and rounding[key] <= rules.rounding
        general = whole in composition and own_cells[whole] >= rules.min_n
        factor, basis = 1.0, NONE
        if trusted and exact and area != NATIONAL and own == float(level.get(area, np.nan)):
            factor, basis = own * float(composition[key]), CELL
        elif trusted and general:
            factor, basis = own * float(composition[whole]), MARGINS
        if not rules.least / 2 <= factor <= rules.most * 2:
            factor, basis = 1.0, NONE
        made.append((factor, basis, float(total.get(area, np.nan)), float(counted.get(area, np.nan))))
    return grid.assign(**dict(zip(("factor", "factor_basis", "official", "counted"), zip(*made, strict=True), strict=True)))
