"""Tables: the one behind every figure, and plain ones. Numbers are right-aligned with tabular numerals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import ref

import pandas as pd

from dashboard.markup import Markup, escape, h, join

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: key in the frame, heading, and how a row's cell is written (by default its value as text)."""

    key: str
    label: str
    cell: Callable[[Row], Any] | None = None
    numeric: bool = False


_ROWS: dict[int, tuple[ref[pd.DataFrame], list[Row]]] = {}


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Rows of a frame as dicts, remembered as long as the frame lives: answers of a Reader never change, and neither
    may these rows. (pandas' own row access costs a hundred times as much.)"""
    key = id(frame)
    known = _ROWS.get(key)
    if known is not None and known[0]() is frame:
        return known[1]
    names = [str(c) for c in frame.columns]
    made = [dict(zip(names, values, strict=True)) for values in zip(*(frame[c].tolist() for c in frame.columns), strict=True)]
    _ROWS[key] = (ref(frame, lambda _: _ROWS.pop(key, None)), made)
    return made


def table(rows: Iterable[Row], columns: Sequence[Column], caption: str, cls: str = "") -> Markup:
    """A table with a caption for screen readers; the first column heads its row."""
    head = h("tr", [h("th", c.label, scope="col", cls="number" if c.numeric else None) for c in columns])
    # Built as text: tables are most of what a page says, and a call per cell would be most of its cost.
    ends = ["</th>"] + ["</td>"] * (len(columns) - 1)
    begins = ['<th scope="row">'] + ['<td class="number">' if c.numeric else "<td>" for c in columns[1:]]
    shapes = list(zip(begins, columns, ends, strict=True))
    body = Markup("".join(
        "<tr>" + "".join(begin + _cell(c.cell(row) if c.cell else row[c.key]) + end for begin, c, end in shapes) + "</tr>" for row in rows))
    made = h("table", h("caption", caption, cls="visually-hidden"), h("thead", head), h("tbody", body), cls=f"table {cls}".strip())
    return h("div", made, cls="table-scroll", tabindex="0", role="region", aria_label=caption)


def _cell(value: Any) -> str:
    return value if isinstance(value, Markup) else escape(value) if isinstance(value, str) else join([value])


def hidden_table(name: str, content: Markup, show: str) -> Markup:
    """A table behind a figure, folded away under "Toon tabel"."""
    return h("details", h("summary", show), content, cls="behind", id=f"{name}-table")
