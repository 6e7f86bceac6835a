"""PDOK gebiedsindelingen: generalised borders of municipalities and labour-market regions, GeoJSON in WGS84.

Path: {base}/cbs/gebiedsindelingen/ogc/v1/collections/<level>_gegeneraliseerd/items?f=json&limit=1000&datetime=<year>-07-01T00:00:00Z
for <level> gemeente and arbeidsmarktregio, followed through links with rel next. Read of a feature: geometry (Polygon,
MultiPolygon), properties statcode, statnaam and jrstatcode or jaarcode.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

LEVELS = ("gemeente", "arbeidsmarktregio")
DECIMALS = 4  # about ten metres
MAX_PAGES = 50
# The European Netherlands in degrees, with room; coordinates in metres (RD) lie far outside.
WEST, EAST, SOUTH, NORTH = 2.5, 8.0, 50.0, 54.5


class Borders(Source):
    """Borders of one year."""

    key = "pdok-borders"
    title = "PDOK: grenzen van gemeenten en arbeidsmarktregio's"
    title_en = "PDOK: borders of municipalities and labour-market regions"
    publisher = "CBS en Kadaster (PDOK)"
    licence = "CC BY 4.0"
    attribution = "CBS, Kadaster (PDOK)"
    home_page = "https://www.pdok.nl"
    schedule = "50 4 5 1,7 *"
    tables = ("boundary",)
    base_url = "https://api.pdok.nl"
    requests_per_second = 2.0
    stale_after = timedelta(days=420)

    def __init__(self, year: int) -> None:
        self.year = year

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        for level in LEVELS:
            url: str | None = (f"{self.base_url}/cbs/gebiedsindelingen/ogc/v1/collections/{level}_gegeneraliseerd/items"
                               f"?f=json&limit=1000&datetime={self.year}-07-01T00:00:00Z")
            seen: set[str] = set()
            while url:
                if url in seen or len(seen) >= MAX_PAGES:
                    raise SchemaDrift(f"pdok-borders: the pages of {level} do not end (page {len(seen) + 1})", "links")
                seen.add(url)
                raw = context.http.get(url, f"{level}-page-{len(seen)}", headers={"Accept": "application/geo+json"},
                                       previous=context.previous.get(url))
                yield raw
                links = collection(raw).get("links")
                url = next((str(link["href"]) for link in (links if isinstance(links, list) else [])
                            if isinstance(link, dict) and link.get("rel") == "next" and link.get("href")), None)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed(reference_period=str(self.year))
        kept = parsed.records.setdefault("boundary", [])
        for raw in raws:
            level = raw.name.split("-page-")[0]
            if level not in LEVELS:
                raise SchemaDrift(f"pdok-borders: {raw.name} is of no known level ({', '.join(LEVELS)})", "level")
            for feature in collection(raw)["features"]:
                found = feature.get("properties") if isinstance(feature, dict) else None
                properties = found if isinstance(found, dict) else {}
                code, name = _text(properties.get("statcode")), _text(properties.get("statnaam"))
                year = _year(properties)
                shown = f"{code} {name} {year or ''}".strip()[:300]
                if year is not None and year != self.year:
                    detail = f"the border is of {year}, {self.year} was asked for"
                    parsed.rejects.append(Reject(shown, "other year", detail, raw.name))
                    continue
                geometry = rounded(feature.get("geometry")) if isinstance(feature, dict) else None
                if not code or geometry is None:
                    parsed.rejects.append(Reject(shown, "no border", "no statcode or no polygon", raw.name))
                    continue
                kept.append({"level": level, "code": code, "year": self.year, "name": name or code,
                             "geometry": json.dumps(geometry, separators=(",", ":"))})
        return parsed


def collection(raw: Raw) -> dict[str, Any]:
    """A GeoJSON feature collection. Raises SchemaDrift."""
    try:
        document = json.loads(raw.content)
    except (ValueError, RecursionError) as error:
        raise SchemaDrift(f"{raw.name} is no GeoJSON ({error})", "features") from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise SchemaDrift(f"{raw.name} has no list 'features'", "features")
    return document


def rounded(geometry: Any) -> dict[str, Any] | None:
    """A Polygon or MultiPolygon with coordinates of DECIMALS decimals and without the points that then coincide.

    None when it is no polygon. Rings that shrink to less than a triangle are left out. Raises SchemaDrift when the
    coordinates are no degrees in the Netherlands (another projection).
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        return None
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    try:
        kept = [rings for polygon in polygons if (rings := _rings(polygon))]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    if not kept:
        return None
    return {"type": geometry["type"], "coordinates": kept[0] if geometry["type"] == "Polygon" else kept}


def _rings(polygon: Any) -> list[list[list[float]]]:
    """Rings of a polygon, the outer one first; none when the outer one vanishes."""
    rings = [_ring(ring) for ring in polygon]
    return [rings[0], *(r for r in rings[1:] if r)] if rings and rings[0] else []


def _ring(points: Any) -> list[list[float]]:
    made: list[list[float]] = []
    for point in points:
        x, y = float(point[0]), float(point[1])
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError("a coordinate is no number")
        if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
            raise SchemaDrift(f"pdok-borders: {x}, {y} are no degrees (WGS84) in the Netherlands", "coordinates")
        place = [round(x, DECIMALS), round(y, DECIMALS)]
        if not made or made[-1] != place:
            made.append(place)
    return made if len(made) >= 4 and made[0] == made[-1] else []


def _year(properties: Mapping[str, Any]) -> int | None:
    """Year of a border, from jaarcode or from jrstatcode (2026GM0193); None when it says nothing."""
    for name in ("jaarcode", "jrstatcode"):
        text = _text(properties.get(name))[:4]
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text)
    return None


def _text(value: Any) -> str:
    return str(value).strip().encode("utf-8", "replace").decode() if isinstance(value, str | int) else ""


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: region_year."""
    return [Borders(int(config.get("region_year") or 2026))]
