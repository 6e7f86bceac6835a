"""Questions about a set of municipalities: statements over the atoms (mart_area_...) and over single vacancies.

`members` are municipality codes, `regions` the labour-market regions they lie in (files are sorted by region, so naming them spares
reading the others).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import BinaryExpression, BindParameter, Column, Select, Table, and_, func, select, true
from sqlalchemy.sql import ClauseElement, operators, visitors

from warehouse import schema as s
from warehouse.queries import NATIONAL, Reader

USUAL = frozenset({"supply=teaching", "demand=calibrated", "crosswalk=combined"})
# Tables of single things with the region of their vacancy; the others that hold regions are laid over (warehouse/overlay.py).
BY_VACANCY = frozenset({"vacancy_skill", "vacancy_ignored", "mart_evidence"})


def atoms(table: Table, members: Sequence[str]) -> Select[Any]:
    """Rows of an atom table of these municipalities."""
    return select(table).where(table.c.municipality_code.in_(members))


def of_programme(crebo: str, members: Sequence[str]) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """(rows of mart_area_demand in a programme's occupations, of mart_area_supply and of mart_programme_institution of the programme) in these municipalities."""
    d, a, i, link = s.mart_area_demand, s.mart_area_supply, s.mart_programme_institution, s.programme_occupation.c
    linked = select(link.occupation_uri).where(link.crebo == crebo)
    return atoms(d, members).where(d.c.occupation_uri.in_(linked)), atoms(a, members).where(a.c.crebo == crebo), institutions(members).where(i.c.crebo == crebo)


def institutions(members: Sequence[str]) -> Select[Any]:
    """Rows of mart_programme_institution of what is taught in these municipalities, with the towns there and the share taught there."""
    i, t = s.mart_programme_institution, s.mart_area_teaching
    here = (
        select(t.c.institution_code, t.c.crebo, func.string_agg(t.c.places, "|").label("places"), func.max(t.c.location_basis).label("location_basis"), func.sum(t.c.share_in_area).label("share_in_region"))
        .where(t.c.municipality_code.in_(members)).group_by(t.c.institution_code, t.c.crebo).subquery())
    told = [c for c in i.columns if c.name not in ("places", "location_basis", "share_in_region")]
    return (
        select(*told, here.c.places, here.c.location_basis, here.c.share_in_region)
        .join(here, and_(here.c.institution_code == i.c.institution_code, here.c.crebo == i.c.crebo)).where(i.c.region_code == NATIONAL))


def readable(members: Sequence[str], regions: Sequence[str]) -> tuple[Select[Any], Select[Any]]:
    """(period, occupation_uri, n; period, occupation_uri, skill_id, asked) of vacancies whose skills are read, duplicates once."""
    v, m = s.vacancy.c, s.vacancy_skill.c
    where = [v.counts == true(), v.language != "other", v.occupation_uri.is_not(None), *_in(s.vacancy, members, regions)]
    n = select(v.year.label("period"), v.occupation_uri, func.count().label("n")).where(*where).group_by(v.year, v.occupation_uri)
    asked = (
        select(v.year.label("period"), v.occupation_uri, m.skill_id, func.count().label("asked"))
        .join(s.vacancy_skill, m.vacancy_id == v.vacancy_id).where(*where, m.region_code.in_(regions)).group_by(v.year, v.occupation_uri, m.skill_id))
    return n, asked


def evidence(members: Sequence[str], regions: Sequence[str], occupation_uris: Sequence[str], skill_id: str, limit: int, around: int) -> Select[Any]:
    """The newest vacancies that ask for a skill, with the mention (start, end) and the text from `begin` on around it (near)."""
    v, m = s.vacancy.c, s.vacancy_skill.c
    begin = func.greatest(m.start - around, 0)
    return (
        select(v.occupation_uri, m.skill_id, v.vacancy_id, v.title, v.employer, v.first_seen, m.start, m.end, begin.label("begin"),
               func.substr(v.text, begin + 1, m.end - m.start + 2 * around).label("near"))
        .join(s.vacancy_skill, m.vacancy_id == v.vacancy_id)
        .where(v.counts == true(), v.occupation_uri.in_(list(occupation_uris)), m.skill_id == skill_id, m.start >= 0, m.region_code.in_(regions), *_in(s.vacancy, members, regions))
        .order_by(v.first_seen.desc(), v.vacancy_id).limit(limit))


def _in(table: Table, members: Sequence[str], regions: Sequence[str]) -> list[Any]:
    return [table.c.region_code.in_(regions), table.c.municipality_code.in_(members)]


def countable(reader: Reader) -> frozenset[str]:
    """What a publication can be counted by: "supply=living", "crosswalk=text" and so on, each only where the figures are there."""
    v, m = s.mart_variant.c, s.mart_mismatch.c
    reader = getattr(reader, "base", reader)  # what holds for the publication holds for its areas
    if "demand_raw" not in reader._present("mart_variant"):
        return USUAL
    variants = reader.ask(("countable crosswalks",), select(v.variant).distinct())["variant"]
    living = reader.ask(("countable supply",), select(func.count(m.supply_living).label("n")))["n"]
    return USUAL | {"demand=raw"} | {f"crosswalk={name}" for name in variants} | ({"supply=living"} if int(living.iloc[0]) else set())


def tables_of(statement: ClauseElement) -> set[str]:
    """Names of the declared tables that a statement reads."""
    return {element.name for element in visitors.iterate(statement) if isinstance(element, Table)}


def rewritten(statement: ClauseElement, code: str, members: Sequence[str], regions: Sequence[str]) -> ClauseElement:
    """A statement in which "the region is `code`" is said of vacancies as "the municipality is one of `members`"."""
    v = s.vacancy.c
    inside = select(v.vacancy_id).where(*_in(s.vacancy, members, regions))

    def said(element: Any, **_: Any) -> Any:
        if not isinstance(element, BinaryExpression) or element.operator is not operators.eq:
            return None
        column, value = element.left, element.right
        if not isinstance(column, Column) or column.name != "region_code" or not isinstance(value, BindParameter) or value.value != code:
            return None
        if "municipality_code" in column.table.c:
            return and_(column.in_(regions), column.table.c.municipality_code.in_(members))
        if str(getattr(column.table, "name", "")) in BY_VACANCY:
            return and_(column.in_(regions), column.table.c.vacancy_id.in_(inside))
        return None

    return cast(ClauseElement, visitors.replacement_traverse(cast(Any, statement), {}, said))
