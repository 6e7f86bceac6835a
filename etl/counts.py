"""Vacancies counted and weighed, as frames that the marts are made of."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import BigInteger, and_, case, func, select, true

from etl.alignment import demand
from etl.enrich.sector import LEARNING_PLACE
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase

KEYS = ["region_code", "province_code", "period", "sector", "occupation_uri"]


def counted(work: WorkDatabase, year: int) -> pd.DataFrame:
    """Vacancies that have a sector, each duplicate group once: municipality_code, KEYS, n (suit a starter), experienced. `year` is that of the boundaries."""
    v, m = s.vacancy.c, s.municipality.c
    starters = func.sum(case((v.starters == true(), 1), else_=0)).cast(BigInteger)
    keys = [v.municipality_code, v.region_code, m.province_code, v.year.label("period"), v.sector, v.occupation_uri]
    return work.frame(
        select(*keys, starters.label("n"), (func.count() - starters).label("experienced"))
        .join(s.municipality, and_(m.code == v.municipality_code, m.year == year), isouter=True)
        .where(v.counts == true(), v.sector.is_not(None)).group_by(v.municipality_code, v.region_code, m.province_code, v.year, v.sector, v.occupation_uri))


def by_region(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of counted without their municipality: KEYS, n, experienced."""
    return rows.groupby(KEYS, as_index=False, dropna=False)[["n", "experienced"]].sum()


def months(work: WorkDatabase) -> pd.DataFrame:
    """Rows of mart_area_month: all adverts by municipality, month, sector and reason; n counts duplicates once."""
    v = s.vacancy.c
    keys = [v.municipality_code, v.region_code, v.year.label("period"), v.month, v.sector, v.unmapped_reason.label("reason")]
    counts = func.sum(case((v.counts == true(), 1), else_=0)).cast(BigInteger)
    return work.frame(select(*keys, counts.label("n"), func.count().label("adverts")).group_by(v.municipality_code, v.region_code, v.year, v.month, v.sector, v.unmapped_reason))


def everyone(work: WorkDatabase, year: int) -> pd.DataFrame:
    """Vacancies of all education levels, learning places left out: period, region_code (province), sector (by ISCO where it has none), n."""
    v, m = s.vacancy.c, s.municipality.c
    found = work.frame(
        select(m.province_code.label("region_code"), v.year.label("period"), v.sector, v.isco4, func.count().label("n"))
        .join(s.municipality, and_(m.code == v.municipality_code, m.year == year), isouter=True)
        .where(v.counts == true(), func.coalesce(v.unmapped_reason, "") != LEARNING_PLACE).group_by(m.province_code, v.year, v.sector, v.isco4))
    groups = dict(zip(*[reference.read("isco_sectors")[name] for name in ("isco", "sector")], strict=True))
    by_isco = {code: next((groups[code[:size]] for size in (4, 3, 2, 1) if code[:size] in groups), None) for code in found["isco4"].dropna().unique()}
    found["sector"] = found["sector"].fillna(found["isco4"].map(by_isco))
    return found.groupby(["region_code", "period", "sector"], as_index=False, dropna=False)["n"].sum()


def calibration(work: WorkDatabase, year: int) -> pd.DataFrame:
    """Columns of table calibration."""
    o, f = s.open_vacancies.c, s.vacancy_flow.c
    stock = work.frame(select(o.sbi_code, o.region_code, o.period, o.value_thousand))
    arisen = work.frame(select(f.characteristic_code, f.period, f.arisen_thousand))
    bridge = reference.read("sbi_sectors").astype({"share": float})
    return demand.factors(everyone(work, year), demand.official_flow(stock, arisen), bridge)
