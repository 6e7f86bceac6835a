"""What all routes that write share: only our own pages may ask, bodies are bounded, and every answer is JSON that nobody keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import Request
from fastapi.responses import Response

from dashboard.refused import Refused

JSON = "application/json"


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse what another site's page sends. A browser says where a request comes from; a program that says nothing may ask."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    if site != "same-origin" if site is not None else foreign:
        raise Refused(403, "this is taken from our own pages only", "origin", [])


async def read_body(request: Request, most: int, kind: str = JSON) -> bytes:
    """The body, of this content type and at most `most` bytes. Raises Refused as soon as it is longer."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refused(415, f"send {kind}", "content-type", [kind])
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > most:
            refused = Refused(413, f"the body is longer than {most} bytes", "body", [0, most])
            refused.body["code"] = "too_large"
            raise refused
    return bytes(parts)


def answered(status: int, act: Callable[[Request], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[Response]]:
    """A route that answers what `act` gives, or {error, parameter, allowed} where it raises Refused."""
    async def answer(request: Request) -> Response:
        body: Mapping[str, Any]
        try:
            check_origin(request.headers)
            body, code = await act(request), status
        except Refused as error:
            body, code = error.body, error.status
        return Response(orjson.dumps(body), code, media_type=JSON, headers={"cache-control": "no-store"})
    return answer
