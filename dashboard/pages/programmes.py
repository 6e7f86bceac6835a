"""Programmes, for planners: all programmes of the region in one grid, with students, graduates, demand, gap, coverage, providers,
official indicators and signals. Everything that chooses rows is in the address, so a download holds exactly what is shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select, text_field
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    downloads,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.explain import explained_here
from dashboard.components.how_counted import how_counted
from dashboard.components.official import declared, period_text, reasons_text, value_text, words_text
from dashboard.components.tables import Row, rows_of
from dashboard.figures.spark import spark_path
from dashboard.i18n import Translator
from dashboard.markup import h
from etl.alignment.official import CLASS_OF
from warehouse import asking_official, asking_programmes

OFFICIAL = ("uwv-tension", "sbb-prospects", "roa-ita", "cbs-leavers")
SOURCES = ("duo-students", DUO_GRADUATES, "duo-offer", *OFFICIAL, *VACANCY_SOURCES)
PATHWAYS = ("bol", "bbl", "other")
# Columns of the download, in the order of the grid; bounds of masked and uncertain numbers stay apart.
FRAME = ("crebo", "name", "level", "sector", "class", "reason", *(f"students_{p}_{b}" for p in PATHWAYS for b in ("low", "high")), "students_first_year", "students_change_low", "students_change_high",
         "graduates_low", "graduates_high", "supply", "supply_low", "supply_high", "n", "demand", "demand_low", "demand_high", "demand_raw", "ratio", "ratio_low", "ratio_high", "gap", "gap_low", "gap_high",
         "coverage", "coverage_n", "providers", "providers_national", *(f"{key.replace('-', '_')}_{what}" for key in OFFICIAL for what in ("value", "class", "says", "beside_ours", "period")),
         "signals", "institutions", "places", "pathways")


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    rows = grid_rows(context)
    region = reader.region_names()[selection.region]
    counts = {kind: sum(r["class"] == kind for r in rows) for kind in ("shortage", "surplus", "too_little_data")}
    title = t("programmes.conclusion", total=len(rows), shortage=counts["shortage"], surplus=counts["surplus"])
    low, high = sum(r["students_low"] for r in rows), sum(r["students_high"] for r in rows)
    students = explained_here(context, "programmes-students", formats.count(low, high, t.lang), t("programmes.made_students"), [
        (t("programmes.pathway_of", pathway=p), formats.count(sum(r[f"students_{p}_low"] or 0 for r in rows), sum(r[f"students_{p}_high"] or 0 for r in rows), t.lang)) for p in PATHWAYS],
        ("duo-students",), note=t("programmes.masked_note"))
    stats = [stat(t("programmes.stat_programmes"), formats.number(len(rows), t.lang)), stat(t("programmes.stat_clear"), formats.number(len(rows) - counts["too_little_data"], t.lang), t("programmes.stat_clear_note")),
             stat(t("programmes.stat_students"), students, t("programmes.stat_students_note"))]
    known = declared(reader)
    # vacancies with a sector, each once: the programmes' own numbers overlap, since they share occupations
    counted = sum(int(r["n"]) for r in rows_of(reader.mismatch(selection.region, selection.period)) if selection.sector in (None, r["sector"]))
    directions = h("ul", [h("li", h("b", t.pick(known[key], "name")), ": ", t.pick(known[key], "direction"), h("span", f" ({t.pick(known[key], 'detail')})", cls="muted")) for key in OFFICIAL if key in known],
                   h("li", h("b", "≠"), ": ", t("programmes.differs")), cls="plain small")
    foot = block(
        "programmes-foot", h("div", h("span", downloads(context, "programmes"), cls="downloads"), h("button", t("programmes.reset_columns"), type="button", data_action="columns", cls="text-button"), cls="card-actions"),
        h("p", t("programmes.note"), cls="subtitle"), h("p", t("programmes.intake_unknown"), cls="subtitle"), h("details", h("summary", t("programmes.directions")), directions, cls="behind", open=True),
        figure_footer(context, SOURCES, str(selection.period), counted), cls="card-foot")
    what = block("programmes-empty", "" if rows else h("p", t("programmes.no_rows"), cls="empty"))
    return [page_title("programmes", f"{region} · {selection.period}", title, t("programmes.lead"), stats), how_counted(context), _controls(context), box(what, _grid(context, rows), foot, tag="Section", cls="card programmes-card")]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the grid."""
    context = Context(reader, selection, t)
    known = declared(reader)
    made = pd.DataFrame([_exported(row, known, t) for row in grid_rows(context)], columns=list(FRAME))
    made.attrs["source"] = "; ".join(dict.fromkeys(r["attribution"] for r in rows_of(reader.sources()) if r["rows"] and r["key"].startswith(SOURCES)))
    made.attrs["columns"] = {name: _meaning(name, known, t) for name in FRAME}
    made.attrs["notes"] = {t.pick(known[key], "name"): f"{t.pick(known[key], 'direction')}; {t.pick(known[key], 'formula')}" for key in OFFICIAL if key in known}
    return {"programmes": made}


