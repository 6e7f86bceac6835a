"""Skills, for teachers: what the occupations of a programme ask for here, with interval and trend, covered or not, and the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.cards import VACANCY_SOURCES, Context, figure_card, figure_footer, page_title, stat
from dashboard.components.notices import empty_state
from dashboard.components.strips import SHARE, strip
from dashboard.components.tables import Column, rows_of, table
from dashboard.i18n import Translator
from dashboard.markup import h

SHOWN = 20
LEAST = 10
TRENDS = {"rising": "↗", "falling": "↘", "steady": "→", "unknown": "·"}


@dataclass(frozen=True)
class Subject:
    """What the page is about: a programme or an occupation, its name, and the occupations behind it."""

    kind: str
    key: str
    name: str
    occupations: pd.DataFrame


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    region = reader.region_names()[selection.region]
    subject = subject_of(reader, selection, t)
    controls = _controls(context)
    if subject is None:
        return [page_title("skills", region, t("skills.choose_title"), t("skills.choose_lead")), controls, _suggestions(context)]
    n = reader.subject(selection.region, selection.period, subject.kind, subject.key) or 0
    rows = reader.skills(selection.region, selection.period, subject.kind, subject.key)
    if n < LEAST or rows.empty:
        text = t("skills.quiet_text", n=formats.sample(n, t.lang), region=region, year=selection.period)
        links = [(t("skills.national"), state.to_url(selection, region="NL01"))] if selection.region != "NL01" else []
        return [page_title("skills", region, subject.name, text), controls, block("skills-empty", empty_state(t("skills.quiet_title"), text, links))]
    known = subject.kind == "programme" and rows["covered"].notna().any()
    top = rows.head(SHOWN)
    cards = [box(_chart(context, subject, top, n, known), box(*_side(context, subject, rows, known), cls="stack"), cls="grid wide-left")]
    return [_title(context, subject, rows, n, known, region), controls, *cards]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the figures."""
    subject = subject_of(reader, selection, t)
    if subject is None:
        return {}
    rows = reader.skills(selection.region, selection.period, subject.kind, subject.key)
    made = pd.DataFrame({
        "skill_id": rows["skill_id"], "skill": rows[f"label_{t.lang}"], "kind": rows["skill_kind"], "asked": rows["asked"],
        "n": reader.subject(selection.region, selection.period, subject.kind, subject.key), "share": rows["share"], "share_low": rows["share_low"],
        "share_high": rows["share_high"], "share_previous": rows["share_previous"], "trend": rows["trend"], "covered": rows["covered"]})
    made.attrs["source"] = "; ".join(row["attribution"] for row in reader.sources().to_dict("records") if row["key"].startswith(VACANCY_SOURCES))
    return {"skills": made}


def subject_of(reader: Any, selection: state.Selection, t: Translator) -> Subject | None:
    """The chosen programme or occupation (an occupation goes first when both are in the address)."""
    if selection.occupation:
        found = reader.occupations()
        row = found[found["uri"] == selection.occupation].iloc[0]
        return Subject("occupation", selection.occupation, str(row[f"label_{t.lang}"]).capitalize(), found[found["uri"] == selection.occupation].rename(columns={"uri": "occupation_uri"}))
    if selection.programme:
        row = reader.programme(selection.programme)
        return Subject("programme", selection.programme, row["name"], reader.programme_occupations(selection.programme))
    return None


def _controls(context: Context) -> Component:
    reader, selection, t = context
    programmes = [(r["crebo"], f"{r['name']} · {t('skills.level', level=r['level'])} · {r['crebo']}") for r in rows_of(reader.programmes())]
    occupations = [(r["uri"].removeprefix(state.ESCO["occupation"]), str(r[f"label_{t.lang}"]).capitalize()) for r in rows_of(reader.occupations())]
    chosen = (selection.occupation or "").removeprefix(state.ESCO["occupation"]) or None
    return box(
        select("programme", selection.programme, programmes, t("skills.programme"), search=True, clearable=True, placeholder=t("skills.programme_placeholder"), nothing_found=t("skills.nothing")),
        select("occupation", chosen, occupations, t("skills.occupation"), search=True, clearable=True, placeholder=t("skills.occupation_placeholder"), nothing_found=t("skills.nothing")),
        cls="controls")


