"""What a publication was made with: thresholds and calibration."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from warehouse import schema as s
from warehouse.queries import Reader


def thresholds(reader: Reader) -> pd.DataFrame:
    """Columns of table threshold, by key."""
    return reader.ask(("thresholds",), select(s.threshold).order_by(s.threshold.c.key))


def calibration(reader: Reader) -> pd.DataFrame:
    """Columns of table calibration and name (of the province; null for the country), by period, area and sector."""
    c, m = s.calibration, s.municipality
    names = select(m.c.province_code, m.c.province.label("name")).where(m.c.year == reader.info.boundary_year).distinct().subquery()
    statement = select(*c.columns, names.c.name).join(names, names.c.province_code == c.c.region_code, isouter=True).order_by(c.c.period, c.c.region_code, c.c.sector)
    return reader.ask(("calibration",), statement)
