"""Questions about official indicators beside our figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import select

from warehouse import schema as s

Reader = Any  # warehouse.queries.Reader


def indicators(reader: Reader) -> pd.DataFrame:
    """Declared indicators in a fixed order: columns of indicator."""
    return reader.ask(("indicators",), select(s.indicator).order_by(s.indicator.c.key))


def official_rows(reader: Reader, kind: str) -> pd.DataFrame:
    """Official figures beside ours of all regions, sectors or programmes (`kind`), the newest year: columns of mart_official."""
    t = s.mart_official
    return reader.ask(("official_rows", kind), select(t).where(t.c.subject_kind == kind, t.c.period == reader.info.latest_period).order_by(t.c.region_code, t.c.subject, t.c.indicator))


def official_of(reader: Reader, region: str, period: int, kind: str, subject: str | None = None) -> pd.DataFrame:
    """Official figures beside ours in a region and year, of every sector or programme or of one: columns of mart_official."""
    t = s.mart_official
    statement = select(t).where(t.c.region_code == region, t.c.period == period, t.c.subject_kind == kind)
    if subject is not None:
        statement = statement.where(t.c.subject == subject)
    return reader.ask(("official_of", region, period, kind, subject), statement.order_by(t.c.subject, t.c.indicator))


def definitions(reader: Reader, indicator: str, region: str | None, period: str) -> pd.DataFrame:
    """Definitions that a publication of an indicator states itself: definition; a region of None is the country."""
    t = s.official_indicator
    where = t.c.region_code.is_(None) if region is None else t.c.region_code == region
    return reader.ask(("definitions", indicator, region, period), select(t.c.definition).where(t.c.indicator == indicator, t.c.period == period, where, t.c.definition.is_not(None)).distinct().limit(3))
