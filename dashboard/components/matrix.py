"""All regions x sectors as a table of small coloured cells; every cell is a link to that region and sector."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.tables import Row, rows_of
from dashboard.markup import Markup, escape, h

REGION, SECTOR = "REGIONCODE", "SECTORCODE"


def region_matrix(context: Context, sectors: list[Row], caption: str) -> Markup:
    """Reader.matrix of the chosen year as a table; the chosen region is marked here, the chosen sector by the style sheet
    through data-column (1-8, 0 for none)."""
    selection, t = context.selection, context.t
    heads = [h("th", h("a", t.pick(s, "short"), href=state.to_url(selection, sector=None if s["code"] == selection.sector else s["code"])), scope="col")
             for s in sectors]
    column = next((i for i, s in enumerate(sectors, 1) if s["code"] == selection.sector), 0)
    pattern = state.to_url(selection, region=REGION, sector=SECTOR)
    lines = _lines(context.reader, selection.period, pattern, t)
    body = "".join(line.replace("<tr>", '<tr class="chosen">', 1) if code == selection.region else line for code, line in lines)
    made = h("table", h("caption", caption, cls="visually-hidden"), h("thead", h("tr", h("th", t("terms.region"), scope="col"), heads)),
             h("tbody", Markup(body)), cls="matrix", data_column=column)
    return h("div", made, cls="table-scroll", tabindex="0", role="region", aria_label=caption)


@lru_cache(maxsize=64)
def _lines(reader: Any, period: int, pattern: str, t: Any) -> list[tuple[str, str]]:
    """(region code, table row) of every region; the same for whoever looks at this year in this language."""
    words = {kind: escape(t(f"terms.class_{kind}")) for kind in ("shortage", "balance", "surplus", "borderline", "too_little_data")}
    address = escape(pattern)
    plain = escape(pattern.replace(f"sector={SECTOR}", "").replace("?&", "?").replace("&&", "&").rstrip("&?"))
    made = []
    for code, cells in groupby(rows_of(reader.matrix(period)), key=lambda row: row["region_code"]):
        here, parts, name = address.replace(REGION, code), [], ""
        for cell in cells:
            kind, name = cell["class"], cell["region_name"]
            ratio = "" if formats.is_absent(cell["ratio"]) else formats.ratio(cell["ratio"], t.lang)
            parts.append(f'<td class="cell class-{kind}"><a href="{here.replace(SECTOR, cell["sector"])}" title="{words[kind]}"><i class="g"></i>{ratio}</a></td>')
        made.append((code, f'<tr><th scope="row"><a href="{plain.replace(REGION, code)}">{escape(name)}</a></th>{"".join(parts)}</tr>'))
    return made
