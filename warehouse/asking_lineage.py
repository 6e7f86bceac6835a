"""Questions about the codes a programme had: its family, and the yearly counts of all of them, for a series that runs on.

A page makes the series with etl.alignment.lineage: chain(counts(reader, region, crebo), family(reader, crebo), by=..., values=...).
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import func, select

from warehouse import schema as s
from warehouse.queries import Reader

SINCE = 5  # schema version that has the table; older publications answer with no rows
AMBIGUOUS = "ambiguous"


def family(reader: Reader, crebo: str) -> pd.DataFrame:
    """Everything that is known of a programme's earlier and later codes: columns of programme_lineage, and name and level of both
    codes (name, level, predecessor_name, predecessor_level; null when no file names the code). Ambiguous candidates are in it."""
    rows = _all(reader)
    codes = family_codes(reader, crebo)
    found = rows[rows["crebo"].isin(codes) & rows["predecessor"].isin(codes) | rows["crebo"].eq(crebo) | rows["predecessor"].eq(crebo)].reset_index(drop=True)
    known = reader.programmes().set_index("crebo")
    for prefix, column in (("", "crebo"), ("predecessor_", "predecessor")):
        found[f"{prefix}name"] = found[column].map(known["name"])
        found[f"{prefix}level"] = found[column].map(known["level"])
    return found


def family_codes(reader: Reader, crebo: str) -> list[str]:
    """The programme's code and all that are certainly its predecessors or successors, in any number of steps."""
    rows = _all(reader)
    sure = rows[rows["relation"] != AMBIGUOUS]
    codes = {crebo}
    while True:
        near = sure[sure["crebo"].isin(codes) | sure["predecessor"].isin(codes)]
        more = {*near["crebo"], *near["predecessor"]} - codes
        if not more:
            return sorted(codes)
        codes |= more


def counts(reader: Reader, region: str, crebo: str) -> pd.DataFrame:
    """Students and graduates per code of the family, pathway and year in a region, exactly as DUO has them (institutions added up as
    bounds): crebo, pathway, year, students_low, students_high, graduates_low, graduates_high."""
    t = s.mart_programme_institution
    sums = [func.sum(t.c[name]).label(name) for name in ("students_low", "students_high", "graduates_low", "graduates_high")]
    statement = (
        select(t.c.crebo, t.c.pathway, t.c.year, *sums).where(t.c.region_code == region, t.c.crebo.in_(family_codes(reader, crebo)))
        .group_by(t.c.crebo, t.c.pathway, t.c.year).order_by(t.c.year, t.c.crebo, t.c.pathway)
    )
    return reader.ask(("lineage counts", region, crebo), statement)


def summary(reader: Reader) -> pd.DataFrame:
    """How many earlier codes have a successor, by relation: relation, predecessors."""
    t = s.programme_lineage
    if reader.info.schema_version < SINCE:
        return pd.DataFrame(columns=["relation", "predecessors"])
    return reader.ask(("lineage summary",), select(t.c.relation, func.count(t.c.predecessor.distinct()).label("predecessors")).group_by(t.c.relation).order_by(t.c.relation))


def _all(reader: Reader) -> pd.DataFrame:
    t = s.programme_lineage
    if reader.info.schema_version < SINCE:
        return pd.DataFrame(columns=[column.name for column in t.columns])
    return reader.ask(("lineage",), select(t).order_by(t.c.crebo, t.c.predecessor))
