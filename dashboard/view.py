"""From an address to a view: what the browser needs to show it, as one document.

A view holds the tree of boxes, the leaves by id, and the properties of the shell. The browser applies only what differs
from what it shows (assets/regiokoers.js), so the document does not depend on who asks and can be kept.
"""

from __future__ import annotations

import logging
import secrets
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dashboard import curricula, pages, shell, state
from dashboard.components import notices
from dashboard.components.blocks import Component
from dashboard.i18n import Translator, translator
from warehouse.publications import NoPublication, Publications, UnknownPublication

log = logging.getLogger("regiokoers.dashboard")
OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
REFRESH_MS = 2000


@dataclass(frozen=True)
class View:
    """A view as JSON, and whether it may be kept: true when it follows from an immutable publication alone."""

    document: bytes
    keep: bool


class Views:
    """Makes views. `status` tells what the loader is doing, in the form of its status file."""

    def __init__(self, publications: Publications, defaults: state.Defaults, status: Callable[[], Mapping[str, Any]]) -> None:
        self.publications = publications
        self.defaults = defaults
        self.status = status

    def make(self, pathname: str | None, search: str | None, own: Any = None) -> View:
        """The view of an address; `own` is the curriculum that the browser holds (dashboard/curricula.py), of which nothing is
        kept. Never raises: whatever goes wrong becomes a page that says so."""
        pathname, search = pathname or "/", search or ""
        t = translator(state.language(search, self.defaults.lang))
        try:
            return self._make(pathname, search, t, own)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("view %s failed (reference %s)", (pathname + search)[:200], reference)
            return self._message(pathname, search, t, notices.failure(reference, t), t("problems.failure"))

    def _make(self, pathname: str, search: str, t: Translator, own: Any) -> View:
        wanted = state.wanted_publication(search)
        try:
            reader = self.publications.reader(wanted)
        except UnknownPublication:
            here = _without_publication(pathname, search)
            listed = notices.moments(self.publications.list(), t.lang)
            if listed:
                return self._message(pathname, search, t, notices.unknown_publication(wanted or "", listed, here, t), t("problems.publication_gone"))
            return self._message(pathname, search, t, notices.loading(self.status(), t), t("problems.loading_title"), REFRESH_MS)
        except NoPublication:
            return self._message(pathname, search, t, notices.loading(self.status(), t), t("problems.loading_title"), REFRESH_MS)
        selection, problems = state.parse(pathname, search, reader, self.defaults)
        known = pages.available().get(selection.page)
        if own:
            selection = replace(selection, own=curricula.given(own))
        if known:
            tree = pages.module(known.name).render(reader, selection, t)
            title = f"{t(f'shell.page_{known.name}')} · {reader.region_names()[selection.region]}"
        else:
            tree, title = notices.not_found(pathname, selection, t), t("problems.not_found")
        leaves = shell.shell_leaves(reader, selection, t, notices.problem_notice(problems, selection, t))
        keep = bool(known and known.immutable and not own)
        return View(self._document(pathname, search, selection, t, tree, leaves, title, None), keep)

    def _message(self, pathname: str, search: str, t: Translator, tree: list[Component], title: str, refresh: int | None = None) -> View:
        """A page without figures, for when there is no publication to answer from."""
        selection = state.Selection(page="message", region=self.defaults.region, lang=t.lang, defaults=self.defaults)
        return View(self._document(pathname, search, selection, t, tree, shell.shell_leaves(None, selection, t), title, refresh), False)

    def _document(
        self, pathname: str, search: str, selection: state.Selection, t: Translator, tree: list[Component],
        shell_leaves: dict[str, dict[str, Any]], title: str, refresh: int | None,
    ) -> bytes:
        leaves: dict[str, Component] = {}
        skeleton = [split(component, leaves) for component in tree]
        signature = f"{selection.page}-{zlib.crc32(orjson.dumps(skeleton, option=OPTIONS)):08x}"
        return orjson.dumps({
            "url": pathname + search, "page": selection.page, "signature": signature, "tree": skeleton, "leaves": leaves, "shell": shell_leaves,
            "title": f"{title} · Regiokoers", "lang": t.lang, "refresh": refresh, "order": state.PARAMETERS,
            "defaults": {"region": self.defaults.region, "period": str(selection.latest), "lang": self.defaults.lang},
        }, option=OPTIONS)


def split(component: Any, leaves: dict[str, Component]) -> Any:
    """A tree with every leaf replaced by {"leaf": key}; the leaves themselves are put into `leaves`.

    A leaf is a component with an id and without children. Two leaves with one id are a mistake in the page.
    """
    if not isinstance(component, dict) or "props" not in component:
        return component
    props = component["props"]
    if "id" in props and "children" not in props:
        key = shell.state_key(props["id"])
        if key in leaves:
            raise ValueError(f"two leaves with the id {key} on one page")
        leaves[key] = component
        return {"leaf": key}
    children = props.get("children")
    if isinstance(children, list):
        return {**component, "props": {**props, "children": [split(child, leaves) for child in children]}}
    return {**component, "props": {**props, "children": split(children, leaves)}} if children is not None else component


def _without_publication(pathname: str, search: str) -> str:
    rest = [part for part in search.lstrip("?").split("&") if part and not part.startswith("publication=")]
    return pathname + ("?" + "&".join(rest) if rest else "")


__all__ = ["View", "Views", "split"]
