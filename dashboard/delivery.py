"""How answers travel: compressed once, kept where they cannot change, with the headers that let browsers keep them.

One ASGI layer around the application. Scripts and style sheets are compressed once at the best level; answers to view requests
that follow from an immutable publication are kept ready for sending, under the id of the current publication and the state of the corrections.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

KEEP_HEADER = "x-keep-answer"
SUITES, ASSETS, CALLBACK = "/_dash-component-suites/", "/assets/", "/_dash-update-component"
FOREVER = b"public, max-age=31536000, immutable"
COMPRESSIBLE = (b"text/", b"application/json", b"application/javascript", b"image/svg", b"application/xml")
LEAST_BYTES = 1000
KEEP_ANSWERS, KEEP_STATIC_BYTES = 4000, 64_000_000
LONGEST_QUESTION = 1_000_000
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly"
SECURITY = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


class Delivery:
    """The ASGI layer. `current` gives a text that changes when answers do (the current publication, corrections); `plotly_bundle` replaces the packaged plotly."""

    def __init__(self, app: Asgi, current: Callable[[], str | None], assets: Path, plotly_bundle: Path | None = None) -> None:
        self.app = app
        self.current = current
        self.assets = assets
        self.plotly_bundle = plotly_bundle
        self._answers: OrderedDict[tuple[str, bytes], Answer] = OrderedDict()
        self._static: OrderedDict[tuple[str, float], Answer] = OrderedDict()
        self._static_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if scope["method"] == "GET" and path.startswith((SUITES, ASSETS)):
            await self._send_static(scope, receive, send, path)
        elif scope["method"] == "POST" and path == CALLBACK:
            await self._send_answer(scope, receive, send)
        else:
            await self._send_compressed(scope, receive, send)

    async def _send_answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = await _read(receive)
        if question is None:
            await _send(send, Answer(413, [], b""))
            return
        zipped = _accepts_gzip(scope)
        key = (self.current() or "", question)
        kept = self._answers.get(key) if zipped else None
        if kept is None:
            made = await _collect(self.app, scope, _replay(question))
            keep = any(name == KEEP_HEADER.encode() for name, _ in made.headers)
            made = made._replace(headers=[pair for pair in made.headers if pair[0] != KEEP_HEADER.encode()])
            kept = _compressed(made, 5) if zipped else made
            if keep and made.status == 200 and zipped:
                self._answers[key] = kept
                while len(self._answers) > KEEP_ANSWERS:
                    self._answers.popitem(last=False)
        else:
            self._answers.move_to_end(key)
        await _send(send, kept)

    async def _send_static(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        if not _accepts_gzip(scope):
            await self.app(scope, receive, send)
            return
        key = (path, self._changed_at(path))
        kept = self._static.get(key)
        if kept is None:
            made = self._bundle() if self.plotly_bundle and path.startswith(PLOTLY) else None
            made = made or await _collect(self.app, _without_conditions(scope), receive)
            if made.status != 200:
                await _send(send, made)
                return
            tag = b'"' + hashlib.blake2b(made.body, digest_size=12).hexdigest().encode() + b'"'
            rest = [pair for pair in made.headers if pair[0] not in (b"etag", b"last-modified", b"cache-control")]
            kept = _compressed(Answer(200, [*rest, (b"etag", tag)], made.body), 9)
            self._static[key] = kept
            self._static_bytes += len(kept.body)
            while self._static_bytes > KEEP_STATIC_BYTES:
                self._static_bytes -= len(self._static.popitem(last=False)[1].body)
        # A name with a fingerprint or a changing query can be kept for ever; another is asked for again.
        lasting = path.startswith(SUITES) or b"m=" in scope.get("query_string", b"")
        headers = [*kept.headers, (b"cache-control", FOREVER if lasting else b"no-cache")]
        given = dict(scope["headers"]).get(b"if-none-match")
        same = given is not None and given in {value for name, value in kept.headers if name == b"etag"}
        await _send(send, Answer(304, headers, b"") if same else Answer(200, headers, kept.body))

    async def _send_compressed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; text of more than a kilobyte is collected and compressed."""
        begun: list[Any] = []
        parts: list[bytes] = []

        async def watch(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), *SECURITY]
                kind = dict(headers).get(b"content-type", b"")
                begun.append({**message, "headers": headers})
                if not (_accepts_gzip(scope) and kind.startswith(COMPRESSIBLE)) or b"content-encoding" in dict(headers):
                    begun.append(True)
                    await send(begun[0])
            elif len(begun) > 1:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await _send(send, _compressed(Answer(begun[0]["status"], begun[0]["headers"], b"".join(parts)), 5), secure=False)

        await self.app(scope, receive, watch)

    def _changed_at(self, path: str) -> float:
        if not path.startswith(ASSETS):
            return 0.0
        file = (self.assets / path.removeprefix(ASSETS)).resolve()
        try:
            return file.stat().st_mtime if file.is_relative_to(self.assets.resolve()) else 0.0
        except OSError:
            return 0.0

    def _bundle(self) -> Answer | None:
        """The smaller plotly, when the file is there; otherwise the packaged one is served."""
        try:
            body = self.plotly_bundle.read_bytes() if self.plotly_bundle else b""
        except OSError:
            return None
        return Answer(200, [(b"content-type", b"application/javascript")], body) if body else None


def _accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _without_conditions(scope: Scope) -> Scope:
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in (b"if-none-match", b"if-modified-since", b"range")]}


def _compressed(answer: Answer, level: int) -> Answer:
    headers = [pair for pair in answer.headers if pair[0] not in (b"content-length", b"content-encoding", b"vary")]
    if len(answer.body) < LEAST_BYTES:
        return answer._replace(headers=headers)
    return Answer(answer.status, [*headers, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")], gzip.compress(answer.body, level, mtime=0))


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > LONGEST_QUESTION:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes) -> Receive:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}
    return receive


async def _collect(app: Asgi, scope: Scope, receive: Receive) -> Answer:
    started: dict[str, Any] = {}
    parts: list[bytes] = []

    async def keep(message: Any) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return Answer(started.get("status", 500), list(started.get("headers", [])), b"".join(parts))


async def _send(send: Send, answer: Answer, secure: bool = True) -> None:
    headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
    headers += [*(SECURITY if secure else ()), (b"content-length", str(len(answer.body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
