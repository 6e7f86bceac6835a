"""Small hand-kept tables of facts, each row with its source; read as text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent


def read(name: str) -> pd.DataFrame:
    """A reference table by file name without ending: all columns as text, empty cells as ''.

    Raises FileNotFoundError when there is no such table.
    """
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")


def names() -> list[str]:
    """Names of the reference tables."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))
