"""Staging: typed records held against the declared schema; what does not fit becomes a reject with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Boolean, Date, Double, Integer, String, Table

from connectors.base import Reject
from warehouse import schema

# Declared type -> Python types a record may hold.
ACCEPTED: dict[type, tuple[type, ...]] = {
    String: (str,), Integer: (int,), BigInteger: (int,), Double: (int, float), Boolean: (bool,), Date: (date,),
}


def to_frames(records: Mapping[str, list[dict[str, Any]]], tables: Iterable[str]) -> tuple[dict[str, pd.DataFrame], list[Reject]]:
    """Frames per table from the records of one source, and rejects for records that break the contract.

    A table the source declares but did not fill becomes an empty frame. Raises ValueError for an undeclared table or
    column: that is a bug in the connector.
    """
    frames: dict[str, pd.DataFrame] = {}
    rejects: list[Reject] = []
    for name in {*tables, *records}:
        if name not in tables:
            raise ValueError(f"the source fills table {name!r} without declaring it")
        table = schema.metadata.tables[name]
        kept, refused = fit(table, records.get(name, []))
        frames[name] = kept
        rejects.extend(refused)
    return frames, rejects


def fit(table: Table, rows: list[dict[str, Any]]) -> tuple[pd.DataFrame, list[Reject]]:
    """Rows that fit the table's declaration, and rejects: wrong type, missing value, second row with the same key."""
    columns = list(table.columns)
    names = {c.name for c in columns}
    kept: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    seen: set[tuple[Any, ...]] = set()
    key = table.info["key"]
    checks = [(c.name, bool(c.nullable), ACCEPTED[type(c.type)]) for c in columns]
    for row in rows:
        if not names.issuperset(row):
            raise ValueError(f"table {table.name} has no column {sorted(set(row) - names)}")
        problem = _problem(row, checks)
        if problem is None:
            identity = tuple(row.get(k) for k in key)
            if identity in seen:
                problem = ("duplicate key", f"{table.name} {dict(zip(key, identity, strict=True))} came twice; the first is kept")
            seen.add(identity)
        if problem is None:
            kept.append(row)
        else:
            rejects.append(Reject(record=json.dumps(row, ensure_ascii=False, default=str)[:500], reason=problem[0], detail=problem[1]))
    return pd.DataFrame(kept, columns=[c.name for c in columns]), rejects


def _problem(row: Mapping[str, Any], checks: list[tuple[str, bool, tuple[type, ...]]]) -> tuple[str, str] | None:
    for name, nullable, accepted in checks:
        value = row.get(name)
        if value is None:
            if not nullable:
                return "missing value", f"{name} is empty"
        elif not isinstance(value, accepted) or (accepted == (int,) and isinstance(value, bool)) or (
            accepted == (date,) and isinstance(value, datetime)
        ) or (isinstance(value, float) and value != value):
            return "wrong type", f"{name} is {value!r}, expected {' or '.join(t.__name__ for t in accepted)}"
    return None
