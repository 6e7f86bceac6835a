"""Data: sources and how fresh they are, what was rejected and why, checks, what runs next, the dictionary and the method."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box
from dashboard.components.cards import Context, csv_address, page_title, stat
from dashboard.components.icons import icon
from dashboard.components.tables import Column, rows_of, table
from dashboard.i18n import Translator
from dashboard.markup import Markup, h
from warehouse import asking_thresholds, quality, reference, schema

_live: dict[str, Callable[[], Mapping[str, Any]]] = {"status": dict}
API = ("/health", "/api/v1/publications", "/api/v1/sources", "/api/v1/regions?scheme=arbeidsmarktregio", "/api/v1/mismatch?region=AM36", "/api/v1/skills?region=AM36&programme=25655",
       "/api/v1/programmes?region=AM36", "/api/v1/vacancies?region=AM36&q=lasser&limit=5")


def connect(status: Callable[[], Mapping[str, Any]]) -> None:
    """Where the page learns what the loader did and what the scheduler will do (the loader's status file)."""
    _live["status"] = status


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    sources, rejects, checks = reader.sources(), reader.reject_counts(), reader.checks()
    loaded = sources[sources["rows"] > 0]
    fine = int(checks["passed"].sum())
    title = t("data.conclusion", sources=len(loaded), records=formats.number(int(loaded["rows"].sum()), t.lang), rejects=formats.number(int(rejects["count"].sum()), t.lang))
    stats = [stat(t("data.stat_publication"), formats.moment(reader.info.created_at, t.lang), reader.info.id), stat(t("data.stat_checks"), f"{fine}/{len(checks)}", t("data.stat_checks_note")),
             stat(t("data.stat_boundaries"), str(reader.info.boundary_year))]
    return [
        page_title("data", t("data.eyebrow"), title, t("data.lead"), stats), block("data-sources", _sources(context, sources), cls="card"),
        box(block("data-rejects", _rejects(context, rejects), cls="card"), block("data-checks", _checks(context, checks), cls="card"), cls="grid even"),
        block("data-quality", _quality(context, quality.shipped()), cls="card"),
        block("data-thresholds", _thresholds(context), cls="card"), block("data-calibration", _calibration(context), cls="card"),
        block("data-method", _method(context), cls="card"), block("data-dictionary", _dictionary(context), cls="card"), block("data-api", _api(context), cls="card"),
    ]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Downloads of this page."""
    return {"sources": reader.sources().copy(), "rejects": reader.reject_counts().copy(), "checks": reader.checks().copy(), "quality": quality.shipped().copy(),
            "thresholds": asking_thresholds.thresholds(reader).copy(), "calibration": asking_thresholds.calibration(reader).copy(), "dictionary": dictionary()}


def dictionary() -> pd.DataFrame:
    """Every published table and column: table, layer, column, type, unit, description, source."""
    rows = []
    for name in schema.PUBLISHED:
        made = schema.metadata.tables[name]
        for c in made.columns:
            rows.append({"table": name, "layer": made.info["layer"], "column": c.name, "type": str(c.type), "unit": c.info["unit"], "description": c.info["description"], "source": made.info["source"]})
    return pd.DataFrame(rows)


def _download(context: Context, name: str) -> Markup:
    return h("p", h("a", icon("download", 16), context.t("shell.download_csv"), href=csv_address(context, name), download=True, cls="download"), cls="card-actions")


def _moment(text: Any, lang: str) -> str:
    try:
        return formats.moment(datetime.fromisoformat(str(text)).astimezone(UTC), lang)
    except ValueError:
        return formats.ABSENT


def _sources(context: Context, sources: pd.DataFrame) -> Markup:
    t = context.t
    status = _live["status"]()
    now, schedule = status.get("sources", {}), status.get("schedule", {})
    following, ran = schedule.get("next", {}), schedule.get("ran", {})

    def state_of(r: dict[str, Any]) -> Markup:
        latest = now.get(r["key"], {}).get("status", r["status"])
        word = t(f"data.status_{latest.replace(' ', '_')}") if t.has(f"data.status_{latest.replace(' ', '_')}") else latest
        message = now.get(r["key"], {}).get("message") or r["message"]
        return h("span", word, h("small", message) if isinstance(message, str) and message else None, cls=f"state state-{latest.replace(' ', '-')}")

    columns = [
        Column("key", t("data.col_source"), lambda r: h("span", h("a", t.pick({"title_nl": r["title"], "title_en": r["title_en"]}, "title"), href=r["home_page"], rel="noopener", target="_blank"), h("small", f"{r['publisher']} · {r['licence']}"))),
        Column("status", t("data.col_status"), state_of), Column("reference_period", t("data.col_period"), lambda r: formats.ABSENT if formats.is_absent(r["reference_period"]) else r["reference_period"] or formats.ABSENT),
        Column("retrieved_at", t("data.col_retrieved"), lambda r: formats.moment(r["retrieved_at"].to_pydatetime(), t.lang) if not formats.is_absent(r["retrieved_at"]) else formats.ABSENT),
        Column("next", t("data.col_next"), lambda r: h("span", _moment(following.get(r["key"]), t.lang), h("small", t("data.ran", when=_moment(ran[r["key"]].get("finished"), t.lang))) if r["key"] in ran else None)),
        Column("rows", t("data.col_rows"), lambda r: formats.number(r["rows"], t.lang), True), Column("rejects", t("data.col_rejects"), lambda r: formats.number(r["rejects"], t.lang), True),
    ]
    load = status.get("load", {})
    line = t("data.load_line", state=t("data.load_running") if load.get("state") == "running" else t("data.load_idle"), when=_moment(load.get("finished"), t.lang))
    return h("section", h("h2", t("data.sources")), h("p", line, cls="subtitle"), table(rows_of(sources), columns, t("data.sources")), _download(context, "sources"))


def _rejects(context: Context, rejects: pd.DataFrame) -> Markup:
    reader, _selection, t = context
    titles = dict(zip(reader.sources()["key"], reader.sources()["title" if t.lang == "nl" else "title_en"], strict=True))
    columns = [Column("source", t("data.col_source"), lambda r: titles.get(r["source"], r["source"])), Column("reason", t("data.col_reason"), lambda r: t(f"data.reject_{_code(r['reason'])}") if t.has(f"data.reject_{_code(r['reason'])}") else r["reason"]),
               Column("count", t("data.col_count"), lambda r: formats.number(r["count"], t.lang), True)]
    samples = []
    for key in sorted(set(rejects["source"])):
        for r in rows_of(reader.reject_rows(key, 3)):
            samples.append(h("li", h("b", titles.get(key, key)), ": ", r["record"][:140], " — ", r["detail"][:160]))
    return h("section", h("h2", t("data.rejects")), h("p", t("data.rejects_note"), cls="subtitle"), table(rows_of(rejects), columns, t("data.rejects")) if len(rejects) else h("p", t("data.no_rejects")),
             h("details", h("summary", t("data.samples")), h("ul", samples, cls="plain small")) if samples else None, _download(context, "rejects"))


def _code(reason: str) -> str:
    return reason.replace(" ", "_")


def _checks(context: Context, checks: pd.DataFrame) -> Markup:
    t = context.t
    columns = [Column("name", t("data.col_check"), lambda r: t(f"data.check_{_code(r['name'])}") if t.has(f"data.check_{_code(r['name'])}") else r["name"]), Column("severity", t("data.col_severity"), lambda r: t(f"data.severity_{r['severity']}")),
               Column("passed", t("data.col_passed"), lambda r: t("data.passed" if r["passed"] else "data.not_passed")), Column("detail", t("data.col_detail"), lambda r: "" if r["passed"] else r["detail"])]
    return h("section", h("h2", t("data.checks")), h("p", t("data.checks_note"), cls="subtitle"), table(rows_of(checks), columns, t("data.checks")), _download(context, "checks"))


def _quality(context: Context, rows: pd.DataFrame) -> Markup:
    t = context.t
    parts = {name: rows[rows["part"] == name] for name in quality.PART_NAMES}
    shown = [h("h3", t("data.quality_part_unseen")), _measured(context, parts["unseen"], t("data.quality_part_unseen"))]
    for name in ("seen", quality.LINKING):
        if len(parts[name]):
            shown.append(h("details", h("summary", t(f"data.quality_part_{name}")), _measured(context, parts[name], t(f"data.quality_part_{name}"))))
    return h("section", h("h2", t("data.quality")), h("p", t("data.quality_note"), cls="subtitle"), shown, _download(context, "quality"))


def _measured(context: Context, rows: pd.DataFrame, caption: str) -> Markup:
    """A line with when and on what was measured, and a table with a row per measure; too few observations stay quiet."""
    t = context.t
    short = dict(zip(context.reader.sectors()["name"], context.reader.sectors()[f"short_{t.lang}"], strict=True))
    whole, of_sectors = rows_of(rows[rows["sector"] == ""]), rows_of(rows[rows["sector"] != ""])

    def name_of(r: dict[str, Any]) -> Markup:
        key = f"data.quality_{_code(r['measure'])}"
        return h("span", t(key), h("small", t(f"{key}_text"))) if t.has(key) else h("span", r["measure"])

    def in_sectors(r: dict[str, Any]) -> Any:
        own = [s for s in of_sectors if s["measure"] == r["measure"] and quality.enough(s["n"])]
        return [h("span", f"{short.get(s['sector'], s['sector'])} {_value(s, t.lang)} ", h("small", f"{_bounds(s, t.lang)}, {formats.sample(s['n'], t.lang, quality.LEAST)}")) for s in own] or formats.ABSENT

    columns = [
        Column("measure", t("data.col_measure"), name_of), Column("value", t("data.col_value"), lambda r: _value(r, t.lang), True), Column("low", t("data.col_interval"), lambda r: _bounds(r, t.lang), True),
        Column("n", t("data.col_n"), lambda r: formats.number(r["n"], t.lang) if quality.enough(r["n"]) else f"< {quality.LEAST}", True),
    ]
    if of_sectors:
        columns.append(Column("sector", t("data.col_per_sector"), in_sectors))
    return h("div", [h("p", line, cls="subtitle") for line in dict.fromkeys(_measured_when(r, t) for r in whole)], table(whole, columns, caption))


def _measured_when(row: Mapping[str, Any], t: Translator) -> str:
    line = t("data.quality_when", version=row["version"], date=formats.day(date.fromisoformat(row["measured_on"]), t.lang))
    if row["adverts"]:
        line = f"{t.plural('data.quality_adverts', row['adverts'])} {line}"
    sizes = re.findall(r"\d+", row["vocabulary"])
    if len(sizes) == 3:
        line += " " + t("data.quality_vocabulary", **dict(zip(("skills", "forms", "titles"), (formats.number(int(size), t.lang) for size in sizes), strict=True)))
    return line


def _value(row: Mapping[str, Any], lang: str) -> str:
    if not quality.enough(row["n"]):
        return formats.ABSENT
    return formats.number(row["value"], lang, 2) if row["part"] == quality.LINKING else formats.share(row["value"], lang)


def _bounds(row: Mapping[str, Any], lang: str) -> str:
    if not quality.enough(row["n"]):
        return formats.ABSENT
    return formats.interval(row["low"], row["high"], lang, 2) if row["part"] == quality.LINKING else formats.share_interval(row["low"], row["high"], lang)


def _thresholds(context: Context) -> Markup:
    """The thresholds of the publication, and the rules that say for whom a vacancy is."""
    t = context.t

    def number(row: Mapping[str, Any], name: str) -> str:
        return formats.share(row[name], t.lang) if row["unit"] == "share" else formats.number(row[name], t.lang, 2 if row["unit"] == "ratio" else 0)

    columns = [
        Column("key", t("data.col_threshold"), lambda r: h("span", t(f"data.threshold_{r['key']}"), h("br"), h("small", h("code", f"[thresholds] {r['key']}"), cls="muted"))),
        Column("value", t("data.col_value"), lambda r: number(r, "value"), True), Column("usual", t("data.col_usual"), lambda r: number(r, "usual"), True), Column("source", t("data.col_source"), lambda r: r["source"])]
    rules = [h("li", r[f"description_{t.lang}"], f" ({formats.number(float(r['limit']), t.lang)})" if r["limit"] else "", ": ", h("b", t(f"data.starters_{r['suitable']}"))) for r in rows_of(reference.read("starters"))]
    return h("section", h("h2", t("data.thresholds")), h("p", t("data.thresholds_note"), cls="subtitle"), table(rows_of(asking_thresholds.thresholds(context.reader)), columns, t("data.thresholds")), _download(context, "thresholds"),
             h("h3", t("data.starters")), h("p", t("data.starters_note"), cls="subtitle"), h("ol", rules))


def _calibration(context: Context) -> Markup:
    """How counted vacancies were lifted to CBS's totals, per area and sector."""
    reader, selection, t = context
    rows = asking_thresholds.calibration(reader)
    rows = rows[rows["period"] == selection.period]
    sectors = {r["code"]: t.pick(r, "short") for r in rows_of(reader.sectors())}
    areas = rows.drop_duplicates("region_code")
    weights = {(r["region_code"], r["sector"]): formats.ABSENT if r["factor_basis"] == "none" else formats.number(r["factor"], t.lang, 2) + ("*" if r["factor_basis"] == "margins" else "") for r in rows_of(rows)}
    columns = [
        Column("name", t("data.col_area"), lambda r: r["name"] if r["region_code"] != "NL01" else t("data.area_unknown")), Column("counted", t("data.col_counted"), lambda r: formats.number(r["counted"], t.lang), True),
        Column("official", t("data.col_official"), lambda r: formats.number(r["official"], t.lang), True),
        *(Column(f"factor_{code}", name, lambda r, code=code: weights[(r["region_code"], code)], True) for code, name in sectors.items())]
    body = table(rows_of(areas), columns, t("data.calibration")) if len(areas) else h("p", t("data.no_calibration"))
    return h("section", h("h2", t("data.calibration")), h("p", t("data.calibration_note", year=selection.period), cls="subtitle"), body, _download(context, "calibration"))


def _method(context: Context) -> Markup:
    t = context.t
    parts = [h("div", h("h3", t(f"data.method_{key}")), h("p", t(f"data.method_{key}_text"))) for key in ("demand", "supply", "mismatch", "skills", "coverage", "limits")]
    return h("section", h("h2", t("data.method")), h("div", parts, cls="method"))


def _dictionary(context: Context) -> Markup:
    t = context.t
    parts = []
    for name in schema.PUBLISHED:
        made = schema.metadata.tables[name]
        rows = [{"column": c.name, "type": str(c.type), "unit": c.info["unit"] or "", "description": c.info["description"]} for c in made.columns]
        columns = [Column("column", t("data.col_column")), Column("description", t("data.col_description")), Column("unit", t("data.col_unit"))]
        parts.append(h("details", h("summary", h("code", name), " ", h("span", made.info["description"], cls="muted")), table(rows, columns, name)))
    return h("section", h("h2", t("data.dictionary")), h("p", t("data.dictionary_note"), cls="subtitle"), h("details", h("summary", t("data.dictionary_tables", n=len(parts))), parts, id="dictionary-tables"), _download(context, "dictionary"))


def _api(context: Context) -> Markup:
    t = context.t
    return h("section", h("h2", t("data.api")), h("p", t("data.api_text"), cls="subtitle"), h("ul", [h("li", h("a", h("code", path), href=path, target="_blank")) for path in API], cls="plain"))
