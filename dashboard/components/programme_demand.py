"""How the demand of a programme is made: a line per occupation that adds up to the figure shown, and the outcome under every other
crosswalk that could be defended."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import areas, formats, state
from dashboard.components.blocks import Component, block
from dashboard.components.cards import VACANCY_SOURCES, Context, downloads, figure_footer
from dashboard.components.crosswalk_words import note_words
from dashboard.components.icons import class_chip
from dashboard.components.tables import Column, Row, rows_of, table
from dashboard.limits import limits_of
from dashboard.markup import Markup, h, join
from etl.alignment import area
from warehouse import asking_crosswalk, asking_programmes

NOWHERE, LISTED = 0.01, 8  # least share that goes to no programme, and how many occupations of the region are named
SAME = 0.05  # vacancies: a difference that one decimal does not show


def usual_reader(context: Context) -> Any:
    """The reader of the same area, counted in the usual way."""
    reader, selection, _t = context
    return areas.located(getattr(reader, "base", reader), selection.region.removesuffix(areas.NEAR), selection.near)


def demand_lines(reader: Any, selection: state.Selection) -> pd.DataFrame:
    """The occupations of a programme under the crosswalk and the calibration chosen, heaviest demand first: occupation_uri, label_nl,
    label_en, n, experienced, factor (demand / n of the occupation), weight, demand (n x factor x weight), others, unlinked (shares that
    go to other programmes and to none), origin, confidence, note. The demands sum to that of mart_programme."""
    crebo = str(selection.programme)
    made = asking_crosswalk.links(reader, crebo)
    if made.empty:
        made = reader.programme_occupations(crebo)
    if selection.crosswalk != area.CROSSWALKS[0]:
        other = asking_crosswalk.variants(reader, crebo)
        other = other.assign(weight=other[selection.crosswalk])[["occupation_uri", "label_nl", "label_en", "weight"]]
        made = other[other["weight"] > 0].merge(made.drop(columns=["label_nl", "label_en", "weight", "others", "unlinked"], errors="ignore"), on="occupation_uri", how="left")
    counted = asking_programmes.demand_of_occupations(reader, selection.region, selection.period, sorted(made["occupation_uri"]))
    made = made.merge(counted, on="occupation_uri", how="left")
    made[["n", "experienced"]] = made[["n", "experienced"]].fillna(0).astype(int)
    made["demand"] = made["n"].astype(float) if selection.demand == "raw" else made["demand"].astype(float).fillna(0.0)
    made["factor"] = (made["demand"] / made["n"]).where(made["n"] > 0)
    made["demand"] = made["demand"] * made["weight"]
    return made.sort_values(["demand", "weight", "label_nl"], ascending=[False, False, True], ignore_index=True)


def demand_card(context: Context, now: Row) -> Component:
    """The lines, their sum, and what goes nowhere."""
    reader, selection, t = context
    lang = t.lang
    lines = rows_of(demand_lines(reader, selection))
    if not lines:
        return block("programme-demand", h("section", h("h2", t("programme.crosswalk_title")), h("p", t("programme.no_crosswalk")), cls="card"))
    counted = bool(reader._present("mart_area_demand"))

    def occupation(r: Row) -> Any:
        if r is total:
            return h("b", t("programme.sum"))
        return join([h("a", str(r[f"label_{lang}"] or r["label_nl"]).capitalize(), href=state.to_url(selection, page="skills", occupation=r["occupation_uri"], programme=None)), h("small", note_words(t, r.get("note")))])

    def rest(r: Row) -> Any:
        parts = [t(f"programme.goes_{name}", share=formats.share(r[name], lang)) for name in ("others", "unlinked") if not formats.is_absent(r.get(name)) and r[name] > 0.005]
        return join([formats.share(r["weight"], lang), h("small", "; ".join(parts)) if parts else None])

    def origin(r: Row) -> Any:
        if formats.is_absent(r.get("origin")):
            return t("programme.origin_variant") if r is not total else ""
        sure = None if formats.is_absent(r.get("confidence")) else h("small", t("programme.sure", confidence=formats.share(r["confidence"], lang)))
        return join([t(f"programme.origin_{str(r['origin']).replace(' ', '_')}"), sure])

    total = {"n": sum(r["n"] for r in lines), "experienced": sum(r["experienced"] for r in lines), "demand": sum(r["demand"] for r in lines)}
    columns = [Column("occupation_uri", t("programme.occupation"), occupation)]
    if counted:
        columns += [Column("n", t("programme.line_n"), lambda r: formats.number(r["n"], lang), True), Column("factor", t("programme.line_factor"), lambda r: "" if r is total else formats.number(r["factor"], lang, 2), True)]
    columns.append(Column("weight", t("programme.line_weight"), lambda r: "" if r is total else rest(r), True))
    if counted:
        columns.append(Column("demand", t("programme.line_demand"), lambda r: h("b", formats.number(r["demand"], lang, 1)) if r is total else formats.number(r["demand"], lang, 1), True))
    columns.append(Column("origin", t("programme.origin"), origin))
    body = table([*lines, *([total] if counted else [])], columns, t("programme.crosswalk_title"), "lines")
    experienced = h("p", t("programme.lines_experienced", n=formats.number(total["experienced"], lang)), cls="subtitle") if counted else None
    answer = t("programme.lines_answer", demand=formats.number(now["demand"], lang, 1)) if counted and not formats.is_absent(now["demand"]) else t("programme.crosswalk_subtitle")
    return block(
        "programme-demand", h("section", h("h2", t("programme.crosswalk_title")), h("p", answer, cls="answer"), body, experienced, _overrides(context), _nowhere(context),
                              h("div", h("span", downloads(context, "crosswalk"), cls="downloads"), cls="card-actions"),
                              figure_footer(context, (*VACANCY_SOURCES, "esco"), str(selection.period), total["n"] if counted else None), cls="card", id="demand-made"))


def _overrides(context: Context) -> Markup | None:
    """What the institutions said of this programme themselves, and what became of it."""
    reader, selection, t = context
    rows = rows_of(asking_crosswalk.overrides(reader, str(selection.programme)))
    items = [h("li", t("programme.override_line", file=r["file"], line=r["line"], occupation=r["occupation"], weight=formats.share(r["weight"], t.lang), reason=r["reason"], author=r["author"],
                       outcome=t(f"programme.override_{r['outcome']}")), f" {r['why']}" if not formats.is_absent(r["why"]) else None) for r in rows]
    return join([h("h3", t("programme.overrides")), h("ul", items, cls="plain small")]) if items else None


def _nowhere(context: Context) -> Markup | None:
    """Occupations of the region of which demand goes to no programme at all: what is not in any programme's figure."""
    reader, selection, t = context
    rows = rows_of(asking_crosswalk.unlinked(reader, selection.region, selection.period, NOWHERE))
    if not rows:
        return None
    items = [h("li", h("span", str(r[f"label_{t.lang}"] or r["label_nl"]).capitalize()), h("span", t("programme.nowhere_line", vacancies=formats.number(r["vacancies"], t.lang, 1), share=formats.share(r["unlinked"], t.lang)), cls="muted")) for r in rows[:LISTED]]
    more = t("programme.nowhere", n=len(rows), vacancies=formats.number(sum(r["vacancies"] for r in rows), t.lang))
    return h("details", h("summary", more), h("ul", items, cls="link-list"), cls="behind on-paper", id="nowhere")


