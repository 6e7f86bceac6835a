"""Vacancy sites with a sitemap and schema.org JobPosting in their pages (sitemap -> page -> application/ld+json).

Paths: {base}/robots.txt, the sitemap of the site (connectors/sitemap.py), then the pages it lists. A page whose lastmod is
not newer than the copy we keep is not asked for again; of the others at most `max_pages` are asked for per load, new ones
first and conditionally where we have a copy.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from connectors.base import Conditional, FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import ConfigurationError, RefusedError, TransientError
from connectors.sitemap import moment, sitemap, walk

EARLIEST_YEAR, LATEST_CLOSING_YEAR = 2000, 2100
FAILURES_IN_A_ROW = 5
_SCRIPT = re.compile(rb"<script[^>]*application/ld(?:\+|&#x2b;|&#43;)json[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*|/\*\s*)?<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://\s*|/\*\s*)?\]\]>(?:\s*\*/)?|;)\s*$")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",\s*([}\]])")
_MARKUP = re.compile(r"</?(?:p|br|ul|ol|li|div|span|strong|b|i|u|em|h[1-6]|table|tr|td|a|section|article)\b[^<>]*>", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_POSTCODE = re.compile(r"\b(\d{4})\s?([A-Z]{2})\b[\s,]*(.*)$")
_TYPES = ("JobPosting", "schema:JobPosting", "http://schema.org/JobPosting", "https://schema.org/JobPosting")
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_MONTHS = {name: number for number, names in enumerate((
    "jan", "feb", "mar maa mrt", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec"), 1) for name in names.split()}
SECTIONS = ("dit_ga_je_doen_anchor", "dit_vragen_wij_anchor", "hier_kom_je_te_werken_anchor", "bijzonderheden_anchor")
UNAVAILABLE = {
    ConfigurationError.__name__: "the site refuses it or it is gone since the sitemap was made",
    RefusedError.__name__: "closed by robots.txt, too large, or on a host this source does not declare",
    TransientError.__name__: "the site did not answer properly; the next load tries again",
}


@dataclass(frozen=True)
class Place:
    """Where the work is, as written."""

    place: str | None = None
    province: str | None = None
    postcode: str | None = None
    country: str | None = None


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
        host = parts.hostname or ""
        self.hosts = (host.removeprefix("www.") if host.startswith("www.") else f"www.{host}",)
        self.schedule = "20 1 * * *"
        self.requests_per_second = requests_per_second
        self._sitemap_path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._max_pages = max_pages
        self._sections = tuple(sections)

    # --- fetch -----------------------------------------------------------------------------------------------
    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        listed: dict[str, str | None] = {}
        yield from walk(self.base_url + self._sitemap_path, context.http.get, self._own, listed)
        chosen = self._due(listed, context.previous)
        done = failures = 0
        for url, changed in listed.items():
            kept = context.previous.get(url)
            if url not in chosen:
                copy = _copy(url, kept, context.now) if kept else None
                if copy is not None:
                    yield copy
                continue
            try:
                raw = context.http.get(url, _path(url), previous=kept)
                failures = 0
            except (ConfigurationError, RefusedError, TransientError) as error:
                failures = failures + 1 if isinstance(error, TransientError) else 0
                if failures >= FAILURES_IN_A_ROW:  # it is the site, not the page
                    raise
                raw = Raw(_path(url), url, context.now, b"", f"error/{type(error).__name__}")
            yield _dated(raw, changed, context.now)
            done += 1
            context.progress(done, len(chosen))

    def _due(self, listed: Mapping[str, str | None], previous: Mapping[str, Conditional]) -> set[str]:
        """Pages to ask for now: never read first, then changed ones, then those of which nothing is known; newest first."""
        ranked = []
        for position, (url, lastmod) in enumerate(listed.items()):
            changed, kept = moment(lastmod), previous.get(url)
            known = _http_moment(kept.last_modified) if kept else None
            if changed and known and changed <= known:
                continue
            rank = 0 if kept is None else 1 if changed else 2
            ranked.append((rank, -(changed.timestamp() if changed else 0.0), position, url))
        return {entry[-1] for entry in sorted(ranked)[: self._max_pages]}

    def _own(self, url: str) -> str:
        """An address of the site; a mirror (base_url elsewhere) keeps path and query."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" == self.home_page and self.base_url != self.home_page:
            return self.base_url + parts.path + (f"?{parts.query}" if parts.query else "")
        return url

    # --- parse -----------------------------------------------------------------------------------------------
    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        drafts: list[tuple[str, dict[str, Any], Raw]] = []
        listed = pages = 0
        for raw in raws:
            if raw.name.startswith("sitemap-"):
                listed += len(sitemap(raw)[1])
                continue
            pages += 1
            if not raw.content:
                detail = UNAVAILABLE.get(raw.media_type.removeprefix("error/"), "the page came back empty")
                parsed.rejects.append(Reject(raw.name, "page not available", detail, raw.name))
                continue
            postings = job_postings(raw.content)
            if not postings:
                parsed.rejects.append(Reject(raw.name, "no JobPosting", "the page has no schema.org JobPosting", raw.name))
            for posting in postings:
                made = self._advert(posting, raw)
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                else:
                    drafts.append((identifier(posting.get("identifier")), made, raw))
        if listed > pages:
            parsed.notes.append(f"the sitemap lists {listed:,} pages, {pages:,} were read so far (setting sources.max_pages)")
        parsed.records["advert"] = _identified(drafts, parsed)
        dates = [r["published_on"] for r in parsed.records["advert"]]
        parsed.reference_period = max(dates).isoformat() if dates else None
        return parsed

    def _advert(self, posting: Mapping[str, Any], raw: Raw) -> dict[str, Any] | Reject:
        """The record of a JobPosting without its source_id, or why there is none."""
        title, published, seen = _text(posting.get("title")), posted_on(posting.get("datePosted")), raw.retrieved_at.date()
        description = unescaped("\n".join(_list_text(posting.get("description"))))
        if self._sections:
            description = "\n".join([description, *page_sections(raw.content, self._sections)])
        found = posting.get("datePosted")
        for missing, reason, detail in (
            (not title, "no title", "title is missing"), (not description.strip(), "no text", "description is missing"),
            (published is None, "no date", f"datePosted is {found!r}"),
            (published is not None and not (published.year >= EARLIEST_YEAR and published <= seen + timedelta(days=366)),
             "implausible date", f"datePosted is {found!r}, read on {seen}"),
        ):
            if missing:
                return Reject(f"{title or raw.name}"[:300], reason, detail, raw.name)
        assert published is not None
        page = self.home_page + raw.name if raw.name.startswith("/") else raw.url
        where = location(posting.get("jobLocation"))
        closes = posted_on(posting.get("validThrough"))
        if closes and not EARLIEST_YEAR <= closes.year <= LATEST_CLOSING_YEAR:  # 9999-12-31 means: no closing date
            closes = None
        return {
            "source": self.key, "url": web_address(_text(posting.get("url")), page), "title": title, "description": description,
            "employer": organisation(posting.get("hiringOrganization")), "advertiser_kind": "unknown",
            "place_text": where.place, "province_text": where.province, "postcode": where.postcode, "country": where.country,
            "published_on": published, "closes_on": closes,
            "employment_type": ", ".join(_list_text(posting.get("employmentType"))) or None,
            "education_text": education(posting.get("educationRequirements")),
            "occupation_text": ", ".join(_list_text(posting.get("occupationalCategory"))) or None,
            "first_seen": published, "last_seen": max(published, min(seen, closes or seen)),
        }


