"""How well adverts are read, as measured (reference/understanding_quality.csv, written by `python -m bench.understanding --write`)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from warehouse import reference

NAME = "understanding_quality"
COLUMNS = ("part", "sector", "measure", "value", "low", "high", "n", "adverts", "version", "measured_on", "vocabulary")
LINKING = "linking"  # rankings of names, measured elsewhere
PART_NAMES = {"unseen": "Unseen adverts", "seen": "Adverts that were looked at", LINKING: "Ranking of names"}
LEAST = 10  # below this number of observations a value is kept, and not shown


def enough(n: float) -> bool:
    """Whether so many observations are shown."""
    return n >= LEAST


def read(path: Path | None = None) -> pd.DataFrame:
    """Columns COLUMNS: value, low and high as shares (low and high may be missing), n and adverts as whole numbers, the others as
    text; sector '' is all adverts of the part. Raises FileNotFoundError or KeyError for a file that is not there or lacks a column."""
    found = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8") if path else reference.read(NAME)
    rows = found[list(COLUMNS)].copy()
    for name in ("value", "low", "high"):
        rows[name] = pd.to_numeric(rows[name].where(rows[name] != ""))
    for name in ("n", "adverts"):
        rows[name] = pd.to_numeric(rows[name].where(rows[name] != "", "0")).astype("int64")
    rows.attrs["source"] = "bench/adverts"
    return rows


@lru_cache(maxsize=1)
def shipped() -> pd.DataFrame:
    """`read` of the file that the product ships, once; not to be changed."""
    return read()
