"""Programmes, for planners: all programmes of the region in one grid, with students, graduates, demand, gap, coverage and signals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    csv_address,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.how_counted import how_counted
from dashboard.components.icons import icon
from dashboard.components.tables import rows_of
from dashboard.i18n import Translator
from dashboard.markup import h

SOURCES = ("duo-students", DUO_GRADUATES, "duo-offer", *VACANCY_SOURCES)
FRAME = ("crebo", "name", "level", "sector", "pathways", "institutions", "places", "providers", "students_low", "students_high", "students_previous_low", "students_previous_high",
         "graduates_low", "graduates_high", "n", "demand", "demand_low", "demand_high", "supply", "supply_low", "supply_high", "ratio", "ratio_low", "ratio_high", "gap", "gap_low", "gap_high",
         "class", "reason", "coverage", "coverage_n", "signals")


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    grid = grid_rows(reader, selection)
    region = reader.region_names()[selection.region]
    counts = grid["class"].value_counts()
    flagged = int(counts.get("shortage", 0)), int(counts.get("surplus", 0))
    clear = int((grid["class"] != "too_little_data").sum())
    title = t("programmes.conclusion", total=len(grid), shortage=flagged[0], surplus=flagged[1])
    low, high = int(grid["students_low"].sum()), int(grid["students_high"].sum())
    stats = [stat(t("programmes.stat_programmes"), formats.number(len(grid), t.lang)), stat(t("programmes.stat_clear"), formats.number(clear, t.lang), t("programmes.stat_clear_note")),
             stat(t("programmes.stat_students"), formats.count(low, high, t.lang), t("programmes.stat_students_note"))]
    foot = block("programmes-foot", h("p", t("programmes.note"), cls="subtitle"), h("div", h("a", icon("download", 16), t("shell.download_csv"), href=csv_address(context, "programmes"), download=True, cls="download"), cls="card-actions"),
                 figure_footer(context, SOURCES, str(selection.period), int(grid["n"].sum()) if len(grid) else 0), cls="card-foot")
    return [page_title("programmes", f"{region} · {selection.period}", title, t("programmes.lead"), stats), how_counted(context), _controls(context), box(_grid(context, grid), foot, tag="Section", cls="card")]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the grid."""
    made = grid_rows(reader, selection)[list(FRAME)].copy()
    made.attrs["source"] = "DUO, open onderwijsdata; " + "; ".join(r["attribution"] for r in reader.sources().to_dict("records") if r["key"].startswith(VACANCY_SOURCES))
    return {"programmes": made}


def grid_rows(reader: Any, selection: state.Selection) -> pd.DataFrame:
    """Programmes of the selection that are taught in the region or asked for there."""
    grid = reader.programme_grid(selection.region, selection.period, selection.sector, selection.level, selection.pathway)
    return grid[(grid["providers"] > 0) | (grid["n"] >= 10)]


def _controls(context: Context) -> Component:
    reader, selection, t = context
    sectors = [(r["code"], r[f"short_{t.lang}"]) for r in rows_of(reader.sectors())]
    return box(
        select("sector", selection.sector, sectors, t("programmes.sector"), clearable=True, placeholder=t("programmes.all")),
        select("level", str(selection.level) if selection.level else None, [(v, v) for v in state.LEVELS], t("programmes.level"), clearable=True, placeholder=t("programmes.all")),
        select("pathway", selection.pathway, [(v, v) for v in state.PATHWAYS], t("programmes.pathway"), clearable=True, placeholder=t("programmes.all")), cls="controls")


