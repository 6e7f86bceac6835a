"""Sparklines: the course of a number as a small line, from its lowest to its highest value."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 56, 20, 2


def spark_path(values: Sequence[float], least: float = 0.0) -> str:
    """The d of an SVG path of WIDTH x HEIGHT; "" below two values. A steady number runs through the middle; a range below `least` does not
    fill the height, so that small changes look small."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    points = [(EDGE + i * step, HEIGHT / 2 if high == low else EDGE + (high - v) / (high - low) * (HEIGHT - 2 * EDGE)) for i, v in enumerate(values)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
