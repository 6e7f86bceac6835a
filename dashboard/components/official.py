"""Official indicators on the screen: always with the publisher's own words, the direction, and what it says about people in the
one colour and shape that shortage and surplus have everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.explain import explained_here
from dashboard.components.icons import class_chip
from dashboard.components.tables import Column, Row, rows_of, table
from dashboard.i18n import Translator
from dashboard.markup import Markup, h, join
from etl.alignment.official import CLASS_OF
from warehouse import asking_official


def declared(reader: Any) -> dict[str, Row]:
    """Indicators by key: rows of table indicator."""
    return {row["key"]: row for row in rows_of(asking_official.indicators(reader))}


def value_text(row: Row, indicator: Row, lang: str) -> str:
    """The figure, or the range of several: "4,2", "1,0–4,2", "91–93%"; an en dash where the source has classes only."""
    if formats.is_absent(row["value_low"]):
        return formats.ABSENT
    if indicator["margin"] == indicator["margin"]:  # a share, with bounds for people that cannot be followed
        return formats.share_interval(row["value_low"], row["value_high"], lang)
    return formats.interval(row["value_low"], row["value_high"], lang, 2)


def words_text(row: Row) -> str:
    """The publisher's classes: "krap", or with how often each occurs: "krap (2), gemiddeld (1)"; "" where it has none."""
    parts = [part.rpartition(":") for part in str(row["classes"] or "").split("|") if part]
    return parts[0][0] if len(parts) == 1 else ", ".join(f"{word} ({n})" for word, _, n in parts)


def reading_chip(row: Row, t: Translator) -> Markup:
    """What the figure says about people, in the colour and shape of shortage and surplus."""
    return class_chip(CLASS_OF[row["reading"]], t(f"official.reading_{row['reading']}"))


def reasons_text(row: Row, t: Translator) -> str:
    """Why the figure can differ from ours."""
    return "; ".join(t(f"official.reason_{code}") for code in str(row["reasons"] or "").split("|") if code)


def period_text(period: str, t: Translator) -> str:
    """2025KW04 -> "4e kwartaal 2025", 2022SJ00 -> "2022/23", 2030 stays."""
    if "KW" in period:
        return t("official.quarter", quarter=int(period[6:]), year=period[:4])
    return f"{period[:4]}/{(int(period[:4]) + 1) % 100:02d}" if period.endswith("SJ00") else period[:4]


def detail_text(row: Row, t: Translator, region: str, short: bool = False) -> str:
    """What the figure is about: this programme, this level of the sector, the whole sector; which groups; which area."""
    groups = [g for g in str(row["groups"] or "").split("|") if g]
    what = t(f"official.detail_{row['detail']}", n=row["figures"])
    area = region if row["area"] == "region" else t("official.national")
    if short or not groups:
        return f"{what}, {area}"
    return f"{what}, {area}: {', '.join(groups[:4])}{' …' if len(groups) > 4 else ''}"


def official_table(context: Context, rows: list[Row], key: str) -> Markup:
    """Figures of others beside ours: rows of mart_official of one subject. `key` makes the explanations unique on the page."""
    reader, selection, t = context
    known, region = declared(reader), reader.region_names()[selection.region]

    def figure(row: Row) -> Markup:
        indicator = known[row["indicator"]]
        shown = value_text(row, indicator, t.lang)
        words = words_text(row)
        printed = shown if shown != formats.ABSENT else words
        if printed in ("", formats.ABSENT):
            return Markup(formats.ABSENT)
        definition = next((d["definition"] for d in rows_of(asking_official.definitions(reader, row["indicator"], None if row["area"] == "national" else selection.region, row["indicator_period"]))), None)
        values = [(t("official.col_classes"), words)] if words and words != printed else []
        values += [(t("official.col_detail"), detail_text(row, t, region)), (t("official.col_period"), period_text(row["indicator_period"], t)), (t("official.figures"), formats.number(row["figures"], t.lang))]
        if row["figures"] > 1:
            values.append((t("official.count_tight"), t("official.counted", tight=row["tight"], slack=row["slack"], of=row["figures"])))
        note = join([t("official.direction", direction=t.pick(indicator, "direction")), ". ", f"{definition}. " if definition else "", t("official.origin", origin=indicator["origin"]), "."])
        return explained_here(context, f"{key}-{row['indicator']}", printed, t.pick(indicator, "formula"), values, (row["indicator"],), note=note)

    columns = [
        Column("indicator", t("official.col_indicator"), lambda r: join([h("b", t.pick(known[r["indicator"]], "name")), h("small", t.pick(known[r["indicator"]], "direction"))])),
        Column("value_low", t("official.col_value"), figure),
        Column("classes", t("official.col_classes"), lambda r: words_text(r) or t("official.no_classes")),
        Column("reading", t("official.col_reading"), lambda r: reading_chip(r, t)),
        Column("detail", t("official.col_detail"), lambda r: join([detail_text(r, t, region, short=True), h("small", period_text(r["indicator_period"], t), f" · {r['status']}" if not formats.is_absent(r["status"]) else None)])),
        Column("agreement", t("official.col_agreement"), lambda r: join([h("b", t(f"official.agreement_{r['agreement']}"), cls=f"agreement-{r['agreement']}"), h("small", reasons_text(r, t))])),
    ]
    return table(rows, columns, t("official.title"), cls="official")


def missing_indicators(context: Context, rows: list[Row], keys: Sequence[str]) -> Markup:
    """Which of these indicators have nothing here, and why: not loaded, or no figure for this subject."""
    reader, selection, t = context
    have, filled = {row["indicator"] for row in rows}, {row["key"] for row in rows_of(reader.sources()) if row["rows"]}
    items = [h("li", h("b", t.pick(row, "name")), ": ", t("official.no_figure") if key in filled else h("a", t("official.not_loaded"), href=state.to_url(selection, page="data")))
             for key, row in declared(reader).items() if key in keys and key not in have]
    return h("ul", items, cls="plain small") if items else Markup("")
