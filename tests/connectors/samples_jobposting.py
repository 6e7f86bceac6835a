"""A tiny valid vacancy site: a sitemap and one page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from connectors.base import Raw

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SITE = "https://www.werkenvoornederland.nl"
POSTING: dict[str, Any] = {
    "@context": "https://schema.org/", "@type": "JobPosting", "title": "Kok", "description": "&lt;p&gt;Koken in Zwolle&lt;/p&gt;", "datePosted": "2026-10-01",
    "hiringOrganization": {"@type": "Organization", "name": "Eetcafé De Buren"}, "jobLocation": {"@type": "Place", "address": {"addressLocality": "Zwolle", "addressCountry": "NL"}},
}


def page(posting: Any, body: str = "") -> bytes:
    """A page with this JSON-LD (text is taken as it is)."""
    text = posting if isinstance(posting, str) else json.dumps(posting, ensure_ascii=False)
    return f'<html><head><script type="application/ld+json">{text}</script></head><body>{body}</body></html>'.encode()


def urlset(*entries: tuple[str, str | None]) -> bytes:
    """A sitemap of (address, lastmod)."""
    cells = "".join(f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>" for loc, lastmod in entries)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{cells}</urlset>'.encode()


def crawled(content: bytes, name: str = "/vacatures/kok") -> Raw:
    """A page as fetched."""
    return Raw(name, SITE + name, NOW, content, "text/html")


SAMPLES: dict[str, list[Raw]] = {
    "jobposting-werkenvoornederland": [Raw("sitemap-1", f"{SITE}/sitemap-vacatures.xml", NOW, urlset((f"{SITE}/vacatures/kok", "2026-10-01"))), crawled(page(POSTING))],
}