def grid_rows(context: Context) -> list[Row]:
    """Programmes of the selection that are taught in the region or asked for there, with everything the grid shows.

    Students and graduates are those of the institutions as DUO publishes them (or of the chosen institution alone), bounds where
    DUO masks; the rest is of the programme in the region.
    """
    reader, selection, _t = context
    grid = rows_of(reader.programme_grid(selection.region, selection.period, selection.sector, selection.level, selection.pathway))
    years = _years(rows_of(asking_programmes.student_years(reader, selection.region, selection.institution)))
    national = asking_programmes.providers_nationally(reader, selection.period)
    official: dict[str, dict[str, Row]] = {}
    for row in rows_of(asking_official.official_of(reader, selection.region, selection.period, "programme")):
        official.setdefault(row["subject"], {})[row["indicator"]] = row
    words = selection.q.lower().split()
    made = []
    for row in grid:
        series = years.get(row["crebo"], {})
        if selection.institution and selection.period not in series:
            continue
        if not row["providers"] and row["n"] < 10:
            continue
        if not matches(row, words):
            continue
        made.append({**row, **_students(series, selection.period), "series": series, "providers_national": national.get(row["crebo"], (0, 0, 0))[0], "official": official.get(row["crebo"], {}),
                     "demand_raw": row.get("demand_raw", row["demand"])})
    return made


def matches(row: Row, words: list[str]) -> bool:
    """Whether a programme answers to these words: part of its name or crebo, a level ("niveau 4"); endings of long words may
    differ (verpleegkunde, verpleegkundige)."""
    text = f"{row['name']} {row['crebo']}".lower()
    return all(w in text or w in ("niveau", "level") or w == str(row["level"]) or (len(w) > 7 and w[:-2] in text) for w in words)


Bounds = dict[str, tuple[int, int]]


def _years(rows: list[Row]) -> dict[str, dict[int, Bounds]]:
    """crebo -> year -> {bol, bbl, other, graduates: bounds}."""
    made: dict[str, dict[int, Bounds]] = {}
    for row in rows:
        year = made.setdefault(row["crebo"], {}).setdefault(int(row["year"]), {})
        for name, measure in ((row["pathway"], "students"), ("graduates", "graduates")):
            low, high = row[f"{measure}_low"], row[f"{measure}_high"]
            if not formats.is_absent(low):
                before = year.get(name, (0, 0))
                year[name] = (before[0] + int(low), before[1] + int(high))
    return made


def total(year: Bounds) -> tuple[int, int]:
    """Students of all pathways together, lower and upper bound."""
    return sum(year[p][0] for p in PATHWAYS if p in year), sum(year[p][1] for p in PATHWAYS if p in year)


def _students(series: dict[int, Bounds], period: int) -> dict[str, Any]:
    now = series.get(period, {})
    low, high = total(now)
    made: dict[str, Any] = {"students_low": low, "students_high": high}
    for pathway in PATHWAYS:
        made[f"students_{pathway}_low"], made[f"students_{pathway}_high"] = now.get(pathway, (None, None))
    graduates = now.get("graduates")
    made["graduates_low"], made["graduates_high"] = graduates or (None, None)
    first = min((y for y in series if y <= period), default=period)
    if first < period and period in series:
        before = total(series[first])
        made |= {"students_first_year": first, "students_change_low": low - before[1], "students_change_high": high - before[0]}
    else:
        made |= {"students_first_year": None, "students_change_low": None, "students_change_high": None}
    return made


