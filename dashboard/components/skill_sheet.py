"""One A4 for the team meeting: what the page shows, in black and white, with selection, n, interval, sources, publication and date.

Only seen on paper (assets/90-print.css). Numbers of rows are chosen so that it stays one page in every language.
"""

from __future__ import annotations

import pandas as pd

from dashboard import formats, state
from dashboard.components.cards import VACANCY_SOURCES, Context, described_sources
from dashboard.components.skill_detail import marked
from dashboard.components.skill_rows import SIGNS, TRENDS, cover_of
from dashboard.components.tables import rows_of
from dashboard.markup import Markup, h
from dashboard.picture import Picture

SKILLS, LISTED, QUOTED = 16, 7, 3


def sheet(context: Context, picture: Picture, region: str) -> Markup:
    """The sheet."""
    reader, selection, t = context
    lang, known = t.lang, picture.known
    rows = []
    for r in rows_of(picture.rows.head(SKILLS)):
        kind = cover_of(r, known)
        width = round(100 * min(r["share"], 1.0))
        rows.append(h(
            "tr", h("th", r[f"label_{lang}"], scope="row"), h("td", h("i", style=f"width:{width}%"), cls="bar"), h("td", formats.share(r["share"], lang), cls="number"),
            h("td", formats.share_interval(r["share_low"], r["share_high"], lang), cls="number"), h("td", TRENDS[r["trend"]], cls="sign"),
            h("td", f"{SIGNS[kind]} {t(f'skills.cover_{kind}')}") if known else None))
    head = h("tr", h("th", t("skills.col_skill"), scope="col"), h("th", scope="col"), h("th", t("skills.col_share"), scope="col", cls="number"), h("th", t("skills.col_interval"), scope="col", cls="number"),
             h("th", t("skills.sheet_change"), scope="col"), h("th", t("skills.col_covered"), scope="col") if known else None)
    facts = [t("skills.sheet_n", n=formats.number(picture.n, lang), region=region, year=selection.period)]
    if picture.covered:
        facts.append(t("skills.sheet_coverage", share=formats.share(picture.covered[0], lang), interval=formats.share_interval(picture.covered[1], picture.covered[2], lang)))
    if picture.own:
        facts.append(t("skills.sheet_own", name=picture.own.name))
    lists = h("div", _list(t("skills.gaps"), [(r[f"label_{lang}"], r["share"]) for r in rows_of(_work(picture))], context),
              _list(t("skills.rare"), [(r[f"label_{lang}"], r["share"]) for r in rows_of(picture.rare())], context), cls="sheet-lists") if known else None
    quoted = _sentences(context, picture)
    sources = ", ".join(dict.fromkeys(str(row["attribution"]) for row in described_sources(reader, VACANCY_SOURCES)))
    foot = [
        h("p", h("b", t("skills.sheet_questions")), " ", t("skills.sheet_question_text")), h("p", t("skills.sheet_reading")),
        h("p", h("b", t("shell.source")), " ", sources, f" {t('shell.invented')}" if reader.info.demonstration else "", ". ", t("shell.period", period=selection.period), ". ",
          t("shell.publication", moment=formats.moment(reader.info.created_at, lang)), f" ({reader.info.id}). ", t("skills.sheet_printed"), " ", h("span", data_today=lang), ". ",
          t("skills.sheet_address"), " ", state.to_url(selection, publication=reader.info.id, skill=None, q="", theme=None)),
    ]
    return h("article", h("header", h("p", f"Regiokoers · {region} · {selection.period}", [" · ", h("b", t("shell.demonstration"))] if reader.info.demonstration else None), h("p", picture.subject.name, cls="sheet-title"), h("p", picture.subject.detail), h("ul", [h("li", f) for f in facts])),
             h("table", h("thead", head), h("tbody", rows)), lists, quoted, h("footer", foot), cls="sheet-page", aria_hidden="true", lang=lang)


def _sentences(context: Context, picture: Picture) -> Markup | None:
    """A sentence each of the most asked skills that were not found (of the most asked ones where nothing is known)."""
    reader, selection, t = context
    wanted = _work(picture) if picture.known and len(_work(picture)) else picture.rows
    items = []
    for r in rows_of(wanted.head(QUOTED)):
        found = reader.evidence(selection.region, picture.subject.uris, r["skill_id"], 1)
        if len(found):
            one = found.iloc[0]
            words = marked(str(one["sentence"]), int(one["start"]), int(one["end"]))
            items.append(h("li", h("b", r[f"label_{t.lang}"]), ": “", words, "” (", one["employer"] or t("skills.no_employer"), ", ", formats.month(one["first_seen"].date(), t.lang), ")"))
    return h("section", h("h2", t("skills.sheet_sentences")), h("ul", items), cls="sheet-sentences") if items else None


def _work(picture: Picture) -> pd.DataFrame:
    """Gaps that are about the work; what people should be like stands apart on the page."""
    gaps = picture.gaps()
    return gaps[gaps["skill_kind"] != "attitude"]


def _list(title: str, found: list[tuple[str, float]], context: Context) -> Markup:
    t = context.t
    items = [h("li", h("span", label), h("span", formats.share(share, t.lang))) for label, share in found[:LISTED]]
    more = h("p", t("skills.own_more", n=len(found) - LISTED)) if len(found) > LISTED else None
    return h("section", h("h2", title), h("ul", items) if items else h("p", t("skills.none")), more)
