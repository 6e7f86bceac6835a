"""Marts: small tables, one per question, made of understood vacancies, graduates and the crosswalk."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import and_, func, select, true

from etl import counts, living
from etl.alignment import apportioning, coverage, lineage, mismatch, noise, signals, supply, thresholds
from etl.alignment.thresholds import DEFAULT, Limits
from etl.enrich.vocabulary import gazetteer_of
from etl.locations import teaching_places
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
        factors = counts.calibration(work, boundary_year(work))
        work.replace(s.calibration, factors)
        demand = with_national(counts.weighed(counts.counted(work, boundary_year(work)), factors), ["n", "experienced", "demand", "demand_var"])
        cells = _region_marts(work, areas, leavers, homes, demand, limits)
        progress("Marts: vaardigheden")
        skills = _skill_marts(work)
        progress("Marts: opleidingen")
        programmes = _programme_marts(work, leavers, places, skills, homes, demand, limits)
        _signal_marts(work, cells, programmes, skills, limits)
        official_mart(work)
        progress("Marts: zinnen")
        work.replace(s.mart_evidence, evidence(work))


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
    """(graduates per institution, programme, pathway, year and region with leaving bounds, teaching places)."""
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
    places = teaching_places(
        lineage.also_before(work.frame(select(s.offer)), before), work.frame(select(s.institution)), taught, gazetteer_of(areas),
        dict(zip(region_of["municipality_code"], region_of["region_code"], strict=True)))
    sectors = dict(zip(reference.read("sectors")["name"], reference.read("sectors")["code"], strict=True))
    located = supply.located(graduates, places)
    located["sector_code"] = located["sector"].map(sectors)
    return supply.leaving(located, work.frame(select(s.progression))), places


def _national(leavers: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([leavers, leavers.assign(region_code=NATIONAL)], ignore_index=True)


# --- region x sector ------------------------------------------------------------------------------------------
def _region_marts(work: WorkDatabase, areas: list[str], leavers: pd.DataFrame, homes: pd.DataFrame, demand: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    v = s.vacancy
    periods, incomplete = years(work)
    counted = work.frame(
        select(v.c.region_code, v.c.year.label("period"), v.c.month, v.c.sector, v.c.unmapped_reason, func.count().label("n"))
        .where(v.c.counts == true()).group_by(v.c.region_code, v.c.year, v.c.month, v.c.sector, v.c.unmapped_reason))
    counted = with_national(counted, ["n"])
    adverts = with_national(work.frame(
        select(v.c.region_code, v.c.year.label("period"), func.count().label("adverts")).group_by(v.c.region_code, v.c.year)), ["adverts"])
    grid = pd.MultiIndex.from_product([areas, periods], names=["region_code", "period"]).to_frame(index=False)
    unmapped = counted[counted["sector"].isna()].groupby(["region_code", "period", "unmapped_reason"], as_index=False)["n"].sum()
    work.replace(s.mart_unmapped, unmapped.rename(columns={"unmapped_reason": "reason", "n": "demand"}))
    monthly = counted.assign(sector=counted["sector"].fillna("unmapped")).groupby(["region_code", "sector", "period", "month"], as_index=False)["n"].sum()
    monthly["month"] = pd.to_datetime({"year": monthly["period"], "month": monthly["month"], "day": 1})
    work.replace(s.mart_demand_month, monthly.rename(columns={"n": "demand"})[["region_code", "sector", "month", "demand"]])

    everyone = _national(leavers)
    totals = grid.merge(counted.groupby(["region_code", "period"], as_index=False)["n"].sum().rename(columns={"n": "total_demand"}), how="left")
    totals = totals.merge(unmapped.groupby(["region_code", "period"], as_index=False)["n"].sum().rename(columns={"n": "unmapped_demand"}), how="left")
    totals = totals.merge(adverts, how="left").fillna({"total_demand": 0, "unmapped_demand": 0, "adverts": 0})
    totals = totals.merge(supply.yearly_mean(everyone, periods, ["region_code"]), on=["region_code", "period"], how="left")
    outside = supply.yearly_mean(everyone[everyone["sector_code"].isna()], periods, ["region_code"])
    totals = totals.merge(outside[["region_code", "period", "supply"]].rename(columns={"supply": "supply_outside_sectors"}), on=["region_code", "period"], how="left")
    split = {region: supply.split_share(rows) for region, rows in everyone.groupby("region_code")}
    totals["supply_split_share"] = totals["region_code"].map(split)
    totals["supply_note"] = totals["region_code"].map({region: supply.resting_on(rows) for region, rows in everyone.groupby("region_code")})
    totals = living.add(totals, homes, [])
    work.replace(s.mart_region, totals)

    sectors = list(reference.read("sectors")["code"])
    cells = pd.MultiIndex.from_product([areas, periods, sectors], names=["region_code", "period", "sector"]).to_frame(index=False)
    keys = ["region_code", "period", "sector"]
    cells = cells.merge(counts.summed(demand, keys), on=keys, how="left").fillna({"n": 0, "experienced": 0, "demand": 0.0, "demand_var": 0.0, "factor": 1.0, "factor_basis": "none"})
    crosswalk, variants, sector_of = _crosswalk(work)
    mapped = demand[["occupation_uri", *keys, "n"]].assign(apportioned=demand["n"] * demand["occupation_uri"].map(apportioning.checked(crosswalk)).fillna(0.0))
    cells = cells.merge(mapped.groupby(keys, as_index=False)["apportioned"].sum(), on=keys, how="left").fillna({"apportioned": 0.0})
    others = apportioning.by_sector(demand[[*keys, "occupation_uri", "demand"]], variants, sector_of)
    cells = cells.merge(apportioning.spread(others, keys), on=keys, how="left")
    work.replace(s.mart_variant, others.rename(columns={"sector": "subject"}).assign(subject_kind="sector"))
    by_sector = supply.yearly_mean(everyone.rename(columns={"sector": "sector_name", "sector_code": "sector"}).dropna(subset=["sector"]), periods, ["region_code", "sector"])
    cells = cells.merge(by_sector, on=["region_code", "period", "sector"], how="left")
    known = set(by_sector["period"])
    for name in ("supply_low", "supply", "supply_high"):  # no graduates in a year we know is zero, not unknown
        cells.loc[cells["period"].isin(known), name] = cells.loc[cells["period"].isin(known), name].fillna(0.0)
    cells = living.add(cells, homes, ["sector"])
    named = everyone.drop(columns=["sector"]).rename(columns={"sector_code": "sector"}).dropna(subset=["sector"])
    cells = cells.merge(noise.standard_error(named, periods, ["region_code", "sector"]), on=keys, how="left")
    cells.loc[cells["supply_se"].isna() & (cells["supply"] == 0), "supply_se"] = 0.0
    cells = mismatch.compare(cells, limits, incomplete=cells["period"].isin(incomplete))
    before = cells[["region_code", "period", "sector", "n"]].assign(period=cells["period"] + 1).rename(columns={"n": "demand_previous"})
    cells = cells.merge(before, how="left")
    cells.loc[(cells["period"] - 1).isin(incomplete), "demand_previous"] = np.nan

    places = work.frame(
        select(v.c.region_code, v.c.municipality_code, v.c.year.label("period"), v.c.sector, func.count().label("demand"))
        .where(v.c.counts == true(), v.c.municipality_code.is_not(None), v.c.region_code.is_not(None))
        .group_by(v.c.region_code, v.c.municipality_code, v.c.year, v.c.sector))
    work.replace(s.mart_municipality, places.assign(sector=places["sector"].fillna("unmapped")))
    return cells.assign(incomplete=cells["period"].isin(incomplete))


def _crosswalk(work: WorkDatabase) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """(crosswalk in use, all variants, sector by crebo)."""
    crosswalk = work.frame(select(s.programme_occupation.c.crebo, s.programme_occupation.c.occupation_uri, s.programme_occupation.c.weight))
    variants = work.frame(select(s.crosswalk_variant))
    sectors = work.frame(select(s.programme.c.crebo, s.programme.c.sector)).dropna()
    return crosswalk, variants, sectors.set_index("crebo")["sector"]


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
    per_occupation, asked = with_national(per_occupation, ["n"]), with_national(asked, ["asked"])
    crosswalk = work.frame(select(link.c.crebo, link.c.occupation_uri))
    subjects, requested = [], []
    for kind, n_rows, asked_rows in (
        ("occupation", per_occupation.rename(columns={"occupation_uri": "subject"}), asked.rename(columns={"occupation_uri": "subject"})),
        ("programme", per_occupation.merge(crosswalk).rename(columns={"crebo": "subject"}).groupby(["region_code", "period", "subject"], as_index=False)["n"].sum(),
         asked.merge(crosswalk).rename(columns={"crebo": "subject"}).groupby(["region_code", "period", "subject", "skill_id"], as_index=False)["asked"].sum()),
    ):
        subjects.append(n_rows.assign(subject_kind=kind))
        requested.append(asked_rows.assign(subject_kind=kind))
    n_frame, asked_frame = pd.concat(subjects, ignore_index=True), pd.concat(requested, ignore_index=True)
    work.replace(s.mart_subject, n_frame[["region_code", "period", "subject_kind", "subject", "n"]])
    keys = ["region_code", "period", "subject_kind", "subject"]
    rows = asked_frame.merge(n_frame[[*keys, "n"]], on=keys)
    rows = coverage.trend(coverage.shares(rows[rows["n"] >= coverage.MIN_N]), ["region_code", "subject_kind", "subject", "skill_id"], n_frame)
    taught = work.frame(select(s.programme_skill.c.crebo.label("subject"), s.programme_skill.c.skill_id))
    near = work.frame(select(s.skill_near))
    cover = coverage.kinds(rows.loc[rows["subject_kind"] == "programme", ["subject", "skill_id"]], taught, near)
    rows = rows.merge(cover.rename(columns={"near_id": "near_skill"}).assign(subject_kind="programme"), on=["subject_kind", "subject", "skill_id"], how="left")
    rows["covered"] = (rows["cover"] == coverage.COVERED).astype(object).where(rows["cover"].notna(), None)
    work.replace(s.mart_skill, rows)
    return rows


AROUND = 310  # characters on both sides of a mention that are looked at; sentence_around takes at most 300


def evidence(work: WorkDatabase) -> pd.DataFrame:
    """Sentences that ask for a skill: the newest few per region, occupation and skill (columns of mart_evidence)."""
    v, m = s.vacancy, s.vacancy_skill
    place = func.row_number().over(
        partition_by=[v.c.region_code, v.c.occupation_uri, m.c.skill_id], order_by=[v.c.first_seen.desc(), v.c.vacancy_id]).label("position")
    ranked = (
        select(v.c.region_code, v.c.occupation_uri, m.c.skill_id, place, v.c.vacancy_id, m.c.start, m.c.end)
        .join(m, m.c.vacancy_id == v.c.vacancy_id)
        .where(v.c.counts == true(), v.c.occupation_uri.is_not(None), v.c.region_code.is_not(None), m.c.start >= 0).subquery()
    )
    r = ranked.c
    chosen = work.frame(
        select(r.region_code, r.occupation_uri, r.skill_id, r.position, r.vacancy_id, r.start, r.end, v.c.title, v.c.employer, v.c.first_seen,
               func.greatest(r.start - AROUND, 0).label("begin"), func.substr(v.c.text, func.greatest(r.start - AROUND, 0) + 1, r.end - r.start + 2 * AROUND).label("near"))
        .join(v, v.c.vacancy_id == r.vacancy_id).where(r.position <= EVIDENCE_PER_SKILL))
    parts = [sentence_around(near, int(a) - int(begin), int(b) - int(begin)) for near, a, b, begin in zip(chosen["near"], chosen["start"], chosen["end"], chosen["begin"], strict=True)]
    chosen["sentence"] = [p[0] for p in parts]
    chosen["start"], chosen["end"] = [p[1] for p in parts], [p[2] for p in parts]
    return chosen.drop(columns=["near", "begin"])


def sentence_around(text: str, start: int, end: int, most: int = 300) -> tuple[str, int, int]:
    """The sentence around a mention, with the mention's offsets in it; long ones are cut near the mention."""
    stops = ".!?\n"
    left = max((text.rfind(c, 0, start) for c in stops), default=-1) + 1
    rights = [p for p in (text.find(c, end) for c in stops) if p >= 0]
    right = min(rights) + 1 if rights else len(text)
    left, right = max(left, start - most), min(right, end + most)
    while left < start and text[left].isspace():
        left += 1
    return text[left:right].rstrip(), start - left, end - left


