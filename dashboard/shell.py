"""What stands around every page: the rail, the bar on top with region, period, language and theme, notices, the foot.

The frame is built once; its leaves get new properties with every view (`shell_leaves`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dash import dcc, html

from dashboard import areas, pages, state
from dashboard.components.area_notice import area_notice
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.icons import icon
from dashboard.i18n import Translator
from dashboard.markup import Markup, h

BRAND_MARK = '<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><path d="M5 25 16 5l11 20-11-6z" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round"/><path d="M16 5v14" stroke="currentColor" stroke-width="2.4"/></svg>'
EMPTY_SELECTION = state.Selection()
MAKE = "eigen"  # the choice that leads to the page where selections are made (assets/regiokoers.js)


def frame(t: Translator) -> html.Div:
    """The layout of the application: shell with empty leaves, and a place for the page."""
    return html.Div(cast(Any, [
        dcc.Location(id="url", refresh="callback-nav"), dcc.Store(id="view"), dcc.Store(id="tick"), dcc.Store(id="curriculum", storage_type="session"),
        {"namespace": "dash_mantine_components", "type": "MantineProvider", "props": {
            "id": "mantine", "defaultColorScheme": "auto", "withGlobalClasses": True, "theme": {"fontFamily": "inherit"},
            "children": [box(
                block("shell-skip", h("a", t("shell.skip"), href="#main", cls="skip"), cls="skip-place"),
                block("shell-rail", tag="nav", cls="rail"),
                box(
                    box(select("region", None, [], t("shell.region"), search=True, hide_label=True),
                        select("period", None, [], t("shell.year"), hide_label=True), block("shell-tools", cls="tools"), tag="Header", cls="topbar"),
                    block("shell-notice", cls="notices"),
                    box(box(cls="page", id="page"), tag="Main", cls="main", id="main", tabIndex="-1"),
                    block("shell-foot", tag="footer", cls="foot"),
                    cls="column"),
                cls="app", id="app")]}},
    ]), className="root")


def shell_leaves(reader: Any, selection: state.Selection | None, t: Translator, notice: Markup | None = None) -> dict[str, dict[str, Any]]:
    """Properties of the shell's leaves by id. Without a reader (nothing published yet) there is nothing to choose."""
    known = reader is not None and selection is not None
    shown = selection or EMPTY_SELECTION
    leaves = [
        block("shell-skip", h("a", t("shell.skip"), href="#main", cls="skip"), cls="skip-place"),
        block("shell-rail", _rail(shown, t, known), tag="nav", cls="rail"),
        block("shell-tools", _tools(shown, t), cls="tools"),
        block("shell-notice", _demonstration(t) if known and reader.info.demonstration else None, area_notice(reader, shown, t) if known else None, notice, cls="notices"),
        block("shell-foot", h("p", t("shell.foot")), tag="footer", cls="foot"),
        *(_choices(reader, shown, t) if known else ()),
    ]
    made = {}
    for leaf in leaves:
        props = dict(leaf["props"])
        made[state_key(props.pop("id"))] = props
    if not known:
        for name in ("region", "period"):
            made[state_key({"type": "select", "name": name})] = {"disabled": True, "data": [], "value": None}
    return made


def state_key(identifier: str | Mapping[str, str]) -> str:
    """An id as text; dict ids in the order Dash writes them."""
    if isinstance(identifier, str):
        return identifier
    return "{" + ",".join(f'"{k}":"{identifier[k]}"' for k in sorted(identifier)) + "}"


def _choices(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    latest = reader.info.latest_period
    years = [(str(year), str(year) if year <= latest else t("shell.year_partial", year=year)) for year in reversed(reader.periods())]
    made = [select("region", selection.region.removesuffix(areas.NEAR), [], t("shell.region"), search=True, nothing_found=t("shell.no_region"), hide_label=True),
            select("period", str(selection.period), years, t("shell.year"), hide_label=True)]
    made[0]["props"]["data"] = [{"group": group, "items": [{"value": code, "label": label} for code, label in items]} for group, items in region_groups(reader, selection, t)]
    for component in made:
        component["props"]["disabled"] = False
    return made


def region_groups(reader: Any, selection: state.Selection, t: Translator) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen as region, by kind: (heading, [(value in the address, name)])."""
    names = reader.region_names()
    area = getattr(reader, "area", None)
    own = {area.key} if area else set()
    listed = sorted(((code, name) for code, name in names.items() if code not in own), key=lambda item: (not item[0].startswith("NL"), item[1].lower()))
    groups = [(t("shell.group_regions"), listed)]
    for scheme, mark in (("province", "PV"), ("corop", "CR")):
        found = areas.regions_of(reader, scheme)
        groups.append((t(f"shell.group_{scheme}"), [(str(r["code"]), f"{r['name']} ({mark})") for r in found.to_dict("records")]))
    groups.append((t("shell.group_saved"), [(held.key, held.name) for held in areas.saved_of(reader).read().values()]))
    chosen = selection.region.removesuffix(areas.NEAR)
    if area and not any(chosen == code for _, items in groups for code, _ in items):
        groups.append((t("shell.group_chosen"), [(chosen, area.name.removesuffix(f" {areas.NEAR}"))]))
    groups.append((t("shell.group_more"), [(MAKE, t("shell.make_selection"))]))
    return [(group, items) for group, items in groups if items]


def _rail(selection: state.Selection, t: Translator, known: bool) -> Markup:
    here = pages.available().get(selection.page)
    current = (here.parent or here.name) if here else ""
    links = []
    for page in pages.available().values():
        if page.icon:
            href = state.to_url(selection, page=page.name) if known else page.path
            links.append(h("li", h("a", icon(page.icon), h("span", t(f"shell.page_{page.name}"), cls="rail-label"), href=href,
                                   aria_current="page" if page.name == current else None, title=t(f"shell.page_{page.name}"))))
    brand = h("a", Markup(BRAND_MARK), h("span", "Regiokoers", cls="rail-label"), href=state.to_url(selection, page="overview") if known else "/",
              cls="brand", aria_label=t("shell.home"))
    fold = h("button", icon("fold"), h("span", t("shell.fold"), cls="rail-label"), type="button", cls="fold", data_action="fold", aria_label=t("shell.fold"))
    return h("div", brand, h("ul", links, aria_label=t("shell.pages"), role="list"), fold, cls="rail-inside")


def _tools(selection: state.Selection, t: Translator) -> Markup:
    languages = [h("a", code.upper(), href=state.to_url(selection, lang=code), hreflang=code, lang=code, aria_current="true" if code == t.lang else None,
                   aria_label=t(f"shell.lang_{code}")) for code in state.LANGUAGES]
    themes = [h("button", icon(drawing, 18), type="button", data_action="theme", data_value=choice, aria_label=t(f"shell.theme_{choice}"), title=t(f"shell.theme_{choice}"))
              for choice, drawing in (("light", "sun"), ("dark", "moon"), ("system", "screen"))]
    return h("div", h("div", languages, cls="segments", role="group", aria_label=t("shell.language")),
             h("div", themes, cls="segments themes", role="group", aria_label=t("shell.theme")), cls="tools-inside")


def _demonstration(t: Translator) -> Markup:
    return h("p", h("b", t("shell.demonstration")), " ", t("shell.demonstration_text"), cls="demonstration")
