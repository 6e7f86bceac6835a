"""Regions of any kind: an address names them, municipalities make them, and a reader answers for them what it answers for a region.

What an address may say in `region`: a labour-market region (AM36) or the country (NL01) as the publication has them; a province
(PV23) or COROP region (CR10); municipalities (GM0193,GM0150); a selection that was saved (eigen-<slug>); a region of another year
(AM04@2015). With near=1 the neighbours are in it too. Everything but the first is computed from the atoms of the publication by the
functions that made its regions (etl/alignment/area.py), so that the numbers are those a load would have given.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Table, select
from sqlalchemy.sql import ClauseElement

from dashboard import state
from etl.alignment import area as rules
from etl.alignment import signalling
from etl.alignment.area import Count
from etl.alignment.thresholds import ABOUT, Limits
from warehouse import asking_area, reference, sentences
from warehouse import schema as s
from warehouse.engine import frame
from warehouse.overlay import Overlay
from warehouse.queries import NATIONAL, Reader
from warehouse.selections import MOST, PREFIX, Selections

KEEP = 24  # readers of areas that stay in memory per publication
CODE = re.compile(r"(AM|PV|CR|NL)\d{2}(@\d{4})?").fullmatch
SCHEMES = {"AM": "arbeidsmarktregio", "PV": "province", "CR": "corop"}
NEAR = "+"
USUAL = Count()


@dataclass(frozen=True)
class Area:
    """A set of municipalities (codes of the boundary year, sorted) under a key; `kind` is region, province, corop, municipalities, saved
    or older. `unresolved` names municipalities of another year whose successor is not known: they are not in it."""

    key: str
    name: str
    kind: str
    members: tuple[str, ...]
    near: bool = False
    unresolved: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


# --- from an address to an area ---------------------------------------------------------------------------------
def of_address(reader: Reader, search: str | None, defaults: state.Defaults) -> Reader:
    """The reader of what an address says, over a publication (see located)."""
    region, near, count = state.wanted_area(search, defaults.region)
    return located(reader, region, near, count)


@lru_cache(maxsize=8)
def saved_in(folder: Path) -> Selections:
    """The saved selections of a data folder."""
    return Selections(folder)


def saved_of(reader: Reader) -> Selections:
    """The saved selections of the data folder that a publication stands in."""
    return saved_in(reader.path.parents[1])


def located(reader: Reader, region: str, near: bool = False, count: Count = USUAL) -> Reader:
    """The reader for what an address says: the publication's own for its regions counted as usual, otherwise one of the area and the count.
    When there is no such area (or the publication is older than this program and has no atoms), the area is left out."""
    if not reader._present("mart_area_demand"):
        return reader
    found = None if region in reader.region_names() and (not near or region == NATIONAL) else resolve(reader, region, near, saved_of(reader))
    if found is None and count.usual:
        return reader
    kept, key = reader.areas, (found, count)
    with reader.areas_lock:
        made = kept.get(key)
        if made is None:
            made = kept[key] = AreaReader(reader, found, count)
            while len(kept) > KEEP:
                kept.popitem(last=False)
        kept.move_to_end(key)
    return made


def resolve(reader: Reader, region: str, near: bool, saved: Selections) -> Area | None:
    """The area of an address, or None."""
    names = reader.municipality_names()
    if region.startswith(PREFIX):
        selection = saved.read().get(region)
        found = Area(region, selection.name, "saved", tuple(sorted(c for c in selection.municipalities if c in names))) if selection else None
    elif region.startswith("GM"):
        codes = tuple(sorted({code.strip() for code in region.split(",")}))
        found = Area(",".join(codes), _listed([names[c] for c in codes]), "municipalities", codes) if len(codes) <= MOST and all(c in names for c in codes) else None
    else:
        found = _of_scheme(reader, region) if CODE(region) else None
    if found is None or not found.members:
        return None
    return _widened(reader, found) if near else found


def _of_scheme(reader: Reader, region: str) -> Area | None:
    code, _, written = region.partition("@")
    scheme, year = SCHEMES.get(code[:2]), int(written or reader.info.boundary_year)
    if scheme is None:
        return None
    name = next((str(r["name"]) for r in regions_of(reader, scheme, year).to_dict("records") if r["code"] == code), None)
    if name is None:
        return None
    link, m = s.municipality_region.c, s.municipality.c
    inside = reader.ask(("members", scheme, year), select(link.municipality_code, link.region_code).where(link.scheme == scheme, link.year == year))
    codes = [str(c) for c, r in zip(inside["municipality_code"], inside["region_code"], strict=True) if r == code]
    if year == reader.info.boundary_year:
        return Area(region, name if scheme == "arbeidsmarktregio" else f"{name} ({code[:2]})", scheme if scheme != "arbeidsmarktregio" else "region", tuple(sorted(codes)))
    old = reader.ask(("names", year), select(m.code, m.name).where(m.year == year))
    now, lost, split = followed(codes, year, reference.read("municipality_changes").to_dict("records"), set(reader.municipality_names()))
    called = dict(zip(old["code"], old["name"], strict=True))
    return Area(region, f"{name} ({year})", "older", tuple(sorted(now)), unresolved=tuple(called.get(c, c) for c in lost), split=tuple(called.get(c, c) for c in split))


def regions_of(reader: Reader, scheme: str, year: int | None = None) -> pd.DataFrame:
    """code, name of the regions of a scheme, by name; the boundary year by default."""
    r, when = s.region.c, year or reader.info.boundary_year
    return reader.ask(("regions of", scheme, when), select(r.code, r.name).where(r.scheme == scheme, r.year == when).order_by(r.name))


def followed(codes: Iterable[str], year: int, changes: Iterable[Mapping[Any, Any]], present: set[str]) -> tuple[set[str], list[str], list[str]]:
    """(present codes, codes that could not be followed, codes that were divided) of municipalities of another year.

    `changes`: old_code, new_code, year (of the change), share (whole or part). A municipality that was divided is followed to all its successors.
    """
    after: dict[str, list[tuple[str, bool]]] = {}
    for row in changes:
        if int(row["year"]) > year:
            after.setdefault(str(row["old_code"]), []).append((str(row["new_code"]), row["share"] == "part"))
    now: set[str] = set()
    lost, split = [], []
    for code in codes:
        reached, waiting = set(), [code]
        parts = False
        while waiting:
            here = waiting.pop()
            if here in present:
                reached.add(here)
                continue
            waiting.extend(new for new, _ in after.get(here, []))
            parts = parts or any(part for _, part in after.get(here, []))
        now |= reached
        if not reached:
            lost.append(code)
        elif parts:
            split.append(code)
    return now, lost, split


@lru_cache(maxsize=1)
def neighbours() -> Mapping[str, frozenset[str]]:
    """Municipalities that share a border (warehouse/reference/neighbours.csv)."""
    found: dict[str, set[str]] = {}
    for a, b in reference.read("neighbours")[["municipality_code", "neighbour_code"]].itertuples(index=False):
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return {code: frozenset(codes) for code, codes in found.items()}


def _widened(reader: Reader, area: Area) -> Area:
    """With its neighbours: regions that share a border with a region, municipalities that share one with a selection."""
    touching = set(area.members).union(*(neighbours().get(code, frozenset()) for code in area.members)) & set(reader.municipality_names())
    scheme = {"region": "arbeidsmarktregio", "province": "province", "corop": "corop"}.get(area.kind)
    if scheme:
        link = s.municipality_region.c
        inside = reader.ask(("members", scheme, reader.info.boundary_year), select(link.municipality_code, link.region_code).where(link.scheme == scheme, link.year == reader.info.boundary_year))
        of = dict(zip(inside["municipality_code"], inside["region_code"], strict=True))
        wanted = {of[code] for code in touching if code in of}
        touching = {code for code, region in of.items() if region in wanted}
    return Area(area.key + NEAR, f"{area.name} {NEAR}", area.kind, tuple(sorted(touching)), True, area.unresolved, area.split)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:3]) + (f" (+{len(names) - 3})" if len(names) > 3 else "")


# --- the reader -------------------------------------------------------------------------------------------------
class AreaReader(Reader):
    """Answers for an area what the reader of its publication answers for a region, under the area's key as region code; counted as
    `count` says, all regions with it."""

    SHARED = ("sources", "checks", "reject_counts", "reject_rows", "regions", "sectors", "periods", "programmes", "programme", "occupations", "occupation_names", "municipality_names",
              "skill_labels", "skill_names", "programme_occupations", "occupation_programmes", "programme_skills", "published_corrections", "open_vacancies", "_present")

    def __init__(self, base: Reader, area: Area | None, count: Count = USUAL) -> None:
        self.base, self.area, self.count = base, area, count
        self.key, self.members = (area.key, area.members) if area else ("", ())
        self.path, self.info = base.path, base.info
        self._cache, self._cache_size, self._lock = OrderedDict(), 500, threading.Lock()
        self._overlay = Overlay(base._connection)
        self._turn = threading.RLock()
        self._made: dict[str, Any] = {}
        for name in self.SHARED:
            setattr(self, name, getattr(base, name))
        inside = base.ask(("members", "arbeidsmarktregio", base.info.boundary_year), _labour_market(base.info.boundary_year))
        self.regions_in = tuple(sorted({str(r) for c, r in zip(inside["municipality_code"], inside["region_code"], strict=True) if c in set(self.members)}))

    def region_names(self) -> dict[str, str]:
        names = self.base.region_names()
        return {**names, self.area.key: self.area.name} if self.area else names

    def evidence(self, region: str, occupation_uris: Sequence[str], skill_id: str, limit: int = 8) -> pd.DataFrame:
        """See Reader.evidence; of this area from the vacancies themselves, so that the newest of the area are found."""
        if region != self.key:
            return self.base.evidence(region, occupation_uris, skill_id, limit)

        def ask() -> pd.DataFrame:
            found = self._of_base(asking_area.evidence(self.members, self.regions_in, occupation_uris, skill_id, limit, sentences.AROUND))
            return sentences.with_sentences(found.assign(region_code=region, position=range(1, len(found) + 1)))
        return self._answer(("evidence", region, tuple(occupation_uris), skill_id, limit), ask)

    def one_programme(self, crebo: str, period: int) -> Within:
        """A programme in this area, from its own atoms alone."""
        demand, leavers, taught = (self._of_base(statement) for statement in asking_area.of_programme(crebo, self.members))
        periods, incomplete = self._years()
        none = pd.DataFrame(columns=["region_code", "period", "crebo", "coverage", "coverage_n"])
        rows, _ = rules.programme_rows(
            rules.together(demand, self.key), rules.gathered(leavers, self.key), taught.assign(region_code=self.key), none, periods, incomplete, self._links(), pd.DataFrame(), self._limits(), {})
        row = next((r for r in rows.to_dict("records") if r["crebo"] == crebo and r["period"] == period), None)
        return Within(self.area, None if row is None else {str(k): v for k, v in row.items()}, taught[taught["year"] == period])

    # --- inside -----------------------------------------------------------------------------------------------
    def _frame(self, statement: ClauseElement) -> pd.DataFrame:
        with self._turn:
            for name in sorted(asking_area.tables_of(statement) & set(LAID if self.area else COUNTED) - self._overlay.laid):
                LAID[name](self)
            return frame(self._overlay.connection, asking_area.rewritten(statement, self.key, self.members, self.regions_in) if self.area else statement)

    def _of_base(self, statement: ClauseElement) -> pd.DataFrame:
        return self.base._frame(statement)

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """Made at most once for this area, under `_turn`."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _put(self, name: str, rows: pd.DataFrame, instead: bool = False) -> None:
        if name not in self._overlay.laid:
            self._overlay.lay(s.metadata.tables[name], rows, instead)

    def _atoms(self, name: str) -> pd.DataFrame:
        return self._once(name, lambda: self._of_base(asking_area.atoms(s.metadata.tables[name], self.members)))

    def _leavers(self) -> pd.DataFrame:
        return self._once("leavers", lambda: rules.gathered(self._atoms("mart_area_supply"), self.key))

    def _living(self) -> pd.DataFrame:
        def make() -> pd.DataFrame:
            homes = self.base.ask(("homes",), select(s.mart_area_home))
            everyone = self.base._answer(("all leavers",), lambda: rules.whole(rules.gathered(self._of_base(select(s.mart_area_supply)), NATIONAL)))
            return rules.living_in(everyone, homes, self.members, self.key)
        return self._once("living", make)

    def _rows_of_demand(self) -> pd.DataFrame:
        return self._once("demand", lambda: rules.together(self._atoms("mart_area_demand"), self.key))

    def _years(self) -> tuple[list[int], set[int]]:
        """(periods of the publication, those of them that are not complete)."""
        months = self.base.demand_months(NATIONAL)["month"]
        counted = pd.Series([m.year for m in months]).value_counts()
        return self.base.periods(), {period for period in self.base.periods() if counted.get(period, 0) < 12}

    def _limits(self) -> Limits:
        found = self.base.ask(("thresholds",), select(s.threshold))
        return Limits(**{key: (int(value) if float(value).is_integer() else float(value)) for key, value in zip(found["key"], found["value"], strict=True) if key in ABOUT})

    def _links(self) -> rules.Links:
        def make() -> rules.Links:
            linked, programmes = self._of_base(select(s.programme_occupation)), self.base.programmes()
            return rules.Links(linked, self._of_base(select(s.crosswalk_variant)), programmes.dropna(subset=["sector"]).set_index("crebo")["sector"])
        return self.base._answer(("links",), make)

    # --- what is laid over the marts --------------------------------------------------------------------------
    def _lay_totals(self) -> None:
        made = dict(zip(("mart_region", "mart_unmapped", "mart_demand_month"), self._totals() if self.area else [pd.DataFrame()] * 3, strict=True))
        if not self.count.usual:
            every = pd.concat([self._of_base(select(s.mart_region)), made.pop("mart_region")], ignore_index=True)
            self._put("mart_region", rules.retotalled(every, self.count), instead=True)
        for name, rows in made.items():
            if self.area:
                self._put(name, rows)

    def _lay_sectors(self) -> None:
        own = signalling.told(self._cells()[0], self._signals_of_sectors(), "sector") if self.area else pd.DataFrame()
        self._put("mart_mismatch", own if self.count.usual else self._recounted("sector", s.mart_mismatch, own), instead=not self.count.usual)

    def _lay_programmes(self) -> None:
        own = signalling.told(self._programmes()[0], self._signals_of_programmes(), "crebo") if self.area else pd.DataFrame()
        self._put("mart_programme", own if self.count.usual else self._recounted("programme", s.mart_programme, own), instead=not self.count.usual)

    def _lay_institutions(self) -> None:
        self._put("mart_programme_institution", self._institutions())

    def _lay_skills(self) -> None:
        counted, rows = self._skills()
        self._put("mart_subject", counted)
        self._put("mart_skill", rows)

    def _lay_variants(self) -> None:
        self._put("mart_variant", pd.concat([self._cells()[1], self._programmes()[1]], ignore_index=True))

    def _lay_signals(self) -> None:
        own = pd.concat([self._signals_of_sectors(), self._signals_of_programmes()], ignore_index=True) if self.area else pd.DataFrame()
        if self.count.usual:
            self._put("mart_signal", own)
            return
        every = pd.concat([self._of_base(select(s.mart_signal)), own], ignore_index=True)
        made = [every[~every["code"].isin(signalling.OUTCOMES)]]
        for kind, table, subject in (("sector", s.mart_mismatch, "sector"), ("programme", s.mart_programme, "crebo")):
            made.append(signalling.outcomes(self._frame(select(table)), kind, subject))
        self._put("mart_signal", pd.concat(made, ignore_index=True), instead=True)

    def _recounted(self, kind: str, table: Table, own: pd.DataFrame) -> pd.DataFrame:
        """All rows of a table, those of the area with them, counted as `count` says."""
        v = s.mart_variant
        published = self._of_base(select(v).where(v.c.subject_kind == kind))
        mine = [(self._cells() if kind == "sector" else self._programmes())[1]] if self.area else []
        every = pd.concat([self._of_base(select(table)), own], ignore_index=True) if self.area else self._of_base(select(table))
        made = rules.recounted(every, pd.concat([published, *mine], ignore_index=True), self.count, "sector" if kind == "sector" else "crebo", self._limits())
        return signalling.reclassed(made)

    # --- parts, made once -------------------------------------------------------------------------------------
    def _totals(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        months = self._atoms("mart_area_month").assign(region_code=self.key)
        return rules.totals(months, self._leavers(), [self.key], self._years()[0], self._living())

    def _cells(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        periods, incomplete = self._years()
        sectors = [str(code) for code in self.base.sectors()["code"]]
        return self._once("cells", lambda: rules.sector_rows(self._rows_of_demand(), self._leavers(), [self.key], periods, incomplete, sectors, self._links(), self._living(), self._limits()))

    def _programmes(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        def make() -> tuple[pd.DataFrame, pd.DataFrame]:
            periods, incomplete = self._years()
            t = s.mart_programme.c
            country = self.base.ask(("national students",), select(t.period, t.crebo, t.students_high).where(t.region_code == NATIONAL))
            national = dict(zip(zip(country["period"], country["crebo"], strict=True), country["students_high"], strict=True))
            return rules.programme_rows(
                self._rows_of_demand(), self._leavers(), self._institutions(), rules.covered(self._skills()[1]), periods, incomplete, self._links(), self._living(), self._limits(), national)
        return self._once("programmes", make)

    def _institutions(self) -> pd.DataFrame:
        def make() -> pd.DataFrame:
            found = self._of_base(asking_area.institutions(self.members))
            return found.assign(region_code=self.key, places=["|".join(sorted(set(p.split("|")))) if isinstance(p, str) else p for p in found["places"]])
        return self._once("institutions", make)

    def _skills(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        def make() -> tuple[pd.DataFrame, pd.DataFrame]:
            n, asked = (self._of_base(statement).assign(region_code=self.key) for statement in asking_area.readable(self.members, self.regions_in))
            counted, by_subject = rules.subjects(n, asked, self._links().crosswalk)
            return counted, rules.skill_rows(counted, by_subject, self._taught(), self.base.ask(("skill_near",), select(s.skill_near)))
        return self._once("skills", make)

    def _taught(self) -> pd.DataFrame:
        return self.base.ask(("taught",), select(s.programme_skill.c.crebo, s.programme_skill.c.skill_id))

    def _signals_of_sectors(self) -> pd.DataFrame:
        def make() -> pd.DataFrame:
            students = self._institutions().groupby(["region_code", "year", "crebo"], as_index=False)[["students_low", "students_high"]].sum(min_count=1)
            return signalling.of_sectors(self._cells()[0], students.rename(columns={"year": "period"}), self._links().sector_of, self._limits())
        return self._once("signals of sectors", make)

    def _signals_of_programmes(self) -> pd.DataFrame:
        return self._once("signals of programmes", lambda: signalling.of_programmes(self._programmes()[0], self._skills()[1], self._taught(), self._limits()))


@dataclass(frozen=True)
class Within:
    """A programme within its reach: the area (None: the chosen region itself), its row of mart_programme, its institutions (rows)."""

    area: Area | None
    row: Mapping[str, Any] | None
    institutions: pd.DataFrame


def within_reach(reader: Reader, region: str, crebo: str, level: int, period: int) -> Within:
    """A programme in the region and, where its level reaches further (warehouse/reference/reach.csv), the regions next to it."""
    wide = resolve(reader, region, True, saved_of(reader)) if reach_of(level)["reach"] == "near" and not region.endswith(NEAR) and reader._present("mart_area_demand") else None
    if wide is None or region == NATIONAL:
        rows, taught = reader.programme_years(region, crebo), reader.programme_institutions(region, crebo)
        row = next((r for r in rows.to_dict("records") if r["period"] == period), None)
        return Within(None, None if row is None else {str(k): v for k, v in row.items()}, taught[taught["year"] == period])
    own = AreaReader(getattr(reader, "base", reader), wide)
    return own.base._answer(("within reach", wide, crebo, period), lambda: own.one_programme(crebo, period))


def reach_of(level: int) -> Mapping[str, str]:
    """Row of the table of reaches: level, reach (region or near), why, why_en, source."""
    return next(row for row in reaches() if row["level"] == str(level))


@lru_cache(maxsize=1)
def reaches() -> tuple[Mapping[str, str], ...]:
    """The table of reaches by level."""
    return tuple({str(k): str(v) for k, v in row.items()} for row in reference.read("reach").to_dict("records"))


LAID: Mapping[str, Callable[[AreaReader], None]] = {
    "mart_region": AreaReader._lay_totals, "mart_unmapped": AreaReader._lay_totals, "mart_demand_month": AreaReader._lay_totals, "mart_mismatch": AreaReader._lay_sectors,
    "mart_programme": AreaReader._lay_programmes, "mart_programme_institution": AreaReader._lay_institutions, "mart_subject": AreaReader._lay_skills, "mart_skill": AreaReader._lay_skills,
    "mart_variant": AreaReader._lay_variants, "mart_signal": AreaReader._lay_signals,
}
COUNTED = frozenset({"mart_region", "mart_mismatch", "mart_programme", "mart_signal"})  # what another count changes for all regions


def _labour_market(year: int) -> ClauseElement:
    link = s.municipality_region.c
    return select(link.municipality_code, link.region_code).where(link.scheme == "arbeidsmarktregio", link.year == year)
