"""Sitemaps (sitemaps.org): which pages a site has and when each last changed; an index is followed, .gz is unpacked.

Everything is bounded: sitemaps read, bytes unpacked, pages listed. Entities and external references are refused.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from connectors.base import Raw
from connectors.errors import RefusedError, SchemaDrift

MAX_SITEMAPS = 50
MAX_SITEMAP_BYTES = 60_000_000
MAX_PAGES = 500_000
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def sitemap(raw: Raw) -> tuple[list[str], list[tuple[str, str | None]]]:
    """(further sitemaps, pages with lastmod). Raises SchemaDrift or RefusedError."""
    content = raw.content
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(MAX_SITEMAP_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise SchemaDrift(f"{raw.name} is no readable gzip ({error})", "urlset") from error
        if len(content) > MAX_SITEMAP_BYTES:
            raise RefusedError(f"{raw.name} unpacks to more than {MAX_SITEMAP_BYTES:,} bytes")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise SchemaDrift(f"{raw.name} is no sitemap: {error}", "urlset") from error
    kind = root.tag.rsplit("}", 1)[-1]
    if kind not in ("urlset", "sitemapindex"):
        raise SchemaDrift(f"{raw.name} is no sitemap but <{kind}>", "urlset")
    entries = []
    for entry in root:
        cells = {child.tag.rsplit("}", 1)[-1]: (child.text or "").strip() for child in entry}
        if cells.get("loc"):
            entries.append((cells["loc"], cells.get("lastmod") or None))
    return ([e[0] for e in entries], []) if kind == "sitemapindex" else ([], entries)


def walk(start: str, get: Callable[[str, str], Raw], own: Callable[[str], str], pages: dict[str, str | None]) -> Iterator[Raw]:
    """Yield the sitemaps from `start` on ("sitemap-1", ...), each once, and fill `pages` (address -> lastmod) in their order.

    `get(address, name)` fetches, `own(address)` rewrites addresses to a mirror. Raises what these and `sitemap` raise, and
    RefusedError when there are more pages than a vacancy site can have.
    """
    queue, seen = [start], {start}
    number = 0
    while queue and number < MAX_SITEMAPS:
        number += 1
        raw = get(queue.pop(0), f"sitemap-{number}")
        yield raw
        further, listed = sitemap(raw)
        for address in map(own, further):
            if address not in seen:
                seen.add(address)
                queue.append(address)
        for address, changed in listed:
            pages.setdefault(own(address), changed)
        if len(pages) > MAX_PAGES:
            raise RefusedError(f"{start} lists more than {MAX_PAGES:,} pages")


def moment(lastmod: str | None) -> datetime | None:
    """The latest moment (UTC) a lastmod can mean, or None when it is missing or unreadable.

    A bare day means any moment of that day, so its end: a page read earlier that day may have changed since.
    """
    if not lastmod:
        return None
    try:
        if _DAY.match(lastmod):
            return datetime.fromisoformat(lastmod).replace(tzinfo=UTC) + timedelta(days=1)
        found = datetime.fromisoformat(lastmod)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
