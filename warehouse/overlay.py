"""Rows of an area laid over the tables of a publication, on a connection of its own: other connections see nothing of it.

A laid table is a temporary view with the name of the published one: its rows and those of the area. Questions then need not know
that the area is no region of the publication.
"""

from __future__ import annotations

import duckdb
import pandas as pd
from sqlalchemy import Table

from warehouse.engine import insert_frame, quoted


class Overlay:
    """Temporary tables over a publication. Not safe for threads: take turns."""

    def __init__(self, publication: duckdb.DuckDBPyConnection) -> None:
        self.connection = publication.cursor()
        row = self.connection.execute("SELECT current_database()").fetchone()
        self._database = quoted(str(row[0]) if row else "memory")
        self.laid: set[str] = set()

    def lay(self, table: Table, rows: pd.DataFrame, instead: bool = False) -> None:
        """Put rows over a table, or with `instead` in its place; at most once per table. Columns that the publication's table lacks are left out."""
        below, own = f"{self._database}.main.{quoted(table.name)}", f"temp.{quoted(f'own_{table.name}')}"
        self.connection.execute(f"CREATE TEMP TABLE {own} AS SELECT * FROM {below} LIMIT 0")  # noqa: S608
        have = [str(r[0]) for r in self.connection.execute(f"DESCRIBE {own}").fetchall()]
        insert_frame(self.connection, table, rows[[c for c in rows.columns if c in have]], own)
        first = "" if instead else f"SELECT * FROM {below} UNION ALL "  # noqa: S608
        self.connection.execute(f"CREATE TEMP VIEW {quoted(table.name)} AS {first}SELECT * FROM {own}")  # noqa: S608
        self.laid.add(table.name)
