"""All regions x sectors as a table of small coloured cells; every cell is a link to that region and sector."""

from __future__ import annotations

from html import escape
from itertools import groupby

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.icons import GLYPHS
from dashboard.components.tables import Row
from dashboard.markup import Markup, h

SHAPES = {kind: f'<svg class="glyph" viewBox="0 0 12 12" width="9" height="9" aria-hidden="true">{path}</svg>' for kind, path in GLYPHS.items()}
PLACE = "SECTORCODE"


def region_matrix(context: Context, rows: list[Row], sectors: list[Row], caption: str) -> Markup:
    """Rows of Reader.matrix (ordered by region, then sector) as a table; the chosen region and sector are marked."""
    selection, t = context.selection, context.t
    heads = [h("th", h("a", t.pick(s, "short"), href=state.to_url(selection, sector=None if s["code"] == selection.sector else s["code"])), scope="col",
               cls="chosen" if s["code"] == selection.sector else None) for s in sectors]
    words = {kind: escape(t(f"terms.class_{kind}")) for kind in GLYPHS}
    names = {s["code"]: escape(t.pick(s, "short")) for s in sectors}
    body = []
    for code, cells in groupby(rows, key=lambda row: row["region_code"]):
        found = list(cells)
        body.append(_line(context, code, found, names, words))
    return h("div", h("table", h("caption", caption, cls="visually-hidden"), h("thead", h("tr", h("th", t("terms.region"), scope="col"), heads)), h("tbody", body), cls="matrix"),
             cls="table-scroll", tabindex="0", role="region", aria_label=caption)


def _line(context: Context, code: str, cells: list[Row], names: dict[str, str], words: dict[str, str]) -> Markup:
    selection, lang = context.selection, context.t.lang
    pattern = escape(state.to_url(selection, region=code, sector=PLACE))
    region = cells[0]["region_name"]
    spoken = escape(region)
    parts = []
    for cell in cells:
        kind, sector = cell["class"], cell["sector"]
        ratio = formats.ratio(cell["ratio"], lang) if not formats.is_absent(cell["ratio"]) else ""
        chosen = " chosen" if sector == selection.sector else ""
        text = f"{spoken}, {names[sector]}: {words[kind]} {ratio}".rstrip()
        parts.append(f'<td class="cell class-{kind}{chosen}"><a href="{pattern.replace(PLACE, sector)}" title="{text}" aria-label="{text}">{SHAPES[kind]}{ratio}</a></td>')
    head = h("th", h("a", region, href=state.to_url(selection, region=code)), scope="row")
    return h("tr", head, Markup("".join(parts)), cls="chosen" if code == selection.region else None)
