"""Where the leavers of a region's programmes live, who teaches the people who live in a region, and what progression rests on.

Codes beside the regions: abroad, and unknown (not known at the source, or a name that was not resolved). Persons a year are
means over the diploma years in supply_years; the bounds are those of masked home counts alone.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, select

from warehouse import schema as s
from warehouse.queries import NATIONAL, Reader

LEAST = 10  # leavers a year; below it no shares are given
PARTS = ["supply_low", "supply", "supply_high"]


def homes_of(reader: Reader, region: str, period: int) -> pd.DataFrame:
    """Where those who leave the programmes taught in a region live, largest first: home_code, supply (persons a year) and share,
    with bounds; shares are missing below LEAST leavers. Empty without DUO's file of homes. The country is all regions together."""
    return _shares(_rows(reader, region, period, "region_code").groupby("home_code", as_index=False)[PARTS].sum(), "home_code")


def taught_by(reader: Reader, home: str, period: int) -> pd.DataFrame:
    """Who teaches the leavers that live in a region, largest first: institution_code, institution_name, region_code (of the lessons),
    supply and share, with bounds; shares are missing below LEAST leavers."""
    found = _rows(reader, home, period, "home_code")
    names = reader.ask(("supply_names", period), _names(period))
    made = found.merge(names.drop_duplicates("institution_code"), on="institution_code", how="left")
    made["institution_name"] = made["institution_name"].fillna(made["institution_code"])
    return _shares(made[["institution_code", "institution_name", "region_code", *PARTS]], "institution_name")


def progression(reader: Reader) -> pd.DataFrame:
    """Shares who continue in education, as used: level, sector (* = all others), share and bounds, basis, source."""
    p = s.progression.c
    return reader.ask(("progression",), select(s.progression).order_by(p.level, p.sector))


def _rows(reader: Reader, code: str, period: int, side: str) -> pd.DataFrame:
    h = s.mart_home
    statement = select(h).where(h.c.period == period).order_by(h.c.region_code, h.c.institution_code, h.c.home_code)
    if code != NATIONAL:
        statement = statement.where(h.c[side] == code)
    return reader.ask(("mart_home", side, code, period), statement)


def _names(period: int) -> Select[Any]:
    i = s.mart_programme_institution.c
    return select(i.institution_code, i.institution_name).where(i.region_code == NATIONAL, i.year <= period).distinct().order_by(i.institution_code, i.institution_name)


def _shares(rows: pd.DataFrame, then: str) -> pd.DataFrame:
    """Add share_low, share, share_high: a part at one end and all the others at the other."""
    low, high = rows["supply_low"], rows["supply_high"]
    made = rows.assign(share_low=low / (low + high.sum() - high), share=rows["supply"] / rows["supply"].sum(), share_high=high / (high + low.sum() - low))
    if not rows["supply"].sum() >= LEAST:
        made[["share_low", "share", "share_high"]] = float("nan")
    return made.sort_values(["supply", then], ascending=[False, True]).reset_index(drop=True)
