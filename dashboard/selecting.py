"""POST and DELETE under /api/v1/selections: own selections of municipalities are checked, kept, renamed and deleted.

As with corrections, browsers may only ask this from our own pages and only JSON is taken (dashboard/correcting.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dashboard.areas import saved_in
from dashboard.refused import Refused
from dashboard.writing import answered, read_body
from warehouse.publications import NoPublication, Publications
from warehouse.selections import SelectionsDamaged, UnknownSelection

MOST_BYTES = 8000
PATHS = {"POST": "/api/v1/selections", "RENAME": "/api/v1/selections/{key}", "DELETE": "/api/v1/selections/{key}"}


def add(publications: Publications, body: bytes) -> dict[str, Any]:
    """Keep the selection that a request asks for: {name, municipalities}. Raises Refused."""
    asked = _read(body, ("name", "municipalities"))
    codes = asked["municipalities"]
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Refused(400, "municipalities must be a list of codes, such as GM0193", "municipalities", [])
    try:
        known = publications.reader().municipality_names()
    except NoPublication as error:
        raise Refused(503, str(error), "publication", []) from error
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused(404, f"unknown municipality {unknown[0][:20]!r}", "municipalities", [])
    with _kept():
        return asdict(saved_in(publications.root).add(asked["name"], codes))


def rename(publications: Publications, key: str, body: bytes) -> dict[str, Any]:
    """Give a selection another name: {name}. Raises Refused."""
    asked = _read(body, ("name",))
    with _kept():
        return asdict(saved_in(publications.root).rename(key, asked["name"]))


def delete(publications: Publications, key: str) -> dict[str, Any]:
    """Take a selection away. Raises Refused."""
    with _kept():
        saved_in(publications.root).delete(key)
    return {"key": key}


@contextmanager
def _kept() -> Iterator[None]:
    """Turns what the store cannot do into an answer."""
    try:
        yield
    except UnknownSelection as error:
        raise Refused(404, "no saved selection with this key", "key", []) from error
    except ValueError as error:
        raise Refused(400, str(error), "name", []) from error
    except (SelectionsDamaged, OSError) as error:
        raise Refused(503, "the selections cannot be read or written; tell the operator", "body", []) from error


def _read(body: bytes, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "the body is no JSON", "body", []) from error
    if not isinstance(asked, dict) or set(asked) != set(keys):
        raise Refused(400, f"give exactly {', '.join(keys)}", "body", list(keys))
    if not isinstance(asked["name"], str):
        raise Refused(400, "name must be text", "name", [])
    return asked


def register_selecting(server: FastAPI, publications: Publications) -> None:
    """Add the routes. They answer {selection}, 201 or 200, or {error, parameter, allowed}."""

    async def post(request: Request) -> dict[str, Any]:
        return {"selection": await run_in_threadpool(add, publications, await read_body(request, MOST_BYTES))}

    async def change(request: Request) -> dict[str, Any]:
        return {"selection": await run_in_threadpool(rename, publications, request.path_params["key"], await read_body(request, MOST_BYTES))}

    async def remove(request: Request) -> dict[str, Any]:
        return {"selection": await run_in_threadpool(delete, publications, request.path_params["key"])}

    server.post(PATHS["POST"], name="add_selection", response_class=Response)(answered(201, post))
    server.post(PATHS["RENAME"], name="rename_selection", response_class=Response)(answered(200, change))
    server.delete(PATHS["DELETE"], name="delete_selection", response_class=Response)(answered(200, remove))
