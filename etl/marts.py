"""Marts: small tables, one per question, made of understood vacancies, graduates and the crosswalk."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, func, select, true

from etl import counts, living
from etl.alignment import area, lineage, signalling, supply, thresholds
from etl.alignment.thresholds import DEFAULT, Limits
from etl.enrich.vocabulary import gazetteer_of
from etl.locations import by_region, taught_in
from etl.official import official_mart
from etl.reporting import Progress, silent
from warehouse import reference
from warehouse import schema as s
from warehouse.queries import NATIONAL
from warehouse.work import WorkDatabase

EVIDENCE_PER_SKILL = 5


def boundary_year(work: WorkDatabase) -> int:
    """Latest year of municipal boundaries; 0 when there are none."""
    found = work.frame(select(func.max(s.municipality.c.year).label("y")))["y"]
    return int(found.iloc[0]) if found.notna().any() else 0


def years(work: WorkDatabase) -> tuple[list[int], set[int]]:
    """(years with vacancies, those among them without data in all twelve months)."""
    v = s.vacancy
    found = work.frame(select(v.c.year, func.count(v.c.month.distinct()).label("months")).where(v.c.counts == true()).group_by(v.c.year))
    full = {int(r.year) for r in found.itertuples() if r.months == 12}
    all_years = sorted(int(y) for y in found["year"])
    return all_years, set(all_years) - full


def latest_period(work: WorkDatabase) -> int:
    """The last complete calendar year of demand, otherwise the last year; 0 without vacancies."""
    every, incomplete = years(work)
    full = [y for y in every if y not in incomplete]
    return (full or every or [0])[-1]


def build_marts(work: WorkDatabase, progress: Progress = silent, limits: Limits = DEFAULT) -> None:
    """Rebuild all marts in one transaction; `limits` are the thresholds of classes and signals."""
    with work.transaction():
        work.replace(s.threshold, pd.DataFrame(thresholds.rows(limits)))
        areas = _regions(work)
        leavers, places = _leavers(work)
        homes = living.homes(work, leavers, boundary_year(work))
        work.replace(s.mart_home, living.by_institution(homes, years(work)[0]))
        progress("Marts: regio en sector")
        year = boundary_year(work)
        factors = counts.calibration(work, year)
        work.replace(s.calibration, factors)
        counted, months = counts.counted(work, year), counts.months(work)
        _area_marts(work, area.weighed(counted, factors), months, leavers, places)
        demand = with_national(area.weighed(counts.by_region(counted), factors), area.COUNTS)
        everyone = _national(leavers)
        cells = _region_marts(work, areas, everyone, demand, with_national(months.drop(columns=["municipality_code"]), ["n", "adverts"]), homes, limits)
        progress("Marts: vaardigheden")
        skills = _skill_marts(work)
        progress("Marts: opleidingen")
        programmes = _programme_marts(work, everyone, places, skills, homes, demand, limits)
        _signal_marts(work, cells, programmes, skills, limits)
        official_mart(work)
        progress("Marts: zinnen")
        work.fill(s.mart_evidence, evidence())


def _regions(work: WorkDatabase) -> list[str]:
    r = s.region
    found = work.frame(select(r.c.code).where(r.c.scheme == "arbeidsmarktregio", r.c.year == boundary_year(work)).order_by(r.c.code))
    return [*found["code"], NATIONAL]


def with_national(rows: pd.DataFrame, value_columns: list[str]) -> pd.DataFrame:
    """Rows per region plus the country: the sum over all rows, unresolved places included; rows without region go."""
    keys = [c for c in rows.columns if c not in ("region_code", *value_columns)]
    national = rows.groupby(keys, as_index=False, dropna=False)[value_columns].sum() if keys else rows[value_columns].sum().to_frame().T
    national["region_code"] = NATIONAL
    return pd.concat([rows.dropna(subset=["region_code"]), national], ignore_index=True)


# --- supply ---------------------------------------------------------------------------------------------------
def _leavers(work: WorkDatabase) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(graduates per institution, programme, pathway, year and region with leaving bounds, municipalities where it is taught)."""
    before = work.frame(select(s.programme_lineage))
    graduates = lineage.carried(work.frame(select(s.graduates)), before)  # a mean of years must not break where a code did
    enrolled = work.frame(select(s.enrolment.c.institution_code, s.enrolment.c.institution_name, s.enrolment.c.crebo).distinct())
    taught = pd.concat([enrolled, graduates[["institution_code", "institution_name", "crebo"]]], ignore_index=True).drop_duplicates()
    year = boundary_year(work)
    areas = {
        "municipality": work.frame(select(s.municipality).where(s.municipality.c.year == year)), "ref_places": reference.read("places"),
    }
    link = s.municipality_region.c
    region_of = work.frame(select(link.municipality_code, link.region_code).where(link.scheme == "arbeidsmarktregio", link.year == year))
    places = taught_in(
        lineage.also_before(work.frame(select(s.offer)), before), work.frame(select(s.institution)), taught, gazetteer_of(areas),
        dict(zip(region_of["municipality_code"], region_of["region_code"], strict=True)))
    sectors = dict(zip(reference.read("sectors")["name"], reference.read("sectors")["code"], strict=True))
    located = supply.located(graduates, by_region(places))
    located["sector_code"] = located["sector"].map(sectors)
    return supply.leaving(located, work.frame(select(s.progression))), places


