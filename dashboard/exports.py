"""Downloads: the rows of a figure as CSV, exactly what the screen shows, from exactly the publication it shows.

Form: UTF-8 with a byte order mark (Excel then reads it as it is), comma separated, full precision, decimal point, one
header line. Three columns are added to every row, so that a row that is cut out still says where it comes from:
`source` (frame.attrs["source"]), `reference_period` and `publication`; demonstration data also say so. A text that a spreadsheet would run as a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard import areas, formats, pages, state
from dashboard.components.how_counted import in_words
from dashboard.i18n import translator
from warehouse.publications import NoPublication, Publications, UnknownPublication

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


def csv_bytes(frame: pd.DataFrame, extra: dict[str, str] | None = None) -> bytes:
    """A frame as CSV in the form of this module; `extra` columns are added to every row. Missing values are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    added = extra or {}
    writer.writerow([harmless(str(c)) for c in [*frame.columns, *added]])
    tail = [harmless(v) for v in added.values()]
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row] + tail)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_BEGINNINGS) else text


def _cell(value: Any) -> Any:
    if formats.is_absent(value):
        return ""
    if isinstance(value, str):
        return harmless(value)
    return repr(float(value)) if isinstance(value, float) else value


def register_exports(server: FastAPI, publications: Publications, defaults: state.Defaults) -> None:
    """Add GET /export.csv?page=&figure=&<selection>. 404 with {error, parameter, allowed} for what does not exist."""

    @server.get("/export.csv", include_in_schema=False)
    def export(request: Request, page: str = Query("overview"), figure: str = Query("")) -> Response:
        known = pages.available().get(page)
        if known is None:
            return _refused("page", list(pages.available()))
        try:
            reader = areas.of_address(publications.reader(state.wanted_publication(request.url.query)), request.url.query, defaults)
        except (NoPublication, UnknownPublication) as error:
            return _refused("publication", getattr(error, "available", []))
        rest = "&".join(part for part in request.url.query.split("&") if not part.startswith(("page=", "figure=")))
        selection, problems = state.parse(known.path, rest, reader, defaults)
        if problems:
            return _refused(problems[0].parameter, [], 400)
        t = translator(selection.lang)
        tables = pages.module(page).tables(reader, selection, t)
        if figure not in tables:
            return _refused("figure", list(tables))
        frame = tables[figure]
        body = csv_bytes(frame, {
            "source": str(frame.attrs.get("source", "")), "reference_period": str(selection.period), "publication": reader.info.id,
            **({"counted": in_words(selection, t)} if not selection.count.usual else {}),
            **({"note": t("shell.demonstration")} if reader.info.demonstration else {})})
        name = f"regiokoers-{page}-{figure}-{selection.region}-{selection.period}.csv"
        return Response(body, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _refused(parameter: str, allowed: list[str], status: int = 404) -> JSONResponse:
    return JSONResponse({"error": f"no such {parameter}", "parameter": parameter, "allowed": allowed[:50]}, status_code=status)
