"""What stands around every page: the rail, the bar on top with region, period, language and theme, notices, the foot.

The frame is built once; its leaves get new properties with every view (`shell_leaves`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dash import dcc, html

from dashboard import pages, state
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.icons import icon
from dashboard.i18n import Translator
from dashboard.markup import Markup, h

BRAND_MARK = '<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><path d="M5 25 16 5l11 20-11-6z" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round"/><path d="M16 5v14" stroke="currentColor" stroke-width="2.4"/></svg>'
EMPTY_SELECTION = state.Selection()


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
        block("shell-notice", _demonstration(t) if known and reader.info.demonstration else None, notice, cls="notices"),
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
    names = reader.region_names()
    national = next((code for code in names if code.startswith("NL")), None)
    regions = sorted((code for code in names if code != national), key=lambda code: names[code].lower())
    options = [(code, names[code]) for code in ([national] if national else []) + regions]
    latest = reader.info.latest_period
    years = [(str(year), str(year) if year <= latest else t("shell.year_partial", year=year)) for year in reversed(reader.periods())]
    made = [select("region", selection.region, options, t("shell.region"), search=True, nothing_found=t("shell.no_region"), hide_label=True),
            select("period", str(selection.period), years, t("shell.year"), hide_label=True)]
    for component in made:
        component["props"]["disabled"] = False
    return made


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