def _suggestions(context: Context) -> Component:
    reader, selection, t = context
    grid = reader.programme_grid(selection.region, selection.period)
    best = grid[grid["n"] >= 3 * LEAST].sort_values("students_high", ascending=False).head(12)
    links = [h("li", h("a", f"{r['name']} ({t('skills.level', level=r['level'])})", href=state.to_url(selection, programme=r["crebo"])),
               h("span", formats.sample(r["n"], t.lang), cls="muted")) for r in rows_of(best)]
    return block("skills-suggestions", h("section", h("h2", t("skills.suggestions")), h("ul", links, cls="link-list"), cls="card"))


def _title(context: Context, subject: Subject, rows: pd.DataFrame, n: int, known: bool, region: str) -> Component:
    _reader, selection, t = context
    first = rows.iloc[0]
    coverage = float((rows["share"] * rows["covered"].fillna(False).astype(bool)).sum() / rows["share"].sum()) if known else None
    lead = t("skills.lead_covered", share=formats.share(coverage, t.lang)) if known else t("skills.lead_unknown" if subject.kind == "programme" else "skills.lead_occupation")
    title = t("skills.conclusion", subject=subject.name, skill=str(first[f"label_{t.lang}"]), share=formats.share(first["share"], t.lang))
    rising = int((rows["trend"] == "rising").sum())
    stats = [stat(t("skills.stat_n"), formats.number(n, t.lang), t("skills.stat_n_note")), stat(t("skills.stat_rising"), formats.number(rising, t.lang))]
    if known:
        stats.append(stat(t("skills.stat_coverage"), formats.share(coverage, t.lang), t("skills.stat_coverage_note")))
    return page_title("skills", f"{region} · {selection.period}", title, lead, stats)


def _chart(context: Context, subject: Subject, top: pd.DataFrame, n: int, known: bool) -> Component:
    _reader, selection, t = context
    peak = max(float(top["share_high"].max()), 0.2)
    scale = type(SHARE)(0.0, min(1.0, peak * 1.05))
    lines = []
    for r in rows_of(top):
        kind = _kind(r, known)
        href = state.to_url(selection, skill=r["skill_id"])
        lines.append(h(
            "li", h("a", r[f"label_{t.lang}"], href=href, cls="skill-name", aria_current="true" if r["skill_id"] == selection.skill else None),
            strip(r["share_low"], r["share"], r["share_high"], kind, scale),
            h("span", h("b", formats.share(r["share"], t.lang)), h("small", formats.share_interval(r["share_low"], r["share_high"], t.lang)), cls="skill-share"),
            h("span", TRENDS[r["trend"]], cls=f"trend trend-{r['trend']}", title=t(f"skills.trend_{r['trend']}"), aria_label=t(f"skills.trend_{r['trend']}")),
            h("span", t(f"skills.{kind}"), cls=f"cover cover-{kind}") if known else None, cls="skill-row"))
    columns = [
        Column("skill_id", t("skills.col_skill"), lambda r: r[f"label_{t.lang}"]), Column("asked", t("skills.col_asked"), lambda r: formats.number(r["asked"], t.lang), True),
        Column("share", t("skills.col_share"), lambda r: formats.share(r["share"], t.lang), True),
        Column("share_low", t("skills.col_interval"), lambda r: formats.share_interval(r["share_low"], r["share_high"], t.lang), True),
        Column("share_previous", t("skills.col_previous"), lambda r: formats.share(r["share_previous"], t.lang), True),
        Column("trend", t("skills.col_trend"), lambda r: t(f"skills.trend_{r['trend']}")),
        Column("covered", t("skills.col_covered"), lambda r: t(f"skills.{_kind(r, known)}")),
    ]
    return figure_card(
        context, "skills", t("skills.chart_title", count=len(top)), t("skills.chart_subtitle", year=selection.period), [block("skills-chart", h("ol", lines, cls="skill-list"))],
        table=table(rows_of(top), columns, t("skills.chart_title", count=len(top))), footer=figure_footer(context, VACANCY_SOURCES, str(selection.period), n))


