"""The work database: staged records per source, enriched tables and marts. Only the loading process opens it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import Select, Table, select

from warehouse import schema
from warehouse.engine import compiled, create_table_sql, frame, insert_frame, quoted

ORIGIN = "_source"


class WorkDatabase:
    """One DuckDB file opened for writing; use as a context manager.

    Staging tables carry the key of the source that filled a row, so that a load of one source replaces its rows only.
    """

    def __init__(self, path: Path | str, memory_limit: str | None = None) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = duckdb.connect(str(self.path))
        if memory_limit:
            self.connection.execute(f"SET memory_limit = '{memory_limit}'")
        self.connection.execute("SET preserve_insertion_order = false")
        self._prepare()

    def __enter__(self) -> WorkDatabase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; open transactions are rolled back."""
        self.connection.close()

    def _prepare(self) -> None:
        """Create tables; a table whose declaration changed is made anew (staging refills from the raw store)."""
        have: dict[str, list[str]] = {}
        for name, column in self.connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main' "
            "AND table_catalog = current_database() ORDER BY table_name, ordinal_position"
        ).fetchall():
            have.setdefault(name, []).append(column)
        for table in schema.metadata.sorted_tables:
            if table.info["layer"] == "meta":
                continue
            staged = table.info["layer"] == "staging"
            wanted = [c.name for c in table.columns] + ([ORIGIN] if staged else [])
            if table.name in have and have[table.name] != wanted:
                self.connection.execute(f"DROP TABLE {quoted(table.name)}")
            self.connection.execute(create_table_sql(table, extra=f"{quoted(ORIGIN)} VARCHAR" if staged else ""))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def replace_staged(self, source: str, frames: Mapping[str, pd.DataFrame], keeps_history: bool = False) -> None:
        """Replace the rows of one source in the named staging tables, in one transaction.

        With `keeps_history`, rows of adverts that the new fetch lacks stay as they were; those it has again keep their
        earliest first_seen and latest last_seen.
        """
        with self.transaction():
            for name, rows in frames.items():
                table = schema.metadata.tables[name]
                if keeps_history and name == "advert":
                    rows = self._merge_adverts(source, rows)
                self.drop_staged(source, table)
                self.add_staged(source, table, rows)

    def _merge_adverts(self, source: str, rows: pd.DataFrame) -> pd.DataFrame:
        table = schema.advert
        old = frame(self.connection, select(table).where(table.c.source == source))
        if old.empty:
            return rows
        merged = rows.merge(old[["source_id", "first_seen", "last_seen"]], on="source_id", how="left", suffixes=("", "_old"))
        for name, pick in (("first_seen", "min"), ("last_seen", "max")):
            both = pd.DataFrame({"a": pd.to_datetime(merged[name]), "b": pd.to_datetime(merged[f"{name}_old"])})
            merged[name] = getattr(both, pick)(axis=1)
        kept = old[~old["source_id"].isin(rows["source_id"])]
        return pd.concat([merged[list(rows.columns)], kept[[c for c in rows.columns if c in kept.columns]]], ignore_index=True)

    def drop_staged(self, source: str, table: Table) -> None:
        """Delete the rows of one source from a staging table."""
        self.connection.execute(f"DELETE FROM {quoted(table.name)} WHERE {quoted(ORIGIN)} = ?", [source])  # noqa: S608

    def add_staged(self, source: str, table: Table, rows: pd.DataFrame) -> None:
        """Append rows to a staging table under a source's name."""
        if rows.empty:
            return
        listed = ", ".join(quoted(c.name) for c in table.columns if c.name in rows.columns)
        self.connection.register("_incoming", rows)
        self.connection.execute(
            f"INSERT INTO {quoted(table.name)} ({listed}, {quoted(ORIGIN)}) SELECT {listed}, ? FROM _incoming", [source]  # noqa: S608
        )
        self.connection.unregister("_incoming")

    def replace(self, table: Table, rows: pd.DataFrame) -> int:
        """Replace all rows of an enriched, reference or mart table. Returns the row count."""
        self.connection.execute(f"DELETE FROM {quoted(table.name)}")  # noqa: S608
        return insert_frame(self.connection, table, rows)

    def fill(self, table: Table, statement: Select[Any]) -> None:
        """Replace all rows of a table by those of a statement, whose columns have the table's names."""
        sql, parameters = compiled(statement)
        listed = ", ".join(quoted(str(c.name)) for c in statement.selected_columns)
        self.connection.execute(f"DELETE FROM {quoted(table.name)}")  # noqa: S608
        self.connection.execute(f"INSERT INTO {quoted(table.name)} ({listed}) {sql}", parameters)

    def add(self, table: Table, rows: pd.DataFrame) -> int:
        """Append rows to an enriched, reference or mart table. Returns how many."""
        return insert_frame(self.connection, table, rows)

    def frame(self, statement: object) -> pd.DataFrame:
        """Rows of a SQLAlchemy Core statement as a data frame."""
        return frame(self.connection, statement)  # type: ignore[arg-type]

    def staged_counts(self, source: str, tables: tuple[str, ...]) -> dict[str, int]:
        """Rows per staging table that this source filled."""
        counts = {}
        for name in tables:
            found = self.connection.execute(
                f"SELECT count(*) FROM {quoted(name)} WHERE {quoted(ORIGIN)} = ?", [source]  # noqa: S608
            ).fetchone()
            counts[name] = int(found[0]) if found else 0
        return counts
