"""The tile map: every labour-market region an equal tile, coloured by the class of a sector or by total demand."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.components.icons import CLASSES, glyph
from dashboard.figures.tiles import place
from dashboard.i18n import Translator
from dashboard.markup import Markup, escape, h

STEPS = 4


@dataclass(frozen=True)
class Mark:
    """What a tile says: style class (class-shortage, step-3), whether it carries the glyph of that class, the number on it, the
    sentence read aloud."""

    style: str
    glyph: bool
    value: str
    spoken: str
    href: str


def tile_map(marks: dict[str, Mark], names: dict[str, str], chosen: str, label: str) -> Markup:
    """Tiles of these regions (code -> mark); `chosen` gets a ring. Built as text: it is redrawn with every click."""
    tiles = []
    for tile in sorted(place(list(marks), names), key=lambda tile: (tile.y, tile.x)):
        mark = marks[tile.code]
        spoken, ring = escape(mark.spoken), ' aria-current="true"' if tile.code == chosen else ""
        shape = glyph() if mark.glyph else ""
        tiles.append(
            f'<li style="grid-column:{tile.x + 1};grid-row:{tile.y + 1}"><a class="tile {mark.style}" href="{escape(mark.href)}" title="{spoken}" aria-label="{spoken}"{ring}>'
            f'<span class="tile-name">{escape(tile.short)}</span><span class="tile-value">{shape}{escape(mark.value)}</span></a></li>')
    return h("ul", Markup("".join(tiles)), cls="tiles", role="list", aria_label=label)


def steps(values: dict[str, float]) -> dict[str, int]:
    """Each region's quarter of the ranking, 1 (least) to 4 (most)."""
    ranked = sorted(values, key=lambda code: (values[code], code))
    return {code: 1 + i * STEPS // len(ranked) for i, code in enumerate(ranked)}


def class_legend(t: Translator) -> Markup:
    """Classes with glyph and word, in fixed order; what they mean is one pause of the pointer away."""
    return h("ul", [h("li", h("i", glyph(), cls=f"swatch class-{kind}"), t(f"terms.class_{kind}"), title=t(f"terms.long_{kind}")) for kind in CLASSES],
             cls="legend", role="list")


def step_legend(least: str, most: str) -> Markup:
    """From least to most."""
    return h("p", least, [h("i", cls=f"swatch step-{i + 1}") for i in range(STEPS)], most, cls="legend steps")
