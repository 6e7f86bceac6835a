"""The API gives the answers of the pages, and names what is wrong with a question."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request

from dashboard.api import Api, Refused, register_api
from warehouse.publications import Publications


@pytest.fixture(scope="session")
def ask(small_year: Publications) -> Callable[[str], tuple[int, Any]]:
    """(status, body) of an address, through the registered routes."""
    server = FastAPI(docs_url=None, redoc_url=None)
    register_api(server, small_year, dict)
    routes = {r.path: r.endpoint for r in server.routes if hasattr(r, "endpoint")}  # type: ignore[attr-defined]

    def get(address: str) -> tuple[int, Any]:
        path, _, query = address.partition("?")
        answer = routes[path](Request({"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}))
        body = bytes(answer.body)
        return answer.status_code, json.loads(body) if answer.media_type == "application/json" else body.decode("utf-8-sig")
    return get


def test_health_names_the_publication(ask: Callable[[str], tuple[int, Any]], small_year: Publications) -> None:
    status, body = ask("/health")
    assert status == 200 and body["publication"] == small_year.current_id() and body["status"] in ("ok", "stale")


def test_mismatch_reconciles_and_quiet_numbers_are_null_with_a_reason(ask: Callable[[str], tuple[int, Any]], small_year: Publications) -> None:
    for region in small_year.reader().regions()["code"]:
        status, body = ask(f"/api/v1/mismatch?region={region}&period=2025")
        assert status == 200 and len(body["rows"]) == 8
        assert sum(r["n"] for r in body["rows"]) + body["experienced_demand"] + body["unmapped_demand"] == body["total_demand"]
        for row in body["rows"]:
            assert (row["ratio"] is None) == (row["class"] == "too_little_data")
            assert row["class"] != "too_little_data" or row["reason"]


def test_masked_students_are_bounds_not_a_number(ask: Callable[[str], tuple[int, Any]]) -> None:
    rows = ask("/api/v1/programmes?region=AM36")[1]["rows"]
    masked = [r for r in rows if r["students_low"] != r["students_high"]]
    assert masked and all(r["students"] is None for r in masked) and all(r["students"] == r["students_low"] for r in rows if r["students_low"] == r["students_high"])


def test_skills_carry_n_and_interval(ask: Callable[[str], tuple[int, Any]]) -> None:
    body = ask("/api/v1/skills?region=NL01&programme=25655")[1]
    assert body["n"] >= 10 and body["rows"]
    assert all(r["low"] <= r["share"] <= r["high"] and r["n"] == body["n"] for r in body["rows"])


def test_vacancies_are_paged_and_total_stays(ask: Callable[[str], tuple[int, Any]]) -> None:
    first, second = (ask(f"/api/v1/vacancies?region=AM36&limit=5&offset={offset}")[1] for offset in (0, 5))
    assert first["total"] == second["total"] and not {r["id"] for r in first["rows"]} & {r["id"] for r in second["rows"]}


def test_csv_holds_the_same_rows_and_says_its_publication(ask: Callable[[str], tuple[int, Any]]) -> None:
    body = ask("/api/v1/mismatch?region=AM36")[1]
    rows = list(csv.DictReader(io.StringIO(ask("/api/v1/mismatch?region=AM36&format=csv")[1])))
    assert [r["sector"] for r in rows] == [r["sector"] for r in body["rows"]] and {r["publication"] for r in rows} == {body["publication"]}
    assert [int(r["n"]) for r in rows] == [r["n"] for r in body["rows"]]


@pytest.mark.parametrize(("address", "status", "parameter"), [
    ("/api/v1/mismatch", 400, "region"), ("/api/v1/mismatch?region=AM99", 404, "region"), ("/api/v1/mismatch?region=AM36&period=1999", 404, "period"), ("/api/v1/mismatch?region=AM36&period=x", 400, "period"),
    ("/api/v1/skills?region=AM36", 400, "programme"), ("/api/v1/skills?region=AM36&programme=1", 404, "programme"), ("/api/v1/skills?region=AM36&occupation=x", 404, "occupation"), ("/api/v1/regions?scheme=x", 400, "scheme"),
    ("/api/v1/vacancies?region=AM36&limit=0", 400, "limit"), ("/api/v1/vacancies?region=AM36&offset=-1", 400, "offset"), ("/api/v1/vacancies?region=AM36&skill=x", 404, "skill"),
    ("/api/v1/mismatch?region=AM36&publication=20200101-000000-00000000", 404, "publication"), ("/api/v1/mismatch?region=AM36&publication=../../etc", 404, "publication"), ("/api/v1/mismatch?region=AM36&format=xml", 400, "format"),
    ("/api/v1/mismatch?region=AM36'%20OR%201=1", 404, "region"),
])
def test_a_wrong_question_names_the_parameter(ask: Callable[[str], tuple[int, Any]], address: str, status: int, parameter: str) -> None:
    found, body = ask(address)
    assert found == status and body["parameter"] == parameter and "error" in body and isinstance(body["allowed"], list)


def test_without_a_publication_the_answer_is_503(tmp_path: Any) -> None:
    with pytest.raises(Refused) as caught:
        Api(Publications(tmp_path), dict).health({})
    assert caught.value.status == 503
