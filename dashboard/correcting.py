"""POST and DELETE under /api/v1/corrections: what people say is wrong is checked, kept and shown at once.

Browsers may only ask this from our own pages: a foreign origin is refused, and only JSON is taken, which a foreign form
cannot send. A request is at most MOST_BYTES; what is wrong with it is named as elsewhere ({error, parameter, allowed}).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dashboard import corrected
from dashboard.refused import Refused
from dashboard.writing import answered, read_body
from warehouse.corrections import COLUMN_OF, FIELDS, LEVELS, LONGEST_NOTE, CorrectionsFull, UnknownCorrection
from warehouse.publications import NoPublication, Publications

log = logging.getLogger("regiokoers.corrections")
MOST_BYTES = 8000
KEYS = ("vacancy", "field", "old", "new", "note")
PATHS = {"POST": "/api/v1/corrections", "DELETE": "/api/v1/corrections/{id}"}


def add(publications: Publications, body: bytes) -> dict[str, Any]:
    """Keep the correction that a request asks for. Raises Refused."""
    asked = _read(body)
    try:
        reader = publications.reader()
    except NoPublication as error:
        raise Refused(503, str(error), "publication", []) from error
    shown = corrected.advert(reader, asked["vacancy"])
    if shown is None:
        raise Refused(404, "unknown vacancy", "vacancy", [])
    field, old, new = asked["field"], asked["old"], asked["new"]
    wrong = corrected.wrong_value(reader, shown, field, old, new)
    if wrong:
        raise Refused(404 if wrong[1].startswith("unknown") else 400, wrong[1], wrong[0], [])
    if field != "skill":
        old = shown[COLUMN_OF[field]]
    with _kept():
        return asdict(corrected.store_of(reader).add(asked["vacancy"], field, old, new, asked["note"]))


def withdraw(publications: Publications, identifier: str) -> dict[str, Any]:
    """Take a correction back. Raises Refused."""
    with _kept():
        return asdict(corrected.store(publications.root).withdraw(identifier))


class _kept:
    """Turns what the store cannot do into an answer."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, UnknownCorrection):
            raise Refused(404, "no active correction with this id", "id", []) from error
        if isinstance(error, CorrectionsFull):
            raise Refused(507, "the corrections file is full; ask the operator to archive it", "body", []) from error
        if isinstance(error, ValueError):
            raise Refused(400, str(error), "body", []) from error
        if isinstance(error, OSError):
            log.error("a correction could not be kept: %s", error)
            raise Refused(503, "the correction could not be written; try again later", "body", []) from error


def _read(body: bytes) -> dict[str, Any]:
    """The request as {vacancy, field, old, new, note} of the right types. Raises Refused naming the first that is wrong."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "the body is no JSON", "body", []) from error
    if not isinstance(asked, dict):
        raise Refused(400, "the body must be a JSON object", "body", list(KEYS))
    extra = [key for key in asked if key not in KEYS]
    if extra:
        raise Refused(400, f"unknown key {extra[0][:40]!r}", "body", list(KEYS))
    values = {"vacancy": asked.get("vacancy"), "field": asked.get("field"), "old": asked.get("old"), "new": asked.get("new"), "note": asked.get("note") or ""}
    if not isinstance(values["vacancy"], str):
        raise Refused(400, "vacancy must be the id of a vacancy, as text", "vacancy", [])
    if values["field"] not in FIELDS:
        raise Refused(400, "unknown field", "field", list(FIELDS))
    for name in ("old", "new"):
        if values[name] is not None and not isinstance(values[name], str):
            raise Refused(400, f"{name} must be text or null", name, [])
    if not isinstance(values["note"], str) or len(values["note"]) > LONGEST_NOTE:
        raise Refused(400, f"note must be text of at most {LONGEST_NOTE} characters", "note", [0, LONGEST_NOTE])
    values["note"] = "".join(c if c.isprintable() or c == "\n" else " " for c in values["note"]).strip()
    if values["field"] == "skill" and (values["old"] is None) == (values["new"] is None):
        raise Refused(400, "give old (a skill that is none here) or new (a skill that is missing), not both", "new", [])
    if values["field"] == "level" and values["new"] not in LEVELS:
        raise Refused(400, "unknown level", "new", list(LEVELS))
    if values["field"] == "place" and values["new"] is None:
        raise Refused(400, "new must be a municipality code", "new", [])
    if values["field"] != "skill" and values["old"] is not None:
        raise Refused(400, "old goes with a skill only; for the others it is what the page shows", "old", [])
    return values


def register_correcting(server: FastAPI, publications: Publications) -> None:
    """Add the routes that write. They answer {correction}, 201 or 200, or {error, parameter, allowed}."""

    async def post(request: Request) -> dict[str, Any]:
        return {"correction": await run_in_threadpool(add, publications, await read_body(request, MOST_BYTES))}

    async def delete(request: Request) -> dict[str, Any]:
        return {"correction": await run_in_threadpool(withdraw, publications, request.path_params["id"])}

    server.post(PATHS["POST"], name="add_correction", response_class=Response)(answered(201, post))
    server.delete(PATHS["DELETE"], name="withdraw_correction", response_class=Response)(answered(200, delete))
