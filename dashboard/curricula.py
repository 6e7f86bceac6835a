"""A school's own curriculum: POST /api/v1/curriculum reads one and keeps nothing, /api/v1/curricula keeps and deletes one.

Reading answers the skills found with their sentences; the browser keeps them for its session, and sends them along with what
it asks so that the page can be made with them. As with corrections, only our own pages may ask. File names and texts are in no log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dashboard.refused import Refused
from dashboard.writing import answered, read_body
from warehouse.curricula import Curricula, CurriculaFull, Curriculum, UnknownCurriculum, read
from warehouse.publications import NoPublication, Publications
from warehouse.queries import Reader

log = logging.getLogger("regiokoers.curricula")
MOST_BYTES = 5_000_000
MOST_SKILLS_BYTES = 900_000
CODES = ("too_large", "empty", "old_word", "unknown_kind", "damaged", "encrypted", "no_text_layer", "too_long", "no_text", "unavailable")
PATHS = {"READ": "/api/v1/curriculum", "POST": "/api/v1/curricula", "DELETE": "/api/v1/curricula/{id}"}
Read = Callable[[str, bytes], list[dict[str, Any]]]  # (file name, content) -> {skill_id, how, sentence, start, end}; raises ValueError with `code`


@lru_cache(maxsize=8)
def store(folder: Path) -> Curricula:
    """The kept curricula of a data folder."""
    return Curricula(folder)


def store_of(reader: Reader) -> Curricula:
    """Those of the data folder that a publication stands in."""
    return store(reader.path.parents[1])


def given(document: Any) -> Curriculum | None:
    """The curriculum that a browser sends along with its question; None when there is none or it has another form."""
    if not document:
        return None
    try:
        return read(document)
    except ValueError:
        return None


def read_file(publications: Publications, reading: Read | None, name: str, content: bytes) -> dict[str, Any]:
    """What a curriculum teaches: {skills: [{skill_id, label, label_en, how, sentence, start, end}]}. Raises Refused."""
    if reading is None:
        raise Refused(503, "reading curricula is not available here", "file", [])
    try:
        names = publications.reader().skill_names()
    except NoPublication as error:
        raise Refused(503, str(error), "publication", []) from error
    try:
        found = reading(name, content)
    except ValueError as error:
        code = getattr(error, "code", "damaged")
        refused = Refused(413 if code == "too_large" else 400, f"the curriculum cannot be read: {code.replace('_', ' ')}", "file", ["text", "DOCX", "PDF", "CSV"])
        refused.body["code"] = code
        raise refused from error
    return {"skills": [{**row, "label": names[row["skill_id"]][0], "label_en": names[row["skill_id"]][1]} for row in found if row["skill_id"] in names]}


def keep(publications: Publications, body: bytes) -> dict[str, Any]:
    """Keep a curriculum. Raises Refused."""
    try:
        document = orjson.loads(body)
        reader = publications.reader()
        asked = read(document)
        if asked.programme not in set(reader.programmes()["crebo"]):
            raise Refused(404, "unknown programme", "programme", [])
        known = reader.skill_names()
        rows = [asdict(s) for s in asked.skills if s.skill_id in known]
        made = store(publications.root).add({"name": asked.name, "programme": asked.programme, "skills": rows})
    except orjson.JSONDecodeError as error:
        raise Refused(400, "the body is no JSON", "body", []) from error
    except NoPublication as error:
        raise Refused(503, str(error), "publication", []) from error
    except CurriculaFull as error:
        raise Refused(507, "no more curricula can be kept; delete some first", "body", []) from error
    except ValueError as error:
        raise Refused(400, str(error), "body", ["name", "programme", "skills"]) from error
    except OSError as error:
        log.error("a curriculum could not be kept: %s", error.strerror)
        raise Refused(503, "the curriculum could not be written; try again later", "body", []) from error
    return {"curriculum": {"id": made.id, "name": made.name, "programme": made.programme, "created_at": made.created_at, "skills": len(made.skills)}}


def delete(publications: Publications, identifier: str) -> dict[str, Any]:
    """Delete a kept curriculum for good. Raises Refused."""
    try:
        store(publications.root).delete(identifier)
    except UnknownCurriculum as error:
        raise Refused(404, "no curriculum with this id", "id", []) from error
    except OSError as error:
        raise Refused(503, "the curriculum could not be deleted; try again later", "id", []) from error
    return {"deleted": identifier}


def register_curricula(server: FastAPI, publications: Publications, reading: Read | None) -> None:
    """Add the routes. Errors are {error, parameter, allowed} and for a file that cannot be read also its `code`."""

    async def read_one(request: Request) -> dict[str, Any]:
        content = await read_body(request, MOST_BYTES, "application/octet-stream")
        return await run_in_threadpool(read_file, publications, reading, unquote(request.headers.get("x-file-name", ""))[:200], content)

    async def post(request: Request) -> dict[str, Any]:
        return await run_in_threadpool(keep, publications, await read_body(request, MOST_SKILLS_BYTES))

    async def remove(request: Request) -> dict[str, Any]:
        return await run_in_threadpool(delete, publications, request.path_params["id"])

    server.post(PATHS["READ"], name="read_curriculum", response_class=Response)(answered(200, read_one))
    server.post(PATHS["POST"], name="keep_curriculum", response_class=Response)(answered(201, post))
    server.delete(PATHS["DELETE"], name="delete_curriculum", response_class=Response)(answered(200, remove))


__all__ = ["Curriculum", "given", "register_curricula", "store", "store_of"]
