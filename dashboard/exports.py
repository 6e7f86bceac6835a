"""Downloads: the rows of a figure as CSV, exactly what the screen shows, from exactly the publication it shows.

Form: UTF-8 with a byte order mark (Excel then reads it as it is), comma separated, full precision, decimal point, one
header line. Three columns are added to every row, so that a row that is cut out still says where it comes from:
`source` (frame.attrs["source"]), `reference_period` and `publication`; demonstration data also say so. A text that a spreadsheet would run as a formula gets an apostrophe.

The same rows as a workbook (XLSX): numbers stay numbers, and a second sheet says what every column means, in which unit, and
where it comes from. frame.attrs["columns"] may give {column: (heading, meaning, unit)}; otherwise the warehouse's own words serve.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from dashboard import areas, formats, pages, state
from dashboard.components.how_counted import in_words
from dashboard.i18n import Translator, translator
from warehouse import schema
from warehouse.publications import NoPublication, Publications, UnknownPublication

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def xlsx_bytes(frame: pd.DataFrame, t: Translator, facts: dict[str, str]) -> bytes:
    """A frame as a workbook: a sheet with the rows, a sheet with source, period and publication (`facts`) and the meaning of the columns."""
    words = frame.attrs.get("columns") or {}
    book = Workbook(write_only=True)
    sheet = book.create_sheet(t("exports.sheet_rows"))
    names = [str(c) for c in frame.columns]
    headings = [str(words[name][0]) if name in words else name for name in names]
    sheet.freeze_panes = "B2"
    for position, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(position)].width = min(max(len(heading) + 2, 12), 44)
    sheet.append([_bold(sheet, harmless(heading)) for heading in headings])
    for row in frame.itertuples(index=False, name=None):
        sheet.append([_typed(value) for value in row])
    about = book.create_sheet(t("exports.sheet_about"))
    for letter, width in (("A", 34), ("B", 30), ("C", 22), ("D", 90)):
        about.column_dimensions[letter].width = width
    for name, value in facts.items():
        about.append([_bold(about, name), harmless(value)])
    about.append([])
    about.append([_bold(about, t(f"exports.{word}")) for word in ("heading", "column", "unit", "meaning")])
    for name, heading in zip(names, headings, strict=True):
        _, meaning, unit = words.get(name) or (name, *meaning_of(name))
        about.append([harmless(heading), name, harmless(unit), harmless(meaning)])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def meaning_of(name: str) -> tuple[str, str]:
    """(meaning, unit) of a column as the warehouse declares it; marts go before other tables."""
    tables = sorted(schema.metadata.sorted_tables, key=lambda table: table.info["layer"] != "mart")
    found = next((table.c[name] for table in tables if name in table.c), None)
    return ("", "") if found is None else (str(found.info["description"]), str(found.info["unit"] or ""))


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _typed(value: Any) -> Any:
    """A value with its type; a text that could run is made harmless, and one that XML cannot hold loses those characters."""
    if formats.is_absent(value):
        return None
    if isinstance(value, str):
        return "".join(c for c in harmless(value) if c in "\t\n" or ord(c) >= 32)[:32_000]
    return value.item() if hasattr(value, "item") else value


def register_exports(server: FastAPI, publications: Publications, defaults: state.Defaults) -> None:
    """Add GET /export.csv and /export.xlsx ?page=&figure=&<selection>. 404 with {error, parameter, allowed} for what does not exist."""

    def export(request: Request, page: str, figure: str, workbook: bool) -> Response:
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
        source, period = str(frame.attrs.get("source", "")), str(selection.period)
        name = f"regiokoers-{page}-{figure}-{selection.region}-{selection.period}.{'xlsx' if workbook else 'csv'}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if workbook:
            facts = {
                t("exports.what"): f"Regiokoers: {t(f'shell.page_{page}')}, {figure}", t("exports.selection"): state.to_url(selection), t("shell.region"): f"{reader.region_names()[selection.region]} ({selection.region})",
                t("exports.period"): period, t("exports.source"): source, t("exports.publication"): f"{reader.info.id} ({formats.moment(reader.info.created_at, selection.lang)})",
                **({t("counted.title"): in_words(selection, t)} if not selection.count.usual else {}), **({t("exports.note"): t("shell.demonstration")} if reader.info.demonstration else {}), **frame.attrs.get("notes", {})}
            return Response(xlsx_bytes(frame, t, facts), media_type=XLSX, headers=headers)
        body = csv_bytes(frame, {
            "source": source, "reference_period": period, "publication": reader.info.id, **({"counted": in_words(selection, t)} if not selection.count.usual else {}), **({"note": t("shell.demonstration")} if reader.info.demonstration else {})})
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    @server.get("/export.csv", include_in_schema=False)
    def export_csv(request: Request, page: str = Query("overview"), figure: str = Query("")) -> Response:
        return export(request, page, figure, False)

    @server.get("/export.xlsx", include_in_schema=False)
    def export_xlsx(request: Request, page: str = Query("overview"), figure: str = Query("")) -> Response:
        return export(request, page, figure, True)


def _refused(parameter: str, allowed: list[str], status: int = 404) -> JSONResponse:
    return JSONResponse({"error": f"no such {parameter}", "parameter": parameter, "allowed": allowed[:50]}, status_code=status)