def _exported(row: Row, known: dict[str, Row], t: Translator) -> Row:
    made = {**row, "sector": row["sector"] if isinstance(row["sector"], str) else "", "class": t(f"programmes.class_{row['class']}"), "signals": _signals(row, t)}
    for key in OFFICIAL:
        found, stem = row["official"].get(key), key.replace("-", "_")
        made |= {f"{stem}_value": None, f"{stem}_class": "", f"{stem}_says": "", f"{stem}_beside_ours": "", f"{stem}_period": ""}
        if found and key in known:
            beside = t(f"official.agreement_{found['agreement']}") + (f": {reasons_text(found, t)}" if found["agreement"] in ("partly", "opposite") else "")
            made |= {f"{stem}_value": found["value"], f"{stem}_class": words_text(found), f"{stem}_says": t(f"official.reading_{found['reading']}"), f"{stem}_beside_ours": beside, f"{stem}_period": found["indicator_period"]}
    return made


def _meaning(name: str, known: dict[str, Row], t: Translator) -> tuple[str, str, str]:
    """(heading, meaning, unit) of a column of the download."""
    for key in OFFICIAL:
        stem = key.replace("-", "_")
        if name.startswith(f"{stem}_") and key in known:
            what = name.removeprefix(f"{stem}_")
            return f"{t.pick(known[key], 'name')}: {t(f'programmes.official_{what}')}", f"{t.pick(known[key], 'formula')}; {t.pick(known[key], 'direction')}; {t.pick(known[key], 'detail')}", ""
    stem, bound = (name.rsplit("_", 1)) if name.endswith(("_low", "_high")) else (name, "")
    text = t(f"programmes.frame_{stem}") + (f" ({t(f'programmes.bound_{bound}')})" if bound else "")
    return text, t(f"programmes.meaning_{stem}"), t(f"programmes.unit_{stem}") if t.has(f"programmes.unit_{stem}") else ""


def _signals(row: Row, t: Translator) -> str:
    codes = [code for code in str(row["signals"] or "").split("|") if code]
    if any(r["agreement"] == "opposite" for r in row["official"].values()):
        codes.append("official_opposite")
    return "; ".join(t(f"programmes.signal_{code}") for code in codes)


def _controls(context: Context) -> Component:
    reader, selection, t = context
    sectors = [(r["code"], r[f"short_{t.lang}"]) for r in rows_of(reader.sectors())]
    here = [(r["institution_code"], r["institution_name"]) for r in rows_of(asking_programmes.institutions(reader, selection.region))]
    if selection.institution and selection.institution not in {code for code, _ in here}:  # teaches elsewhere: the choice stays visible
        here += [(r["institution_code"], r["institution_name"]) for r in rows_of(asking_programmes.institutions(reader)) if r["institution_code"] == selection.institution]
    everything = t("programmes.all")
    return box(
        text_field("q", selection.q, t("programmes.search"), t("programmes.search_hint")),
        select("institution", selection.institution, here, t("programmes.institution"), clearable=True, search=True, placeholder=everything),
        select("sector", selection.sector, sectors, t("programmes.sector"), clearable=True, placeholder=everything),
        select("level", str(selection.level) if selection.level else None, [(v, v) for v in state.LEVELS], t("programmes.level"), clearable=True, placeholder=everything),
        select("pathway", selection.pathway, [(v, v) for v in state.PATHWAYS], t("programmes.pathway"), clearable=True, placeholder=everything), cls="controls")