def _identified(drafts: Sequence[tuple[str, dict[str, Any], Raw]], parsed: Parsed) -> list[dict[str, Any]]:
    """Records with a source_id: the site's identifier, or the address where an identifier is shared by several adverts.

    Sites number per department, or put their own number there; an identifier that names several adverts names none.
    """
    named: dict[str, set[tuple[str, str]]] = {}
    for value, advert, _ in drafts:
        named.setdefault(value, set()).add((advert["title"], advert["description"]))
    made: dict[str, dict[str, Any]] = {}
    for value, advert, raw in drafts:
        source_id = short(value if value and len(named[value]) == 1 else advert["url"])
        if source_id in made and made[source_id]["title"] != advert["title"]:  # several adverts on one page
            source_id = short(f"{source_id}\0{advert['title']}")
        if source_id in made:
            detail = f"{source_id} came twice; the first is kept"
            parsed.rejects.append(Reject(advert["title"][:300], "duplicate key", detail, raw.name))
            continue
        made[source_id] = {**advert, "source_id": source_id}
    return list(made.values())


def short(identity: str) -> str:
    """An identity of at most 200 characters: itself, or its SHA-256 when it is longer or made of parts."""
    return identity if len(identity) <= 200 and "\0" not in identity else hashlib.sha256(identity.encode()).hexdigest()


