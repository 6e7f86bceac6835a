"""Vacancy sites with a sitemap and schema.org JobPosting in their pages (sitemap -> page -> application/ld+json).

Paths: the sitemap of the site (a sitemap index is followed, .gz is unpacked), then every page it lists. Pages seen before
are asked for conditionally, so that an unchanged page is not sent again.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from selectolax.lexbor import LexborHTMLParser

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import ConfigurationError, RefusedError, SchemaDrift

MAX_SITEMAPS = 50
MAX_SITEMAP_BYTES = 60_000_000
_SCRIPT = re.compile(rb"<script[^>]*application/ld\+json[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",\s*([}\]])")
SECTIONS = ("dit_ga_je_doen_anchor", "dit_vragen_wij_anchor", "hier_kom_je_te_werken_anchor", "bijzonderheden_anchor")


class JobPostingSite(Source):
    """One site."""

    tables = ("advert",)
    crawls = True
    keeps_history = True
    stale_after = timedelta(days=7)
    max_response_bytes = 20_000_000

    def __init__(self, key: str, title: str, sitemap: str, publisher: str = "", licence: str = "unknown: ask the site",
                 requests_per_second: float = 1.0, max_pages: int = 2000, sections: Sequence[str] = ()) -> None:
        parts = urlsplit(sitemap)
        self.key = f"jobposting-{key}"
        self.title = f"Vacatures: {title}"
        self.title_en = f"Vacancies: {title}"
        self.publisher = publisher or title
        self.licence = licence
        self.attribution = title
        self.home_page = f"{parts.scheme}://{parts.netloc}"
        self.base_url = self.home_page
        self.schedule = "20 1 * * *"
        self.requests_per_second = requests_per_second
        self._sitemap_path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._max_pages = max_pages
        self._sections = tuple(sections)

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        pages: dict[str, str | None] = {}
        queue, read = [self.base_url + self._sitemap_path], 0
        while queue and read < MAX_SITEMAPS:
            raw = context.http.get(queue.pop(0), f"sitemap-{read + 1}")
            read += 1
            yield raw
            further, listed = sitemap(raw)
            queue.extend(self._own(url) for url in further)
            pages.update({self._own(url): changed for url, changed in listed})
        chosen = list(pages)[: self._max_pages]
        for number, url in enumerate(chosen, 1):
            try:
                yield context.http.get(url, _path(url), previous=context.previous.get(url))
            except (ConfigurationError, RefusedError) as error:  # gone since the sitemap was made, or not for robots
                yield Raw(_path(url), url, datetime.now(UTC), b"", f"error/{type(error).__name__}")
            context.progress(number, len(chosen))

    def _own(self, url: str) -> str:
        """An address of the site; a mirror (base_url elsewhere) keeps path and query."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" == self.home_page and self.base_url != self.home_page:
            return self.base_url + parts.path + (f"?{parts.query}" if parts.query else "")
        return url

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        made: dict[str, dict[str, Any]] = {}
        for raw in raws:
            if raw.name.startswith("sitemap-"):
                continue
            if not raw.content:
                parsed.rejects.append(Reject(raw.name, "page not available", "gone since the sitemap was made, or closed by robots.txt", raw.name))
                continue
            postings = job_postings(raw.content)
            if not postings:
                parsed.rejects.append(Reject(raw.name, "no JobPosting", "the page has no schema.org JobPosting", raw.name))
            for posting in postings:
                self._keep(posting, raw, made, parsed)
        parsed.records["advert"] = list(made.values())
        dates = [r["published_on"] for r in made.values()]
        parsed.reference_period = max(dates).isoformat() if dates else None
        return parsed

    def _keep(self, posting: Mapping[str, Any], raw: Raw, made: dict[str, dict[str, Any]], parsed: Parsed) -> None:
        title, published = _text(posting.get("title")), posted_on(posting.get("datePosted"))
        description = unescaped(_text(posting.get("description")))
        if self._sections:
            description = "\n".join([description, *page_sections(raw.content, self._sections)])
        for missing, reason, detail in (
            (not title, "no title", "title is missing"), (not description.strip(), "no text", "description is missing"),
            (published is None, "no date", f"datePosted is {posting.get('datePosted')!r}"),
        ):
            if missing:
                parsed.rejects.append(Reject(f"{title or raw.name}"[:300], reason, detail, raw.name))
                return
        assert published is not None
        identifier = posting.get("identifier")
        value = _text(identifier.get("value")) if isinstance(identifier, Mapping) else _text(identifier)
        url = _text(posting.get("url")) or raw.url
        source_id = value or url
        if source_id in made:
            parsed.rejects.append(Reject(title[:300], "duplicate key", f"{source_id} came twice; the first is kept", raw.name))
            return
        place, province, postcode, country = location(posting.get("jobLocation"))
        closes = posted_on(posting.get("validThrough"))
        made[source_id] = {
            "source": self.key, "source_id": source_id[:200], "url": url, "title": title, "description": description,
            "employer": organisation(posting.get("hiringOrganization")), "advertiser_kind": "unknown", "place_text": place, "province_text": province,
            "postcode": postcode, "country": country, "published_on": published, "closes_on": closes,
            "employment_type": ", ".join(_list_text(posting.get("employmentType"))) or None,
            "education_text": education(posting.get("educationRequirements")), "occupation_text": ", ".join(_list_text(posting.get("occupationalCategory"))) or None,
            "first_seen": published, "last_seen": max(published, min(raw.retrieved_at.date(), closes or raw.retrieved_at.date())),
        }


