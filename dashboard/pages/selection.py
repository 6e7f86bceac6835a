"""Own selection: choose municipalities by name, look at them as a region, save them under a name."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import areas, formats, state
from dashboard.components.blocks import Component, block, box, choose_many
from dashboard.components.cards import Context, page_title
from dashboard.i18n import Translator
from dashboard.markup import Markup, h
from warehouse.selections import LONGEST_NAME, MOST


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    names = reader.municipality_names()
    members = selection.members
    options = [(code, name) for code, name in names.items()]
    title = t.plural("selection.conclusion", len(members), most=MOST) if members else t("selection.conclusion_none")
    return [
        page_title("selection", t("selection.eyebrow"), title, t("selection.lead", most=MOST)),
        box(choose_many("members", list(members), options, t("selection.municipalities"), t("selection.placeholder"), t("selection.nothing"), MOST),
            block("selection-starts", _starts(context)), tag="Section", cls="card selection"),
        box(block("selection-next", _next(context), tag="section", cls="card"), block("selection-saved", _saved(context), tag="section", cls="card"), cls="grid even"),
    ]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """The chosen municipalities and the saved selections."""
    names = reader.municipality_names()
    chosen = pd.DataFrame([(code, names[code]) for code in selection.members], columns=["municipality_code", "name"])
    saved = pd.DataFrame([(held.key, held.name, "|".join(held.municipalities), held.created_at) for held in areas.saved_of(reader).read().values()], columns=["key", "name", "municipalities", "created_at"])
    for made in (chosen, saved):
        made.attrs["source"] = t("selection.source")
    return {"municipalities": chosen, "saved": saved}


def _starts(context: Context) -> Markup:
    """Take over a whole region, or the neighbours of what is chosen."""
    reader, selection, t = context
    names = reader.municipality_names()
    links = []
    if selection.members:
        more = sorted(set(selection.members).union(*(areas.neighbours().get(code, frozenset()) for code in selection.members)) & set(names))
        if len(selection.members) < len(more) <= MOST:
            links.append(h("a", t("selection.add_near", n=len(more) - len(selection.members)), href=state.to_url(selection, members=tuple(more))))
        links.append(h("a", t("selection.empty"), href=state.to_url(selection, members=())))
    found = areas.resolve(reader, selection.region.removesuffix(areas.NEAR), False, areas.saved_of(reader)) if not selection.region.startswith("NL") else None
    if found and not set(found.members) <= set(selection.members) and len(set(found.members) | set(selection.members)) <= MOST:
        links.append(h("a", t("selection.add_region", region=found.name), href=state.to_url(selection, members=tuple(sorted({*found.members, *selection.members})))))
    return h("p", [[" · " if position else None, link] for position, link in enumerate(links)])


def _next(context: Context) -> Markup:
    _reader, selection, t = context
    heading = h("h2", t("selection.next"))
    if not selection.members:
        return h("div", heading, h("p", t("selection.choose_first"), cls="muted"))
    look = state.to_url(selection, page="overview", region=",".join(selection.members), near=False, sector=None)
    form = h("form", h("label", t("selection.name"), h("input", type="text", name="name", required=True, maxlength=LONGEST_NAME, autocomplete="off", placeholder=t("selection.name_example"))),
             h("p", t("selection.name_note"), cls="subtitle"), h("p", h("button", t("selection.save"), type="submit", cls="button")), h("p", cls="form-error", role="alert"),
             data_form="selection", data_members=",".join(selection.members), data_to=state.to_url(selection, page="overview", region=areas.PREFIX, near=False, sector=None), data_failed=t("selection.failed"), cls="selection-form")
    return h("div", heading, h("p", h("a", t("selection.look"), href=look, cls="button")), h("p", t("selection.look_note"), cls="subtitle"), h("h3", t("selection.save_title")), form, h("p", t("selection.quiet"), cls="muted"))


def _saved(context: Context) -> Markup:
    reader, selection, t = context
    names = reader.municipality_names()
    items = []
    for held in areas.saved_of(reader).read().values():
        listed = sorted(names.get(code, code) for code in held.municipalities)
        gone = [code for code in held.municipalities if code not in names]
        form = h("form", h("label", t("selection.new_name"), h("input", type="text", name="name", required=True, maxlength=LONGEST_NAME, value=held.name, autocomplete="off")),
                 h("p", h("button", t("selection.rename"), type="submit", cls="button"), " ", h("button", t("selection.delete"), type="button", cls="button", data_action="delete-selection", data_key=held.key, data_sure=t("selection.sure", name=held.name), data_failed=t("selection.failed"))),
                 h("p", cls="form-error", role="alert"), data_form="rename", data_key=held.key, data_failed=t("selection.failed"), cls="selection-form")
        items.append(h("li", h("p", h("a", held.name, href=state.to_url(selection, page="overview", region=held.key, near=False, sector=None)), " ", h("span", formats.number(len(listed), t.lang), " · ", formats.day(formats.parsed(held.created_at).date(), t.lang), cls="muted")),
                       h("p", ", ".join(listed), cls="muted"), h("p", t("selection.gone", codes=", ".join(gone))) if gone else None, h("details", h("summary", t("selection.change")), form, id=f"change-{held.key}")))
    return h("div", h("h2", t("selection.saved")), h("ul", items, cls="plain saved-selections") if items else h("p", t("selection.none_saved"), cls="muted"))
