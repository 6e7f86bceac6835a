"""Vacancies counted and weighed, as frames that the marts are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, and_, case, func, select, true

from etl.alignment import demand
from etl.enrich.sector import LEARNING_PLACE
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase

KEYS = ["region_code", "province_code", "period", "sector", "occupation_uri"]


def counted(work: WorkDatabase, year: int) -> pd.DataFrame:
    """Vacancies that have a sector, each duplicate group once: KEYS, n (suit a starter), experienced. `year` is that of the boundaries."""
    v, m = s.vacancy.c, s.municipality.c
    starters = func.sum(case((v.starters == true(), 1), else_=0)).cast(BigInteger)
    keys = [v.region_code, m.province_code, v.year.label("period"), v.sector, v.occupation_uri]
    return work.frame(
        select(*keys, starters.label("n"), (func.count() - starters).label("experienced"))
        .join(s.municipality, and_(m.code == v.municipality_code, m.year == year), isouter=True)
        .where(v.counts == true(), v.sector.is_not(None)).group_by(v.region_code, m.province_code, v.year, v.sector, v.occupation_uri))


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


def weighed(counts: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """`counts` with factor, factor_basis, factor_year, demand (n x factor) and demand_var (n x factor squared)."""
    cell = factors[["period", "region_code", "sector", "factor", "factor_basis", "factor_year"]].rename(columns={"region_code": "province_code"})
    made = counts.assign(province_code=counts["province_code"].fillna(demand.NATIONAL)).merge(cell, on=["period", "province_code", "sector"], how="left")
    made["factor"], made["factor_basis"] = made["factor"].fillna(1.0), made["factor_basis"].fillna(demand.NONE)
    made["demand"], made["demand_var"] = made["n"] * made["factor"], made["n"] * made["factor"] ** 2
    return made


def summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """n, experienced, demand, demand_var, factor (demand / n), factor_basis and factor_year per `by`."""
    made = rows.groupby(by, as_index=False)[["n", "experienced", "demand", "demand_var"]].sum()
    used = rows[rows["n"] > 0].groupby(by, as_index=False).agg(basis=("factor_basis", "nunique"), factor_basis=("factor_basis", "first"), factor_year=("factor_year", "max"))
    used.loc[used.pop("basis") > 1, "factor_basis"] = "mixed"
    made = made.merge(used, on=by, how="left")
    made["factor"] = np.divide(made["demand"], made["n"], out=np.ones(len(made)), where=made["n"].to_numpy() > 0)
    made["factor_basis"] = made["factor_basis"].fillna(demand.NONE)
    return made
