"""Skills, for teachers: what the occupations of a programme ask for here, covered or not, the sentences, and one A4 of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select, text_field
from dashboard.components.cards import VACANCY_SOURCES, Context, figure_card, figure_footer, page_title, stat
from dashboard.components.curriculum_form import curriculum_card, rare_why_none
from dashboard.components.notices import empty_state
from dashboard.components.skill_detail import skill_detail
from dashboard.components.skill_rows import legend, skill_rows, skill_table
from dashboard.components.skill_sheet import sheet
from dashboard.components.tables import rows_of
from dashboard.i18n import Translator
from dashboard.markup import Markup, h
from dashboard.picture import ASKED_BY, LEAST, Picture, Subject, picture_of, programmes_of, subject_of

SHOWN, LISTED, FOUND = 20, 8, 8


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    region = reader.region_names()[selection.region]
    subject = subject_of(reader, selection, t)
    search = [_controls(context), block("skills-found", _found(context))]
    if subject is None:
        return [page_title("skills", region, t("skills.choose_title"), t("skills.choose_lead")), *search, _suggestions(context)]
    picture = picture_of(reader, selection, subject)
    if picture.n < LEAST or picture.rows.empty:
        return [page_title("skills", f"{region} · {selection.period}", subject.name, subject.detail), *search, block("skills-empty", _quiet(context, picture, region), cls="card")]
    lists = box(block("skills-gaps", _gaps(context, picture)), block("skills-rare", _rare(context, picture)), cls="grid even")
    side = [block("skills-evidence", skill_detail(context, picture)), block("skills-own", _own(context, picture)), block("skills-occupations", _occupations(context, subject))]
    return [_title(context, picture, region), *search, box(box(_chart(context, picture), lists, cls="stack"), box(*side, cls="stack"), cls="grid wide-left"), block("skills-sheet", sheet(context, picture, region), cls="sheet")]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the figures."""
    subject = subject_of(reader, selection, t)
    if subject is None:
        return {}
    picture = picture_of(reader, selection, subject)
    rows = picture.rows
    made = pd.DataFrame({
        "skill_id": rows["skill_id"], "skill": rows[f"label_{t.lang}"], "kind": rows["skill_kind"], "asked": rows["asked"], "n": picture.n, "share": rows["share"],
        "share_low": rows["share_low"], "share_high": rows["share_high"], "share_previous": rows["share_previous"], "trend": rows["trend"], "trend_p": rows["trend_p"], "cover": rows["cover"]})
    made.attrs["source"] = "; ".join(row["attribution"] for row in reader.sources().to_dict("records") if row["key"].startswith(VACANCY_SOURCES))
    return {"skills": made}


# --- choosing -------------------------------------------------------------------------------------------------
def _controls(context: Context) -> Component:
    reader, selection, t = context
    occupations = [(r["uri"].removeprefix(state.ESCO["occupation"]), str(r[f"label_{t.lang}"] or r["label_nl"]).capitalize()) for r in rows_of(reader.occupations())]
    chosen = (selection.occupation or "").removeprefix(state.ESCO["occupation"]) or None
    return box(
        text_field("q", selection.q, t("skills.search"), t("skills.search_placeholder")),
        select("occupation", chosen, occupations, t("skills.occupation"), search=True, clearable=True, placeholder=t("skills.occupation_placeholder"), nothing_found=t("skills.nothing")),
        cls="controls")


def _found(context: Context) -> Markup | None:
    """Programmes that fit what was typed, as links."""
    reader, selection, t = context
    if not selection.q:
        return None
    named = {r["crebo"]: r for r in rows_of(reader.programmes())}
    links = [_link(context, named[crebo]) for crebo in programmes_of(reader).find(selection.q, FOUND)]
    if not links:
        return h("section", h("p", t("skills.found_none", q=selection.q)), cls="card found", role="status")
    return h("section", h("h2", t("skills.found", q=selection.q)), h("ul", links, cls="link-list"), cls="card found")


def _suggestions(context: Context) -> Component:
    reader, selection, t = context
    grid = reader.programme_grid(selection.region, selection.period)
    enough = grid[grid["n"] >= LEAST]
    best = enough.sort_values("students_high", ascending=False).head(12)
    if best.empty:
        return block("skills-suggestions", h("section", empty_state(t("skills.suggestions_none"), t("skills.suggestions_none_text"), [(t("skills.national"), state.to_url(selection, region="NL01"))] if selection.region != "NL01" else []), cls="card"))
    return block("skills-suggestions", h("section", h("h2", t("skills.suggestions")), h("ul", [_link(context, r) for r in rows_of(best)], cls="link-list"), cls="card"))


def _link(context: Context, row: dict[str, Any]) -> Markup:
    _reader, selection, t = context
    there = state.to_url(selection, programme=row["crebo"], occupation=None, skill=None, q="", curriculum=None)
    return h("li", h("a", row["name"], href=there), h("span", t("skills.a_programme", level=row["level"], crebo=row["crebo"]), cls="muted"))


