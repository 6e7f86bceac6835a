"""Polite, bounded fetching: the one HTTP client of all sources.

Timeouts, bounded retries with backoff and jitter, Retry-After, conditional requests, a cap on the (decompressed) size of
a response, a rate limit per host, robots.txt for crawled sites, only http(s) to hosts the source declares (checked at
every redirect), and no secrets in messages.
"""

from __future__ import annotations

import email.utils
import logging
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import requests
import urllib3
from protego import Protego
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from connectors.base import Conditional, Raw, Source
from connectors.errors import ConfigurationError, RefusedError, TransientError

log = logging.getLogger(__name__)
PRODUCT = "Regiokoers"
VERSION = "0.1"
SECRET_WORDS = ("key", "token", "secret", "password", "passwd", "app_id", "signature")
RETRY_AFTER_CAP_SECONDS = 120.0
BODY_SECONDS = 1800.0
HARMLESS_HEADERS = ("accept", "accept-language")
CHUNK = 1 << 16
REDIRECTS = (301, 302, 303, 307, 308)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Retry(TransientError):
    """A failed try that may be repeated; `after` is what the server asked us to wait, in seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


def without_secrets(url: str) -> str:
    """The address without user info and with secret query values masked, fit for logs and messages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    query = urlencode([
        (name, "***" if any(word in name.lower() for word in SECRET_WORDS) else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ], safe="*$'()")
    return urlunsplit((parts.scheme, host + port, parts.path, query, ""))


class HttpClient:
    """Fetches for one source. `sleep` (seconds) and `clock` (monotonic seconds) can be replaced in tests."""

    def __init__(
        self, hosts: Iterable[str], *, contact: str = "", requests_per_second: float | None = 5.0,
        max_bytes: int = 200_000_000, obey_robots: bool = False, timeout: tuple[float, float] = (10.0, 60.0), tries: int = 4,
        sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._interval = 1.0 / requests_per_second if requests_per_second else 0.0
        self._max_bytes = max_bytes
        self._obey_robots = obey_robots
        self._timeout = timeout
        self._tries = tries
        self._sleep = sleep
        self._clock = clock
        self._next_slot: dict[str, float] = {}
        self._robots: dict[str, Protego | None] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self.user_agent = f"{PRODUCT}/{VERSION}" + (f" (+{contact})" if contact else "")

    @classmethod
    def for_source(cls, source: Source, *, contact: str = "", **options: Any) -> HttpClient:
        """A client that keeps to what the source declares; loopback hosts are not rate limited."""
        own = urlsplit(source.base_url).hostname or ""
        rate = None if own in LOOPBACK else source.requests_per_second
        return cls([own, *source.hosts], contact=contact, requests_per_second=rate, max_bytes=source.max_response_bytes,
                   obey_robots=source.crawls, **options)

    def get(self, url: str, name: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None,
            previous: Conditional | None = None) -> Raw:
        """Fetch an address. With `previous`, a conditional request; 304 gives the kept body again (not_modified).

        Raises TransientError (after retries), ConfigurationError (401, 403, 404, 410) or RefusedError.
        """
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        sent = dict(headers or {})
        if previous and previous.etag:
            sent["If-None-Match"] = previous.etag
        if previous and previous.last_modified:
            sent["If-Modified-Since"] = previous.last_modified
        if self._obey_robots:
            self._check_robots(url)
        return self._with_retries("GET", url, name, sent, None, previous, self._obey_robots)

    def post_json(self, url: str, name: str, document: Any, *, headers: Mapping[str, str] | None = None) -> Raw:
        """Send JSON and keep the answer. Errors as `get`."""
        return self._with_retries("POST", url, name, dict(headers or {}), document, None, self._obey_robots)

    # --- inside ----------------------------------------------------------------------------------------------
    def _with_retries(self, method: str, url: str, name: str, headers: dict[str, str], document: Any,
                      previous: Conditional | None, obey_robots: bool) -> Raw:
        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.after if isinstance(error, _Retry) else None
            backoff = min(2.0 ** (state.attempt_number - 1), 30.0)
            return min(asked, RETRY_AFTER_CAP_SECONDS) if asked is not None else backoff * (0.5 + random.random())

        retrying = Retrying(stop=stop_after_attempt(self._tries), wait=wait, sleep=self._sleep,
                            retry=retry_if_exception_type(_Retry), reraise=True)
        try:
            return retrying(self._once, method, url, name, headers, document, previous, obey_robots)
        except _Retry as error:
            raise TransientError(f"{error} (tried {self._tries} times)") from None

    def _once(self, method: str, url: str, name: str, headers: dict[str, str], document: Any, previous: Conditional | None,
              obey_robots: bool) -> Raw:
        seen = 0
        while True:
            self._check_address(url)
            self._take_turn(url)
            shown = without_secrets(url)
            try:
                response = self._session.request(
                    method, url, json=document, timeout=self._timeout, stream=True, allow_redirects=False,
                    headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate", **headers})
            # "from None": the original messages quote the whole address, secret query values included.
            except (requests.ConnectionError, requests.Timeout) as error:
                raise _Retry(f"no answer from {shown}: {type(error).__name__}") from None
            except (requests.RequestException, ValueError) as error:  # requests itself reads where a redirect leads
                raise RefusedError(f"{shown} cannot be requested: {type(error).__name__}") from None
            with response:
                if response.status_code in REDIRECTS and "Location" in response.headers:
                    seen += 1
                    if seen > 5:
                        raise RefusedError(f"{shown}: more than 5 redirects")
                    target = _joined(url, response.headers["Location"])
                    if urlsplit(target)[:2] != urlsplit(url)[:2]:  # keys and validators are for the first address only
                        headers = {k: v for k, v in headers.items() if k.lower() in HARMLESS_HEADERS}
                    url = target
                    if obey_robots:
                        self._check_robots(url)
                    continue
                return self._read(response, url, name, previous)

    def _read(self, response: requests.Response, url: str, name: str, previous: Conditional | None) -> Raw:
        shown = without_secrets(url)
        code = response.status_code
        etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
        if code == 304 and previous is not None:
            return Raw(name, url, datetime.now(UTC), previous.load(), response.headers.get("Content-Type", ""),
                       etag or previous.etag, modified or previous.last_modified, not_modified=True)
        if code == 429 or code >= 500 or code == 408:
            raise _Retry(f"{shown} answered {code}", _retry_after(response.headers.get("Retry-After")))
        if code in (401, 403):
            raise ConfigurationError(f"{shown} answered {code}: access refused; check the key or the licence of this source.")
        if code in (404, 410):
            raise ConfigurationError(f"{shown} answered {code}: the address does not exist (any more); check base_url or the version.")
        if code != 200:
            raise RefusedError(f"{shown} answered {code}, which this source cannot use")
        content = self._body(response, shown)
        return Raw(name, url, datetime.now(UTC), content, response.headers.get("Content-Type", "application/octet-stream"), etag, modified)

    def _body(self, response: requests.Response, shown: str) -> bytes:
        declared = _whole(response.headers.get("Content-Length"))
        if declared is not None and declared > self._max_bytes:
            raise RefusedError(f"{shown} announces {declared:,} bytes; the limit is {self._max_bytes:,}")
        parts: list[bytes] = []
        size = 0
        started = self._clock()
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        try:
            # gzip is unpacked here: only so is a stream that breaks off noticed when no length was announced.
            for chunk in _gunzip(response.raw.stream(CHUNK, decode_content=False)) if encoding == "gzip" else response.iter_content(CHUNK):
                size += len(chunk)
                if self._clock() - started > BODY_SECONDS:
                    raise TransientError(f"{shown}: the answer was not complete after {BODY_SECONDS:,.0f} seconds")
                if size > self._max_bytes:
                    raise RefusedError(f"{shown} is longer than the limit of {self._max_bytes:,} bytes (after decompression)")
                parts.append(chunk)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError,
                requests.exceptions.ContentDecodingError, urllib3.exceptions.HTTPError, zlib.error, EOFError) as error:
            raise _Retry(f"{shown}: the answer broke off ({type(error).__name__})") from None
        if declared is not None and not encoding and size != declared:
            raise _Retry(f"{shown}: {size:,} of {declared:,} bytes came")
        return b"".join(parts)

    def _check_address(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise RefusedError(f"an address cannot be read: {error}") from None
        if parts.scheme not in ("http", "https"):
            raise RefusedError(f"{without_secrets(url)}: only http and https addresses are fetched")
        if parts.username or parts.password:
            raise RefusedError(f"{without_secrets(url)}: addresses with a user name are not fetched")
        if (parts.hostname or "").lower() not in self._hosts:
            raise RefusedError(f"{without_secrets(url)}: host {parts.hostname!r} is not declared by this source ({', '.join(sorted(self._hosts))})")

    def _take_turn(self, url: str) -> None:
        if not self._interval:
            return
        host = urlsplit(url).hostname or ""
        now = self._clock()
        slot = max(self._next_slot.get(host, now), now)
        self._next_slot[host] = slot + self._interval
        if slot > now:
            self._sleep(slot - now)

    def _check_robots(self, url: str) -> None:
        self._check_address(url)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
            rules = self._robots[origin]
            delay = rules.crawl_delay(PRODUCT) if rules else None
            if delay and parts.hostname not in LOOPBACK:
                self._interval = max(self._interval, min(float(delay), 60.0))
        rules = self._robots[origin]
        if rules is not None and not rules.can_fetch(url, PRODUCT):
            raise RefusedError(f"{without_secrets(url)}: robots.txt of {parts.hostname} does not allow it")

    def _read_robots(self, origin: str) -> Protego | None:
        """Rules of a site; none when it has no robots.txt. A site whose rules cannot be read is not crawled now."""
        try:
            raw = self._with_retries("GET", f"{origin}/robots.txt", "robots.txt", {}, None, None, False)
        except ConfigurationError:
            return None
        except RefusedError as error:
            raise RefusedError(f"{origin} is not crawled: its robots.txt cannot be read ({error})") from None
        return Protego.parse(raw.content[:500_000].decode("utf-8", "replace"))


def _retry_after(value: str | None) -> float | None:
    """Seconds a Retry-After header asks for (a number or a date), or None."""
    if not value:
        return None
    seconds = _whole(value)
    if seconds is not None:
        return float(min(seconds, 10**9))
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max((when - datetime.now(when.tzinfo or UTC)).total_seconds(), 0.0)


def _whole(text: str | None) -> int | None:
    """A header that should be a whole number, or None. (`isdigit` alone accepts "²", which int does not.)"""
    cleaned = (text or "").strip()
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) < 20 else None


def _joined(url: str, location: str) -> str:
    """Where a redirect leads. Raises RefusedError when that is no address."""
    try:
        target = urljoin(url, location)
        urlsplit(target)
    except ValueError as error:
        raise RefusedError(f"{without_secrets(url)} redirects to an address that cannot be read: {error}") from None
    return target


def _gunzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack a gzip stream (one or more members) in pieces of at most CHUNK bytes. Raises EOFError when it breaks off."""
    unpacker = zlib.decompressobj(wbits=31)
    for part in parts:
        rest = part
        while rest:
            if unpacker.eof:
                rest = rest.lstrip(b"\0")  # padding between members is allowed
                if not rest:
                    break
                unpacker = zlib.decompressobj(wbits=31)
            yield unpacker.decompress(rest, CHUNK)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise EOFError("the compressed answer is not complete")
