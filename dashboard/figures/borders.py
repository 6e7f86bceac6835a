"""Borders as paths of an inline drawing: degrees to a grid of whole numbers, so that neighbours keep the border they share and a
map of the country stays small. Points that fall together or on a straight line are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

WIDTH = 600  # units from west to east; about 0.5 km each
Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True)
class Shape:
    """An area: its path, and the place of its label (middle of its largest part)."""

    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """Regions by code, municipalities by code, in a box of this width and height."""

    regions: Mapping[str, Shape]
    municipalities: Mapping[str, Shape]
    width: int
    height: int


def drawing(borders: Iterable[tuple[str, str, str]], codes: Iterable[str], region_of: Mapping[str, str]) -> Drawing | None:
    """A drawing of these regions, or None when one of them has no border.

    `borders`: (level, code, GeoJSON geometry in degrees); `region_of`: region by municipality, for regions without a border of their
    own: these are the outline of their municipalities together.
    """
    rings: dict[tuple[str, str], list[list[tuple[float, float]]]] = {}
    for level, code, geometry in borders:
        rings.setdefault((level, code), []).extend(_rings(json.loads(geometry)))
    wanted = list(codes)
    towns: dict[str, list[str]] = {}
    for code, region in region_of.items():
        if ("gemeente", code) in rings:
            towns.setdefault(region, []).append(code)
    parts = {code: rings.get(("arbeidsmarktregio", code)) or [ring for town in towns.get(code, ()) for ring in rings["gemeente", town]] for code in wanted}
    together = {code for code in wanted if ("arbeidsmarktregio", code) not in rings}
    points = [point for area in parts.values() for ring in area for point in ring]
    if not points or not all(parts.values()):
        return None
    west, north = min(x for x, _ in points), max(y for _, y in points)
    south = min(y for _, y in points)
    flat = cos(radians((north + south) / 2))
    scale = WIDTH / max((max(x for x, _ in points) - west) * flat, 1e-9)

    def placed(area: list[list[tuple[float, float]]], merge: bool = False) -> list[Ring]:
        snapped = [[(round((x - west) * flat * scale), round((north - y) * scale)) for x, y in ring] for ring in area]
        return [ring for ring in map(simplified, merged(snapped) if merge else snapped) if ring]

    regions = {code: shape(placed(area, code in together)) for code, area in parts.items()}
    municipalities = {code: shape(placed(area)) for (level, code), area in rings.items() if level == "gemeente"}
    if not all(regions.values()):
        return None
    return Drawing({c: s for c, s in regions.items() if s}, {c: s for c, s in municipalities.items() if s}, WIDTH, round((north - south) * scale))


def _rings(geometry: Mapping[str, object]) -> list[list[tuple[float, float]]]:
    """Rings of a Polygon or MultiPolygon, holes too (the path is filled by even-odd)."""
    coordinates: list = geometry["coordinates"]  # type: ignore[assignment,type-arg]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [[(float(p[0]), float(p[1])) for p in ring] for polygon in polygons for ring in polygon]


def merged(rings: list[Ring]) -> list[Ring]:
    """The outline of areas together: what two of them share is no border."""
    edges: set[frozenset[Point]] = set()
    for ring in rings:
        for i, point in enumerate(ring):
            if point != ring[i - 1]:
                edges ^= {frozenset((ring[i - 1], point))}
    near: dict[Point, list[Point]] = {}
    for edge in sorted(sorted(pair) for pair in edges):
        near.setdefault(edge[0], []).append(edge[1])
        near.setdefault(edge[1], []).append(edge[0])
    made = []
    for start in sorted(near):
        while near[start]:  # every point has an even number of edges, so a walk along unused ones ends where it began
            ring, here = [start], start
            while True:
                there = near[here].pop()
                near[there].remove(here)
                here = there
                if here == start:
                    break
                ring.append(here)
            made.append(ring)
    return made


def simplified(ring: Ring) -> Ring:
    """A closed ring without its closing point, without points that fall together or lie on a straight line; empty below a triangle."""
    made = [point for i, point in enumerate(ring) if point != ring[i - 1]]
    before = 0
    while len(made) != before:
        before, kept = len(made), []
        for i, point in enumerate(made):
            if not _straight(kept[-1] if kept else made[-1], point, made[(i + 1) % len(made)]):
                kept.append(point)
        made = [point for i, point in enumerate(kept) if point != kept[i - 1]]
    return made if len(made) >= 3 else []


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def shape(rings: list[Ring]) -> Shape | None:
    """Rings as one path in steps from point to point; None without any."""
    if not rings:
        return None
    parts = []
    for ring in rings:
        steps = "".join(f"{_signed(b[0] - a[0])}{_signed(b[1] - a[1])}" for a, b in pairwise(ring))
        parts.append(f"M{ring[0][0]},{ring[0][1]}l{steps}z")
    x, y = middle(max(rings, key=lambda ring: abs(_area(ring))))
    return Shape("".join(parts), x, y)


def _signed(value: int) -> str:
    return f" {value}" if value >= 0 else str(value)


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def middle(ring: Ring) -> Point:
    """Centre of gravity of a ring."""
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x, y = (sum((a[k] + b[k]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area) for k in (0, 1))
    return round(x), round(y)
