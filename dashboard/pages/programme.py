"""The dossier of one programme in a region, in the order of the CMMBO questions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    figure_card,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.how_counted import how_counted
from dashboard.components.icons import class_chip
from dashboard.components.notices import empty_state
from dashboard.components.reach_card import reach_card
from dashboard.components.tables import Column, rows_of, table
from dashboard.i18n import Translator
from dashboard.markup import Markup, h


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    region = reader.region_names()[selection.region]
    found = reader.programme(selection.programme) if selection.programme else None
    back = [(t("programme.to_grid"), state.to_url(selection, page="programmes", programme=None))]
    if found is None:
        return [page_title("programme", region, t("programme.none_title")), block("programme-empty", empty_state(t("programme.none_title"), t("programme.none_text"), back))]
    years = reader.programme_years(selection.region, selection.programme)
    now = next((r for r in rows_of(years) if r["period"] == selection.period), None)
    eyebrow = f"{region} · {selection.period} · crebo {found['crebo']}"
    title = f"{found['name']} ({t('programme.level', level=found['level'])})"
    if now is None:
        return [page_title("programme", eyebrow, title, t("programme.absent", region=region)), block("programme-empty", empty_state(t("programme.absent_title"), t("programme.absent_text"), back))]
    stats = [
        stat(t("programme.students"), formats.count(now["students_low"], now["students_high"], t.lang), t("programme.on_1_october")),
        stat(t("programme.supply"), formats.interval(now["supply_low"], now["supply_high"], t.lang), t("programme.a_year")),
        stat(t("programme.demand"), formats.interval(now["demand_low"], now["demand_high"], t.lang), t("programme.vacancies_a_year")),
        stat(t("programme.providers"), formats.number(now["providers"], t.lang)),
    ]
    quiet = now["class"] == "too_little_data"
    reason = t(f"programme.reason_{_code(now['reason'])}") if quiet and not formats.is_absent(now["reason"]) else ""
    lead = h("span", class_chip(now["class"], t(f"programme.class_{now['class']}")), " ", reason if quiet else t(
        "programme.lead", ratio=formats.ratio(now["ratio"], t.lang), interval=formats.interval(now["ratio_low"], now["ratio_high"], t.lang, 1),
        gap=formats.interval(now["gap_low"], now["gap_high"], t.lang, sign=True)))
    return [
        page_title("programme", eyebrow, title, lead, stats), how_counted(context), _controls(context), _signals(context, now),
        box(_years(context, years), _providers(context), cls="grid even"), reach_card(context, found), box(_crosswalk(context), _skills(context, now), cls="grid even"),
        block("programme-official", h("section", h("h2", t("programme.official")), h("p", t("programme.official_text"), cls="subtitle"), _tension(context), cls="card")),
        block("programme-back", h("p", h("a", back[0][0], href=back[0][1], cls="button"))),
    ]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the cards."""
    if not selection.programme:
        return {}
    made = {"years": reader.programme_years(selection.region, selection.programme).copy(), "providers": reader.programme_institutions(selection.region, selection.programme).copy(),
            "crosswalk": reader.programme_occupations(selection.programme).copy()}
    for frame in made.values():
        frame.attrs["source"] = "DUO, open onderwijsdata"
    return made


def _code(reason: str) -> str:
    return reason.replace(" < ", "_below_").replace(" ", "_")


def _controls(context: Context) -> Component:
    reader, selection, t = context
    programmes = [(r["crebo"], f"{r['name']} · {t('programme.level', level=r['level'])} · {r['crebo']}") for r in rows_of(reader.programmes())]
    return box(select("programme", selection.programme, programmes, t("programme.choose"), search=True), cls="controls")


def _signals(context: Context, now: dict[str, Any]) -> Component:
    t = context.t
    codes = [code for code in str(now["signals"]).split("|") if code]
    items = [h("li", h("b", t(f"programmes.signal_{code}")), h("p", t(f"programme.why_{code}"), cls="muted")) for code in codes]
    return block("programme-signals", h("section", h("h2", t("programme.signals")), h("ul", items, cls="signals") if items else h("p", t("programme.no_signals")), h("p", t("programme.no_verdict"), cls="subtitle"), cls="card"))


