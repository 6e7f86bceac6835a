"""Questions about the crosswalk: which occupations a programme trains for, on whose word, how sure, and what goes nowhere."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import case, func, select

from warehouse import schema as s
from warehouse.queries import Reader

SINCE = 5  # schema version that has these tables and columns; older publications answer with no rows


def links(reader: Reader, crebo: str) -> pd.DataFrame:
    """Occupations of a programme, heaviest first: occupation_uri, isco4, label_nl, label_en, weight (share of the occupation's demand
    that this programme answers), others (share that other programmes answer), unlinked (share that goes to no programme), origin,
    confidence, note."""
    t, o = s.programme_occupation, s.occupation
    per = select(t.c.occupation_uri, func.sum(t.c.weight).label("total")).group_by(t.c.occupation_uri).subquery()
    statement = (
        select(t.c.occupation_uri, o.c.isco4, o.c.label_nl, o.c.label_en, t.c.weight, (per.c.total - t.c.weight).label("others"),
               func.greatest(1 - per.c.total, 0).label("unlinked"), t.c.origin, t.c.confidence, t.c.note)
        .join(per, per.c.occupation_uri == t.c.occupation_uri).join(o, o.c.uri == t.c.occupation_uri)
        .where(t.c.crebo == crebo).order_by(t.c.weight.desc(), o.c.label_nl)
    )
    return _ask(reader, ("crosswalk links", crebo), statement)


def unlinked(reader: Reader, region: str, period: int, least: float = 0.0) -> pd.DataFrame:
    """Occupations of which a part of the demand goes to no programme, most vacancies first: occupation_uri, label_nl, label_en, n
    (vacancies in the region and year), unlinked (share of more than `least` that goes nowhere), vacancies (n x unlinked)."""
    t, o, m = s.programme_occupation, s.occupation, s.mart_subject
    per = select(t.c.occupation_uri, func.sum(t.c.weight).label("total")).group_by(t.c.occupation_uri).subquery()
    rest = func.greatest(1 - func.coalesce(per.c.total, 0.0), 0.0)
    statement = (
        select(o.c.uri.label("occupation_uri"), o.c.label_nl, o.c.label_en, m.c.n, rest.label("unlinked"), (m.c.n * rest).label("vacancies"))
        .join(m, m.c.subject == o.c.uri).join(per, per.c.occupation_uri == o.c.uri, isouter=True)
        .where(m.c.subject_kind == "occupation", m.c.region_code == region, m.c.period == period, rest > max(least, 1e-6)).order_by((m.c.n * rest).desc(), o.c.label_nl)
    )
    return _ask(reader, ("crosswalk unlinked", region, period, least), statement)


def variants(reader: Reader, crebo: str) -> pd.DataFrame:
    """The weights of a programme under every crosswalk that could be defended: occupation_uri, label_nl, label_en and a column per
    variant (combined, even, by_graduates, text); 0 where a variant does not link the two."""
    t, o = s.crosswalk_variant, s.occupation
    names = ("combined", "even", "by_graduates", "text")
    columns = [func.sum(case((t.c.variant == name, t.c.weight), else_=0.0)).label(name) for name in names]
    statement = (
        select(t.c.occupation_uri, o.c.label_nl, o.c.label_en, *columns).join(o, o.c.uri == t.c.occupation_uri)
        .where(t.c.crebo == crebo).group_by(t.c.occupation_uri, o.c.label_nl, o.c.label_en).order_by(columns[0].desc(), o.c.label_nl)
    )
    return _ask(reader, ("crosswalk variants", crebo), statement)


def overrides(reader: Reader, crebo: str | None = None) -> pd.DataFrame:
    """Lines of the institutions' override files with what became of them, for one programme or all: columns of crosswalk_override."""
    t = s.crosswalk_override
    statement = select(t).order_by(t.c.file, t.c.line)
    return _ask(reader, ("crosswalk overrides", crebo), statement if crebo is None else statement.where(t.c.crebo == crebo))


def missed(reader: Reader) -> pd.DataFrame:
    """Rows of official lists that name an occupation which is none of ours, or several: columns of crosswalk_missed."""
    t = s.crosswalk_missed
    return _ask(reader, ("crosswalk missed",), select(t).order_by(t.c.origin, t.c.occupation_name, t.c.crebo))


def _ask(reader: Reader, key: tuple[object, ...], statement: object) -> pd.DataFrame:
    if reader.info.schema_version < SINCE:
        return pd.DataFrame(columns=[column.name for column in statement.selected_columns])  # type: ignore[attr-defined]
    return reader.ask(key, statement)  # type: ignore[arg-type]
