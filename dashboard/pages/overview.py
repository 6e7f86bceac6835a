"""Overview: where demand and supply part ways in a region, which sectors stand out, how it compares, how demand runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, graph, select
from dashboard.components.border_map import border_map, borders_of
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    figure_card,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.explain import explained_here
from dashboard.components.how_counted import how_counted
from dashboard.components.matrix import REGION, region_matrix
from dashboard.components.mismatch_rows import demand_words, mismatch_rows, mismatch_table
from dashboard.components.sector_numbers import OFFICIAL, calibration_line, estimated, resting_on
from dashboard.components.signals import all_signals, missing, signal_item, strongest
from dashboard.components.tables import Column, Row, rows_of, table
from dashboard.components.tile_map import Mark, class_legend, step_legend, steps, tile_map
from dashboard.figures.trend import monthly, trend_figure
from dashboard.i18n import Translator
from dashboard.markup import Markup, h, join
from etl.alignment.signals import change
from warehouse import asking_supply

if TYPE_CHECKING:
    from warehouse.queries import Reader

TREND_HEIGHT = 320
NATIONAL = "NL01"
NAMED_AT_MOST = 3


def render(reader: Reader, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    rows = rows_of(reader.mismatch(selection.region, selection.period))
    total = reader.region_total(selection.region, selection.period)
    return [
        _title(context, rows, total), how_counted(context),
        box(_mismatch_card(context, rows, total), _map_card(context), cls="grid wide-left"),
        box(_signals_card(context, rows), _trend_card(context), cls="grid even"),
        _matrix_card(context),
    ]


def tables(reader: Reader, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """The rows behind every figure, full precision; frame.attrs["source"] names the source."""
    made = {
        "mismatch": reader.mismatch(selection.region, selection.period).copy(),
        "map": pd.DataFrame(_of_sector(rows_of(reader.matrix(selection.period)), selection.sector)),
        "trend": pd.DataFrame(monthly(_months(Context(reader, selection, t))), columns=["month", "demand", "mean"]),
        "matrix": reader.matrix(selection.period).copy(),
    }
    for name, frame in made.items():
        frame.attrs["source"] = t("overview.csv_source_vacancies" if name == "trend" else "overview.csv_source")
    return made


# --- title ----------------------------------------------------------------------------------------------------------
def _title(context: Context, rows: list[Row], total: dict[str, Any] | None) -> Component:
    reader, selection, t = context
    lang = t.lang
    region = reader.region_names()[selection.region]
    eyebrow = f"{region} · {selection.period}"
    if not total:
        return page_title("overview", eyebrow, t("overview.no_data"), t("overview.no_data_text"))
    unclear = sum(row["class"] in ("borderline", "too_little_data") for row in rows)
    lead = [t("overview.lead", region=region, year=selection.period, demand=formats.number(total["total_demand"], lang),
              supply=formats.number(total["supply"], lang), interval=formats.interval(total["supply_low"], total["supply_high"], lang))
            if not formats.is_absent(total["supply"]) else
            t("overview.lead_no_supply", region=region, year=selection.period, demand=formats.number(total["total_demand"], lang))]
    if unclear:
        lead.append(t.plural("overview.unclear", unclear, of=len(rows)))
    return page_title("overview", eyebrow, conclusion(rows, t), " ".join(lead), _stats(context, total))


def _stats(context: Context, total: dict[str, Any]) -> list[Markup]:
    """What was counted, supply, and the part of what was counted without a sector, each with how it was made."""
    _, selection, t = context
    lang, years = t.lang, total["supply_years"] or formats.ABSENT
    adverts, demand, unmapped = (formats.number(total[name], lang) for name in ("adverts", "total_demand", "unmapped_demand"))
    repeated = formats.number(total["adverts"] - total["total_demand"], lang)
    outside = total["unmapped_demand"] / total["total_demand"] if total["total_demand"] else None
    rests = [(t("overview.made_rests"), resting_on(total["supply_note"], t))] if resting_on(total["supply_note"], t) else []
    told = [h("span", f"mbo {row['level']}{'' if row['sector'] == '*' else ' ' + row['sector']}: {row['source']}", cls="made-source") for row in rows_of(asking_supply.progression(context.reader))]
    return [
        stat(t("overview.stat_counted"), explained_here(
            context, "stat-demand", demand, t("overview.made_demand"), [(t("overview.made_adverts"), adverts), (t("overview.made_repeats"), repeated)], VACANCY_SOURCES,
            total["total_demand"], t("overview.made_demand_note", year=selection.period)), str(selection.period)),
        stat(t("terms.graduates"), explained_here(
            context, "stat-supply", formats.number(total["supply"], lang), t("made.supply_formula"),
            [(t("overview.made_years"), years), (t("made.bounds"), formats.interval(total["supply_low"], total["supply_high"], lang)),
             (t("overview.made_outside"), formats.number(total["supply_outside_sectors"], lang, 1)), (t("overview.made_split"), formats.share(total["supply_split_share"], lang)), *rests],
            (DUO_GRADUATES, "duo-offer"), note=join([h("span", t("overview.made_supply_note")), told])), t("overview.per_year", years=years)),
        stat(t("overview.unmapped"), explained_here(
            context, "stat-unmapped", formats.share(outside, lang), f"{t('overview.made_unmapped')} ÷ {t('overview.stat_counted')}",
            [(t("overview.made_unmapped"), unmapped), (t("overview.stat_counted"), demand)], VACANCY_SOURCES, total["total_demand"], t("overview.made_unmapped_note")), t("overview.of_vacancies")),
    ]


def conclusion(rows: list[Row], t: Translator) -> str:
    """The picture in one sentence: only sectors whose whole interval lies in a class are named."""
    short = [t.pick(row, "short") for row in rows if row["class"] == "shortage"]
    over = [t.pick(row, "short") for row in rows if row["class"] == "surplus"]
    values = {"n": len(short), "m": len(over), "of": len(rows), "short": _names(short), "over": _names(over)}
    if short and over:
        return t("overview.conclusion_both", **values)
    if short:
        return t.plural("overview.conclusion_shortage", len(short), **{k: v for k, v in values.items() if k != "n"})
    if over:
        return t.plural("overview.conclusion_surplus", len(over), **{k: v for k, v in values.items() if k != "n"})
    return t("overview.conclusion_none")


def _names(names: list[str]) -> str:
    return ", ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")


# --- region by sector -----------------------------------------------------------------------------------------------
def _mismatch_card(context: Context, rows: list[Row], total: dict[str, Any] | None) -> Component:
    _, selection, t = context
    counted = [row for row in rows if not formats.is_absent(row["ratio"])]
    title = t("overview.mismatch_none")
    if counted:
        most, least = max(counted, key=lambda row: row["ratio"]), min(counted, key=lambda row: row["ratio"])
        title = t("overview.mismatch_title", most=t.pick(most, "short"), most_ratio=formats.ratio(most["ratio"], t.lang),
                  least=t.pick(least, "short"), least_ratio=formats.ratio(least["ratio"], t.lang))
    period = t("overview.mismatch_period", year=selection.period, years=(total or {}).get("supply_years") or formats.ABSENT)
    caption = t("overview.mismatch_caption", region=context.reader.region_names()[selection.region], year=selection.period)
    return figure_card(
        context, "mismatch", title, t("overview.mismatch_subtitle", word=demand_words(context, rows)),
        [block("mismatch-rows", mismatch_rows(context, rows)), block("mismatch-sum", reconciliation(context, rows, total), calibration_line(context, rows))],
        table=mismatch_table(context, rows, caption),
        footer=figure_footer(context, (*VACANCY_SOURCES, *(OFFICIAL if any(estimated(context, row) for row in rows) else ()), DUO_GRADUATES), period, (total or {}).get("total_demand")))


def reconciliation(context: Context, rows: list[Row], total: dict[str, Any] | None) -> Markup:
    """Total = sectors + unmapped, with the reasons why vacancies have no sector."""
    if not total:
        return Markup("")
    reader, selection, t = context
    reasons = rows_of(reader.unmapped(selection.region, selection.period))
    listed = [h("li", h("b", formats.number(row["demand"], t.lang)), " ", t(f"terms.unmapped_{row['reason'].replace(' ', '_')}")) for row in reasons]
    line = t("overview.sum", total=formats.number(total["total_demand"], t.lang), mapped=formats.number(sum(row["n"] for row in rows), t.lang), experienced=formats.number(sum(row["experienced"] for row in rows), t.lang),
             unmapped=formats.number(total["unmapped_demand"], t.lang))
    return h("details", h("summary", line), h("ul", listed, cls="plain"), cls="sum", id="sum-details")


# --- map ------------------------------------------------------------------------------------------------------------
def _map_card(context: Context) -> Component:
    reader, selection, t = context
    matrix = rows_of(reader.matrix(selection.period))
    found, word = _of_sector(matrix, selection.sector), demand_words(context, matrix)
    names = reader.region_names()
    sector = _sector_name(context)
    address = state.to_url(selection, region=REGION)
    if sector:
        marks = {row["region_code"]: _class_mark(row, address, t) for row in found}
        counts = Counter(row["class"] for row in found)
        clear = counts["shortage"] or counts["surplus"]
        title = t("overview.map_title_sector" if clear else "overview.map_title_unclear", sector=sector, shortage=counts["shortage"],
                  surplus=counts["surplus"], of=len(found))
        subtitle, legend = t("overview.map_subtitle_sector", year=selection.period, word=word), class_legend(t)
        columns = [Column("ratio", t("terms.ratio"), lambda row: formats.ratio(row["ratio"], t.lang), True),
                   Column("class", t("terms.class"), lambda row: t(f"terms.class_{row['class']}"))]
    else:
        demand = {row["region_code"]: row["demand"] for row in found}
        step = steps(demand)
        marks = {row["region_code"]: _demand_mark(row, step[row["region_code"]], address, t, word) for row in found}
        first = max(found, key=lambda row: row["demand"], default=None)
        mine = demand.get(selection.region)
        title = (t("overview.map_title_share", region=names[selection.region], share=formats.share(mine / max(sum(demand.values()), 1), t.lang), word=word) if mine is not None
                 else t("overview.map_title_most", region=first["region_name"], word=word) if first else t("overview.no_data"))
        subtitle, legend, columns = t("overview.map_subtitle_demand", year=selection.period, word=word), step_legend(t("overview.least"), t("overview.most")), []
    drawn = borders_of(getattr(reader, "base", reader))
    members = tuple(getattr(getattr(reader, "area", None), "members", ()))
    picture = border_map(drawn, marks, selection.region, title, members) if drawn else tile_map(marks, names, selection.region, title)
    subtitle = f"{subtitle} {t('overview.map_borders', year=reader.info.boundary_year) if drawn else t('overview.map_tiles')}"
    sources = (*VACANCY_SOURCES, *((DUO_GRADUATES,) if sector else ()), *(OFFICIAL if word != t("made.counted") else ()), *(("pdok-borders",) if drawn else ()))
    footer = figure_footer(context, sources, str(selection.period), sum(row["n"] for row in found))
    listed = table(found, [Column("region_name", t("terms.region")), Column("n", t("overview.col_counted"), lambda row: formats.number(row["n"], t.lang), True), *columns], title)
    return figure_card(context, "map", title, subtitle, [block("map-tiles", picture, legend)],
                       table=listed, footer=footer)


def _of_sector(rows: list[Row], sector: str | None) -> list[Row]:
    """Rows of a sector; without one, the demand of all sectors together per region."""
    if sector and sector != "unmapped":
        return [row for row in rows if row["sector"] == sector]
    sums: dict[str, Row] = {}
    for row in rows:
        held = sums.setdefault(row["region_code"], {"region_code": row["region_code"], "region_name": row["region_name"], "n": 0, "demand": 0.0})
        held["n"] += row["n"]
        held["demand"] += row["demand"]
    return list(sums.values())


def _class_mark(row: Row, address: str, t: Translator) -> Mark:
    ratio = formats.ratio(row["ratio"], t.lang) if not formats.is_absent(row["ratio"]) else ""
    spoken = f"{row['region_name']}: {t('terms.class_' + row['class'])} {ratio}".strip()
    return Mark(f"class-{row['class']}", True, ratio, spoken, address.replace(REGION, row["region_code"]))


def _demand_mark(row: Row, step: int, address: str, t: Translator, word: str) -> Mark:
    text = formats.number(row["demand"], t.lang)
    return Mark(f"step-{step}", False, text, t("overview.tile_spoken", region=row["region_name"], n=text, word=word), address.replace(REGION, row["region_code"]))


# --- signals --------------------------------------------------------------------------------------------------------
def _signals_card(context: Context, rows: list[Row]) -> Component:
    t = context.t
    found = strongest(all_signals(context, rows))
    lines = h("ol", [signal_item(context, signal, rows) for signal in found], cls="signals") if found else h("p", t("overview.no_signals"), cls="muted")
    return box(block("signals-head", h("h2", t("overview.signals_title"), id="signals-title"), h("p", t("overview.signals_subtitle"), cls="subtitle"), cls="card-head"),
               block("signals-list", lines, [h("p", text, cls="muted") for text in missing(context)]), tag="Section", cls="card", **{"aria-labelledby": "signals-title"})


# --- trend ----------------------------------------------------------------------------------------------------------
def _months(context: Context) -> list[Row]:
    """New vacancies of the choice for every month of the publication up to the chosen year; a month without any is zero."""
    reader, selection, _ = context
    counted = {row["month"]: row["demand"] for row in rows_of(reader.demand_months(selection.region, selection.sector))}
    calendar = rows_of(reader.demand_months(NATIONAL))
    return [{"month": row["month"], "demand": counted.get(row["month"], 0)} for row in calendar if row["month"].year <= selection.period]


def _trend_card(context: Context) -> Component:
    reader, selection, t = context
    months = monthly(_months(context))
    options = [("", t("overview.all_sectors")), *((row["code"], t.pick(row, "short")) for row in rows_of(reader.sectors())), ("unmapped", t("overview.unmapped"))]
    names = {"region": reader.region_names()[selection.region], "sector": _sector_name(context) or t("overview.all_sectors_words")}
    listed = table(months, [Column("month", t("overview.month"), lambda row: formats.month(row["month"], t.lang)),
                                     Column("demand", t("terms.vacancies"), lambda row: formats.number(row["demand"], t.lang), True),
                                     Column("mean", t("trend.mean"), lambda row: formats.number(row["mean"], t.lang), True)], t("overview.trend_subtitle", **names))
    return figure_card(
        context, "trend", trend_sentence(months, selection.period, t), t("overview.trend_subtitle", **names),
        [graph("trend-figure", trend_figure(months, t), TREND_HEIGHT)],
        controls=[select("sector", selection.sector or "", options, t("terms.sector"), width=210, hide_label=True)],
        table=listed, footer=figure_footer(context, VACANCY_SOURCES, f"{t('overview.until')} {selection.period}", sum(row["demand"] for row in months)))


def trend_sentence(months: list[Row], year: int, t: Translator) -> str:
    """Demand of the year against the year before; a change is only named when the 90% intervals part."""
    years = {row["month"].year for row in months}
    now, before = (sum(row["demand"] for row in months if row["month"].year == y) if y in years else None for y in (year, year - 1))
    if now is None:
        return t("overview.no_data")
    values = {"now": formats.number(now, t.lang), "year": year, "last_year": year - 1}
    if before is None:
        return t("overview.trend_only", **values)
    return t(f"overview.trend_{change(now, before) or 'steady'}", before=formats.number(before, t.lang), **values)


# --- all regions ----------------------------------------------------------------------------------------------------
def _matrix_card(context: Context) -> Component:
    reader, selection, t = context
    rows = rows_of(reader.matrix(selection.period))
    counts = Counter(row["class"] for row in rows)
    title = t("overview.matrix_title", shortage=counts["shortage"], surplus=counts["surplus"], of=len(rows))
    subtitle = t("overview.matrix_subtitle", year=selection.period, word=demand_words(context, rows))
    return figure_card(
        context, "matrix", title, subtitle,
        [block("matrix-table", class_legend(t), region_matrix(context, rows_of(reader.sectors()), subtitle))],
        table=None, footer=figure_footer(context, (*VACANCY_SOURCES, DUO_GRADUATES), str(selection.period), sum(row["n"] for row in rows)), cls="long")


def _sector_name(context: Context) -> str | None:
    """Short name of the chosen sector; None without one, and for vacancies without a sector."""
    if not context.selection.sector or context.selection.sector == "unmapped":
        return None
    return next((context.t.pick(row, "short") for row in rows_of(context.reader.sectors()) if row["code"] == context.selection.sector), None)