def _path(url: str) -> str:
    """Path and query of a page: its stable name, whichever host serves it."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def sitemap(raw: Raw) -> tuple[list[str], list[tuple[str, str | None]]]:
    """(further sitemaps, pages with lastmod). Raises SchemaDrift or RefusedError."""
    content = raw.content
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(MAX_SITEMAP_BYTES + 1)
        except (OSError, EOFError) as error:
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


def job_postings(content: bytes) -> list[dict[str, Any]]:
    """All JobPosting objects of a page, also inside lists and @graph; broken JSON is mended where that is safe."""
    found: list[dict[str, Any]] = []
    for block in _SCRIPT.findall(content):
        document = _loads(block.decode("utf-8", "replace").strip().removeprefix("<!--").removesuffix("-->").strip())
        queue = [document]
        while queue:
            item = queue.pop(0)
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                kinds = item.get("@type")
                if kinds == "JobPosting" or (isinstance(kinds, list) and "JobPosting" in kinds):
                    found.append(item)
                else:
                    queue.extend(v for k, v in item.items() if k in ("@graph", "mainEntity", "itemListElement", "item"))
    return found


def _loads(text: str) -> Any:
    for attempt in (text, _CONTROL.sub(" ", text), _TRAILING.sub(r"\1", _CONTROL.sub(" ", text)), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def unescaped(text: str) -> str:
    """A description as HTML or text: escaping of markup is taken away at most twice."""
    for _ in range(2):
        if "<" in text or not re.search(r"&(lt|amp|#60);", text):
            break
        text = html.unescape(text)
    return text


def page_sections(content: bytes, identifiers: Sequence[str]) -> list[str]:
    """HTML of the page's sections with these ids (or of the element that follows such an anchor)."""
    tree = LexborHTMLParser(content)
    found = []
    for identifier in identifiers:
        node = tree.css_first(f'[id="{identifier}"]')
        if node is not None and not (node.text() or "").strip():
            node = node.next
            while node is not None and node.tag == "-text":
                node = node.next
        if node is not None and node.html:
            found.append(node.html)
    return found


def posted_on(value: Any) -> date | None:
    """A date in any of the forms sites use (ISO with or without time and colonless zone, dd-mm-yyyy); None otherwise."""
    text = _text(value)
    match = re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})", text) or re.match(r"^(\d{4})(\d{2})(\d{2})$", text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
        match = re.match(r"^(\d{1,2})[-/](\d{1,2})[-/](\d{4})", text)
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def location(value: Any) -> tuple[str | None, str | None, str | None, str | None]:
    """(place, province, postcode, country) of a jobLocation: an object, a list, or text. Several places are joined by /."""
    rows = []
    for item in value if isinstance(value, list) else [value]:
        address = item.get("address", item) if isinstance(item, Mapping) else item
        if isinstance(address, list):
            address = address[0] if address else None
        if isinstance(address, Mapping):
            country = address.get("addressCountry")
            country = country.get("name") if isinstance(country, Mapping) else country
            rows.append((_text(address.get("addressLocality")), _text(address.get("addressRegion")), _text(address.get("postalCode")), _text(country)))
        elif isinstance(address, str):
            rows.append((address.strip(), "", "", ""))
    places = list(dict.fromkeys(r[0] for r in rows if r[0]))
    first = rows[0] if rows else ("", "", "", "")
    return " / ".join(places) or None, (first[1] or None) if len(places) < 2 else None, first[2] or None, first[3] or None


def organisation(value: Any) -> str | None:
    """Name of a hiring organisation: an object or text."""
    if isinstance(value, list):
        value = value[0] if value else None
    return (_text(value.get("name")) if isinstance(value, Mapping) else _text(value)) or None


def education(value: Any) -> str | None:
    """Requested education as text: text, a list or EducationalOccupationalCredential objects."""
    parts = [_text(v.get("credentialCategory") or v.get("name") or v.get("description")) if isinstance(v, Mapping) else _text(v)
             for v in (value if isinstance(value, list) else [value])]
    return ", ".join(p for p in parts if p) or None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list_text(value: Any) -> list[str]:
    return [t for t in (_text(v) for v in (value if isinstance(value, list) else [value])) if t]


SHIPPED: dict[str, Any] = {"key": "werkenvoornederland", "title": "Werken voor Nederland", "sitemap": "https://www.werkenvoornederland.nl/sitemap-vacatures.xml",
           "publisher": "Rijksoverheid", "licence": "CC0 1.0", "requests_per_second": 5.0}


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: sites, max_pages. The shipped example is Werken voor Nederland, whose pages have sections beside their JSON-LD."""
    pages = int(config.get("max_pages") or 2000)
    made: list[Source] = [JobPostingSite(**SHIPPED, max_pages=pages, sections=SECTIONS)]
    made += [JobPostingSite(**site, max_pages=pages) for site in config.get("sites") or []]
    return made

