"""The signals of a region and year, with the figures they stand on and what they are about."""

from __future__ import annotations

import json

import pandas as pd
from sqlalchemy import and_, select

from warehouse import schema as s
from warehouse.queries import Reader


def kept(reader: Reader) -> bool:
    """Whether this publication keeps signals in a table of their own; older ones do not."""
    return bool(reader._present("mart_signal"))


def signals(reader: Reader, region: str, period: int) -> pd.DataFrame:
    """Signals of sectors and programmes, strongest first: columns of mart_signal with `values` as a dict, name_nl and name_en of the
    subject, level (of a programme, else null). Empty when there are none, and for a publication from before they were kept."""
    t, p, c = s.mart_signal, s.programme, s.sector
    if not kept(reader):
        return pd.DataFrame(columns=[*(column.name for column in t.columns), "name_nl", "name_en", "level"])
    statement = (
        select(*t.columns, p.c.name, p.c.level, c.c.short_nl, c.c.short_en)
        .join(p, and_(t.c.subject_kind == "programme", p.c.crebo == t.c.subject), isouter=True).join(c, and_(t.c.subject_kind == "sector", c.c.code == t.c.subject), isouter=True)
        .where(t.c.region_code == region, t.c.period == period).order_by(t.c.strength.desc(), t.c.subject_kind.desc(), t.c.subject, t.c.code))
    found = reader.ask(("signals", region, period), statement)
    names = {f"name_{lang}": found[f"short_{lang}"].where(found["subject_kind"] == "sector", found["name"]) for lang in ("nl", "en")}
    return found.assign(**names, values=[json.loads(text) for text in found["values"]]).drop(columns=["name", "short_nl", "short_en"])
