"""The building blocks of a page as plain dicts: what Dash would make of its component classes, without their cost.

A page is a tree of boxes (containers) and leaves. Everything that changes with the selection sits in a leaf with an id:
when the selection changes, only the properties of leaves that differ are sent into the page, so that charts are updated
in place and nothing blinks (dashboard/view.py, assets/regiokoers.js). Changing the tree of boxes rebuilds the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.figures import theme
from dashboard.markup import join

Component = dict[str, Any]


def block(name: str, *markup: Any, tag: str = "div", cls: str = "") -> Component:
    """A leaf of text: Markup (or strings, escaped) in an element of its own."""
    return {"namespace": "regiokoers", "type": "Html",
            "props": {"id": name, "html": str(join(markup)), "tag": tag, "className": cls}}


def box(*children: Component | None, cls: str = "", tag: str = "Div", **props: Any) -> Component:
    """A container: tag is a Dash html component (Div, Section, Nav ...); None among the children is left out."""
    return {"namespace": "dash_html_components", "type": tag,
            "props": {"className": cls, **props, "children": [c for c in children if c is not None]}}


def graph(name: str, figure: dict[str, Any], height: int) -> Component:
    """A plotly figure as a leaf. Its height is reserved, so that nothing moves when it arrives."""
    return {"namespace": "dash_core_components", "type": "Graph", "props": {
        "id": name, "figure": figure, "config": theme.CONFIG, "responsive": True, "className": "graph", "style": {"height": f"{height}px"}}}


def select(
    name: str, value: str | None, options: Sequence[tuple[str, str]], label: str, *, search: bool = False, clearable: bool = False,
    placeholder: str = "", width: int | None = None, nothing_found: str = "", hide_label: bool = False,
) -> Component:
    """A choice that becomes parameter `name` of the address. Options are (value, label); None means not chosen."""
    return {"namespace": "dash_mantine_components", "type": "Select", "props": {
        "id": {"type": "select", "name": name}, "value": value, "data": [{"value": v, "label": text} for v, text in options],
        **({"aria-label": label} if hide_label else {"label": label}),
        "searchable": search, "clearable": clearable, "allowDeselect": False, "placeholder": placeholder or None,
        "nothingFoundMessage": nothing_found or None, "w": width, "size": "sm", "radius": 6, "maxDropdownHeight": 360,
        "className": "select", "comboboxProps": {"shadow": "md", "transitionProps": {"duration": 0}}, "checkIconPosition": "right",
    }}


def choose_many(name: str, value: Sequence[str], options: Sequence[tuple[str, str]], label: str, placeholder: str, nothing_found: str, most: int) -> Component:
    """A choice of several that becomes parameter `name` of the address, joined by commas; searched by typing."""
    return {"namespace": "dash_mantine_components", "type": "MultiSelect", "props": {
        "id": {"type": "select", "name": name}, "value": list(value), "data": [{"value": v, "label": text} for v, text in options], "label": label, "searchable": True, "clearable": True,
        "placeholder": placeholder, "nothingFoundMessage": nothing_found, "maxValues": most, "size": "sm", "radius": 6, "maxDropdownHeight": 360, "hidePickedOptions": True, "limit": 400,
        "className": "select-many", "comboboxProps": {"shadow": "md", "transitionProps": {"duration": 0}}}}


def text_field(name: str, value: str, label: str, placeholder: str = "", width: int | None = None) -> Component:
    """A search field that becomes parameter `name` of the address, 400 ms after the last key."""
    return {"namespace": "dash_mantine_components", "type": "TextInput", "props": {
        "id": {"type": "select", "name": name}, "value": value, "label": label, "placeholder": placeholder or None, "debounce": 400,
        "w": width, "size": "sm", "radius": 6, "className": "select", "type": "search"}}

