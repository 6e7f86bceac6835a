"""How a number was made: a number that opens its formula with the values filled in, its sources with dates, n and publication.

It is the browser's own popover: Enter, space, click and touch open it, Escape or a click beside it closes it, the keyboard goes on
from the number into it, and a screen reader hears that the number opens something. No question to the server. The script only puts
it beside its number (assets/regiokoers.js); on a phone it is a sheet at the bottom. On paper it is left out: there the card's
footer says source, period, n and publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dashboard import formats, state
from dashboard.components.blocks import Component, block
from dashboard.components.cards import Context, described_sources
from dashboard.i18n import Translator
from dashboard.markup import Markup, h, join

Values = Sequence[tuple[str, str]]


def explain(key: str, shown: str, formula: str, values: Values, sources: Sequence[str | Markup], n: str, t: Translator, publication: str | Markup = "") -> Component:
    """A leaf with one explained number; arguments as `explained`."""
    return block(f"explain-{key}", explained(key, shown, formula, values, sources, n, t, publication), tag="span")


def explained(
    key: str, shown: str | Markup, formula: str | Markup, values: Values, sources: Sequence[str | Markup], n: str, t: Translator, publication: str | Markup = "", note: str | Markup = "",
) -> Markup:
    """A number inside text or a table cell that opens how it was made; not inside a link or a button.

    `key` is unique on the page, `shown` the number as printed, `formula` says in words how it follows from `values` (name, printed
    value): names that occur in the formula are filled in on a second line. `sources` carry their dates, `n` says how many
    observations, `note` what else one must know (direction, limits). A number that is absent is printed as it is.
    """
    if shown == formats.ABSENT:
        return Markup(shown)
    identifier = f"made-{key}"
    worked = filled(formula, values)
    rows: list[Any] = [_row(name, value) for name, value in values]
    facts: list[Any] = [_row(t("explain.sources"), join([h("span", source, cls="made-source") for source in sources])) if sources else None,
                        _row(t("explain.n"), n) if n else None, _row(t("explain.publication"), publication) if publication else None]
    button = h("button", shown, h("span", f" – {t('explain.ask')}", cls="visually-hidden"), type="button", popovertarget=identifier, aria_haspopup="dialog", cls="explain-number")
    made = h("span", h("span", t("explain.title"), cls="made-title", id=f"{identifier}-title"),
             h("span", formula, cls="made-formula"), h("span", worked, " = ", _plain(shown), cls="made-formula made-filled") if worked else None,
             h("span", rows, cls="made-rows") if rows else None, h("span", note, cls="made-note") if note else None, h("span", facts, cls="made-rows made-facts"),
             h("button", t("explain.close"), type="button", popovertarget=identifier, popovertargetaction="hide", cls="made-close"),
             popover=True, id=identifier, role="dialog", aria_labelledby=f"{identifier}-title", cls="made")
    return h("span", button, made, cls="explain")


def explained_here(
    context: Context, key: str, shown: str | Markup, formula: str | Markup, values: Values, sources: Sequence[str], n: Any = None, note: str | Markup = "",
) -> Markup:
    """`explained` with the sources (keys, see `described_sources`), their dates and the publication of what is on the screen."""
    t = context.t
    return explained(key, shown, formula, values, dated_sources(context, sources), "" if n is None else formats.sample(n, t.lang).removeprefix("n = "), t, publication_link(context), note)


def dated_sources(context: Context, keys: Sequence[str]) -> list[Markup]:
    """Title, period and day of retrieval of every source that holds data, each linked to the page about the data."""
    t, link = context.t, state.to_url(context.selection, page="data")
    made = []
    for row in described_sources(context.reader, keys):
        period = t("explain.period", period=row["reference_period"]) if not formats.is_absent(row["reference_period"]) and row["reference_period"] else None
        retrieved = t("explain.retrieved", date=formats.day(row["retrieved_at"].date(), t.lang)) if not formats.is_absent(row["retrieved_at"]) else None
        dates = ", ".join(part for part in (period, retrieved) if part)
        made.append(join([h("a", row["title"] if t.lang == "nl" else row["title_en"], href=link), f" ({dates})" if dates else "", f" {t('shell.invented')}" if context.reader.info.demonstration else ""]))
    return made


def publication_link(context: Context) -> Markup:
    """The publication on the screen, linked to what it consists of."""
    info = context.reader.info
    return h("a", f"{formats.moment(info.created_at, context.t.lang)} · {info.id}", href=state.to_url(context.selection, page="data", publication=info.id))


def filled(formula: str, values: Values) -> str:
    """The formula with every name that occurs in it replaced by its value; "" when none occurs."""
    known = {name: value for name, value in values if name}
    if isinstance(formula, Markup) or not known:
        return ""
    names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(known, key=len, reverse=True)), re.IGNORECASE)
    lowered = {name.lower(): value for name, value in known.items()}
    made = names.sub(lambda found: lowered[found[0].lower()], formula)
    return made if made != formula else ""


def _plain(shown: str) -> str:
    """The number without what stands beside it in markup (an interval in small type)."""
    return re.sub(r"<[^>]*>", "", re.sub(r"<small\b.*?</small>", "", shown)) if isinstance(shown, Markup) else shown


def _row(name: str, value: Any) -> Markup:
    return h("span", h("span", name, cls="made-name"), h("span", value, cls="made-value"), cls="made-row")
