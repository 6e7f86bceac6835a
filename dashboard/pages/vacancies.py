"""Vacancies: search and drill through to single adverts, with the mentions marked and the link to the original."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import corrected, formats, state
from dashboard.components.advert import opened
from dashboard.components.blocks import Component, block, box, select, text_field
from dashboard.components.cards import VACANCY_SOURCES, Context, figure_footer, page_title
from dashboard.components.correction_form import correction_form
from dashboard.components.icons import icon
from dashboard.components.notices import empty_state
from dashboard.components.tables import rows_of
from dashboard.i18n import Translator
from dashboard.markup import Markup, h

PAGE = 25


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    found, total = _ask(reader, selection, PAGE)
    region = reader.region_names()[selection.region]
    title = t.plural("vacancies.conclusion", total, number=formats.number(total, t.lang), region=region, year=selection.period)
    lists = block("vacancies-list", _list(context, found, total), cls="card")
    shown = block("vacancies-open", _opened(context), cls="card sticky") if selection.vacancy else block("vacancies-open", h("section", h("h2", t("vacancies.open_title")), h("p", t("vacancies.open_hint"), cls="subtitle")), cls="card")
    foot = block("vacancies-foot", h("div", _download(context, "vacancies", t("vacancies.csv")), _download(context, "corrections", t("vacancies.corrections_csv")), cls="card-actions"),
                 figure_footer(context, VACANCY_SOURCES, str(selection.period), total), cls="card-foot")
    return [page_title("vacancies", f"{region} · {selection.period}", title, t("vacancies.lead")), _controls(context), box(box(lists, foot, cls="stack"), shown, cls="grid even")]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """The first thousand adverts of the selection, and all corrections."""
    made, _ = _ask(reader, selection, 1000)
    made.attrs["source"] = "; ".join(r["attribution"] for r in reader.sources().to_dict("records") if r["key"].startswith(VACANCY_SOURCES))
    corrections = corrected.table(reader)
    corrections.attrs["source"] = t("vacancies.corrections_source")
    return {"vacancies": made, "corrections": corrections}


def _download(context: Context, figure: str, label: str) -> Markup:
    """A link to rows as the page shows them; without a chosen publication they hold what was corrected since."""
    query = state.query_of(context.selection)
    return h("a", icon("download", 16), label, href=f"/export.csv?figure={figure}&page=vacancies" + (f"&{query}" if query else ""), download=True, cls="download")


def _ask(reader: Any, selection: state.Selection, limit: int) -> tuple[pd.DataFrame, int]:
    """A page of adverts with column corrected_at, and how many there are."""
    found, total = reader.vacancies(selection.region, selection.q, selection.skill, selection.sector, selection.occupation, selection.period, limit, selection.offset)
    return (corrected.adverts(reader, found) if selection.publication is None else found.assign(corrected_at="")), total


def _controls(context: Context) -> Component:
    reader, selection, t = context
    sectors = [(r["code"], r[f"short_{t.lang}"]) for r in rows_of(reader.sectors())] + [("unmapped", t("vacancies.unmapped"))]
    skills = [(r["skill_id"].removeprefix(state.ESCO["skill"]), r[f"label_{t.lang}"]) for r in rows_of(reader.skill_labels())]
    occupations = [(r["uri"].removeprefix(state.ESCO["occupation"]), str(r[f"label_{t.lang}"]).capitalize()) for r in rows_of(reader.occupations())]
    return box(
        text_field("q", selection.q, t("vacancies.search"), t("vacancies.search_hint")),
        select("sector", selection.sector, sectors, t("vacancies.sector"), clearable=True, placeholder=t("vacancies.all")),
        select("occupation", (selection.occupation or "").removeprefix(state.ESCO["occupation"]) or None, occupations, t("vacancies.occupation"), search=True, clearable=True, placeholder=t("vacancies.all"), nothing_found=t("skills.nothing")),
        select("skill", (selection.skill or "").removeprefix(state.ESCO["skill"]) or None, skills, t("vacancies.skill"), search=True, clearable=True, placeholder=t("vacancies.all"), nothing_found=t("skills.nothing")),
        cls="controls")


def _list(context: Context, found: pd.DataFrame, total: int) -> Markup:
    _reader, selection, t = context
    if found.empty:
        return empty_state(t("vacancies.empty_title"), t("vacancies.empty_text"), [(t("vacancies.clear"), state.to_url(selection, q="", skill=None, sector=None, occupation=None))])
    items = []
    for r in rows_of(found):
        again = t.plural("vacancies.again", r["duplicates"]) if r["duplicates"] else None
        place = r["municipality"] if isinstance(r["municipality"], str) else t("vacancies.place_unknown", place=r["place_text"] or formats.ABSENT)
        labels = [s for s in r[f"skills_{t.lang}"].split("|") if s]
        items.append(h(
            "li", h("a", r["title"], href=state.to_url(selection, vacancy=r["vacancy_id"], offset=selection.offset), cls="advert-title", aria_current="true" if r["vacancy_id"] == selection.vacancy else None),
            h("p", t("vacancies.corrected_when", date=formats.day(formats.parsed(r["corrected_at"]).date(), t.lang)), cls="corrected") if r["corrected_at"] else None,
            h("p", " · ".join(str(v) for v in (r["employer"] or t("skills.no_employer"), place, formats.day(r["first_seen"].date(), t.lang), again) if v), cls="muted"),
            h("p", [h("span", label, cls="tag") for label in labels[:6]], h("span", f"+{len(labels) - 6}", cls="muted") if len(labels) > 6 else None, cls="tags") if labels else None, cls="advert"))
    first = selection.offset + 1
    steps = [
        h("a", t("vacancies.previous"), href=state.to_url(selection, offset=max(0, selection.offset - PAGE), vacancy=None), cls="button") if selection.offset else None,
        h("span", t("vacancies.range", first=formats.number(first, t.lang), last=formats.number(first + len(found) - 1, t.lang), total=formats.number(total, t.lang)), cls="muted"),
        h("a", t("vacancies.next"), href=state.to_url(selection, offset=selection.offset + PAGE, vacancy=None), cls="button") if selection.offset + PAGE < total else None,
    ]
    return h("section", h("h2", t("vacancies.list_title"), cls="visually-hidden"), h("ul", items, cls="adverts"), h("nav", steps, cls="pager", aria_label=t("vacancies.pager")))


def _opened(context: Context) -> Markup:
    reader, selection, t = context
    advert = corrected.advert(reader, selection.vacancy or "") if selection.publication is None else corrected.as_published(reader, selection.vacancy or "")
    if advert is None:
        return empty_state(t("vacancies.gone_title"), t("vacancies.gone_text"), [(t("vacancies.clear"), state.to_url(selection, vacancy=None))])
    form = correction_form(advert, t) if selection.publication is None else None
    frozen = h("p", t("vacancies.frozen"), " ", h("a", t("vacancies.frozen_link"), href=state.to_url(selection, publication=None)), cls="subtitle") if form is None else None
    original = h("p", h("a", icon("link", 16), t("vacancies.original"), href=advert["url"], rel="noopener nofollow", target="_blank")) if advert["url"] else None
    return h("section", h("h2", advert["title"]), frozen, opened(advert, t, form), original)
