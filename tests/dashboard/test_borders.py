"""The map: real borders where the publication has them for every region, the tiles otherwise; neighbours keep the border they share."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from connectors.base import Raw
from connectors.pdok import Borders
from dashboard import areas, state
from dashboard.components.border_map import border_map, borders_of
from dashboard.components.cards import Context
from dashboard.components.tile_map import Mark
from dashboard.figures import borders
from dashboard.i18n import translator
from dashboard.pages import overview
from warehouse import asking_boundaries
from warehouse.queries import Reader

Show = Callable[[str], dict[str, Any]]


def square(west: float, south: float, size: float = 0.4) -> list[list[float]]:
    """A closed ring in degrees, with a point halfway its east side."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, (south + north) / 2], [east, north], [west, north], [west, south]]


def feature(code: str, *rings: list[list[float]]) -> dict[str, Any]:
    """A feature as PDOK gives it."""
    geometry = {"type": "Polygon", "coordinates": [rings[0]]} if len(rings) == 1 else {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "properties": {"statcode": code, "statnaam": code, "jrstatcode": f"2026{code}"}, "geometry": geometry}


def parsed(level: str, *features: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(level, code, geometry) as the connector reads them."""
    raw = Raw(f"{level}-page-1", "https://api.pdok.nl/x", datetime(2026, 7, 1, tzinfo=UTC), json.dumps({"type": "FeatureCollection", "features": list(features)}).encode())
    return [(r["level"], r["code"], r["geometry"]) for r in Borders(2026).parse([raw]).records["boundary"]]


REGIONS = parsed("arbeidsmarktregio", feature("AM01", square(5.0, 52.0)), feature("AM02", square(5.4, 52.0), square(6.6, 52.0, 0.2)))
TOWNS = parsed("gemeente", feature("GM0001", square(5.0, 52.0)), feature("GM0002", square(5.4, 52.0)), feature("GM0003", square(5.0, 52.4)))


def corners(path: str) -> list[list[tuple[int, int]]]:
    """Points of each ring of a path."""
    made = []
    for begin, steps in re.findall(r"M(-?\d+,-?\d+)l([^z]*)z", path):
        x, y = (int(v) for v in begin.split(","))
        ring, numbers = [(x, y)], [int(v) for v in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        made.append(ring)
    return made


def test_neighbours_keep_the_border_they_share() -> None:
    drawn = borders.drawing(REGIONS, ["AM01", "AM02"], {})
    assert drawn is not None and drawn.width == borders.WIDTH
    west, east = corners(drawn.regions["AM01"].path), corners(drawn.regions["AM02"].path)
    assert len(west) == 1 and len(east) == 2 and all(len(ring) == 4 for ring in [*west, *east])
    assert len(set(west[0]) & set(east[0])) == 2
    assert (drawn.regions["AM02"].x, drawn.regions["AM02"].y) == borders.middle(east[0])
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for ring in [*west, *east] for x, y in ring)


def test_a_region_without_a_border_of_its_own_is_the_outline_of_its_municipalities() -> None:
    drawn = borders.drawing(TOWNS, ["AM01"], {"GM0001": "AM01", "GM0002": "AM01", "GM0003": "AM01"})
    assert drawn is not None and set(drawn.municipalities) == {"GM0001", "GM0002", "GM0003"}
    (outline,) = corners(drawn.regions["AM01"].path)
    assert len(outline) == 6, "three squares in a corner are one shape with six corners"


@pytest.mark.parametrize("rows", [[], REGIONS[:1], TOWNS[:1]])
def test_a_region_that_cannot_be_drawn_means_no_drawing(rows: list[tuple[str, str, str]]) -> None:
    assert borders.drawing(rows, ["AM01", "AM02"], {"GM0001": "AM01", "GM0009": "AM02"}) is None


def test_straight_lines_need_no_points_between() -> None:
    assert set(borders.simplified([(0, 0), (0, 0), (5, 0), (9, 0), (9, 9), (0, 9), (0, 4), (0, 0)])) == {(0, 0), (9, 0), (9, 9), (0, 9)}
    assert borders.simplified([(0, 0), (5, 0), (9, 0)]) == []


def test_every_region_is_a_link_that_says_what_it_is_without_its_colour() -> None:
    drawn = borders.drawing(REGIONS, ["AM01", "AM02"], {})
    assert drawn is not None
    html = border_map(drawn, {"AM01": Mark("class-shortage", True, "1,6", "Oost: Tekort 1,6", "/?region=AM01"), "AM02": Mark("class-too_little_data", True, "", "West: te weinig", "/?region=AM02")}, "AM01", "Kaart")
    assert html.count("<a ") == 2 and "▲ 1,6" in html and 'aria-label="West: te weinig"' in html
    assert 'fill="url(#map-hatch)"' in html and html.index("AM02") < html.index("AM01"), "what is chosen is drawn last, on top"
    assert html.count('aria-current="true"') == 1


def whole_country(reader: Reader) -> pd.DataFrame:
    """Every region a square of its own in a grid, in PDOK's form."""
    codes = list(reader.regions()["code"])
    features = [feature(code, square(3.4 + 0.5 * (i % 7), 51.0 + 0.45 * (i // 7))) for i, code in enumerate(codes)]
    towns = [feature(code, square(3.5, 51.1, 0.1)) for code in ("GM0193", "GM0150")]
    return pd.DataFrame([*parsed("arbeidsmarktregio", *features), *parsed("gemeente", *towns)], columns=["level", "code", "geometry"])


def map_card(reader: Reader, address: str) -> str:
    there = areas.of_address(reader, address, state.Defaults())
    selection, _ = state.parse("/", address, there)
    return json.dumps(overview._map_card(Context(there, selection, translator(selection.lang))), ensure_ascii=False)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_draws_borders_where_there_are_any(reader: Reader, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = whole_country(reader)
    monkeypatch.setattr(asking_boundaries, "borders", lambda reader: rows)
    monkeypatch.setattr(reader, "_cache", type(reader._cache)(reader._cache))
    reader._cache.pop(("drawing of borders",), None)
    for address in (f"?lang={lang}", f"?sector=techniek&lang={lang}"):
        html = map_card(reader, address)
        assert html.count("<a class=\\\"area ") == len(reader.regions()) and "class=\\\"tile " not in html
        assert translator(lang)("overview.map_borders", year=2026) in html and translator(lang)("overview.map_tiles") not in html
    assert "class=\\\"own\\\"" in map_card(reader, f"?region=GM0193,GM0150&lang={lang}"), "an area of one's own has its outline"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_without_borders_the_page_has_tiles_and_says_so(reader: Reader, lang: str) -> None:
    assert asking_boundaries.borders(reader).empty and borders_of(reader) is None
    html = map_card(reader, f"?lang={lang}")
    assert html.count("class=\\\"tile ") == len(reader.regions()) and translator(lang)("overview.map_tiles") in html


def test_real_municipalities_make_a_small_map(reader: Reader, real_data: Any) -> None:
    """The real borders of 2022 (PDOK), for the regions that consist of municipalities that still exist."""
    text = (real_data / "nl" / "geo" / "gemeenten_nlstat.geojson").read_text(encoding="utf-8").replace('"2022GM', '"2026GM')
    found = [(r["level"], r["code"], r["geometry"]) for r in Borders(2026).parse([Raw("gemeente-page-1", "x", datetime(2026, 7, 1, tzinfo=UTC), text.encode())]).records["boundary"]]
    of = asking_boundaries.region_of(reader)
    whole = sorted({region for region in of.values() if all(("gemeente", town) in {(level, code) for level, code, _ in found} for town, at in of.items() if at == region)})
    drawn = borders.drawing(found, whole, of)
    assert drawn is not None and set(drawn.regions) == set(whole) and len(whole) > 30
    size = len(gzip.compress("".join(s.path for s in drawn.regions.values()).encode()))
    assert size < 40_000
    assert all(abs(sum(borders._area(ring) for ring in corners(s.path))) > 50 for s in drawn.regions.values())
