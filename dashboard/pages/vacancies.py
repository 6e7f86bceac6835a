"""Vacancies: search and drill through to single adverts, with the mentions marked and the link to the original."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select, text_field
from dashboard.components.cards import VACANCY_SOURCES, Context, csv_address, figure_footer, page_title
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
    opened = block("vacancies-open", _opened(context), cls="card sticky") if selection.vacancy else block("vacancies-open", h("section", h("h2", t("vacancies.open_title")), h("p", t("vacancies.open_hint"), cls="subtitle")), cls="card")
    foot = block("vacancies-foot", h("div", h("a", icon("download", 16), t("vacancies.csv"), href=csv_address(context, "vacancies"), download=True, cls="download"), cls="card-actions"),
                 figure_footer(context, VACANCY_SOURCES, str(selection.period), total), cls="card-foot")
    return [page_title("vacancies", f"{region} · {selection.period}", title, t("vacancies.lead")), _controls(context), box(box(lists, foot, cls="stack"), opened, cls="grid even")]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """The first thousand adverts of the selection."""
    found, _ = _ask(reader, selection, 1000)
    made = found.copy()
    made.attrs["source"] = "; ".join(r["attribution"] for r in reader.sources().to_dict("records") if r["key"].startswith(VACANCY_SOURCES))
    return {"vacancies": made}


def _ask(reader: Any, selection: state.Selection, limit: int) -> tuple[pd.DataFrame, int]:
    occupation = selection.occupation
    return reader.vacancies(selection.region, selection.q, selection.skill, selection.sector, occupation, selection.period, limit, selection.offset)


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
    advert = reader.vacancy(selection.vacancy)
    if advert is None:
        return empty_state(t("vacancies.gone_title"), t("vacancies.gone_text"), [(t("vacancies.clear"), state.to_url(selection, vacancy=None))])
    occupation = advert[f"occupation_{t.lang}"]
    facts = [
        (t("vacancies.employer"), advert["employer"] or formats.ABSENT), (t("vacancies.place"), advert["municipality"] or t("vacancies.place_unknown", place=advert["place_text"] or formats.ABSENT)),
        (t("vacancies.seen"), formats.day(advert["first_seen"].date(), t.lang)),
        (t("vacancies.occupation_read"), f"{occupation} ({formats.share(advert['occupation_confidence'], t.lang)})" if occupation else t("vacancies.no_occupation")),
        (t("vacancies.level"), t(f"vacancies.level_{advert['level']}")), (t("vacancies.duplicates"), formats.number(advert["duplicates"], t.lang)),
    ]
    if advert["unmapped_reason"]:
        facts.append((t("vacancies.not_counted"), t(f"vacancies.reason_{advert['unmapped_reason'].replace(' ', '_')}")))
    original = h("p", h("a", icon("link", 16), t("vacancies.original"), href=advert["url"], rel="noopener nofollow", target="_blank")) if advert["url"] else None
    return h("section", h("h2", advert["title"]), h("dl", [[h("dt", name), h("dd", value)] for name, value in facts], cls="facts"), h("div", marked_text(advert["text"], advert["mentions"], t.lang), cls="advert-text"), original)


def marked_text(text: str, mentions: list[tuple[int, int, str, str, str, str]], lang: str) -> list[Any]:
    """The text as paragraphs with every mention marked; mentions that overlap an earlier one are left out."""
    parts: list[Any] = []
    at = 0
    for start, end, _, label_nl, label_en, kind in sorted(m for m in mentions if m[0] >= 0):
        if start < at or end > len(text):
            continue
        parts.append(text[at:start])
        parts.append(h("mark", text[start:end], cls=f"kind-{kind}", title=label_nl if lang == "nl" else label_en))
        at = end
    parts.append(text[at:])
    return parts