# --- grid -----------------------------------------------------------------------------------------------------------
def _grid(context: Context, rows: list[Row]) -> Component:
    reader, _, t = context
    known = declared(reader)
    others = any(row["students_other_high"] for row in rows)
    number = {"type": "rightAligned"}

    def numeric(field: str, width: int = 104, tip: str = "") -> dict[str, Any]:
        return {**number, "field": field, "headerName": t(f"programmes.col_{field}"), "width": width, "valueFormatter": {"function": f"params.data ? params.data.{field}_text : ''"}, "headerTooltip": tip or t(f"programmes.meaning_{field}"), "tooltipField": f"{field}_tip"}

    def group(name: str, *children: dict[str, Any]) -> dict[str, Any]:
        return {"headerName": t(f"programmes.group_{name}"), "children": list(children)}

    columns = [
        {"headerName": t("programmes.group_programme"), "children": [
            {"field": "name", "headerName": t("programmes.col_name"), "pinned": "left", "width": 240, "cellRenderer": "RkDossier", "tooltipField": "name"},
            {"field": "level", "headerName": t("programmes.col_level"), "pinned": "left", "width": 86, **number},
            {"field": "class_order", "headerName": t("programmes.col_class"), "pinned": "left", "width": 164, "cellRenderer": "RkClass", "tooltipField": "class_tip", "headerTooltip": t("programmes.meaning_class")}]},
        group("students", numeric("bol", 92), numeric("bbl", 92), *([numeric("other", 92)] if others else []),
              {"field": "change", "headerName": t("programmes.col_change"), "width": 168, "cellRenderer": "RkSpark", "tooltipField": "change_tip", "headerTooltip": t("programmes.meaning_students_change")},
              numeric("graduates", 116), numeric("supply", 106)),
        group("demand", numeric("demand", 104), numeric("demand_raw", 104), numeric("ratio", 128), numeric("gap", 128)),
        group("skills", numeric("coverage", 104)),
        group("providers", numeric("providers", 124)),
        {"headerName": t("programmes.group_official"), "children": [
            {"field": key, "headerName": f"{t.pick(known[key], 'name')} ({t.pick(known[key], 'direction')})", "width": 178, "cellRenderer": "RkOfficial", "tooltipField": f"{key}_tip",
             "headerTooltip": f"{t.pick(known[key], 'formula')}. {t.pick(known[key], 'direction')}. {t.pick(known[key], 'detail')}."} for key in OFFICIAL if key in known]},
        {"headerName": t("programmes.group_rest"), "children": [
            {"field": "signals", "headerName": t("programmes.col_signals"), "width": 300, "tooltipField": "signals"}, {"field": "sector", "headerName": t("programmes.col_sector"), "width": 180},
            {"field": "institutions", "headerName": t("programmes.col_institutions"), "width": 260, "tooltipField": "institutions"}, {"field": "places", "headerName": t("programmes.col_places"), "width": 200, "tooltipField": "places"},
            {"field": "crebo", "headerName": "Crebo", "width": 92}]},
    ]
    return {"namespace": "dash_ag_grid", "type": "AgGrid", "props": {
        "id": "programmes-grid", "rowData": [_cells(context, row, known) for row in rows], "columnDefs": columns, "className": "regiokoers-grid", "style": {"height": "600px", "width": "100%"}, "getRowId": "params.data.crebo",
        "defaultColDef": {"sortable": True, "resizable": True, "filter": False, "wrapHeaderText": True, "autoHeaderHeight": True, "sortingOrder": ["desc", "asc", None]},
        "dashGridOptions": {"rowHeight": 40, "animateRows": False, "enableBrowserTooltips": True, "suppressMovableColumns": False, "ensureDomOrder": True, "suppressDragLeaveHidesColumns": True}, "columnSize": None}}


ORDER = {"shortage": 5, "surplus": 4, "balance": 3, "borderline": 2, "too_little_data": 1}
TOLD = {"tight": 4, "neither": 3, "slack": 2, "unknown": 1}


