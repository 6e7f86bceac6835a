"""What a source is: a few declared facts, `fetch` (network -> bytes) and `parse` (bytes -> records and rejects).

`fetch` never interprets, `parse` never touches the network, so any load can be repeated from the raw store.
A new source is one file in this folder; see docs/adding-a-source.md.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connectors.http import HttpClient


class Need(StrEnum):
    """What a source needs before it can load."""

    NETWORK = "network"
    KEY = "key"
    FILE_DROP = "file drop"


@dataclass(frozen=True)
class Raw:
    """One response exactly as it came.

    `name` is stable between loads ("observations-page-1", "03-studenten.csv", the URL of a crawled page) and
    unique within one fetch; `retrieved_at` is UTC; `content` is the decoded body (after content-encoding).
    `not_modified` is true when the server said 304 and the content comes from the raw store.
    """

    name: str
    url: str
    retrieved_at: datetime
    content: bytes
    media_type: str = "application/octet-stream"
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False

    @property
    def sha256(self) -> str:
        """Content address of the body, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Reject:
    """A record that could not be used: kept, counted and shown, never dropped silently.

    `record` is the record as found (a short text or JSON), `reason` one of a small set of codes in lower case
    ("unknown municipality"), `detail` a sentence for the operator, `raw_name` the Raw it came from.
    """

    record: str
    reason: str
    detail: str = ""
    raw_name: str = ""


@dataclass
class Parsed:
    """Typed records per warehouse table (column -> value), rejects, and what the source says of itself.

    `reference_period` is the period the figures are about, in the source's own words where it has them
    ("2025", "2026KW2", "2025-10-01"); `next_release` what the source announces; `notes` caveats for the screen.
    """

    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    reference_period: str | None = None
    next_release: str | None = None
    notes: list[str] = field(default_factory=list)

    def count(self) -> int:
        """Number of records over all tables."""
        return sum(len(rows) for rows in self.records.values())


@dataclass(frozen=True)
class Conditional:
    """Validators of the previous fetch of one address, for a conditional request, and its kept body."""

    etag: str | None
    last_modified: str | None
    load: Callable[[], bytes]


@dataclass(frozen=True)
class FetchContext:
    """What a fetch may use: the HTTP client, the time, and the previous raw responses of this source by URL."""

    http: HttpClient
    now: datetime
    previous: Mapping[str, Conditional] = field(default_factory=dict)
    progress: Callable[[int, int | None], None] = lambda done, total: None

    @staticmethod
    def utcnow() -> datetime:
        """The one place where connectors read the clock (UTC, aware)."""
        return datetime.now(UTC)


class Source(ABC):
    """A source of data, declared by class (or instance) attributes.

    key            stable identifier, lower case with hyphens; used in commands, settings and on the Data page
    title          what it is, in plain Dutch; title_en the same in English
    publisher, licence, attribution, home_page   shown with every figure and on the Data page
    schedule       cron expression (5 fields, Europe/Amsterdam) of its default loads
    tables         names of the warehouse tables it fills (declared in warehouse/schema.py)
    needs          Need values; a source whose needs are not met is "off", with the reason
    base_url       address all requests start from; settings may point it elsewhere (a mirror, a test server)
    hosts          further host names it may be redirected to (the host of base_url is always allowed)
    requests_per_second  politeness limit per host; None = no limit (loopback)
    crawls         True for web sites: robots.txt is obeyed
    stale_after    age of the last success after which its data are marked stale
    keeps_history  True where records of earlier loads stay when a new fetch lacks them (vacancies);
                   False where each load replaces the source's records
    may_shrink     True where fewer records than before are no sign of trouble (files that people write and take back)
    """

    key: str
    title: str
    title_en: str
    publisher: str
    licence: str
    attribution: str
    home_page: str
    schedule: str
    tables: tuple[str, ...]
    needs: frozenset[Need] = frozenset({Need.NETWORK})
    base_url: str = ""
    hosts: tuple[str, ...] = ()
    requests_per_second: float | None = 5.0
    crawls: bool = False
    stale_after: timedelta = timedelta(days=100)
    keeps_history: bool = False
    may_shrink: bool = False
    max_response_bytes: int = 200_000_000

    def unmet_needs(self) -> str | None:
        """None when the source can load; otherwise a sentence saying what is missing and what to do."""
        return None

    @abstractmethod
    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        """Yield raw responses as they come. Raises ConnectorError (see connectors/errors.py)."""

    @abstractmethod
    def parse(self, raws: Sequence[Raw]) -> Parsed:
        """Turn the raw responses of one fetch into records and rejects, without network or clock.

        Raises SchemaDrift naming the column when the form of the source has changed.
        """
