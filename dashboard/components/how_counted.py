"""How is counted: where leavers learn or live, calibrated or not, by which crosswalk. One compact control; the usual way is one click away."""

from __future__ import annotations

from typing import Any

from dashboard import state
from dashboard.components.blocks import Component, block
from dashboard.components.cards import Context
from dashboard.i18n import Translator
from dashboard.markup import Markup, h
from warehouse import asking_area


def how_counted(context: Context) -> Component:
    """The control, folded to one line that says what is chosen; a leaf of the page."""
    reader, selection, t = context
    known = asking_area.countable(reader)
    near = h("div", [h("a", t(f"counted.near_{'yes' if value else 'no'}"), href=state.to_url(selection, near=value), aria_current="true" if selection.near == value else None) for value in (False, True)],
             cls="segments", role="group", aria_labelledby="count-near")
    area = h("div", h("span", t("counted.near"), cls="count-name", id="count-near"), near, h("p", t("counted.near_what"), cls="muted")) if not selection.region.startswith("NL") else None
    rows = [
        h("div", h("span", t(f"counted.{name}"), cls="count-name", id=f"count-{name}"),
          h("div", [_choice(selection, name, value, known, t) for value in choices], cls="segments", role="group", aria_labelledby=f"count-{name}"), h("p", t(f"counted.{name}_what"), cls="muted"))
        for name, choices in state.COUNTING.items()]
    usual = h("p", h("a", t("counted.back"), href=state.to_url(selection, supply=None, demand=None, crosswalk=None))) if not selection.count.usual else None
    return block("how-counted", h("details", h("summary", h("b", t("counted.title")), " ", in_words(selection, t)), h("div", area, rows, cls="count-rows"), usual, cls="count", id="count-details"))


def in_words(selection: state.Selection, t: Translator) -> str:
    """How is counted, in one sentence."""
    return t("counted.sentence", **{name: t(f"counted.{name}_{getattr(selection, name)}_words") for name in state.COUNTING})


def _choice(selection: state.Selection, name: str, value: str, known: frozenset[str], t: Translator) -> Markup:
    label, chosen = t(f"counted.{name}_{value}"), getattr(selection, name) == value
    if f"{name}={value}" not in known:
        return h("span", label, cls="not-there", title=t("counted.not_loaded"), aria_disabled="true")
    changes: dict[str, Any] = {name: value}
    return h("a", label, href=state.to_url(selection, **changes), aria_current="true" if chosen else None)