def _kind(row: dict[str, Any], known: bool) -> str:
    if not known or formats.is_absent(row["covered"]):
        return "unknown_cover"
    return "covered" if row["covered"] else "uncovered"


def _side(context: Context, subject: Subject, rows: pd.DataFrame, known: bool) -> list[Component]:
    reader, selection, t = context
    parts = [_evidence(context, subject)]
    if known:
        asked = rows[~rows["covered"].fillna(False).astype(bool) & (rows["asked"] >= 3)].head(10)
        taught = reader.programme_skills(subject.key)
        shares = dict(zip(rows["skill_id"], rows["share"], strict=True))
        rare = [r for r in rows_of(taught) if shares.get(r["skill_id"], 0.0) < 0.03][:10]
        gaps = [h("li", h("a", r[f"label_{t.lang}"], href=state.to_url(selection, skill=r["skill_id"])), h("span", formats.share(r["share"], t.lang), cls="muted")) for r in rows_of(asked)]
        seldom = [h("li", h("span", r[f"label_{t.lang}"]), h("span", formats.share(shares.get(r["skill_id"]), t.lang), cls="muted")) for r in rare]
        parts.append(block("skills-gaps", h("section", h("h2", t("skills.gaps")), h("p", t("skills.gaps_note"), cls="subtitle"), h("ul", gaps, cls="link-list") if gaps else h("p", t("skills.none")), cls="card")))
        parts.append(block("skills-rare", h("section", h("h2", t("skills.rare")), h("p", t("skills.rare_note"), cls="subtitle"), h("ul", seldom, cls="link-list") if seldom else h("p", t("skills.none")), cls="card")))
    links = [h("li", h("a", str(r[f"label_{t.lang}"]).capitalize(), href=state.to_url(selection, occupation=r["occupation_uri"])), h("span", formats.share(r["weight"], t.lang) if "weight" in r else "", cls="muted"))
             for r in rows_of(subject.occupations)]
    parts.append(block("skills-occupations", h("section", h("h2", t("skills.occupations")), h("p", t("skills.occupations_note"), cls="subtitle"), h("ul", links, cls="link-list"), cls="card")))
    return parts


def _evidence(context: Context, subject: Subject) -> Component:
    reader, selection, t = context
    if not selection.skill:
        return block("skills-evidence", h("section", h("h2", t("skills.evidence")), h("p", t("skills.evidence_hint"), cls="subtitle"), cls="card"))
    labels = reader.skill_labels()
    label = labels[labels["skill_id"] == selection.skill].iloc[0][f"label_{t.lang}"]
    found = reader.evidence(selection.region, list(subject.occupations["occupation_uri"]), selection.skill)
    items = [h("li", h("blockquote", marked(r["sentence"], r["start"], r["end"])),
               h("p", h("a", r["title"], href=state.to_url(selection, page="vacancies", vacancy=str(r["vacancy_id"]))), " · ", r["employer"] or t("skills.no_employer"), " · ", formats.day(r["first_seen"].date(), t.lang), cls="muted"))
             for r in rows_of(found)]
    body = h("ul", items, cls="evidence") if items else h("p", t("skills.no_evidence"))
    more = h("p", h("a", t("skills.to_vacancies"), href=state.to_url(selection, page="vacancies", skill=selection.skill)))
    return block("skills-evidence", h("section", h("h2", t("skills.evidence_of", skill=label)), body, more, cls="card"))


def marked(sentence: str, start: int, end: int) -> list[Any]:
    """A sentence with the mention marked."""
    return [sentence[:start], h("mark", sentence[start:end]), sentence[end:]]


