"""Borders for maps."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from warehouse import schema as s
from warehouse.queries import Reader


def borders(reader: Reader) -> pd.DataFrame:
    """Borders of the boundary year: level (gemeente or arbeidsmarktregio), code, geometry (GeoJSON, WGS84); empty where PDOK was not reached."""
    t = s.boundary.c
    return reader.ask(("borders",), select(t.level, t.code, t.geometry).where(t.year == reader.info.boundary_year).order_by(t.level, t.code))


def region_of(reader: Reader) -> dict[str, str]:
    """Municipality code -> labour-market region, of the boundary year."""
    t = s.municipality_region.c
    found = reader.ask(("region of",), select(t.municipality_code, t.region_code).where(t.scheme == "arbeidsmarktregio", t.year == reader.info.boundary_year))
    return dict(zip(found["municipality_code"], found["region_code"], strict=True))