# --- signals --------------------------------------------------------------------------------------------------
def _signal_marts(work: WorkDatabase, cells: pd.DataFrame, programmes: pd.DataFrame, skills: pd.DataFrame, limits: Limits) -> None:
    """mart_signal, and the codes in mart_mismatch and mart_programme."""
    named = work.frame(select(s.programme.c.crebo, s.programme.c.sector))
    students = programmes[["region_code", "period", "crebo", "students_low", "students_high"]].merge(named, on="crebo").dropna()
    enrolled = _pairs(students.groupby(["region_code", "period", "sector"])[["students_low", "students_high"]].sum())
    per_programme = _pairs(programmes.set_index(["region_code", "period", "crebo"])[["students_low", "students_high"]])
    counted = programmes.set_index(["region_code", "period", "crebo"])["n"].to_dict()
    quiet = set(programmes.loc[programmes["incomplete"], "period"])
    asked, rare = _asked_and_rare(work, skills, limits)
    found: list[dict[str, Any]] = []
    for r, code in zip(cells.to_dict("records"), signals.changes(cells["n"], cells["demand_previous"]), strict=True):
        key, before = (r["region_code"], r["period"], r["sector"]), (r["region_code"], r["period"] - 1, r["sector"])
        if not r["incomplete"]:
            found.extend(_told("sector", key, [*signals.outcome(r), *signals.moved(code, r["n"], r["demand_previous"], enrolled.get(key), enrolled.get(before), limits)]))
    keys = zip(programmes["region_code"], programmes["period"] - 1, programmes["crebo"], strict=True)
    earlier = [counted.get(key) if key[1] not in quiet else None for key in keys]
    for r, previous, code in zip(programmes.to_dict("records"), earlier, signals.changes(programmes["n"], earlier), strict=True):
        key, before = (r["region_code"], r["period"], r["crebo"]), (r["region_code"], r["period"] - 1, r["crebo"])
        if r["incomplete"]:
            continue
        found.extend(_told("programme", key, [
            *signals.outcome(r), *(signals.moved(code, r["n"], previous, per_programme.get(key), per_programme.get(before), limits) if r["providers"] else []),
            *signals.providers(r["national_high"], r["smallest_high"], int(r["providers"]), limits),
            *(signals.taught(r["coverage"], r["coverage_n"] if r["coverage_n"] == r["coverage_n"] else None, asked.get(key, []), rare.get(key, []), limits) if r["providers"] else [])]))
    columns = ["region_code", "period", "subject_kind", "subject", "code", "values", "strength"]
    rows = pd.DataFrame(found, columns=columns)
    work.replace(s.mart_signal, rows)
    codes = rows.sort_values("strength", ascending=False).groupby(["subject_kind", "region_code", "period", "subject"])["code"].agg("|".join).to_dict()
    cells["signals"] = [codes.get(("sector", *key), "") for key in zip(cells["region_code"], cells["period"], cells["sector"], strict=True)]
    programmes["signals"] = [codes.get(("programme", *key), "") for key in zip(programmes["region_code"], programmes["period"], programmes["crebo"], strict=True)]
    work.replace(s.mart_mismatch, cells.drop(columns=["incomplete"]))
    work.replace(s.mart_programme, programmes.drop(columns=["incomplete", "national_high", "smallest_high"]))


