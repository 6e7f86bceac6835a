"""Supply by where people live, for the marts: leavers divided over the regions of their homes (etl/alignment/supply.py has the rule)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from etl.alignment import supply
from warehouse import schema as s
from warehouse.queries import NATIONAL
from warehouse.work import WorkDatabase

_LEAVING = ["leaving_low", "leaving", "leaving_high"]
_KEPT = ["institution_code", "pathway", "year", "region_code", "crebo", "sector_code"]


def homes(work: WorkDatabase, leavers: pd.DataFrame, boundary_year: int) -> pd.DataFrame:
    """Leavers by home (form of supply.by_home, sector the code) and, as NATIONAL, all of them undivided. Empty without DUO's file of homes.

    region_code is a labour-market region of the boundary year, supply.ABROAD, supply.UNKNOWN or NATIONAL; taught_in the region of the lessons.
    """
    students = work.frame(select(s.home_students))
    if students.empty:
        return pd.DataFrame()
    link = s.municipality_region.c
    found = work.frame(select(link.municipality_code, link.region_code).where(link.scheme == "arbeidsmarktregio", link.year == boundary_year))
    home = students["municipality_code"].map(dict(zip(found["municipality_code"], found["region_code"], strict=True)))
    students["home_code"] = home.fillna(students["home_status"].map({"abroad": supply.ABROAD})).fillna(supply.UNKNOWN)
    whole = leavers.groupby(_KEPT, as_index=False, dropna=False)[_LEAVING].sum().rename(columns={"sector_code": "sector"})
    made = supply.by_home(whole, supply.home_shares(students))
    return pd.concat([made, whole.assign(taught_in=whole["region_code"], region_code=NATIONAL)], ignore_index=True)


def by_institution(living: pd.DataFrame, periods: list[int]) -> pd.DataFrame:
    """Columns of mart_home."""
    if living.empty:
        return pd.DataFrame()
    divided = living[living["region_code"] != NATIONAL]
    only = divided.assign(leaving_low=divided["homes_low"], leaving_high=divided["homes_high"])
    made = supply.yearly_mean(only, periods, ["taught_in", "institution_code", "region_code"])
    return made.rename(columns={"region_code": "home_code", "taught_in": "region_code"})