def _national(leavers: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([leavers, leavers.assign(region_code=NATIONAL)], ignore_index=True)


# --- atoms of areas -------------------------------------------------------------------------------------------
def _area_marts(work: WorkDatabase, demand: pd.DataFrame, months: pd.DataFrame, leavers: pd.DataFrame, places: pd.DataFrame) -> None:
    """What own areas are computed from (etl/alignment/area.py)."""
    work.replace(s.mart_area_demand, demand)
    work.replace(s.mart_area_month, months)
    divided = area.divided(leavers, places)
    work.replace(s.mart_area_supply, divided.drop(columns=["sector"]).rename(columns={"sector_code": "sector"}))
    shares = supply.located(places[["institution_code", "crebo"]].drop_duplicates(), by_region(places))
    homes = work.frame(select(s.home_students))
    placed = homes["municipality_code"].fillna(homes["home_status"].map({"abroad": supply.ABROAD})).fillna(supply.UNKNOWN)
    work.replace(s.mart_area_home, area.homes(homes.assign(municipality_code=placed)))
    work.replace(s.mart_area_teaching, area.divided(shares[["institution_code", "crebo", "region_code", "share_in_region"]], places).merge(places).rename(columns={"basis": "location_basis"}))


# --- region x sector ------------------------------------------------------------------------------------------
def _region_marts(work: WorkDatabase, areas: list[str], everyone: pd.DataFrame, demand: pd.DataFrame, months: pd.DataFrame, homes: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    v = s.vacancy
    periods, incomplete = years(work)
    totals, unmapped, monthly = area.totals(months, everyone, areas, periods, homes)
    work.replace(s.mart_region, totals)
    work.replace(s.mart_unmapped, unmapped)
    work.replace(s.mart_demand_month, monthly)
    cells, variants = area.sector_rows(demand, everyone, areas, periods, incomplete, list(reference.read("sectors")["code"]), _links(work), homes, limits)
    work.replace(s.mart_variant, variants)
    places = work.frame(
        select(v.c.region_code, v.c.municipality_code, v.c.year.label("period"), v.c.sector, func.count().label("demand"))
        .where(v.c.counts == true(), v.c.municipality_code.is_not(None), v.c.region_code.is_not(None))
        .group_by(v.c.region_code, v.c.municipality_code, v.c.year, v.c.sector))
    work.replace(s.mart_municipality, places.assign(sector=places["sector"].fillna("unmapped")))
    return cells


def _links(work: WorkDatabase) -> area.Links:
    crosswalk = work.frame(select(s.programme_occupation.c.crebo, s.programme_occupation.c.occupation_uri, s.programme_occupation.c.weight))
    sectors = work.frame(select(s.programme.c.crebo, s.programme.c.sector)).dropna()
    return area.Links(crosswalk, work.frame(select(s.crosswalk_variant)), sectors.set_index("crebo")["sector"])


# --- skills ---------------------------------------------------------------------------------------------------
def _skill_marts(work: WorkDatabase) -> pd.DataFrame:
    v, m, link = s.vacancy, s.vacancy_skill, s.programme_occupation
    readable = and_(v.c.counts == true(), v.c.language != "other", v.c.occupation_uri.is_not(None))
    per_occupation = work.frame(
        select(v.c.region_code, v.c.year.label("period"), v.c.occupation_uri, func.count().label("n")).where(readable)
        .group_by(v.c.region_code, v.c.year, v.c.occupation_uri))
    asked = work.frame(
        select(v.c.region_code, v.c.year.label("period"), v.c.occupation_uri, m.c.skill_id, func.count().label("asked"))
        .join(m, m.c.vacancy_id == v.c.vacancy_id).where(readable).group_by(v.c.region_code, v.c.year, v.c.occupation_uri, m.c.skill_id))
    counted, asked_by = area.subjects(
        with_national(per_occupation, ["n"]), with_national(asked, ["asked"]), work.frame(select(link.c.crebo, link.c.occupation_uri)))
    work.replace(s.mart_subject, counted)
    taught = work.frame(select(s.programme_skill.c.crebo, s.programme_skill.c.skill_id))
    rows = area.skill_rows(counted, asked_by, taught, work.frame(select(s.skill_near)))
    work.replace(s.mart_skill, rows)
    return rows


def evidence() -> Select[Any]:
    """The newest few mentions of a skill per region and occupation (columns of mart_evidence)."""
    v, m = s.vacancy, s.vacancy_skill
    place = func.row_number().over(
        partition_by=[v.c.region_code, v.c.occupation_uri, m.c.skill_id], order_by=[v.c.first_seen.desc(), v.c.vacancy_id]).label("position")
    ranked = (
        select(v.c.region_code, v.c.occupation_uri, m.c.skill_id, place, v.c.vacancy_id, v.c.first_seen, m.c.start, m.c.end)
        .join(m, m.c.vacancy_id == v.c.vacancy_id)
        .where(v.c.counts == true(), v.c.occupation_uri.is_not(None), v.c.region_code.is_not(None), m.c.start >= 0).subquery()
    )
    return select(ranked).where(ranked.c.position <= EVIDENCE_PER_SKILL)


# --- signals --------------------------------------------------------------------------------------------------
def _signal_marts(work: WorkDatabase, cells: pd.DataFrame, programmes: pd.DataFrame, skills: pd.DataFrame, limits: Limits) -> None:
    """mart_signal, and the codes in mart_mismatch and mart_programme."""
    sectors = work.frame(select(s.programme.c.crebo, s.programme.c.sector)).dropna().set_index("crebo")["sector"]
    of_sectors = signalling.of_sectors(cells, programmes, sectors, limits)
    of_programmes = signalling.of_programmes(programmes, skills, work.frame(select(s.programme_skill.c.crebo, s.programme_skill.c.skill_id)), limits)
    work.replace(s.mart_signal, pd.concat([of_sectors, of_programmes], ignore_index=True))
    work.replace(s.mart_mismatch, signalling.told(cells, of_sectors, "sector"))
    work.replace(s.mart_programme, signalling.told(programmes, of_programmes, "crebo"))


# --- programmes -----------------------------------------------------------------------------------------------
def _programme_marts(work: WorkDatabase, everyone: pd.DataFrame, places: pd.DataFrame, skills: pd.DataFrame, homes: pd.DataFrame, demand: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    institutions = _institutions(work, by_region(places))
    work.replace(s.mart_programme_institution, institutions)
    periods, incomplete = years(work)
    rows, variants = area.programme_rows(demand, everyone, institutions, area.covered(skills), periods, incomplete, _links(work), homes, limits)
    work.add(s.mart_variant, variants)
    return rows


def _institutions(work: WorkDatabase, places: pd.DataFrame) -> pd.DataFrame:
    """Students and graduates per institution, programme, pathway and year, in every region where it is taught."""
    e, g = s.enrolment.c, s.graduates.c
    keys = ["institution_code", "crebo", "pathway", "year"]
    students = work.frame(
        select(e.institution_code, e.crebo, e.pathway, e.year, func.max(e.institution_name).label("institution_name"),
               func.sum(e.students_low).label("students_low"), func.sum(e.students_high).label("students_high"))
        .group_by(e.institution_code, e.crebo, e.pathway, e.year))
    diplomas = work.frame(
        select(g.institution_code, g.crebo, g.pathway, g.year, func.max(g.institution_name).label("institution_name"),
               func.sum(g.graduates_low).label("graduates_low"), func.sum(g.graduates_high).label("graduates_high"))
        .group_by(g.institution_code, g.crebo, g.pathway, g.year))
    rows = students.merge(diplomas, on=keys, how="outer", suffixes=("", "_g"))
    official = dict(zip(*[work.frame(select(s.institution.c.code, s.institution.c.name))[c] for c in ("code", "name")], strict=True))
    rows["institution_name"] = rows["institution_code"].map(official).fillna(rows["institution_name"].fillna(rows.pop("institution_name_g")))
    links = work.frame(select(s.programme_lineage))  # a code that runs out still has a year before of its own
    before = lineage.carried(rows[[*keys, "students_low", "students_high"]], links[links["basis"] != lineage.RUNNING_OUT])
    before = before.groupby(keys, as_index=False)[["students_low", "students_high"]].sum(min_count=1).assign(year=lambda f: f["year"] + 1).rename(
        columns={"students_low": "students_previous_low", "students_high": "students_previous_high"})
    rows = rows.merge(before, on=keys, how="left")
    regional = rows.merge(places, on=["institution_code", "crebo"], how="inner")
    regional["share_in_region"] = 1.0 / regional.groupby(keys)["region_code"].transform("count")
    towns = places.groupby(["institution_code", "crebo"], as_index=False).agg(places=("places", lambda x: "|".join(sorted({t for p in x for t in str(p).split("|") if t}))), basis=("basis", "first"))
    whole = rows.merge(towns, on=["institution_code", "crebo"], how="left").assign(region_code=NATIONAL, share_in_region=1.0)
    made = pd.concat([regional, whole], ignore_index=True).rename(columns={"basis": "location_basis"})
    made["location_basis"] = made["location_basis"].fillna("unknown")
    return made

