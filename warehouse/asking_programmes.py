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


def signals_of(reader: Reader, region: str, period: int, kind: str, subject: str) -> pd.DataFrame:
    """Signals of a sector or programme, strongest first: code, values (the figures, JSON). No rows in publications without them."""
    t = s.mart_signal
    if not reader._present(t.name):
        return pd.DataFrame(columns=["code", "values"])
    statement = select(t.c.code, t.c["values"]).where(t.c.region_code == region, t.c.period == period, t.c.subject_kind == kind, t.c.subject == subject)
    return reader.ask(("signals_of", region, period, kind, subject), statement.order_by(t.c.strength.desc(), t.c.code))


def demand_of_occupations(reader: Reader, region: str, period: int, occupations: Sequence[str]) -> pd.DataFrame:
    """What the demand of programmes is made of: occupation_uri, n (new vacancies that suit a starter, duplicates once), experienced (that
    ask more), demand (n calibrated to CBS's totals). No rows in publications without the table, or for occupations without vacancies."""
    t = s.mart_area_demand
    if not reader._present(t.name):
        return pd.DataFrame(columns=["occupation_uri", "n", "experienced", "demand"])
    sums = [func.sum(t.c.n).cast(s.BigInteger).label("n"), func.sum(t.c.experienced).cast(s.BigInteger).label("experienced"), func.sum(t.c.demand).label("demand")]
    statement = select(t.c.occupation_uri, *sums).where(t.c.period == period, t.c.occupation_uri.in_(list(occupations) or [""]))
    if region != NATIONAL:
        statement = statement.where(t.c.region_code == region)
    return reader.ask(("demand_of_occupations", region, period, tuple(occupations)), statement.group_by(t.c.occupation_uri))


def demand_by_variant(reader: Reader, region: str, crebo: str) -> pd.DataFrame:
    """Demand of a programme under every crosswalk, all years: rows of mart_variant."""
    t = s.mart_variant
    statement = select(t).where(t.c.region_code == region, t.c.subject_kind == "programme", t.c.subject == crebo).order_by(t.c.period, t.c.variant)
    return reader.ask(("demand_by_variant", region, crebo), statement)
