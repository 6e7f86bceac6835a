"""The signals of a programme: each with the figures it stands on and what could explain it otherwise; official figures that say the opposite among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dashboard import formats
from dashboard.components.blocks import Component, block
from dashboard.components.cards import Context
from dashboard.components.official import (
    declared,
    detail_text,
    period_text,
    reasons_text,
    value_text,
    words_text,
)
from dashboard.components.tables import Row, rows_of
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import h
from warehouse import asking_programmes

PEOPLE = ("students", "students_previous")


def signals_card(context: Context, now: Row, official: list[Row]) -> Component:
    """The card with all signals of the programme in the region."""
    reader, selection, t = context
    known, region = declared(reader), reader.region_names()[selection.region]
    figures = {r["code"]: json.loads(r["values"]) for r in rows_of(asking_programmes.signals_of(reader, selection.region, selection.period, "programme", str(selection.programme)))}
    items = [
        h("li", h("b", t(f"programmes.signal_{code}")), h("p", figures_text(context, code, figures[code])) if code in figures else None, h("p", t(f"programme.why_{code}"), cls="muted"))
        for code in str(now["signals"] or "").split("|") if code]
    for row in (r for r in official if r["agreement"] == "opposite"):
        indicator = known[row["indicator"]]
        items.append(h("li", h("b", t("programme.signal_opposite", name=t.pick(indicator, "name"))), h("p", t(
            "programme.figures_opposite", words=words_text(row) or value_text(row, indicator, t.lang), direction=t.pick(indicator, "direction"), detail=detail_text(row, t, region, short=True),
            period=period_text(row["indicator_period"], t), ours=t(f"programme.class_{now['class']}"))), h("p", t("programme.why_opposite", reasons=reasons_text(row, t)), cls="muted")))
    return block("programme-signals", h("section", h("h2", t("programme.signals")), h("ul", items, cls="signals-plain") if items else h("p", t("programme.no_signals")), h("p", t("programme.no_verdict"), cls="subtitle"), cls="card"))


def figures_text(context: Context, code: str, values: Mapping[str, Any]) -> str:
    """The figures of a signal (column values of mart_signal) as a sentence."""
    reader, selection, t = context
    lang, limits = t.lang, limits_of(reader)
    said: dict[str, Any] = {"year": selection.period, "last_year": selection.period - 1}
    for name in ("demand", "supply", "gap", "n", "n_previous", "national_high", "smallest_high", "providers", "count"):
        said[name] = formats.number(values.get(name), lang, sign=name == "gap")
    for name in ("demand", "supply", *PEOPLE):
        said[f"{name}_margin"] = formats.interval(values.get(f"{name}_low"), values.get(f"{name}_high"), lang)
    said["gap_margin"] = formats.interval(values.get("gap_low"), values.get("gap_high"), lang, sign=True)
    said["ratio"], said["ratio_margin"] = formats.ratio(values.get("ratio"), lang), formats.interval(values.get("ratio_low"), values.get("ratio_high"), lang, 1)
    said["coverage"], said["skills"] = formats.share(values.get("coverage"), lang), _skills(reader, values.get("skills", ()), t)
    said["limit"] = formats.number(values.get("limit"), lang) if values.get("limit", 0) >= 1 else formats.share(values.get("limit"), lang)
    if code in ("shortage", "surplus"):
        said["limit"] = formats.number(getattr(limits, code), lang, 2)
    said["change"] = formats.share(limits.enrolment_change, lang)
    return t(f"programme.figures_{code}", **said)


def _skills(reader: Any, skills: list[str], t: Translator) -> str:
    names, position = reader.skill_names(), ("nl", "en").index(t.lang)
    return ", ".join(names[skill][position] for skill in skills if skill in names)
