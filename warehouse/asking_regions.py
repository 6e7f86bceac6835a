"""Questions of the page about regions: jobs by industry, codes of the regions of every kind, and what stands out in a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import and_, select

from warehouse import schema as s

Reader = Any  # warehouse.queries.Reader
TABLE = "83582NED"
EVERYTHING = "A-U"


def jobs(reader: Reader) -> pd.DataFrame:
    """Jobs of employees in December, SBI sections and their total: part_code (region or municipality), period (year), branch (SBI code), value
    (x 1,000; null = hidden by CBS), status. Empty when they were not loaded."""
    base: Any = getattr(reader, "base", reader)
    if not base._present("jobs"):
        return pd.DataFrame(columns=["part_code", "period", "branch", "value", "status"])
    j = s.jobs.c
    statement = select(j.region_code.label("part_code"), j.period, j.sbi_code.label("branch"), j.jobs_thousand.label("value"), j.status).where(j.sbi_code.in_([*sections(base), total(base)]))
    return base.ask(("jobs of regions",), statement.order_by(j.region_code, j.period, j.sbi_code))


def sections(reader: Reader) -> Mapping[str, str]:
    """SBI code -> title of the sections (one letter) in the table of jobs, in alphabetical order of their letter."""
    return {code: title for code, title in _titles(reader).items() if title[1:2] == " " and title[0].isupper()}


def total(reader: Reader) -> str:
    """SBI code of all industries together in the table of jobs."""
    return next((code for code, title in _titles(reader).items() if title.startswith(EVERYTHING)), "T001081")


def _titles(reader: Reader) -> dict[str, str]:
    c = s.cbs_code.c
    base: Any = getattr(reader, "base", reader)
    found = base.ask(("sections of jobs",), select(c.code, c.title).where(c.table_id == TABLE, c.dimension.like("Bedrijfstakken%")).order_by(c.title))
    return dict(zip(found["code"], found["title"], strict=True))


def members(reader: Reader, scheme: str) -> pd.DataFrame:
    """Municipalities of the regions of a scheme in the boundary year: region_code, part_code."""
    base: Any = getattr(reader, "base", reader)
    m = s.municipality_region.c
    return base.ask(("parts of regions", scheme), select(m.region_code, m.municipality_code.label("part_code")).where(m.scheme == scheme, m.year == base.info.boundary_year).order_by(m.region_code, m.municipality_code))


def codes(reader: Reader) -> pd.DataFrame:
    """Regions of every scheme in the boundary year and the country: code, name, scheme."""
    base: Any = getattr(reader, "base", reader)
    r = s.region.c
    return base.ask(("codes of regions",), select(r.code, r.name, r.scheme).where(r.year == base.info.boundary_year).order_by(r.scheme, r.name))


def strongest(reader: Reader, region: str, period: int, most: int = 3) -> pd.DataFrame:
    """The signals of a region that sort first: columns of mart_signal, and name and level of the programme (null for a sector)."""
    t, p = s.mart_signal.c, s.programme.c
    statement = (
        select(*t, p.name, p.level).join(s.programme, and_(t.subject_kind == "programme", p.crebo == t.subject), isouter=True).select_from(s.mart_signal)
        .where(t.region_code == region, t.period == period).order_by(t.strength.desc(), t.subject, t.code).limit(most))
    return reader.ask(("strongest signals", region, period, most), statement)