def web_address(url: str, page: str) -> str:
    """An http(s) address fit for a link: `url` (also relative to the page), or the page itself."""
    try:
        joined = urljoin(page, url) if url else page
        return joined if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).hostname else page
    except ValueError:
        return page


def _path(url: str) -> str:
    """Path and query of a page: its stable name, whichever host serves it."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _http_moment(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value) if value else None
        return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
    except (TypeError, ValueError):
        return None


def _dated(raw: Raw, lastmod: str | None, now: datetime) -> Raw:
    """The page with the sitemap's lastmod as its Last-Modified, where the server gave none and that moment has passed."""
    changed = moment(lastmod)
    if raw.last_modified or not raw.content or changed is None or changed > now:
        return raw
    return replace(raw, last_modified=format_datetime(changed, usegmt=True))


def _copy(url: str, kept: Conditional, now: datetime) -> Raw | None:
    """The page as we keep it, seen again in the sitemap; None when the copy cannot be read (it is asked for another time)."""
    try:
        content = kept.load()
    except Exception:  # whatever the store raises: a damaged copy must not stop the site
        return None
    if not content:  # it could not be read last time
        return None
    return Raw(_path(url), url, now, content, "text/html", kept.etag, kept.last_modified, not_modified=True)


# --- reading a page -------------------------------------------------------------------------------------------
def job_postings(content: bytes) -> list[dict[str, Any]]:
    """All JobPosting objects of a page, also inside lists and @graph; broken JSON is mended where that is safe."""
    found: list[dict[str, Any]] = []
    for block in _SCRIPT.findall(content):
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            text = block.decode("cp1252", "replace")
        queue = [_loads(_WRAPPING.sub("", text).strip())]
        while queue:
            item = queue.pop(0)
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                kinds = item.get("@type")
                if any(kind in _TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
                    found.append(item)
                else:
                    queue.extend(v for k, v in item.items() if k in _INSIDE)
    return found


def _loads(text: str) -> Any:
    spaced = _CONTROL.sub(" ", text)
    for attempt in (text, spaced, _TRAILING.sub(r"\1", spaced), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def unescaped(text: str) -> str:
    """A description as HTML or text: escaping of markup is taken away at most twice."""
    for _ in range(2):
        if _MARKUP.search(text) or not re.search(r"&(lt|amp|#60);", text):
            break
        text = html.unescape(text)
    return _storable(text)


def page_sections(content: bytes, identifiers: Sequence[str]) -> list[str]:
    """HTML of the page's sections with these ids (or of the element that follows such an anchor)."""
    tree = LexborHTMLParser(content)
    found = []
    for wanted in identifiers:
        node = tree.css_first(f'[id="{wanted}"]')
        if node is not None and not (node.text() or "").strip():
            node = node.next
            while node is not None and node.tag == "-text":
                node = node.next
        if node is not None and node.html:
            found.append(_storable(node.html))
    return found


def posted_on(value: Any) -> date | None:
    """A date in any of the forms sites use; None when there is none.

    ISO with or without time, dd-mm-yyyy (mm/dd/yyyy only where it cannot be dd/mm), yyyymmdd, "7 maart 2025",
    "Mar 7th, 2025", RFC 2822, and Unix seconds or milliseconds.
    """
    text = _text(value)
    try:
        if re.fullmatch(r"\d{10}|\d{13}", text):
            return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC).date()
        match = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text) or re.match(r"(\d{4})(\d{2})(\d{2})(?:T|$)", text)
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
        match = re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
        if match:
            day, month = int(match[1]), int(match[2])
            return date(int(match[3]), day, month) if month > 12 else date(int(match[3]), month, day)
        match = re.match(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|e)?\s+([a-z]+)\.?,?\s+(\d{4})", text, re.IGNORECASE)
        if match:
            return date(int(match[3]), _MONTHS.get(match[2][:3].lower(), 0), int(match[1]))
        match = re.match(r"(?:[a-z]+,\s+)?([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", text, re.IGNORECASE)
        return date(int(match[3]), _MONTHS.get(match[1][:3].lower(), 0), int(match[2])) if match else None
    except (ValueError, OverflowError, OSError):
        return None


