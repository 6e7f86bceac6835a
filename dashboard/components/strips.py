"""Strips: a point with its interval on one scale, row under row. HTML instead of a chart: sharp, clickable, readable aloud."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Any

from dashboard import formats
from dashboard.markup import Markup, h


@dataclass(frozen=True)
class Scale:
    """A scale from low to high, as percentages of the width; `log` for ratios, where twice and half are equally far from one."""

    low: float
    high: float
    log: bool = False

    def at(self, value: float) -> float:
        """Position in percent, kept inside the strip."""
        if self.log:
            value, low, high = log2(max(value, 1e-9)), log2(self.low), log2(self.high)
        else:
            low, high = self.low, self.high
        return round(100 * min(max((value - low) / (high - low), 0.0), 1.0), 2)


RATIO = Scale(0.2, 5.0, log=True)
SHARE = Scale(0.0, 1.0)
RATIO_TICKS = (0.25, 0.5, 1.0, 2.0, 4.0)


def strip(low: Any, point: Any, high: Any, kind: str, scale: Scale = RATIO, band: tuple[float, float] | None = None, quiet: str = "") -> Markup:
    """A dot with a whisker; kind is a class of mismatch or any name the style sheet knows. An interval that runs off the
    scale ends in an arrow. Without a point: a hatched bar with the reason `quiet`."""
    marks: list[Markup] = []
    if band:
        marks.append(h("i", cls="strip-band", style=f"left:{scale.at(band[0])}%;right:{round(100 - scale.at(band[1]), 2)}%"))
    if formats.is_absent(point):
        marks.append(h("span", quiet, cls="strip-quiet"))
    else:
        ends = ("open-left " if low < scale.low else "") + ("open-right" if high > scale.high else "")
        marks.append(h("i", cls=f"whisker {ends}".strip(), style=f"left:{scale.at(low)}%;right:{round(100 - scale.at(high), 2)}%"))
        marks.append(h("i", cls="dot", style=f"left:{scale.at(point)}%"))
    return h("span", marks, cls=f"strip class-{kind}", aria_hidden="true")


def ratio_axis(lang: str, less: str, more: str, scale: Scale = RATIO) -> Markup:
    """The axis above ratio strips: ticks, and which side means what."""
    ticks = [h("i", formats.number(v, lang, 0 if v >= 1 else (1 if v == 0.5 else 2)), style=f"left:{scale.at(v)}%") for v in RATIO_TICKS]
    return h("span", h("span", less, cls="axis-less"), h("span", more, cls="axis-more"), h("span", ticks, cls="axis-ticks"), cls="axis", aria_hidden="true")
