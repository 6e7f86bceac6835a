"""The map with real borders, where the publication has them: the same marks as the tile map, drawn inline, without any server of maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.components.tile_map import Mark
from dashboard.figures.borders import Drawing, drawing
from dashboard.markup import Markup, escape, h
from warehouse import asking_boundaries

SHAPES = {"shortage": "▲", "surplus": "▼", "balance": "=", "borderline": "◇", "too_little_data": ""}
HATCH = "map-hatch"
QUIET = "class-too_little_data"


def borders_of(reader: Any) -> Drawing | None:
    """The drawing of a publication's labour-market regions; None when it holds no borders, or not those of every region."""
    def make() -> Drawing | None:
        rows = asking_boundaries.borders(reader)
        return drawing(zip(rows["level"], rows["code"], rows["geometry"], strict=True), reader.regions()["code"], asking_boundaries.region_of(reader)) if len(rows) else None
    return reader._answer(("drawing of borders",), make)


def border_map(drawn: Drawing, marks: Mapping[str, Mark], chosen: str, label: str, members: tuple[str, ...] = ()) -> Markup:
    """Regions with a mark as links; `chosen` lies on top with a thick border, and so do the municipalities of an area of one's own."""
    areas = "".join(_area(drawn, code, mark, code == chosen) for code, mark in sorted(marks.items(), key=lambda item: item[0] == chosen) if code in drawn.regions)
    labels = "".join(_label(drawn, code, mark) for code, mark in marks.items() if code in drawn.regions)
    outline = "".join(drawn.municipalities[code].path for code in members if code in drawn.municipalities)
    own = f'<path class="own" d="{outline}"/>' if outline else ""
    hatch = f'<defs><pattern id="{HATCH}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0,0l0 6" class="hatch-line"/></pattern></defs>'
    return h("div", Markup(f'<svg class="borders" viewBox="-6 -6 {drawn.width + 12} {drawn.height + 12}" role="group" aria-label="{escape(label)}">{hatch}{areas}{own}{labels}</svg>'), cls="border-map")


def _area(drawn: Drawing, code: str, mark: Mark, chosen: bool) -> str:
    spoken, current = escape(mark.spoken), ' aria-current="true"' if chosen else ""
    fill = f' fill="url(#{HATCH})"' if mark.style == QUIET else ""
    return f'<a class="area {mark.style}" href="{escape(mark.href)}" aria-label="{spoken}"{current}><title>{spoken}</title><path d="{drawn.regions[code].path}"{fill}/></a>'


def _label(drawn: Drawing, code: str, mark: Mark) -> str:
    place, sign = drawn.regions[code], SHAPES.get(mark.style.removeprefix("class-"), "") if mark.glyph else ""
    text = " ".join(part for part in (sign, mark.value) if part)
    return f'<text class="{mark.style}" x="{place.x}" y="{place.y}" aria-hidden="true">{escape(text)}</text>' if text else ""
