"""The thresholds that a publication was made with."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from warehouse import schema as s
from warehouse.queries import Reader


def thresholds(reader: Reader) -> pd.DataFrame:
    """Columns of table threshold, by key."""
    return reader.ask(("thresholds",), select(s.threshold).order_by(s.threshold.c.key))
