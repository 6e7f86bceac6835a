"""Connections to DuckDB files, and statements turned into data frames.

The work database is opened for writing by the loading process only; publications are opened read-only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from duckdb_engine import Dialect
from sqlalchemy import Table, func, literal_column, select
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql import ClauseElement

_DIALECT = Dialect(paramstyle="numeric_dollar")


def compiled(statement: ClauseElement) -> tuple[str, list[Any]]:
    """SQL text and positional parameters of a SQLAlchemy Core statement, for a raw DuckDB cursor."""
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    names = list(made.positiontup or [])  # type: ignore[attr-defined]
    return str(made), [made.params[name] for name in names]


def execute(connection: duckdb.DuckDBPyConnection, statement: ClauseElement) -> duckdb.DuckDBPyConnection:
    """Run a Core statement on a DuckDB connection; returns the connection to fetch from."""
    sql, parameters = compiled(statement)
    return connection.execute(sql, parameters) if parameters else connection.execute(sql)


def frame(connection: duckdb.DuckDBPyConnection, statement: ClauseElement) -> pd.DataFrame:
    """Rows of a Core statement as a data frame (columns as selected)."""
    return execute(connection, statement).df()


def quoted(name: str) -> str:
    """An identifier quoted for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def create_table_sql(table: Table, schema: str | None = None, extra: str = "") -> str:
    """DDL of a declared table; `extra` adds a column definition, `schema` an attached database."""
    ddl = str(CreateTable(table).compile(dialect=_DIALECT)).strip()
    start = ddl.index("(")
    place = f"{quoted(schema)}.{quoted(table.name)}" if schema else quoted(table.name)
    body = ddl[start:]
    if extra:
        body = body.rstrip().rstrip(")").rstrip() + f", {extra})"
    return f"CREATE TABLE IF NOT EXISTS {place} {body}"


def insert_frame(connection: duckdb.DuckDBPyConnection, table: Table, rows: pd.DataFrame, place: str | None = None) -> int:
    """Append a data frame to a table by column name; missing nullable columns become null. Returns the row count."""
    if rows.empty:
        return 0
    names = [c.name for c in table.columns if c.name in rows.columns]
    listed = ", ".join(quoted(n) for n in names)
    connection.register("_incoming", rows[names])
    try:
        connection.execute(f"INSERT INTO {place or quoted(table.name)} ({listed}) SELECT {listed} FROM _incoming")  # noqa: S608
    finally:
        connection.unregister("_incoming")
    return len(rows)


def row_count(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Number of rows of a table."""
    found = execute(connection, select(func.count(literal_column("*"))).select_from(table)).fetchone()
    return int(found[0]) if found else 0


def open_read_only(path: Path, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Open a publication for reading. Small answers are fastest on one thread; the web server has many readers.

    Raises duckdb.IOException when the file is absent or no DuckDB database.
    """
    return duckdb.connect(str(path), read_only=True, config={"threads": threads})
