"""Typed answers from one publication: every question a page or the API asks.

Answers are pandas data frames (columns as named per method) or small dicts. A publication never changes, so answers are
cached; a frame that comes from here must not be mutated. All numbers carry the units declared in warehouse/schema.py.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Select, and_, false, func, or_, select, true
from sqlalchemy.sql import ClauseElement

from warehouse import schema as s
from warehouse import sentences
from warehouse.engine import frame, open_read_only

Answer = TypeVar("Answer")
NATIONAL = "NL01"


@dataclass(frozen=True)
class PublicationInfo:
    """What a publication says of itself; created_at is UTC."""

    id: str
    created_at: datetime
    content_hash: str
    schema_version: int
    demonstration: bool
    latest_period: int
    boundary_year: int


class Reader:
    """Read-only questions to one publication file. Thread-safe: a cursor per thread over one connection."""

    def __init__(self, path: Path, cache_size: int = 4000) -> None:
        self.path = Path(path)
        self._connection = open_read_only(self.path)
        self._local = threading.local()
        self._cache: OrderedDict[Any, Any] = OrderedDict()
        self._cache_size = cache_size
        self._lock = threading.Lock()
        self.areas: OrderedDict[Any, Any] = OrderedDict()  # readers of own areas over this publication (dashboard/areas.py)
        self.areas_lock = threading.Lock()
        row = self._rows(select(s.publication_info))[0]
        values: dict[str, Any] = {k: (v.to_pydatetime() if isinstance(v, pd.Timestamp) else v) for k, v in row.items()}
        self.info = PublicationInfo(**values)

    # --- what it stands on -------------------------------------------------------------------------------------
    def sources(self) -> pd.DataFrame:
        """Sources behind the publication: columns of source_info."""
        return self._answer("sources", lambda: self._frame(select(s.source_info).order_by(s.source_info.c.key)))

    def checks(self) -> pd.DataFrame:
        """Checks run before publishing: columns of check_result."""
        return self._answer("checks", lambda: self._frame(select(s.check_result).order_by(s.check_result.c.name)))

    def reject_counts(self) -> pd.DataFrame:
        """Rejected records: source, reason, count."""
        t = s.reject
        statement = select(t.c.source, t.c.reason, func.count().label("count")).group_by(t.c.source, t.c.reason)
        return self._answer("reject_counts", lambda: self._frame(statement.order_by(t.c.source, t.c.reason)))

    def reject_rows(self, source: str, limit: int = 100) -> pd.DataFrame:
        """Rejected records of a source: columns of reject."""
        t = s.reject
        statement = select(t).where(t.c.source == source).order_by(t.c.reason, t.c.record).limit(limit)
        return self._answer(("reject_rows", source, limit), lambda: self._frame(statement))

    # --- lists -------------------------------------------------------------------------------------------------
    def regions(self, scheme: str = "arbeidsmarktregio") -> pd.DataFrame:
        """Regions of a scheme in the publication's boundary year: code, name, scheme, year, municipalities."""
        r, m = s.region, s.municipality_region
        members = (
            select(m.c.region_code, func.count().label("municipalities"))
            .where(m.c.scheme == scheme, m.c.year == self.info.boundary_year).group_by(m.c.region_code).subquery()
        )
        statement = (
            select(r.c.code, r.c.name, r.c.scheme, r.c.year, func.coalesce(members.c.municipalities, 0).label("municipalities"))
            .join(members, members.c.region_code == r.c.code, isouter=True)
            .where(r.c.scheme == scheme, r.c.year == self.info.boundary_year).order_by(r.c.name)
        )
        return self._answer(("regions", scheme), lambda: self._frame(statement))

    def region_name(self, code: str) -> str | None:
        """Name of a labour-market region or the country; None when unknown."""
        return self.region_names().get(code)

    def region_names(self) -> dict[str, str]:
        """Code -> name of the labour-market regions, and NL01."""
        def ask() -> dict[str, str]:
            found = pd.concat([self.regions(), self.regions("country")])
            return dict(zip(found["code"], found["name"], strict=True)) | {NATIONAL: "Nederland"}
        return self._answer("region_names", ask)

    def sectors(self) -> pd.DataFrame:
        """The eight sectors in screen order: columns of sector."""
        return self._answer("sectors", lambda: self._frame(select(s.sector).order_by(s.sector.c.position)))

    def periods(self) -> list[int]:
        """Calendar years with demand, ascending."""
        t = s.mart_region
        statement = select(t.c.period).distinct().order_by(t.c.period)
        return self._answer("periods", lambda: [int(v) for v in self._frame(statement)["period"]])

    def programmes(self) -> pd.DataFrame:
        """Programmes: columns of programme."""
        return self._answer("programmes", lambda: self._frame(select(s.programme).order_by(s.programme.c.name)))

    def programme(self, crebo: str) -> dict[str, Any] | None:
        """One programme, or None."""
        return self._one(("programme", crebo), select(s.programme).where(s.programme.c.crebo == crebo))

    def occupations(self) -> pd.DataFrame:
        """Occupations that vacancies of the latest period were linked to: uri, isco4, label_nl, label_en, n (country)."""
        o, m = s.occupation, s.mart_subject
        statement = (
            select(o.c.uri, o.c.isco4, o.c.label_nl, o.c.label_en, m.c.n)
            .join(m, and_(m.c.subject == o.c.uri, m.c.subject_kind == "occupation"))
            .where(m.c.region_code == NATIONAL, m.c.period == self.info.latest_period).order_by(o.c.label_nl)
        )
        return self._answer("occupations", lambda: self._frame(statement))

    def occupation_names(self) -> dict[str, tuple[str, str]]:
        """Every occupation of the classification: URI -> Dutch and English name, in alphabetical order of the Dutch one."""
        o = s.occupation.c
        def ask() -> dict[str, tuple[str, str]]:
            return {r["uri"]: (r["label_nl"], r["label_en"] or r["label_nl"]) for r in self._rows(select(o.uri, o.label_nl, o.label_en).order_by(o.label_nl, o.uri))}
        return self._answer("occupation_names", ask)

    def municipality_names(self) -> dict[str, str]:
        """Code -> name of the municipalities of the boundary year, in alphabetical order."""
        m = s.municipality.c
        def ask() -> dict[str, str]:
            return {r["code"]: r["name"] for r in self._rows(select(m.code, m.name).where(m.year == self.info.boundary_year).order_by(m.name))}
        return self._answer("municipality_names", ask)

    def skill_labels(self) -> pd.DataFrame:
        """Skills: skill_id, label_nl, label_en, kind."""
        return self._answer("skill_labels", lambda: self._frame(select(s.skill).order_by(s.skill.c.label_nl)))

    def skill_names(self) -> dict[str, tuple[str, str, str]]:
        """Skill id -> Dutch name, English name, kind."""
        def ask() -> dict[str, tuple[str, str, str]]:
            found = self.skill_labels()
            return {i: (nl, en, kind) for i, nl, en, kind in zip(found["skill_id"], found["label_nl"], found["label_en"], found["kind"], strict=True)}
        return self._answer("skill_names", ask)

    # --- region ------------------------------------------------------------------------------------------------
    def region_total(self, region: str, period: int) -> dict[str, Any] | None:
        """Totals of a region in a year (columns of mart_region), or None."""
        t = s.mart_region
        return self._one(("region_total", region, period), select(t).where(t.c.region_code == region, t.c.period == period))

    def region_totals(self, region: str) -> pd.DataFrame:
        """Totals of a region, all years."""
        t = s.mart_region
        statement = select(t).where(t.c.region_code == region).order_by(t.c.period)
        return self._answer(("region_totals", region), lambda: self._frame(statement))

    def unmapped(self, region: str, period: int) -> pd.DataFrame:
        """Why vacancies have no sector: reason, demand."""
        t = s.mart_unmapped
        statement = select(t.c.reason, t.c.demand).where(t.c.region_code == region, t.c.period == period)
        return self._answer(("unmapped", region, period), lambda: self._frame(statement.order_by(t.c.demand.desc())))

    def mismatch(self, region: str, period: int) -> pd.DataFrame:
        """Demand and supply of a region by sector: mart_mismatch, sector_name, sector_name_en, short_nl, short_en."""
        return self._answer(
            ("mismatch", region, period),
            lambda: self._frame(self._mismatch().where(s.mart_mismatch.c.region_code == region, s.mart_mismatch.c.period == period)),
        )

    def mismatch_history(self, region: str, sector: str) -> pd.DataFrame:
        """One sector of a region over all years; columns as mismatch."""
        t = s.mart_mismatch
        statement = self._mismatch().where(t.c.region_code == region, t.c.sector == sector).order_by(None).order_by(t.c.period)
        return self._answer(("mismatch_history", region, sector), lambda: self._frame(statement))

    def matrix(self, period: int) -> pd.DataFrame:
        """All labour-market regions x sectors of a year: region_name and the columns of mart_mismatch."""
        t, r = s.mart_mismatch, s.region
        statement = (
            select(r.c.name.label("region_name"), *t.columns)
            .join(r, and_(r.c.code == t.c.region_code, r.c.scheme == "arbeidsmarktregio", r.c.year == self.info.boundary_year))
            .join(s.sector, s.sector.c.code == t.c.sector)
            .where(t.c.period == period).order_by(r.c.name, s.sector.c.position)
        )
        return self._answer(("matrix", period), lambda: self._frame(statement))

    def demand_months(self, region: str, sector: str | None = None) -> pd.DataFrame:
        """New vacancies per month: month, demand. Without a sector: all, unmapped included."""
        t = s.mart_demand_month
        statement = select(t.c.month, func.sum(t.c.demand).cast(s.BigInteger).label("demand")).where(t.c.region_code == region)
        if sector:
            statement = statement.where(t.c.sector == sector)
        return self._answer(("demand_months", region, sector), lambda: self._frame(statement.group_by(t.c.month).order_by(t.c.month)))

    def municipality_demand(self, region: str, period: int, sector: str | None = None) -> pd.DataFrame:
        """New vacancies per municipality: municipality_code, name, demand."""
        t, m = s.mart_municipality, s.municipality
        statement = (
            select(t.c.municipality_code, m.c.name, func.sum(t.c.demand).cast(s.BigInteger).label("demand"))
            .join(m, and_(m.c.code == t.c.municipality_code, m.c.year == self.info.boundary_year))
            .where(t.c.period == period).group_by(t.c.municipality_code, m.c.name)
        )
        if region != NATIONAL:
            statement = statement.where(t.c.region_code == region)
        if sector:
            statement = statement.where(t.c.sector == sector)
        statement = statement.order_by(func.sum(t.c.demand).desc(), m.c.name)
        return self._answer(("municipality_demand", region, period, sector), lambda: self._frame(statement))

    # --- skills ------------------------------------------------------------------------------------------------
    def subject(self, region: str, period: int, kind: str, subject: str) -> int | None:
        """Vacancies behind the skill shares of an occupation or programme; None when there are none."""
        t = s.mart_subject
        found = self._one(("subject", region, period, kind, subject), select(t.c.n).where(
            t.c.region_code == region, t.c.period == period, t.c.subject_kind == kind, t.c.subject == subject))
        return int(found["n"]) if found else None

    def skills(self, region: str, period: int, kind: str, subject: str, limit: int | None = None) -> pd.DataFrame:
        """Requested skills, largest share first: mart_skill, label_nl, label_en, skill_kind."""
        t = s.mart_skill
        statement = (
            select(*t.columns, s.skill.c.label_nl, s.skill.c.label_en, s.skill.c.kind.label("skill_kind"))
            .join(s.skill, s.skill.c.skill_id == t.c.skill_id)
            .where(t.c.region_code == region, t.c.period == period, t.c.subject_kind == kind, t.c.subject == subject)
            .order_by(t.c.share.desc(), s.skill.c.label_nl)
        )
        if limit:
            statement = statement.limit(limit)
        return self._answer(("skills", region, period, kind, subject, limit), lambda: self._frame(statement))

    def programme_occupations(self, crebo: str) -> pd.DataFrame:
        """Occupations of a programme: occupation_uri, label_nl, label_en, weight, origin."""
        t, o = s.programme_occupation, s.occupation
        statement = (
            select(t.c.occupation_uri, o.c.label_nl, o.c.label_en, t.c.weight, t.c.origin)
            .join(o, o.c.uri == t.c.occupation_uri).where(t.c.crebo == crebo).order_by(t.c.weight.desc(), o.c.label_nl)
        )
        return self._answer(("programme_occupations", crebo), lambda: self._frame(statement))

    def occupation_programmes(self, uri: str) -> pd.DataFrame:
        """Programmes an occupation's demand goes to: crebo, name, level, sector, weight, origin."""
        t, p = s.programme_occupation, s.programme
        statement = (
            select(t.c.crebo, p.c.name, p.c.level, p.c.sector, t.c.weight, t.c.origin)
            .join(p, p.c.crebo == t.c.crebo).where(t.c.occupation_uri == uri).order_by(t.c.weight.desc(), p.c.name)
        )
        return self._answer(("occupation_programmes", uri), lambda: self._frame(statement))

    def programme_skills(self, crebo: str) -> pd.DataFrame:
        """Skills the qualification covers: skill_id, label_nl, label_en, kind, origin."""
        t, k = s.programme_skill, s.skill
        statement = (
            select(t.c.skill_id, k.c.label_nl, k.c.label_en, k.c.kind, t.c.origin)
            .join(k, k.c.skill_id == t.c.skill_id).where(t.c.crebo == crebo).order_by(k.c.label_nl)
        )
        return self._answer(("programme_skills", crebo), lambda: self._frame(statement))

    def evidence(self, region: str, occupation_uris: Sequence[str], skill_id: str, limit: int = 8) -> pd.DataFrame:
        """Sentences that ask for a skill, most recent first: columns sentences.COLUMNS. NL01: of all regions."""
        t = s.mart_evidence
        where = [t.c.occupation_uri.in_(list(occupation_uris)), t.c.skill_id == skill_id, *([t.c.region_code == region] if region != NATIONAL else [])]
        newest = select(t).where(*where).order_by(t.c.first_seen.desc(), t.c.vacancy_id).limit(limit)
        return self._answer(("evidence", region, tuple(occupation_uris), skill_id, limit), lambda: sentences.with_sentences(self._with_texts(self._frame(newest))))

    def _with_texts(self, mentions: pd.DataFrame) -> pd.DataFrame:
        """Rows of mart_evidence with title, employer and the text around (near, from begin on), in their order."""
        v = s.vacancy.c
        days = list(mentions["first_seen"].dt.date) or [date.min]
        found = self._frame(
            select(v.vacancy_id, v.title, v.employer, v.text).where(
                v.vacancy_id.in_([int(i) for i in mentions["vacancy_id"]] or [-1]), v.region_code.in_(sorted(set(mentions["region_code"])) or [""]), v.first_seen.between(min(days), max(days))))  # zone maps skip the rest
        made = mentions.merge(found, on="vacancy_id", how="left")
        begin = (made["start"] - sentences.AROUND).clip(lower=0)
        near = [text[a:b + sentences.AROUND] for text, a, b in zip(made["text"], begin, made["end"], strict=True)]
        return made.assign(begin=begin, near=near)

    # --- programmes --------------------------------------------------------------------------------------------
    def programme_grid(
        self, region: str, period: int, sector: str | None = None, level: int | None = None, pathway: str | None = None,
    ) -> pd.DataFrame:
        """Programmes of a region, one row each: mart_programme, name, level, sector, short_nl, short_en, pathways,
        institutions and places (joined by |), students_previous_low, students_previous_high."""
        t, p, i = s.mart_programme, s.programme, s.mart_programme_institution
        taught = (
            select(
                i.c.crebo,
                func.string_agg(i.c.pathway.distinct(), "|").label("pathways"),
                func.string_agg(i.c.institution_name.distinct(), "|").label("institutions"),
                func.string_agg(i.c.places.distinct(), "|").label("places"),
            ).where(i.c.region_code == region, i.c.year == period).group_by(i.c.crebo).subquery()
        )
        before = t.alias("before")
        statement = (
            select(
                *t.columns, p.c.name, p.c.level, p.c.sector, s.sector.c.short_nl, s.sector.c.short_en,
                taught.c.pathways, taught.c.institutions, taught.c.places,
                before.c.students_low.label("students_previous_low"), before.c.students_high.label("students_previous_high"),
            )
            .join(p, p.c.crebo == t.c.crebo)
            .join(s.sector, s.sector.c.code == p.c.sector, isouter=True)
            .join(taught, taught.c.crebo == t.c.crebo, isouter=True)
            .join(before, and_(before.c.region_code == t.c.region_code, before.c.crebo == t.c.crebo, before.c.period == period - 1), isouter=True)
            .where(t.c.region_code == region, t.c.period == period)
            .order_by(p.c.name, p.c.crebo)
        )
        if sector:
            statement = statement.where(p.c.sector == sector)
        if level:
            statement = statement.where(p.c.level == level)
        if pathway:
            statement = statement.where(taught.c.pathways.contains(pathway))

        def ask() -> pd.DataFrame:
            found = self._frame(statement)
            for name in ("pathways", "institutions", "places"):
                found[name] = ["|".join(sorted(set(v.split("|")) - {""})) if isinstance(v, str) else "" for v in found[name]]
            return found
        return self._answer(("programme_grid", region, period, sector, level, pathway), ask)

    def programme_years(self, region: str, crebo: str) -> pd.DataFrame:
        """A programme in a region over all years: mart_programme."""
        t = s.mart_programme
        statement = select(t).where(t.c.region_code == region, t.c.crebo == crebo).order_by(t.c.period)
        return self._answer(("programme_years", region, crebo), lambda: self._frame(statement))

    def programme_institutions(self, region: str, crebo: str) -> pd.DataFrame:
        """Institutions that teach a programme in a region, by pathway and year: mart_programme_institution."""
        t = s.mart_programme_institution
        statement = (
            select(t).where(t.c.region_code == region, t.c.crebo == crebo)
            .order_by(t.c.year, t.c.institution_name, t.c.pathway)
        )
        return self._answer(("programme_institutions", region, crebo), lambda: self._frame(statement))

    # --- vacancies ---------------------------------------------------------------------------------------------
    def vacancies(
        self, region: str, q: str = "", skill: str | None = None, sector: str | None = None, occupation: str | None = None,
        period: int | None = None, limit: int = 50, offset: int = 0,
    ) -> tuple[pd.DataFrame, int]:
        """Adverts that count (duplicates once), newest first, and how many there are in all.

        Columns: vacancy_id (text), title, employer, municipality, place_text, first_seen, occupation_nl, occupation_en,
        sector, level, skills_nl and skills_en (joined by |), url, duplicates (other adverts of the same vacancy).
        `q` is looked for in title and employer.
        """
        def ask() -> tuple[pd.DataFrame, int]:
            where = self._vacancy_filter(region, q, skill, sector, occupation, period)
            known = None if q or skill or occupation else self._demand(region, period, sector)
            if known is not None and region == NATIONAL and period:
                page = self._newest(where, period, limit, offset)
            else:
                page = self._page(where, limit, offset, counted=known is None)
            total = known if known is not None else int(page[0]["total"]) if page else self._total(where)
            return self._described(page), total
        return self._answer(("vacancies", region, q, skill, sector, occupation, period, limit, offset), ask)

    def vacancy(self, vacancy_id: str) -> dict[str, Any] | None:
        """One advert: columns of vacancy (vacancy_id as text), municipality, occupation_nl and occupation_en, second_nl and
        second_en (second choice of occupation), `mentions` [{start, end, skill_id, required, label_nl, label_en, kind}],
        `ignored` [{start, end, why}] and `published` (its rows of vacancy_correction); None when there is none with this id."""
        if not (vacancy_id.isdigit() and len(vacancy_id) < 20):
            return None
        v, m, k = s.vacancy, s.vacancy_skill, s.skill
        statement = (
            select(*(c for c in v.columns if c.name in self._present("vacancy")), s.municipality.c.name.label("municipality"), s.occupation.c.label_nl.label("occupation_nl"),
                   s.occupation.c.label_en.label("occupation_en"))
            .join(s.municipality, and_(s.municipality.c.code == v.c.municipality_code, s.municipality.c.year == self.info.boundary_year), isouter=True)
            .join(s.occupation, s.occupation.c.uri == v.c.occupation_uri, isouter=True)
            .where(v.c.vacancy_id == int(vacancy_id))
        )
        found = self._rows(statement)
        if not found:
            return None
        row = dict(found[0])
        row["mentions"] = self._rows(
            select(m.c.start, m.c.end, m.c.skill_id, m.c.required, k.c.label_nl, k.c.label_en, k.c.kind)
            .join(k, k.c.skill_id == m.c.skill_id)
            .where(m.c.vacancy_id == int(vacancy_id), m.c.region_code.is_not_distinct_from(row["region_code"])).order_by(m.c.start))
        i = s.vacancy_ignored.c
        row["ignored"] = self._rows(
            select(i.start, i.end, i.why)
            .where(i.vacancy_id == int(vacancy_id), i.region_code.is_not_distinct_from(row["region_code"])).order_by(i.start))
        row["vacancy_id"] = str(row["vacancy_id"])
        row["published"] = self.published_corrections().get(row["vacancy_id"], [])
        second = self.occupation_names().get(row.get("occupation_second") or "", (None, None))
        return {**row, "second_nl": second[0], "second_en": second[1]}

    def published_corrections(self) -> dict[str, list[dict[str, Any]]]:
        """Corrections that held when the publication was made: vacancy_id (text) -> its rows of vacancy_correction."""
        def ask() -> dict[str, list[dict[str, Any]]]:
            found: dict[str, list[dict[str, Any]]] = {}
            if self._present("vacancy_correction"):
                for row in self._rows(select(s.vacancy_correction).order_by(s.vacancy_correction.c.created_at)):
                    found.setdefault(str(row["vacancy_id"]), []).append({**row, "vacancy_id": str(row["vacancy_id"])})
            return found
        return self._answer("published_corrections", ask)

    # --- official figures --------------------------------------------------------------------------------------
    def tension(self, region: str) -> pd.DataFrame:
        """UWV tension of a region, newest quarter first: columns of tension."""
        t = s.tension
        statement = select(t).where(t.c.region_code == region).order_by(t.c.period.desc(), t.c.occupation_group)
        return self._answer(("tension", region), lambda: self._frame(statement))

    def open_vacancies(self, region: str = NATIONAL, sbi: str = "T001081") -> pd.DataFrame:
        """CBS open vacancies at quarter end: period, value_thousand (x 1,000), status. Provinces and the country only."""
        t = s.open_vacancies
        statement = (
            select(t.c.period, t.c.value_thousand, t.c.status)
            .where(t.c.region_code == region, t.c.sbi_code == sbi, t.c.period.like("%KW%")).order_by(t.c.period)
        )
        return self._answer(("open_vacancies", region, sbi), lambda: self._frame(statement))

    def benefits(self, region: str) -> pd.DataFrame:
        """CBS persons with an unemployment benefit: rows of benefits of a region, by period."""
        t = s.benefits
        statement = select(t).where(t.c.region_code == region).order_by(t.c.period, t.c.sex, t.c.age, t.c.margin)
        return self._answer(("benefits", region), lambda: self._frame(statement))

    def ask(self, key: Any, statement: ClauseElement) -> pd.DataFrame:
        """The answer to a statement over the declared tables, kept under `key`; for questions of one topic in a module of their own."""
        return self._answer(("ask", key), lambda: self._frame(statement))

    # --- inside ------------------------------------------------------------------------------------------------
    def _mismatch(self) -> Select[Any]:
        t, c = s.mart_mismatch, s.sector.c
        return (
            select(*t.columns, c.name.label("sector_name"), c.name_en.label("sector_name_en"), c.short_nl, c.short_en)
            .join(s.sector, c.code == t.c.sector).order_by(c.position)
        )

    def _vacancy_filter(
        self, region: str, q: str, skill: str | None, sector: str | None, occupation: str | None, period: int | None,
    ) -> list[Any]:
        v, m = s.vacancy, s.vacancy_skill
        where: list[Any] = [v.c.counts == true()]
        if region != NATIONAL:
            where.append(v.c.region_code == region)
        if period:
            where.append(v.c.first_seen.between(date(period, 1, 1), date(period, 12, 31)))  # sorted by it: zone maps skip other years
        if sector:
            where.append(v.c.sector == sector if sector != "unmapped" else v.c.sector.is_(None))
        if occupation:
            where.append(v.c.occupation_uri == occupation)
        if skill:
            asked = select(m.c.vacancy_id).where(m.c.skill_id == skill)
            if region != NATIONAL:
                asked = asked.where(m.c.region_code == region)
            where.append(v.c.vacancy_id.in_(asked))
        for word in q.lower().split()[:6]:
            pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            where.append(or_(v.c.title.ilike(pattern, escape="\\"), v.c.employer.ilike(pattern, escape="\\")))
        return where

    def _page(self, where: list[Any], limit: int, offset: int, counted: bool) -> list[dict[str, Any]]:
        """vacancy_id, region_code and first_seen of one page, newest first; `counted`: and the total, in the same pass over narrow columns."""
        v = s.vacancy.c
        total = [func.count().over().label("total")] if counted else []
        return self._rows(select(v.vacancy_id, v.region_code, v.first_seen, *total).where(*where).order_by(v.first_seen.desc(), v.vacancy_id).limit(limit).offset(offset))

    def _newest(self, where: list[Any], period: int, limit: int, offset: int) -> list[dict[str, Any]]:
        """A page of the whole country: the last weeks of the year first, for files are sorted by region and date."""
        for days in (14, 60, 366):
            since = date(period, 12, 31) - timedelta(days=days)
            page = self._page([*where, s.vacancy.c.first_seen > since], limit, offset, counted=False)
            if len(page) == limit:
                break
        return page

    def _demand(self, region: str, period: int | None, sector: str | None) -> int | None:
        """What the marts know already: the demand of a region, of all sectors or one; None where they do not."""
        t, m = s.mart_region, s.mart_mismatch
        if sector is None:
            statement = select(func.coalesce(func.sum(t.c.total_demand), 0).label("n")).where(t.c.region_code == region)
            return int(self._rows(statement.where(t.c.period == period) if period else statement)[0]["n"])
        if sector == "unmapped" or not period:
            return None
        found = self._rows(select((m.c.n + m.c.experienced).label("n")).where(m.c.region_code == region, m.c.period == period, m.c.sector == sector))
        return int(found[0]["n"]) if found else None

    def _total(self, where: list[Any]) -> int:
        return int(self._rows(select(func.count().label("n")).select_from(s.vacancy).where(*where))[0]["n"])

    def _described(self, page: list[dict[str, Any]]) -> pd.DataFrame:
        v, regions, days = s.vacancy.c, {r["region_code"] for r in page}, [r["first_seen"].date() for r in page] or [date.min]
        near = or_(v.region_code.in_(sorted(r for r in regions if r) or [""]), v.region_code.is_(None) if None in regions else false())
        base = self._frame(
            select(
                v.vacancy_id, v.title, v.employer, s.municipality.c.name.label("municipality"), v.place_text, v.first_seen,
                s.occupation.c.label_nl.label("occupation_nl"), s.occupation.c.label_en.label("occupation_en"),
                v.sector, v.level, v.url, v.duplicates, v.skill_ids,
            )
            .join(s.municipality, and_(s.municipality.c.code == v.municipality_code, s.municipality.c.year == self.info.boundary_year), isouter=True)
            .join(s.occupation, s.occupation.c.uri == v.occupation_uri, isouter=True)
            .where(v.vacancy_id.in_([int(r["vacancy_id"]) for r in page] or [-1]), near, v.first_seen.between(min(days), max(days)))  # zone maps skip the rest
            .order_by(v.first_seen.desc(), v.vacancy_id)
        )
        labels = self.skill_names()
        for position, lang in enumerate(("nl", "en")):
            base[f"skills_{lang}"] = ["|".join(labels[i][position] for i in text.split("|") if i in labels) for text in base["skill_ids"]]
        base["vacancy_id"] = [str(i) for i in base["vacancy_id"]]
        return base.drop(columns=["skill_ids"])

    def _present(self, table: str) -> frozenset[str]:
        """Columns of a table in this file; an older publication may lack some, or the table."""
        def ask() -> frozenset[str]:
            found = self._cursor().execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
            return frozenset(str(name) for (name,) in found)
        return self._answer(("present", table), ask)

    def _cursor(self) -> Any:
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        return cursor

    def _frame(self, statement: ClauseElement) -> pd.DataFrame:
        return frame(self._cursor(), statement)

    def _rows(self, statement: ClauseElement) -> list[dict[str, Any]]:
        found = self._frame(statement)
        return [
            {str(k): (None if v is None or v is pd.NA or v is pd.NaT or v != v else v) for k, v in row.items()}
            for row in found.to_dict("records")
        ]

    def _one(self, key: Any, statement: ClauseElement) -> dict[str, Any] | None:
        def ask() -> dict[str, Any] | None:
            found = self._rows(statement)
            return found[0] if found else None
        return self._answer(("one", key), ask)

    def _answer(self, key: Any, ask: Callable[[], Answer]) -> Answer:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        made = ask()
        with self._lock:
            self._cache[key] = made
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return made


__all__ = ["NATIONAL", "PublicationInfo", "Reader"]
