"""Rows of requested skills: share with interval, change, and covered, partly or not, told by a shape and a word."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.strips import Scale, strip
from dashboard.components.tables import Column, rows_of, table
from dashboard.i18n import Translator
from dashboard.markup import Markup, h

TRENDS = {"rising": "↗", "falling": "↘", "steady": "→", "unknown": "·"}
SIGNS = {"covered": "●", "partly": "◐", "not": "○", "unknown": "·"}


def cover_of(row: dict[str, Any], known: bool) -> str:
    """covered, partly, not or unknown."""
    return "unknown" if not known or formats.is_absent(row["cover"]) else str(row["cover"])


def cover_mark(kind: str, t: Translator) -> Markup:
    """The shape of a kind of cover with its word."""
    return h("span", h("i", aria_hidden="true"), t(f"skills.cover_{kind}"), cls=f"cover cover-{kind}")


def trend_mark(row: dict[str, Any], t: Translator) -> Markup:
    """An arrow with its meaning for screen readers; for a change also last year's share."""
    said = t(f"skills.trend_{row['trend']}")
    if row["trend"] in ("rising", "falling"):
        said = t("skills.trend_from", trend=said, share=formats.share(row["share_previous"], t.lang))
    return h("span", h("span", TRENDS[row["trend"]], aria_hidden="true"), h("span", said, cls="visually-hidden"), cls=f"trend trend-{row['trend']}", title=said)


def skill_rows(top: pd.DataFrame, known: bool, selection: state.Selection, t: Translator) -> Markup:
    """The list: name (chooses the skill), strip, share, change, cover."""
    peak = max(float(top["share_high"].max()), 0.2)
    scale = Scale(0.0, min(1.0, peak * 1.05))
    lines = []
    for r in rows_of(top):
        kind = cover_of(r, known)
        lines.append(h(
            "li", h("a", r[f"label_{t.lang}"], href=state.to_url(selection, skill=r["skill_id"], q=""), cls="skill-name", data_reveal="skills-evidence", aria_current="true" if r["skill_id"] == selection.skill else None),
            strip(r["share_low"], r["share"], r["share_high"], f"cover-{kind}", scale),
            h("span", h("b", formats.share(r["share"], t.lang)), h("small", formats.share_interval(r["share_low"], r["share_high"], t.lang)), cls="skill-share"),
            trend_mark(r, t), cover_mark(kind, t) if known else None, cls="skill-row"))
    return h("ol", lines, cls="skill-list")


def legend(known: bool, t: Translator) -> Markup:
    """What the signs mean."""
    items = [h("li", cover_mark(kind, t), h("span", t(f"skills.legend_{kind}"))) for kind in ("covered", "partly", "not")] if known else []
    items.append(h("li", f"{TRENDS['rising']} {TRENDS['falling']} ", t("skills.legend_trend")))
    return h("ul", items, cls="legend skill-legend")


def skill_table(rows: pd.DataFrame, known: bool, names: dict[str, tuple[str, str, str]], t: Translator) -> Markup:
    """The same as a table, with last year, the p value and the near skill that makes it partly."""
    position = 0 if t.lang == "nl" else 1

    def covered(r: dict[str, Any]) -> str:
        kind = cover_of(r, known)
        near = names.get(str(r["near_skill"])) if kind == "partly" else None
        return t("skills.partly_by", skill=near[position]) if near else t(f"skills.cover_{kind}")

    columns = [
        Column("skill_id", t("skills.col_skill"), lambda r: r[f"label_{t.lang}"]), Column("asked", t("skills.col_asked"), lambda r: formats.number(r["asked"], t.lang), True),
        Column("share", t("skills.col_share"), lambda r: formats.share(r["share"], t.lang), True),
        Column("share_low", t("skills.col_interval"), lambda r: formats.share_interval(r["share_low"], r["share_high"], t.lang), True),
        Column("share_previous", t("skills.col_previous"), lambda r: formats.share(r["share_previous"], t.lang), True),
        Column("trend", t("skills.col_trend"), lambda r: t(f"skills.trend_{r['trend']}")),
        Column("trend_p", t("skills.col_p"), lambda r: formats.number(r["trend_p"], t.lang, 3), True),
        Column("cover", t("skills.col_covered"), covered),
    ]
    return table(rows_of(rows), columns, t("skills.chart_title", count=len(rows)))
