"""What is chosen when it is no region of the publication, or is counted in another way: in words, with the way back."""

from __future__ import annotations

from typing import Any

from dashboard import areas, state
from dashboard.components.how_counted import in_words
from dashboard.components.icons import icon
from dashboard.i18n import Translator
from dashboard.markup import Markup, h


def area_notice(reader: Any, selection: state.Selection, t: Translator) -> Markup | None:
    """A notice for own areas and for other ways of counting; None for a region of the publication counted as usual."""
    area = getattr(reader, "area", None)
    parts = [*(_area(reader, area, selection, t) if area else ()), *(_count(selection, t) if not selection.count.usual else ())]
    return h("div", icon("overview"), h("div", parts), cls="notice area-notice", role="note", aria_label=t("area.label")) if parts else None


def _area(reader: Any, area: areas.Area, selection: state.Selection, t: Translator) -> list[Markup]:
    names = reader.municipality_names()
    towns = ", ".join(sorted(names[code] for code in area.members))
    lost = h("p", t("area.unresolved", names=", ".join(area.unresolved))) if area.unresolved else None
    split = h("p", t("area.split", names=", ".join(area.split))) if area.split else None
    links = [h("a", t("area.without_near"), href=state.to_url(selection, near=False)) if area.near else h("a", t("area.with_near"), href=state.to_url(selection, near=True))]
    if len(area.members) <= areas.MOST:
        links.append(h("a", t("area.change"), href=state.to_url(selection, page="selection", members=area.members)))
        if area.kind in ("saved", "older") or area.near:
            links.append(h("a", t("area.lasting"), href=state.to_url(selection, region=",".join(area.members), near=False), title=t("area.lasting_why")))
    return [
        h("p", h("b", area.name), ": ", t.plural("area.members", len(area.members)), " ", t(f"area.kind_{area.kind}"), " ", t("area.near") if area.near else None, " ", t("area.missing_short")), lost, split,
        h("details", h("summary", t("area.more")), h("p", towns), h("p", t("area.made")), h("p", t("area.missing")), cls="area-members", id="area-details"),
        h("p", [[" · " if position else None, link] for position, link in enumerate(links)])]


def _count(selection: state.Selection, t: Translator) -> list[Markup]:
    usual = state.to_url(selection, supply=None, demand=None, crosswalk=None)
    return [h("p", h("b", t("counted.other")), " ", in_words(selection, t), " ", h("a", t("counted.back"), href=usual))]
