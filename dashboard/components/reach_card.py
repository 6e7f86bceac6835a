"""A programme within the reach of its level: who teaches it there, and demand and supply of that area together."""

from __future__ import annotations

from typing import Any

from dashboard import areas, formats, state
from dashboard.components.blocks import Component, block
from dashboard.components.cards import DUO_GRADUATES, VACANCY_SOURCES, Context, figure_footer
from dashboard.components.icons import class_chip
from dashboard.components.tables import rows_of
from dashboard.markup import Markup, h


def reach_card(context: Context, programme: dict[str, Any]) -> Component:
    """A card of the programme's page; one leaf. Counted as usual, whatever the page is counted by."""
    reader, selection, t = context
    level = int(programme["level"])
    found = areas.within_reach(reader, selection.region, programme["crebo"], level, selection.period)
    rule = areas.reach_of(level)
    name = t("area.and_near", area=found.area.name.removesuffix(f" {areas.NEAR}")) if found.area else reader.region_names()[selection.region]
    taught: dict[str, set[str]] = {}
    for row in rows_of(found.institutions):
        taught.setdefault(row["institution_name"], set()).update(town for town in (row["places"] or "").split("|") if town)
    items = [h("li", h("b", institution), " ", h("span", ", ".join(sorted(towns)), cls="muted")) for institution, towns in sorted(taught.items())]
    wider = h("p", h("a", t("area.reach_look"), href=state.to_url(selection, near=True))) if found.area else None
    return block("programme-reach", h(
        "section", h("h2", t("area.reach_title", area=name)), h("p", t("area.reach_near" if found.area else "area.reach_region", level=level), " ", rule["why" if t.lang == "nl" else "why_en"], " ", t("area.reach_source"), cls="subtitle"),
        _figures(context, found.row), h("h3", t.plural("area.reach_providers", len(items))), h("ul", items, cls="plain") if items else None, wider,
        figure_footer(context, ("duo-students", DUO_GRADUATES, "duo-offer", *VACANCY_SOURCES), str(selection.period), None if found.row is None else found.row["n"]), cls="card"))


def _figures(context: Context, row: Any) -> Markup:
    t = context.t
    if row is None:
        return h("p", t("area.reach_nothing"), cls="muted")
    demand = formats.interval(row["demand_low"], row["demand_high"], t.lang) if not formats.is_absent(row["demand"]) else formats.ABSENT
    quiet = row["class"] == "too_little_data"
    ratio = None if quiet else t("area.reach_ratio", ratio=formats.ratio(row["ratio"], t.lang), interval=formats.interval(row["ratio_low"], row["ratio_high"], t.lang, 1))
    return h("p", t("area.reach_figures", demand=demand, supply=formats.interval(row["supply_low"], row["supply_high"], t.lang)), " ", class_chip(row["class"], t(f"programme.class_{row['class']}")), " ", ratio)