def _grid(context: Context, grid: pd.DataFrame) -> Component:
    _reader, selection, t = context
    rows = []
    for r in rows_of(grid):
        quiet = r["class"] == "too_little_data"
        rows.append({
            "name": f"[{_plain(r['name'])}]({state.to_url(selection, page='programme', programme=r['crebo'])})", "crebo": r["crebo"], "level": r["level"], "sector": r[f"short_{t.lang}"] if isinstance(r[f"short_{t.lang}"], str) else t("programmes.outside"),
            "pathways": r["pathways"].replace("|", ", ").replace("other", t("programmes.other")), "institutions": r["institutions"].replace("|", ", "), "places": r["places"].replace("|", ", "),
            "students": _middle(r, "students"), "students_text": formats.count(r["students_low"], r["students_high"], t.lang),
            "graduates": _middle(r, "graduates"), "graduates_text": formats.count(r["graduates_low"], r["graduates_high"], t.lang),
            "demand": None if formats.is_absent(r["demand"]) else round(r["demand"]), "demand_text": formats.number(r["demand"], t.lang),
            "supply": None if formats.is_absent(r["supply"]) else round(r["supply"], 1), "supply_text": formats.interval(r["supply_low"], r["supply_high"], t.lang),
            "ratio": None if quiet or formats.is_absent(r["ratio"]) else r["ratio"], "ratio_text": formats.ABSENT if quiet else f"{formats.ratio(r['ratio'], t.lang)} ({formats.interval(r['ratio_low'], r['ratio_high'], t.lang, 1)})",
            "gap": None if quiet or formats.is_absent(r["gap"]) else r["gap"], "gap_text": formats.ABSENT if quiet else formats.interval(r["gap_low"], r["gap_high"], t.lang, sign=True),
            "class": t(f"programmes.class_{r['class']}"), "coverage": None if formats.is_absent(r["coverage"]) else r["coverage"], "coverage_text": formats.share(r["coverage"], t.lang),
            "signals": ", ".join(t(f"programmes.signal_{code}") for code in str(r["signals"]).split("|") if code),
        })
    number = {"type": "rightAligned", "width": 118, "filter": "agNumberColumnFilter"}

    def numeric(field: str, label: str, width: int = 118) -> dict[str, Any]:
        return {**number, "field": field, "headerName": label, "width": width, "valueFormatter": {"function": f"params.data ? params.data.{field}_text : ''"}}

    columns = [
        {"field": "name", "headerName": t("programmes.col_name"), "pinned": "left", "width": 290, "cellRenderer": "markdown", "filter": "agTextColumnFilter"},
        {"field": "level", "headerName": t("programmes.col_level"), "width": 104, "type": "rightAligned"}, {"field": "sector", "headerName": t("programmes.col_sector"), "width": 196},
        {"field": "pathways", "headerName": t("programmes.col_pathways"), "width": 112}, numeric("students", t("programmes.col_students")), numeric("graduates", t("programmes.col_graduates"), 142),
        numeric("supply", t("programmes.col_supply")), numeric("demand", t("programmes.col_demand")), numeric("ratio", t("programmes.col_ratio"), 140), numeric("gap", t("programmes.col_gap"), 140),
        {"field": "class", "headerName": t("programmes.col_class"), "width": 140}, numeric("coverage", t("programmes.col_coverage"), 110),
        {"field": "signals", "headerName": t("programmes.col_signals"), "width": 260}, {"field": "institutions", "headerName": t("programmes.col_institutions"), "width": 280},
        {"field": "places", "headerName": t("programmes.col_places"), "width": 220}, {"field": "crebo", "headerName": "Crebo", "width": 92, "filter": "agTextColumnFilter"},
    ]
    return {"namespace": "dash_ag_grid", "type": "AgGrid", "props": {
        "id": "programmes-grid", "rowData": rows, "columnDefs": columns, "className": "regiokoers-grid", "style": {"height": "560px", "width": "100%"},
        "defaultColDef": {"sortable": True, "resizable": True, "filter": True, "suppressHeaderMenuButton": False}, "dashGridOptions": {"rowHeight": 36, "headerHeight": 40, "animateRows": False, "domLayout": "normal"},
        "columnSize": None}}


def _middle(row: dict[str, Any], name: str) -> float | None:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return None if formats.is_absent(low) else (low + high) / 2


def _plain(text: str) -> str:
    """A name that means nothing to Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~" else c for c in text)