def _told(kind: str, key: tuple[str, int, str], found: list[signals.Signal]) -> list[dict[str, Any]]:
    return [{"region_code": key[0], "period": key[1], "subject_kind": kind, "subject": key[2], "code": f.code, "values": json.dumps(dict(f.values)), "strength": float(f.strength)} for f in found]


def _pairs(frame: pd.DataFrame) -> dict[Any, tuple[float, float]]:
    return {key: (float(low), float(high)) for key, low, high in zip(frame.index, frame.iloc[:, 0], frame.iloc[:, 1], strict=True) if low == low}


def _asked_and_rare(work: WorkDatabase, skills: pd.DataFrame, limits: Limits) -> tuple[dict[Any, list[str]], dict[Any, list[str]]]:
    """Skills of a programme by (region, period, crebo): often asked and not covered, most asked first; covered and hardly asked."""
    own = skills[skills["cover"].notna()]
    gaps = own[(own["cover"] == coverage.NOT) & (own["share_low"] >= limits.asked_share)].sort_values("share", ascending=False)
    asked = gaps.groupby(["region_code", "period", "subject"])["skill_id"].agg(list).to_dict()
    some = own[(own["cover"] == coverage.COVERED) & (own["share_high"] >= limits.rare_share)]  # what is asked often enough; what is not among the rows is not asked at all
    often = some.groupby(["region_code", "period", "subject"])["skill_id"].agg(set).to_dict()
    taught = work.frame(select(s.programme_skill.c.crebo, s.programme_skill.c.skill_id)).groupby("crebo")["skill_id"].agg(list).to_dict()
    counted = own.drop_duplicates(["region_code", "period", "subject"])
    return asked, {key: [skill for skill in taught.get(key[2], []) if skill not in often.get(key, set())] for key in zip(counted["region_code"], counted["period"], counted["subject"], strict=True)}


