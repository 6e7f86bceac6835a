"""PDOK gebiedsindelingen: generalised borders of municipalities and labour-market regions, GeoJSON in WGS84.

Path: {base}/cbs/gebiedsindelingen/ogc/v1/collections/<level>_gegeneraliseerd/items?f=json&limit=..&datetime=<year>-07-01T00:00:00Z,
followed through links with rel next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

LEVELS = ("gemeente", "arbeidsmarktregio")
DECIMALS = 4
MAX_PAGES = 50


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
            number = 1
            while url and number <= MAX_PAGES:
                raw = context.http.get(url, f"{level}-page-{number}", headers={"Accept": "application/geo+json"})
                yield raw
                links = collection(raw).get("links") or []
                url = next((str(link["href"]) for link in links if isinstance(link, dict) and link.get("rel") == "next" and link.get("href")), None)
                number += 1

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed(reference_period=str(self.year))
        kept = parsed.records.setdefault("boundary", [])
        for raw in raws:
            level = raw.name.split("-page-")[0]
            for feature in collection(raw)["features"]:
                properties = feature.get("properties") if isinstance(feature, dict) else None
                geometry = feature.get("geometry") if isinstance(feature, dict) else None
                code = str((properties or {}).get("statcode") or "").strip()
                if not code or not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
                    parsed.rejects.append(Reject(str(properties)[:300], "no border", "no statcode or no polygon", raw.name))
                    continue
                rounded = {"type": geometry["type"], "coordinates": _rounded(geometry.get("coordinates"))}
                kept.append({"level": level, "code": code, "year": self.year, "name": str(properties.get("statnaam") or code) if properties else code,
                             "geometry": json.dumps(rounded, separators=(",", ":"))})
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


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: region_year."""
    return [Borders(int(config.get("region_year") or 2026))]
