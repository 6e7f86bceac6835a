"""Official indicators: their declaration into the reference tables, their figures beside our classes into a mart."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import or_, select

from etl.alignment import official
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase


def build_indicators(work: WorkDatabase) -> None:
    """Fill table indicator from warehouse/reference/indicators.csv."""
    rows = reference.read("indicators")
    work.replace(s.indicator, rows.assign(margin=pd.to_numeric(rows["margin"])))


def official_mart(work: WorkDatabase) -> None:
    """Fill mart_official; after mart_mismatch and mart_programme."""
    indicators = official.declared(work.frame(select(s.indicator)))
    figures = official.read_figures(_figures(work), indicators)
    rows = official.beside(_subjects(work), figures, indicators)
    work.replace(s.mart_official, rows if len(rows) else pd.DataFrame(columns=[c.name for c in s.mart_official.columns]))


def _subjects(work: WorkDatabase) -> pd.DataFrame:
    m, p, t = s.mart_mismatch.c, s.programme.c, s.mart_programme.c
    sectors = work.frame(select(m.region_code, m.period, m.sector.label("subject"), m.sector, m["class"])).assign(subject_kind="sector", level=None)
    programmes = work.frame(
        select(t.region_code, t.period, t.crebo.label("subject"), p.sector, p.level, t["class"]).join(s.programme, p.crebo == t.crebo)
        .where(p.sector.is_not(None), or_(t.providers > 0, t.n > 0))
    ).assign(subject_kind="programme")
    return pd.concat([sectors, programmes], ignore_index=True)


def _figures(work: WorkDatabase) -> pd.DataFrame:
    """Rows of official_indicator with our sector code: given by the source, by the programme, or by the group (perhaps several);
    figures of groups that belong to no sector are left out, those of the whole group stay."""
    rows = work.frame(select(s.official_indicator))
    names = dict(zip(reference.read("sectors")["name"], reference.read("sectors")["code"], strict=True))
    of_crebo = work.frame(select(s.programme.c.crebo, s.programme.c.sector.label("own")))
    groups = reference.read("indicator_groups")[["indicator", "group_name", "sector"]].rename(columns={"sector": "grouped"})
    rows = rows.merge(of_crebo, on="crebo", how="left").merge(groups, on=["indicator", "group_name"], how="left")
    rows["sector"] = rows["sector"].map(names).fillna(rows["own"]).fillna(rows["grouped"])
    return rows[rows["sector"].notna() | (rows["group_name"] == official.WHOLE_GROUP)].drop(columns=["own", "grouped"])
