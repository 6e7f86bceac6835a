"""HTML as text: a builder that escapes by default. Most of a page is built with it; only live parts are Dash components.

Text blocks in this form cost the server microseconds and the browser one patch (assets/regiokoers.js), where a tree of
Dash components costs both a hundred times as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape as escape_all
from typing import Any

VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "path", "rect", "circle", "line", "polyline", "col"})
# Addresses from adverts end up in href: anything but these beginnings is left out (javascript:, data:, //host).
SAFE_BEGINNINGS = ("http://", "https://", "mailto:", "/", "#", "?")
LINK_ATTRIBUTES = ("href", "src", "action")
SPECIAL = re.compile(r"""[&<>"']""").search


class Markup(str):
    """Text that is HTML already; everything else is escaped when it is put into a page."""

    __slots__ = ()


def escape(text: str) -> str:
    """Text that is safe between tags and in quoted attributes; most text needs nothing, which is found out five times faster."""
    return escape_all(text) if SPECIAL(text) else text


def h(tag: str, *children: Any, cls: str | None = None, **attributes: Any) -> Markup:
    """An element: h("a", "Zorg", href="/?sector=zorg", cls="link").

    Children: Markup as it is, other values escaped, None and False left out, lists flattened. Attributes: `_` becomes
    `-`, a trailing `_` is dropped (for_), True gives a bare attribute, None and False leave it out. Links that are not
    http(s), mailto or of this site lose their address.
    """
    parts = [f"<{tag}"]
    if cls:
        parts.append(f' class="{escape(cls)}"')
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = name.rstrip("_").replace("_", "-")
        if attribute in LINK_ATTRIBUTES and not is_safe_link(str(value)):
            continue
        parts.append(f" {attribute}" if value is True else f' {attribute}="{escape(str(value))}"')
    if tag in VOID:
        return Markup("".join(parts) + ">")
    return Markup("".join([*parts, ">", join(children), f"</{tag}>"]))


def join(children: Iterable[Any]) -> Markup:
    """Children of an element as one piece of HTML; same rules as `h`."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Markup):
            parts.append(child)
        elif child is None or child is False:
            continue
        elif isinstance(child, str):
            parts.append(escape(child))
        elif isinstance(child, Iterable):
            parts.append(join(child))
        else:
            parts.append(escape(str(child)))
    return Markup("".join(parts))


def is_safe_link(address: str) -> bool:
    """Whether an address may be put into a page: http(s), mailto, or a path of this site."""
    lowered = address.strip().lower()
    return lowered.startswith(SAFE_BEGINNINGS) and not lowered.startswith(("//", "/\\"))