# --- programmes -----------------------------------------------------------------------------------------------
def _programme_marts(work: WorkDatabase, leavers: pd.DataFrame, places: pd.DataFrame, skills: pd.DataFrame, homes: pd.DataFrame, demand: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    institutions = _institutions(work, places)
    work.replace(s.mart_programme_institution, institutions)
    periods, incomplete = years(work)
    keys = ["region_code", "period"]
    per_occupation = demand[demand["occupation_uri"].notna()].groupby([*keys, "occupation_uri"], as_index=False)[["n", "experienced", "demand", "demand_var"]].sum()
    crosswalk, variants, _ = _crosswalk(work)
    per_programme, _ = apportioning.apportion(per_occupation, crosswalk)
    others = apportioning.by_programme(per_occupation[[*keys, "occupation_uri", "demand"]], variants)
    work.add(s.mart_variant, others.rename(columns={"crebo": "subject"}).assign(subject_kind="programme"))
    per_programme = per_programme.merge(apportioning.spread(others, [*keys, "crebo"]), on=[*keys, "crebo"], how="left")
    offered = supply.yearly_mean(_national(leavers), periods, ["region_code", "crebo"]).drop(columns=["supply_years"])
    offered_by = institutions.groupby(["region_code", "year", "crebo"])
    counted = offered_by[["students_low", "students_high", "graduates_low", "graduates_high"]].sum(min_count=1)
    taught = counted.assign(providers=offered_by["institution_code"].nunique()).reset_index()
    rows = per_programme.merge(offered, on=["region_code", "period", "crebo"], how="outer")
    rows = rows.merge(taught.rename(columns={"year": "period"}), on=["region_code", "period", "crebo"], how="outer")
    rows = living.add(rows, homes, ["crebo"], everywhere=True)
    rows = rows[rows["period"].isin(periods)].reset_index(drop=True)
    with_occupation = set(work.frame(select(s.programme_occupation.c.crebo).distinct())["crebo"])
    filled = ["n", "experienced", "demand", "demand_raw", "demand_var", "providers"]
    rows[filled] = rows[filled].fillna(0)
    rows = rows.merge(noise.standard_error(_national(leavers), periods, ["region_code", "crebo"]), on=["region_code", "period", "crebo"], how="left")
    known = set(offered["period"])
    for name in ("supply_low", "supply", "supply_high"):
        rows.loc[rows["period"].isin(known), name] = rows.loc[rows["period"].isin(known), name].fillna(0.0)
    rows.loc[rows["supply_se"].isna() & (rows["supply"] == 0), "supply_se"] = 0.0
    rows = mismatch.compare(rows, limits, incomplete=rows["period"].isin(incomplete))
    unlinked = ~rows["crebo"].isin(with_occupation)
    rows.loc[unlinked, ["demand", "demand_low", "demand_high", "demand_raw", "demand_var"]] = np.nan
    rows.loc[unlinked, "reason"] = "no occupation linked"
    rows = rows.merge(_coverage(skills), on=["region_code", "period", "crebo"], how="left")
    national = rows[rows["region_code"] == NATIONAL].set_index(["period", "crebo"])["students_high"].to_dict()
    students = institutions.groupby(["region_code", "year", "crebo", "institution_code"])["students_high"].sum()
    smallest = students.groupby(level=[0, 1, 2]).min().to_dict()
    rows["national_high"] = [national.get((r, c)) for r, c in zip(rows["period"], rows["crebo"], strict=True)]
    rows["smallest_high"] = [smallest.get(key) for key in zip(rows["region_code"], rows["period"], rows["crebo"], strict=True)]
    return rows.assign(incomplete=rows["period"].isin(incomplete))


def _coverage(skills: pd.DataFrame) -> pd.DataFrame:
    known = skills[skills["cover"].notna()]
    return coverage.coverage(known, ["region_code", "period", "subject"]).rename(columns={"subject": "crebo"})


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

