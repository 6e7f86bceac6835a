"""What travels is small, can be kept by the browser, and nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from dashboard.delivery import Answer, Delivery
from warehouse.publications import Publications

QUESTION = {"output": "view.data", "outputs": {"id": "view", "property": "data"}, "changedPropIds": ["url.search"], "parsedChangedPropsIds": ["url.search"], "state": [],
            "inputs": [{"id": "url", "property": "pathname", "value": "/"}, {"id": "url", "property": "search", "value": ""}, {"id": "tick", "property": "data"}, {"id": "curriculum", "property": "data"}]}


def ask(address: str, search: str = "", path: str = "/") -> requests.Response:
    question = json.loads(json.dumps(QUESTION))
    question["inputs"][0]["value"], question["inputs"][1]["value"] = path, search
    return requests.post(f"{address}/_dash-update-component", json=question, timeout=20)


def test_the_first_page_is_whole_in_itself(address: str) -> None:
    page = requests.get(f"{address}/skills?region=AM01", timeout=20)
    assert page.status_code == 200 and 'id="skeleton"' in page.text and "10-tokens.css" in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text), "everything comes from this server"
    assert "dash_ag_grid" not in "".join(re.findall(r'<script src="([^"]+)"', page.text)), "the grid is fetched on pages that use it"


def test_scripts_are_compressed_and_kept_for_ever(address: str) -> None:
    page = requests.get(f"{address}/", timeout=20).text
    for source in [*re.findall(r'<script src="([^"]+)"', page), *re.findall(r'href="(/assets/[^"]+)"', page)]:
        got = requests.get(address + source, timeout=20)
        assert got.status_code == 200, source
        assert "immutable" in got.headers["cache-control"], source
        assert len(got.content) < 1000 or got.headers.get("content-encoding") == "gzip", source
        again = requests.get(address + source, headers={"If-None-Match": got.headers["etag"]}, timeout=20)
        assert again.status_code == 304 and not again.content, source


def test_the_first_visit_stays_within_its_budget(address: str) -> None:
    page = requests.get(f"{address}/", timeout=20).text
    total = 0
    for source in [*re.findall(r'<script src="([^"]+)"', page), *re.findall(r'href="(/assets/[^"]+)"', page)]:
        total += int(requests.get(address + source, timeout=20, stream=True).headers["content-length"])
    assert total < 620_000, f"{total} bytes compressed, without plotly"


def test_an_answer_is_compressed_and_the_same_the_second_time(address: str) -> None:
    first, second = ask(address, "?region=AM05"), ask(address, "?region=AM05")
    assert first.headers["content-encoding"] == "gzip" and "x-keep-answer" not in first.headers
    assert first.json() == second.json()
    assert int(first.headers["content-length"]) < 40_000


def test_browsers_without_gzip_are_served_too(address: str) -> None:
    got = requests.post(f"{address}/_dash-update-component", json=QUESTION, headers={"Accept-Encoding": "identity"}, timeout=20)
    assert got.status_code == 200 and "content-encoding" not in got.headers and got.json()["response"]["view"]["data"]


def test_nonsense_questions_are_refused_without_a_traceback(address: str) -> None:
    for body in (b"", b"{}", b"[1]", b'{"output": "nothing.here"}', b"\xff\xfe", b'{"output":"view.data","inputs":[]}'):
        got = requests.post(f"{address}/_dash-update-component", data=body, headers={"Content-Type": "application/json"}, timeout=20)
        assert got.status_code >= 400 and "Traceback" not in got.text


def test_a_question_of_megabytes_is_refused(address: str) -> None:
    assert requests.post(f"{address}/_dash-update-component", data=b"x" * 2_000_000, timeout=20).status_code == 413


@pytest.mark.parametrize("path", ["/assets/../app.py", "/assets/%2e%2e/app.py", "/_dash-component-suites/dash/../../app.py", "/assets/..%2f..%2fetc/passwd"])
def test_files_beside_the_assets_cannot_be_fetched(address: str, path: str) -> None:
    import http.client
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status >= 400 or b"skeleton" in body or (body[:2] == b"\x1f\x8b" and answer.getheader("content-type", "").startswith("text/html"))


async def _run(layer: Delivery, body: bytes) -> Answer:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await layer({"type": "http", "method": "POST", "path": "/_dash-update-component", "headers": [(b"accept-encoding", b"gzip")], "query_string": b""}, receive, send)
    return Answer(sent[0]["status"], sent[0]["headers"], sent[1]["body"])


def test_a_new_publication_makes_kept_answers_worthless(tmp_path: Path) -> None:
    import asyncio
    asked, current = [], ["a"]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(current[0])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-keep-answer", b"1")]})
        await send({"type": "http.response.body", "body": current[0].encode()})

    layer = Delivery(app, lambda: current[0], tmp_path)
    answers = [asyncio.run(_run(layer, b"q")).body for _ in range(2)]
    current[0] = "b"
    answers.append(asyncio.run(_run(layer, b"q")).body)
    assert answers == [b"a", b"a", b"b"] and asked == ["a", "b"]


def test_a_smaller_plotly_is_served_when_there_is_one(small_year: Publications, tmp_path: Path) -> None:
    import asyncio

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/javascript")]})
        await send({"type": "http.response.body", "body": b"packaged"})

    async def fetch(bundle: Path) -> bytes:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/_dash-component-suites/plotly/package_data/plotly.v7.min.js", "headers": [(b"accept-encoding", b"gzip")], "query_string": b""}
        await Delivery(app, lambda: None, tmp_path, bundle)(scope, None, send)  # type: ignore[arg-type]
        return bytes(sent[1]["body"])

    (tmp_path / "small.js").write_bytes(b"smaller")
    assert asyncio.run(fetch(tmp_path / "small.js")) == b"smaller"
    assert asyncio.run(fetch(tmp_path / "absent.js")) == b"packaged"


@pytest.mark.slow
def test_a_view_costs_little_and_a_kept_one_almost_nothing(address: str) -> None:
    ask(address, "?region=AM02")
    began = time.perf_counter()
    for _ in range(50):
        ask(address, "?region=AM02")
    assert (time.perf_counter() - began) / 50 < 0.05
