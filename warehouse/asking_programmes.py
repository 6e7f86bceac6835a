"""Questions of the planner's pages: students through the years, who else teaches a programme, levels asked, predecessors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import and_, func, select, true

from warehouse import schema as s
from warehouse.queries import NATIONAL

Reader = Any  # warehouse.queries.Reader


def student_years(reader: Reader, region: str, institution: str | None = None) -> pd.DataFrame:
    """Students and graduates of the institutions that teach in a region, or of one of them: crebo, pathway, year, students_low,
    students_high, graduates_low, graduates_high (persons). All years that DUO's files hold."""
    t = s.mart_programme_institution
    statement = (
        select(t.c.crebo, t.c.pathway, t.c.year, *(func.sum(t.c[name]).cast(s.BigInteger).label(name) for name in ("students_low", "students_high", "graduates_low", "graduates_high")))
        .where(t.c.region_code == region).group_by(t.c.crebo, t.c.pathway, t.c.year).order_by(t.c.crebo, t.c.pathway, t.c.year)
    )
    return reader.ask(("student_years", region, institution), statement.where(t.c.institution_code == institution) if institution else statement)


def institutions(reader: Reader, region: str = NATIONAL) -> pd.DataFrame:
    """Institutions that teach in a region, in alphabetical order: institution_code, institution_name."""
    t = s.mart_programme_institution
    statement = select(t.c.institution_code, func.max(t.c.institution_name).label("institution_name")).where(t.c.region_code == region).group_by(t.c.institution_code)
    return reader.ask(("institutions", region), statement.order_by(func.max(t.c.institution_name), t.c.institution_code))


def regions_of_programme(reader: Reader, crebo: str, period: int) -> pd.DataFrame:
    """Where a programme is taught: region_code, name, providers, students_low, students_high, class; the country is NL01."""
    t, r = s.mart_programme, s.region
    statement = (
        select(t.c.region_code, r.c.name, t.c.providers, t.c.students_low, t.c.students_high, t.c["class"])
        .join(r, and_(r.c.code == t.c.region_code, r.c.year == reader.info.boundary_year, r.c.scheme.in_(("arbeidsmarktregio", "country"))), isouter=True)
        .where(t.c.crebo == crebo, t.c.period == period, t.c.providers > 0).order_by(r.c.name)
    )
    return reader.ask(("regions_of_programme", crebo, period), statement)


def providers_nationally(reader: Reader, period: int) -> dict[str, tuple[int, int, int]]:
    """Per programme the number of institutions in the country, and students there (lower, upper bound)."""
    t = s.mart_programme
    found = reader.ask(("providers_nationally", period), select(t.c.crebo, t.c.providers, t.c.students_low, t.c.students_high).where(t.c.region_code == NATIONAL, t.c.period == period, t.c.providers > 0))
    return {crebo: (int(n), int(low), int(high)) for crebo, n, low, high in zip(found["crebo"], found["providers"], found["students_low"].fillna(0), found["students_high"].fillna(0), strict=True)}


def asked_levels(reader: Reader, region: str, period: int, occupations: Sequence[str]) -> pd.DataFrame:
    """Levels that vacancies in these occupations ask for: level, n (duplicates once)."""
    v = s.vacancy
    statement = select(v.c.level, func.count().label("n")).where(v.c.counts == true(), v.c.year == period, v.c.occupation_uri.in_(list(occupations) or [""]))
    if region != NATIONAL:
        statement = statement.where(v.c.region_code == region)
    return reader.ask(("asked_levels", region, period, tuple(occupations)), statement.group_by(v.c.level).order_by(v.c.level))


def relatives(reader: Reader, crebo: str) -> pd.DataFrame:
    """Earlier and later codes of a programme with their names: columns of programme_lineage, and name of the other code; empty
    when this version has no lineage."""
    table = s.metadata.tables.get("programme_lineage")
    if table is None:
        return pd.DataFrame()
    p = s.programme
    parts = [
        select(*table.columns, p.c.name).join(p, p.c.crebo == table.c[other], isouter=True).where(table.c[own] == crebo)
        for own, other in (("crebo", "predecessor"), ("predecessor", "crebo"))]
    return pd.concat([reader.ask(("relatives", crebo, k), part.order_by(table.c.predecessor, table.c.crebo)) for k, part in enumerate(parts)], ignore_index=True)