def _cells(context: Context, row: Row, known: dict[str, Row]) -> Row:
    """A row as the grid needs it: what it sorts by, what it shows, and what it says when the pointer rests on it."""
    _, selection, t = context
    lang = t.lang
    quiet = row["class"] == "too_little_data"
    why = quiet_reason(row["reason"], t) if quiet else ""
    made: Row = {
        "name": row["name"], "crebo": row["crebo"], "level": row["level"], "href": state.to_url(selection, page="programme", programme=row["crebo"], q=""),
        "class_order": ORDER[row["class"]], "class": row["class"], "class_text": t(f"programmes.class_{row['class']}"), "class_tip": why or t(f"terms.long_{row['class']}"),
        "sector": row[f"short_{lang}"] if isinstance(row[f"short_{lang}"], str) else t("programmes.outside"), "institutions": row["institutions"].replace("|", ", "), "places": row["places"].replace("|", ", "),
        "signals": _signals(row, t), "coverage": _absent(row["coverage"]), "coverage_text": formats.share(row["coverage"], lang), "coverage_tip": formats.sample(row["coverage_n"], lang),
        "providers": row["providers"], "providers_text": t("programmes.providers_of", here=row["providers"], all=row["providers_national"]),
        "demand": _absent(row["demand"]), "demand_text": formats.number(row["demand"], lang), "demand_tip": f"{formats.interval(row['demand_low'], row['demand_high'], lang)} · {formats.sample(row['n'], lang)}",
        "demand_raw": _absent(row["demand_raw"]), "demand_raw_text": formats.number(row["demand_raw"], lang), "demand_raw_tip": formats.sample(row["n"], lang),
        "supply": _absent(row["supply"]), "supply_text": formats.interval(row["supply_low"], row["supply_high"], lang),
    }
    for pathway in PATHWAYS:
        low, high = row[f"students_{pathway}_low"], row[f"students_{pathway}_high"]
        made |= {pathway: high, f"{pathway}_text": formats.count(low, high, lang), f"{pathway}_tip": t("programmes.masked") if low != high else ""}
    made |= {"graduates": _absent(row["graduates_high"]), "graduates_text": formats.count(row["graduates_low"], row["graduates_high"], lang)}
    for name, decimals, sign in (("ratio", 1, False), ("gap", 0, True)):
        made[name] = None if quiet else _absent(row[name])
        made[f"{name}_text"] = formats.ABSENT if quiet or formats.is_absent(row[name]) else formats.interval(row[f"{name}_low"], row[f"{name}_high"], lang, decimals, sign)
        made[f"{name}_tip"] = why or t(f"programmes.tip_{name}", point=formats.number(row[name], lang, decimals, sign), demand=formats.number(row["demand"], lang), supply=formats.number(row["supply"], lang, 1))
    made |= _change(row, t)
    for key in OFFICIAL:
        found = row["official"].get(key)
        if found and key in known:
            shown, words = value_text(found, known[key], lang), words_text(found)
            text = " · ".join(part for part in (shown if shown != formats.ABSENT else "", words.split(" (")[0] if "," not in words else "") if part) or words
            made |= {key: TOLD[found["reading"]], f"{key}_class": CLASS_OF[found["reading"]], f"{key}_text": text, f"{key}_differs": found["agreement"] == "opposite", f"{key}_differs_text": t("official.agreement_opposite"),
                     f"{key}_tip": _official_tip(found, known[key], t)}
        else:
            made |= {key: None, f"{key}_class": "", f"{key}_text": formats.ABSENT, f"{key}_differs": False, f"{key}_differs_text": "", f"{key}_tip": t("official.no_figure")}
    return made


def _official_tip(found: Row, indicator: Row, t: Translator) -> str:
    said, beside = t(f"official.reading_{found['reading']}"), t(f"official.agreement_{found['agreement']}")
    why = reasons_text(found, t)
    return "; ".join(part for part in (t.pick(indicator, "direction"), said, words_text(found), period_text(found["indicator_period"], t), f"{beside}: {why}" if why else beside) if part)


def _change(row: Row, t: Translator) -> Row:
    """Sparkline, figures and arrow of the students through the years; the arrow only where the change is certain."""
    series = {year: total(values) for year, values in sorted(row["series"].items()) if year <= row["period"]}
    if row["students_first_year"] is None:
        return {"change": None, "change_text": formats.ABSENT, "change_arrow": "", "change_path": "", "change_tip": t("programmes.no_earlier_years")}
    low, high = row["students_change_low"], row["students_change_high"]
    arrow = "↗" if low > 0 else "↘" if high < 0 else "→"
    told = ", ".join(f"{year}: {formats.count(a, b, t.lang)}" for year, (a, b) in series.items())
    return {"change": (low + high) / 2, "change_text": f"{formats.interval(low, high, t.lang, sign=True)}", "change_arrow": arrow, "change_path": spark_path([(a + b) / 2 for a, b in series.values()]),
            "change_tip": t("programmes.change_tip", years=told, year=row["students_first_year"])}


def quiet_reason(reason: Any, t: Translator) -> str:
    """Why a programme has no class, in words."""
    if formats.is_absent(reason):
        return t("terms.reason_other")
    key = f"programme.reason_{str(reason).replace(' < ', '_below_').replace(' ', '_')}"
    return t(key) if t.has(key) else t("terms.reason_other")


def _absent(value: Any) -> Any:
    return None if formats.is_absent(value) else value