def alternatives(context: Context) -> list[Row]:
    """The programme's row of the year under every crosswalk there is, counted otherwise as chosen: rows of mart_programme with `variant`.
    Where all give the same demand, the row as it is."""
    reader, selection, _t = context
    usual = usual_reader(context)
    years = usual.programme_years(selection.region, selection.programme)
    now = years[years["period"] == selection.period]
    known = asking_programmes.demand_by_variant(usual, selection.region, str(selection.programme))
    if now.empty or "demand_raw" not in known:
        return []
    under = dict(zip(*(known.loc[known["period"] == selection.period, name] for name in ("variant", "demand")), strict=True))
    names = [name for name in area.CROSSWALKS if name in under]
    if not names:
        return []
    if len(names) > 1 and max(under.values()) - min(under.values()) < SAME:
        return [{**rows_of(now)[0], "variant": name} for name in names]
    each = pd.concat([now] * len(names), ignore_index=True)
    made = area.recounted(each, known, area.Count(selection.supply, selection.demand, names[0]), "crebo", limits_of(reader), names)
    return [row | {"variant": name} for row, name in zip(rows_of(made), names, strict=True)]


def alternatives_table(context: Context, rows: list[Row]) -> Markup | None:
    """The outcome under every crosswalk, beside each other; None when there is nothing to compare."""
    _reader, selection, t = context
    lang = t.lang
    if len(rows) < 2:
        return None
    if len({r["demand"] for r in rows}) == 1:
        return h("p", t("programme.variants_equal"), cls="subtitle")

    def name(r: Row) -> Any:
        words = t(f"counted.crosswalk_{r['variant']}").capitalize()
        used = r["variant"] == selection.crosswalk
        return join([h("b", words) if used else h("a", words, href=state.to_url(selection, crosswalk=r["variant"])), h("small", t("programme.variant_used") if used else t(f"counted.crosswalk_{r['variant']}_words"))])

    columns = [
        Column("variant", t("counted.crosswalk"), name), Column("demand", t("programme.demand"), lambda r: formats.number(r["demand"], lang, 1), True),
        Column("ratio_low", t("programme.ratio_directed"), lambda r: formats.interval(r["ratio_low"], r["ratio_high"], lang, 1), True),
        Column("gap_low", t("programme.gap_directed"), lambda r: formats.interval(r["gap_low"], r["gap_high"], lang, sign=True), True),
        Column("class", t("programme.picture"), lambda r: class_chip(r["class"], t(f"programme.class_{r['class']}"))),
    ]
    classes = {r["class"] for r in rows}
    said = t("programme.variants_same") if len(classes) == 1 else t("programme.variants_differ")
    return h("details", h("summary", t("programme.variants_title"), ": ", said), h("p", t("programme.variants_text"), cls="subtitle"), table(rows, columns, t("programme.variants_title"), "compact"), cls="on-paper", id="variants")
