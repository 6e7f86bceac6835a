"""Demand against supply, a row per sector: glyph, name, strip with interval, and four numbers that each open how they were made. The
name is a link that chooses the sector."""

from __future__ import annotations

from typing import Any

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.icons import glyph
from dashboard.components.sector_numbers import (
    demand_explained,
    gap_explained,
    ratio_explained,
    supply_explained,
    word_of,
)
from dashboard.components.strips import ratio_axis, strip
from dashboard.components.tables import Column, Row, table
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import Markup, h

REASONS = {"supply unknown": "supply_unknown", "supply can be zero": "supply_zero", "incomplete year": "incomplete_year"}


def reason_text(reason: Any, t: Translator) -> str:
    """Why a number stays quiet, in words; "" when it does not."""
    if formats.is_absent(reason):
        return ""
    if reason in REASONS:
        return t(f"terms.reason_{REASONS[reason]}")
    stem = str(reason).split(" ")[0]
    return t(f"terms.reason_{ {'n': 'n_small', 'supply': 'supply_small'}.get(stem, 'other') }")


def mismatch_rows(context: Context, rows: list[Row]) -> Markup:
    """Rows of Reader.mismatch as a list."""
    t, lang = context.t, context.t.lang
    demand = h("span", t("overview.col_demand"), h("small", demand_words(context, rows)), cls="number")
    head = h("li", h("span", t("terms.sector")), ratio_axis(lang, t("overview.axis_less"), t("overview.axis_more")),
             demand, h("span", t("terms.graduates"), cls="number"), h("span", t("terms.ratio"), cls="number"), h("span", t("terms.gap"), cls="number"), cls="sector-head", aria_hidden="true")
    return h("ul", head, [_row(context, row) for row in rows], cls="sector-rows", role="list")


def demand_words(context: Context, rows: list[Row]) -> str:
    """geschat, geteld, or both: what the demand of these rows is."""
    return " / ".join(dict.fromkeys(word_of(context, row) for row in rows if row["n"] > 0)) or context.t("made.counted")


def _row(context: Context, row: Row) -> Markup:
    selection, t, lang = context.selection, context.t, context.t.lang
    chosen = selection.sector == row["sector"]
    kind, name = row["class"], t.pick(row, "short")
    quiet, limits = reason_text(row["reason"], t), limits_of(context.reader)
    absent = formats.is_absent(row["ratio"])
    numbers = [
        h("span", h("i", f"{label} ", cls="row-label"), shown, cls=f"number {cls}") for cls, label, shown in (
            ("demand", t("overview.row_demand", word=word_of(context, row)), demand_explained(context, row)), ("supply", t("terms.graduates"), supply_explained(context, row)),
            ("ratio", t("terms.ratio"), ratio_explained(context, row)), ("gap", t("terms.gap"), gap_explained(context, row)))]
    spoken = t("overview.row_spoken" if not absent else "overview.row_spoken_quiet", sector=name, kind=t(f"terms.class_{kind}"), reason=quiet,
               ratio=formats.ratio(row["ratio"], lang), interval=formats.interval(row["ratio_low"], row["ratio_high"], lang, 1), word=word_of(context, row),
               demand=formats.number(row["demand"], lang), n=formats.number(row["n"], lang), supply=formats.number(row["supply"], lang))
    words = h("span", glyph(), h("span", h("b", name), h("small", t(f"terms.class_{kind}")), cls="sector-words"), cls=f"sector-name class-{kind}")
    link = h("a", words, href=state.to_url(selection, sector=None if chosen else row["sector"]), aria_label=spoken, aria_current="true" if chosen else None, cls="sector-link")
    return h("li", h("div", link, strip(row["ratio_low"], row["ratio"], row["ratio_high"], kind, band=(limits.surplus, limits.shortage), quiet=quiet), numbers, cls="sector-row"))


def mismatch_table(context: Context, rows: list[Row], caption: str) -> Markup:
    """The same rows with every number, as a table."""
    t, lang = context.t, context.t.lang

    def bounds(name: str, decimals: int = 0, sign: bool = False) -> Any:
        return lambda row: formats.interval(row[f"{name}_low"], row[f"{name}_high"], lang, decimals, sign)

    margin = t("overview.margin")
    return table(rows, [
        Column("sector", t("terms.sector"), lambda row: t.pick(row, "short")),
        Column("n", t("overview.col_counted"), lambda row: formats.number(row["n"], lang), True),
        Column("demand", t("overview.row_demand", word=demand_words(context, rows)), lambda row: formats.number(row["demand"], lang), True),
        Column("demand_low", margin, bounds("demand"), True),
        Column("supply", t("terms.graduates"), lambda row: formats.number(row["supply"], lang), True),
        Column("supply_low", margin, bounds("supply"), True),
        Column("ratio", t("terms.ratio"), lambda row: formats.ratio(row["ratio"], lang), True),
        Column("ratio_low", margin, bounds("ratio", 1), True),
        Column("gap", t("terms.gap"), lambda row: formats.number(row["gap"], lang, sign=True), True),
        Column("gap_low", margin, bounds("gap", 0, True), True),
        Column("class", t("terms.class"), lambda row: t(f"terms.class_{row['class']}") + (f" ({reason_text(row['reason'], t)})" if not formats.is_absent(row["reason"]) else "")),
    ], caption)
