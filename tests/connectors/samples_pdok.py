"""Tiny valid borders."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from connectors.base import Raw

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SQUARE = [[6.01234567, 52.5], [6.1, 52.5], [6.1, 52.6], [6.01234567, 52.5]]


def feature(code: str, name: str = "", geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature as PDOK gives it."""
    return {"type": "Feature", "properties": {"statcode": code, "statnaam": name or code, "jrstatcode": f"2026{code}", **properties},
            "geometry": geometry or {"type": "MultiPolygon", "coordinates": [[SQUARE]]}}


def collection(*features: Any, following: str | None = None) -> bytes:
    """A feature collection, with a next link."""
    links = [{"rel": "self", "href": "x"}, *([{"rel": "next", "href": following}] if following else [])]
    return json.dumps({"type": "FeatureCollection", "features": features, "links": links}).encode()


def fetched(*features: Any, name: str = "gemeente-page-1") -> Raw:
    """One page."""
    return Raw(name, f"http://x/{name}", NOW, collection(*features))


SAMPLES: dict[str, list[Raw]] = {"pdok-borders": [fetched(feature("GM0193", "Zwolle")), fetched(feature("AM36", "Regio Zwolle"), name="arbeidsmarktregio-page-1")]}