def _years(context: Context, years: pd.DataFrame) -> Component:
    _reader, _selection, t = context
    columns = [
        Column("period", t("programme.year")), Column("students_low", t("programme.students"), lambda r: formats.count(r["students_low"], r["students_high"], t.lang), True),
        Column("graduates_low", t("programme.graduates"), lambda r: formats.count(r["graduates_low"], r["graduates_high"], t.lang), True),
        Column("supply_low", t("programme.supply"), lambda r: formats.interval(r["supply_low"], r["supply_high"], t.lang), True),
        Column("demand", t("programme.demand"), lambda r: formats.interval(r["demand_low"], r["demand_high"], t.lang), True),
        Column("n", t("programme.n"), lambda r: formats.number(r["n"], t.lang), True),
    ]
    body = table(rows_of(years), columns, t("programme.years_title"))
    return figure_card(context, "years", t("programme.years_title"), t("programme.years_subtitle"), [block("years-table-main", body)], table=body,
                       footer=figure_footer(context, ("duo-students", DUO_GRADUATES, *VACANCY_SOURCES), f"{years['period'].min()}–{years['period'].max()}", int(years["n"].max())))


def _providers(context: Context) -> Component:
    reader, selection, t = context
    rows = [r for r in rows_of(reader.programme_institutions(selection.region, selection.programme)) if r["year"] == selection.period]
    columns = [
        Column("institution_name", t("programme.institution")), Column("pathway", t("programme.pathway"), lambda r: t(f"programme.pathway_{r['pathway']}")),
        Column("students_low", t("programme.students"), lambda r: formats.count(r["students_low"], r["students_high"], t.lang), True),
        Column("graduates_low", t("programme.graduates"), lambda r: formats.count(r["graduates_low"], r["graduates_high"], t.lang), True),
        Column("places", t("programme.places"), lambda r: (r["places"] or formats.ABSENT).replace("|", ", ") + (f" ({t('programme.head_office')})" if r["location_basis"] == "head office" else "")),
    ]
    body = table(rows, columns, t("programme.providers_title")) if rows else h("p", t("programme.no_providers"))
    return figure_card(context, "providers", t("programme.providers_title"), t("programme.providers_subtitle"), [block("providers-table-main", body)], table=body,
                       footer=figure_footer(context, ("duo-students", DUO_GRADUATES, "duo-offer", "duo-institutions"), str(selection.period)))


def _crosswalk(context: Context) -> Component:
    reader, selection, t = context
    rows = rows_of(reader.programme_occupations(selection.programme))
    columns = [
        Column("occupation_uri", t("programme.occupation"), lambda r: h("a", str(r[f"label_{t.lang}"]).capitalize(), href=state.to_url(selection, page="skills", occupation=r["occupation_uri"], programme=None))),
        Column("weight", t("programme.weight"), lambda r: formats.share(r["weight"], t.lang), True), Column("origin", t("programme.origin"), lambda r: t(f"programme.origin_{_code(r['origin'])}")),
    ]
    body = table(rows, columns, t("programme.crosswalk_title")) if rows else h("p", t("programme.no_crosswalk"))
    return figure_card(context, "crosswalk", t("programme.crosswalk_title"), t("programme.crosswalk_subtitle"), [block("crosswalk-table-main", body)], table=body,
                       footer=figure_footer(context, ("esco",), "ESCO v1.2"))


def _skills(context: Context, now: dict[str, Any]) -> Component:
    reader, selection, t = context
    rows = rows_of(reader.skills(selection.region, selection.period, "programme", selection.programme, 8))
    items = [h("li", h("span", r[f"label_{t.lang}"]), h("span", formats.share(r["share"], t.lang), " · ", t(f"skills.cover_{r['cover']}") if not formats.is_absent(r["cover"]) else "", cls="muted")) for r in rows]
    text = t("programme.coverage", share=formats.share(now["coverage"], t.lang), n=formats.sample(now["coverage_n"], t.lang)) if not formats.is_absent(now["coverage"]) else t("programme.coverage_unknown")
    return block("programme-skills", h("section", h("h2", t("programme.skills")), h("p", text, cls="subtitle"), h("ul", items, cls="link-list") if items else h("p", t("skills.quiet_title")),
                                       h("p", h("a", t("programme.to_skills"), href=state.to_url(selection, page="skills", programme=selection.programme))), cls="card"))


def _tension(context: Context) -> Markup:
    reader, selection, t = context
    rows = rows_of(reader.tension(selection.region))
    if not rows:
        return h("p", t("programme.no_tension"))
    latest = rows[0]["period"]
    columns = [Column("occupation_group", t("programme.group")), Column("value", t("programme.tension"), lambda r: formats.ratio(r["value"], t.lang), True), Column("class", t("programme.tension_class"), lambda r: r["class"] or formats.ABSENT), Column("period", t("programme.quarter"))]
    return h("div", table([r for r in rows if r["period"] == latest], columns, t("programme.official")), h("p", rows[0]["definition"] or "", cls="muted"), figure_footer(context, ("uwv-tension",), latest))
