"""The HTTP client is polite, bounded and keeps to the hosts a source declares."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.base import Conditional
from connectors.errors import ConfigurationError, RefusedError, TransientError
from connectors.http import HttpClient, without_secrets
from tests.conftest import Answers, send


def client(**options: object) -> HttpClient:
    slept: list[float] = []
    made = HttpClient(["127.0.0.1"], requests_per_second=None, sleep=slept.append, **options)  # type: ignore[arg-type]
    made.slept = slept  # type: ignore[attr-defined]
    return made


def test_a_server_error_is_tried_again_and_then_given_up_as_transient(answers: Answers) -> None:
    answers.give("/x", b"", 503)
    made = client(tries=3)
    with pytest.raises(TransientError, match="tried 3 times"):
        made.get(f"{answers.url}/x", "x")
    assert len(answers.requests) == 3 and len(made.slept) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed_as_seconds_and_as_a_date(answers: Answers, form: str) -> None:
    state = {"n": 0}
    after = "7" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)

    def busy(handler: object) -> None:
        state["n"] += 1
        send(handler, b"ok" if state["n"] > 1 else b"", 200 if state["n"] > 1 else 429, Retry_After=after)  # type: ignore[arg-type]

    answers.routes["/x"] = busy
    made = client()
    assert made.get(f"{answers.url}/x", "x").content == b"ok"
    assert 5.5 <= made.slept[0] <= 8  # type: ignore[attr-defined]


def test_a_body_that_is_cut_short_is_not_taken_for_whole(answers: Answers) -> None:
    def cut(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", "1000")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(b"half")  # type: ignore[attr-defined]
        handler.close_connection = True  # type: ignore[attr-defined]

    answers.routes["/x"] = cut
    with pytest.raises(TransientError):
        client(tries=2).get(f"{answers.url}/x", "x")


def test_a_compressed_bomb_is_refused_while_it_unpacks(answers: Answers) -> None:
    answers.give("/bomb", gzip.compress(b"0" * 30_000_000), Content_Encoding="gzip")
    with pytest.raises(RefusedError, match="limit"):
        client(max_bytes=1_000_000).get(f"{answers.url}/bomb", "bomb")


def test_an_announced_size_over_the_limit_is_refused_unread(answers: Answers) -> None:
    answers.give("/big", b"0" * 2000)
    with pytest.raises(RefusedError, match="announces"):
        client(max_bytes=1000).get(f"{answers.url}/big", "big")


def test_an_unchanged_answer_comes_from_the_raw_store(answers: Answers) -> None:
    answers.give("/x", b"", 304, ETag='"a"')
    raw = client().get(f"{answers.url}/x", "x", previous=Conditional('"a"', None, lambda: b"kept"))
    assert raw.content == b"kept" and raw.not_modified and raw.etag == '"a"'
    assert answers.requests[0][1]["If-None-Match"] == '"a"'


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://10.0.0.1/x", "http://user:pw@127.0.0.1/x"])
def test_other_schemes_hosts_and_users_are_refused(url: str) -> None:
    with pytest.raises(RefusedError) as caught:
        client().get(url, "x")
    assert "pw" not in str(caught.value)


def test_a_redirect_to_an_undeclared_host_is_refused(answers: Answers) -> None:
    answers.give("/x", b"", 302, Location="http://localhost:1/secret")
    with pytest.raises(RefusedError, match="not declared"):
        client().get(f"{answers.url}/x", "x")


def test_redirects_in_a_circle_end(answers: Answers) -> None:
    answers.give("/x", b"", 302, Location="/x")
    with pytest.raises(RefusedError, match="redirects"):
        client().get(f"{answers.url}/x", "x")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_says_what_to_check(answers: Answers, status: int) -> None:
    answers.give("/x", b"", status)
    with pytest.raises(ConfigurationError, match=str(status)):
        client().get(f"{answers.url}/x", "x")


def test_robots_txt_is_obeyed_on_crawled_sites(answers: Answers) -> None:
    answers.give("/robots.txt", b"User-agent: *\nDisallow: /intern/\n")
    answers.give("/intern/a", b"secret")
    answers.give("/open", b"fine")
    made = client(obey_robots=True)
    assert made.get(f"{answers.url}/open", "x").content == b"fine"
    with pytest.raises(RefusedError, match="robots"):
        made.get(f"{answers.url}/intern/a", "x")


def test_a_site_whose_robots_txt_fails_is_not_crawled_now(answers: Answers) -> None:
    answers.give("/robots.txt", b"", 500)
    with pytest.raises(TransientError):
        client(obey_robots=True, tries=1).get(f"{answers.url}/open", "x")


def test_requests_to_a_host_keep_their_distance(answers: Answers) -> None:
    answers.give("/x", b"1")
    slept: list[float] = []
    made = HttpClient(["127.0.0.1"], requests_per_second=4, sleep=slept.append, clock=lambda: 100.0)
    for _ in range(3):
        made.get(f"{answers.url}/x", "x")
    assert slept == [0.25, 0.5]


def test_the_user_agent_is_honest(answers: Answers) -> None:
    answers.give("/x", b"1")
    client(contact="beheer@regio.example").get(f"{answers.url}/x", "x")
    assert answers.requests[0][1]["User-Agent"].startswith("Regiokoers/") and "beheer@regio.example" in answers.requests[0][1]["User-Agent"]


def test_secrets_do_not_reach_messages() -> None:
    shown = without_secrets("https://me:pw@api.example/x?app_key=abc&apikey=def&q=las")
    assert "abc" not in shown and "def" not in shown and "pw" not in shown and "q=las" in shown