# --- what is shown --------------------------------------------------------------------------------------------
def _title(context: Context, picture: Picture, region: str) -> Component:
    _reader, selection, t = context
    first, subject = picture.rows.iloc[0], picture.subject
    title = t("skills.conclusion", subject=subject.name, skill=str(first[f"label_{t.lang}"]), share=formats.share(first["share"], t.lang))
    lead = t("skills.lead_occupation") if subject.kind == "occupation" else t("skills.lead_unknown")
    changes = picture.rows["trend"].value_counts()
    stats = [stat(t("skills.stat_n"), formats.number(picture.n, t.lang), t("skills.stat_n_note")),
             stat(t("skills.stat_trend"), f"{changes.get('rising', 0)} ↗  {changes.get('falling', 0)} ↘", t("skills.stat_trend_note") if (picture.rows["trend"] != "unknown").any() else t("skills.stat_trend_none"))]
    if picture.covered:
        lead = t("skills.lead_own" if picture.own else "skills.lead_covered", share=formats.share(picture.covered[0], t.lang))
        stats.append(stat(t("skills.stat_coverage"), formats.share(picture.covered[0], t.lang), t("skills.stat_coverage_note", interval=formats.share_interval(picture.covered[1], picture.covered[2], t.lang))))
    return page_title("skills", f"{region} · {selection.period} · {subject.detail}", title, lead, stats)


def _chart(context: Context, picture: Picture) -> Component:
    reader, selection, t = context
    top = picture.rows.head(SHOWN)
    button = block("skills-print", h("button", t("skills.print"), type="button", cls="button", data_action="print"))
    return figure_card(
        context, "skills", t("skills.chart_title", count=len(top)), t("skills.chart_subtitle", year=selection.period),
        [block("skills-legend", legend(picture.known, t)), block("skills-chart", skill_rows(top, picture.known, selection, t))], controls=[button],
        table=skill_table(top, picture.known, reader.skill_names(), t), footer=figure_footer(context, VACANCY_SOURCES, str(selection.period), picture.n))


def _quiet(context: Context, picture: Picture, region: str) -> Markup:
    """Why there is nothing to show, and where there may be."""
    _reader, selection, t = context
    links = [(t("skills.national"), state.to_url(selection, region="NL01"))] if selection.region != "NL01" else []
    if picture.subject.kind == "programme" and picture.subject.occupations.empty:
        return empty_state(t("skills.unlinked_title"), t("skills.unlinked_text"))
    if picture.n >= LEAST:
        return empty_state(t("skills.no_skills_title"), t("skills.no_skills_text", n=formats.number(picture.n, t.lang)), links)
    return empty_state(t("skills.quiet_title"), t("skills.quiet_text", n=formats.sample(picture.n, t.lang), region=region, year=selection.period), links)


def _gaps(context: Context, picture: Picture) -> Markup:
    _reader, selection, t = context
    title = h("h2", t("skills.gaps"))
    if not picture.known:
        return h("section", title, h("p", t("skills.gaps_occupation") if picture.subject.kind == "occupation" else t("skills.gaps_unknown"), cls="subtitle"), cls="card")
    items, attitudes = [], []
    for r in rows_of(picture.gaps()):
        link = h("a", r[f"label_{t.lang}"], href=state.to_url(selection, skill=r["skill_id"], q=""), data_reveal="skills-evidence")
        (attitudes if r["skill_kind"] == "attitude" else items).append(h("li", link, h("span", formats.share(r["share"], t.lang), cls="muted")))
    apart = h("details", h("summary", t("skills.gaps_attitudes", n=len(attitudes))), h("ul", attitudes, cls="link-list"), id="gaps-attitudes", cls="rest") if attitudes else None
    return h("section", title, h("p", t("skills.gaps_note", least=ASKED_BY), cls="subtitle"), _listed("gaps", items, t), apart, cls="card")


def _rare(context: Context, picture: Picture) -> Markup:
    _reader, _selection, t = context
    title = h("h2", t("skills.rare"))
    if not len(picture.taught):
        return h("section", title, h("p", t("skills.gaps_occupation") if picture.subject.kind == "occupation" else t("skills.gaps_unknown"), cls="subtitle"), cls="card")
    items = [h("li", h("span", r[f"label_{t.lang}"]), h("span", formats.share(r["share"], t.lang), cls="muted")) for r in rows_of(picture.rare())]
    return h("section", title, h("p", t("skills.rare_note"), cls="subtitle"), _listed("rare", items, t) if items else h("p", rare_why_none(context, picture), cls="subtitle"), cls="card")


def _listed(name: str, items: list[Markup], t: Translator) -> Markup:
    """The first few, and the rest behind a click: the list is always whole."""
    if not items:
        return h("p", t("skills.none"))
    rest = h("details", h("summary", t("skills.own_more", n=len(items) - LISTED)), h("ul", items[LISTED:], cls="link-list"), id=f"{name}-rest", cls="rest") if len(items) > LISTED else None
    return h("div", h("ul", items[:LISTED], cls="link-list"), rest)


def _own(context: Context, picture: Picture) -> Markup:
    if picture.subject.kind == "occupation":
        return h("section", h("h2", context.t("skills.own")), h("p", context.t("skills.own_occupation"), cls="subtitle"), cls="card")
    return curriculum_card(context, picture)


def _occupations(context: Context, subject: Subject) -> Markup:
    _reader, selection, t = context
    links = [h("li", h("a", str(r[f"label_{t.lang}"] or r["label_nl"]).capitalize(), href=state.to_url(selection, occupation=r["occupation_uri"], skill=None)),
               h("span", formats.share(r["weight"], t.lang) if "weight" in r else "", cls="muted")) for r in rows_of(subject.occupations)]
    return h("section", h("h2", t("skills.occupations")), h("p", t("skills.occupations_note"), cls="subtitle"), h("ul", links, cls="link-list"), cls="card")
