"""Pages and notices for when something is not there: never a traceback, always the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard import formats, state
from dashboard.components.blocks import Component, block
from dashboard.components.icons import icon
from dashboard.i18n import Translator
from dashboard.markup import Markup, h


def problem_notice(problems: Sequence[state.Problem], selection: state.Selection, t: Translator) -> Markup:
    """What in the address does not exist, what is shown instead, and the address without it."""
    shown = [problem for problem in problems if problem.reason != "unknown_page"]
    if not shown:
        return Markup("")
    lines = []
    for problem in shown[:4]:
        name = t(f"problems.name_{problem.parameter}") if t.has(f"problems.name_{problem.parameter}") else problem.parameter
        lines.append(h("li", t(f"problems.{problem.reason}", name=name, value=problem.value)))
    more = h("li", t("problems.more", n=len(shown) - 4)) if len(shown) > 4 else None
    return h("div", icon("warning"), h("div", h("ul", lines, more), h("a", t("problems.clean_address"), href=state.to_url(selection))), cls="notice", role="status")


def empty_state(title: str, text: str, links: Sequence[tuple[str, str]] = ()) -> Markup:
    """In place of a figure or list that has nothing to show: what, why, and where to go."""
    return h("div", h("h2", title), h("p", text), [h("a", label, href=href, cls="button") for label, href in links], cls="empty")


def not_found(pathname: str, selection: state.Selection, t: Translator) -> list[Component]:
    """No such page."""
    return [_page("not-found", t("problems.not_found"), t("problems.not_found_text", path=pathname[:60]),
                  [h("a", t("problems.to_overview"), href=state.to_url(selection, page="overview"), cls="button")])]


def unknown_publication(wanted: str, available: Sequence[tuple[str, str]], here: str, t: Translator) -> list[Component]:
    """The address asks for a publication that was pruned or never was; `available` are (id, ISO time), newest first,
    `here` is the address without publication."""
    glue = "&" if "?" in here else "?"
    links = [h("li", h("a", identifier, href=f"{here}{glue}publication={identifier}"), " ", h("span", moment, cls="muted")) for identifier, moment in available[:8]]
    return [_page("no-publication", t("problems.publication_gone"), t("problems.publication_gone_text", id=wanted[:40]), [
        h("a", t("problems.to_current"), href=here, cls="button"), h("h2", t("problems.still_there")) if links else None, h("ul", links, cls="plain")])]


def loading(status: Mapping[str, Any], t: Translator) -> list[Component]:
    """No publication yet: what the loader is doing, as it says itself. The page asks again by itself."""
    load = status.get("load", {}) if isinstance(status.get("load"), Mapping) else {}
    running, failed = load.get("state") == "running", load.get("ok") is False
    done, total = load.get("done"), load.get("total")
    bar = h("progress", value=done, max=total, aria_label=str(load.get("step", ""))) if isinstance(done, int) and isinstance(total, int) and total else None
    steps = h("p", h("b", str(load.get("step") or t("problems.loading_begins"))), bar, cls="loading-step") if running else None
    text = t("problems.loading_failed", message=str(load.get("message", ""))) if failed and not running else t("problems.loading_text")
    counted = [h("li", str(key), " ", h("span", str(entry.get("status", "")), cls="muted")) for key, entry in sorted(status.get("sources", {}).items())
               if isinstance(entry, Mapping)]
    return [_page("loading", t("problems.loading_failed_title") if failed and not running else t("problems.loading_title"), text,
                  [steps, h("ul", counted, cls="plain columns") if counted else None])]


def failure(reference: str, t: Translator, home: str = "/") -> list[Component]:
    """Something went wrong here; the reference number is in the server's log."""
    return [_page("failure", t("problems.failure"), t("problems.failure_text", reference=reference), [h("a", t("problems.to_overview"), href=home, cls="button")])]


def moments(manifests: Sequence[Any], lang: str) -> list[tuple[str, str]]:
    """(id, time in words) of publications."""
    return [(m.id, formats.moment(datetime.fromisoformat(m.created_at), lang)) for m in manifests]


def _page(name: str, title: str, text: str, rest: Sequence[Any]) -> Component:
    return block(f"{name}-page", h("h1", title), h("p", text, cls="lead"), rest, cls="message-page")