def location(value: Any) -> Place:
    """Place of a jobLocation: an object, a list, or text. Several places are joined by /."""
    rows: list[Place] = []
    for item in value if isinstance(value, list) else [value]:
        address = item.get("address", item) if isinstance(item, Mapping) else item
        if isinstance(address, list):
            address = address[0] if address else None
        if isinstance(address, Mapping):
            rows.append(Place(*(_name(address.get(k)) for k in ("addressLocality", "addressRegion", "postalCode", "addressCountry"))))
        elif isinstance(address, str) and address.strip():
            text = _plain(address)
            match = _POSTCODE.search(text)  # "Hanzelaan 1, 8017 JK Zwolle"
            rows.append(Place(match[3], postcode=f"{match[1]} {match[2]}") if match and match[3] else Place(text))
    places = list(dict.fromkeys(r.place for r in rows if r.place))
    if len(places) < 2:
        return rows[0] if rows else Place()
    return Place(" / ".join(places), country=rows[0].country)


def organisation(value: Any) -> str | None:
    """Name of a hiring organisation: an object or text."""
    if isinstance(value, list):
        value = value[0] if value else None
    return (_text(value.get("name") or value.get("legalName")) if isinstance(value, Mapping) else _text(value)) or None


def identifier(value: Any) -> str:
    """A posting's identifier: text, a number, a PropertyValue, or the first of a list; empty when there is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value.get("value") or value.get("@id")) if isinstance(value, Mapping) else _text(value)


def education(value: Any) -> str | None:
    """Requested education as text: text, a list or EducationalOccupationalCredential objects."""
    parts = [_text(v.get("credentialCategory") or v.get("name") or v.get("description")) if isinstance(v, Mapping) else _text(v)
             for v in (value if isinstance(value, list) else [value])]
    return ", ".join(p for p in parts if p) or None


def _text(value: Any) -> str:
    if isinstance(value, Mapping):  # {"@value": "...", "@language": "nl"}
        value = value.get("@value")
    if isinstance(value, str):
        return _storable(value).strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _storable(text: str) -> str:
    """Without what no UTF-8 text can hold: half a surrogate pair (\\ud83d in JSON) and NUL."""
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text


def _plain(value: Any) -> str:
    return " ".join(html.unescape(_text(value)).split())


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _plain(value.get("name") or value.get("@value") if isinstance(value, Mapping) else value) or None


def _list_text(value: Any) -> list[str]:
    return [t for t in (_text(v) for v in (value if isinstance(value, list) else [value])) if t]


# --- configured sites -----------------------------------------------------------------------------------------
WERKENVOORNEDERLAND: Mapping[str, Any] = {
    "key": "werkenvoornederland", "title": "Werken voor Nederland", "publisher": "Rijksoverheid", "licence": "CC0 1.0",
    "sitemap": "https://www.werkenvoornederland.nl/sitemap-vacatures.xml", "requests_per_second": 5.0, "sections": SECTIONS,
}
SITE_KEYS = ("key", "title", "sitemap", "publisher", "licence", "requests_per_second", "sections")


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: sites, max_pages. The shipped example is Werken voor Nederland, whose pages have sections beside their JSON-LD.

    Raises ConfigurationError naming a site's wrong or missing key.
    """
    pages = int(config.get("max_pages") or 2000)
    made: list[Source] = []
    for site in (WERKENVOORNEDERLAND, *(config.get("sites") or [])):
        unknown = [k for k in site if k not in SITE_KEYS]
        missing = [k for k in ("key", "title", "sitemap") if not site.get(k)]
        if unknown or missing:
            problem = f"unknown key {unknown[0]!r}" if unknown else f"key {missing[0]!r} is missing"
            raise ConfigurationError(f"sources.sites {site.get('key', '')}: {problem}; allowed are {', '.join(SITE_KEYS)}")
        made.append(JobPostingSite(**site, max_pages=pages))
    return made


__all__ = ["JobPostingSite", "Place", "job_postings", "location", "posted_on", "sitemap", "sources", "unescaped", "web_address"]
