"""The HTTP client at its edges: broken streams, odd headers, robots.txt that moves, and secrets."""

from __future__ import annotations

import gzip
import itertools
import traceback
from http.server import BaseHTTPRequestHandler

import pytest

from connectors import http
from connectors.errors import ConnectorError, RefusedError, TransientError
from connectors.http import HttpClient
from tests.conftest import Answers, send

RULES = b"User-agent: *\nDisallow: /intern/\n"


def client(*hosts: str, **options: object) -> HttpClient:
    return HttpClient(hosts or ["127.0.0.1"], requests_per_second=None, sleep=lambda seconds: None, **options)  # type: ignore[arg-type]


def stream(answers: Answers, path: str, body: bytes, **headers: str) -> None:
    """Answer without a length: the end of the connection is the end of the answer."""
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {"Connection": "close", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    answers.routes[path] = answer


def test_robots_txt_that_moved_within_the_site_is_followed_and_obeyed(answers: Answers) -> None:
    answers.give("/robots.txt", b"", 301, Location="/regels.txt")
    answers.give("/regels.txt", RULES)
    answers.give("/open", b"fine")
    made = client(obey_robots=True)
    assert made.get(f"{answers.url}/open", "x").content == b"fine"
    with pytest.raises(RefusedError, match="robots"):
        made.get(f"{answers.url}/intern/a", "x")


def test_a_site_whose_rules_are_on_an_undeclared_host_is_not_crawled(answers: Answers) -> None:
    answers.give("/robots.txt", b"", 301, Location="http://elders.example/robots.txt")
    answers.give("/open", b"fine")
    with pytest.raises(RefusedError, match="not crawled"):
        client(obey_robots=True).get(f"{answers.url}/open", "x")
    assert [path for path, _ in answers.requests] == ["/robots.txt"]


def test_a_site_without_robots_txt_may_be_crawled(answers: Answers) -> None:
    answers.give("/open", b"fine")
    assert client(obey_robots=True).get(f"{answers.url}/open", "x").content == b"fine"


def test_a_redirect_into_a_closed_part_of_the_site_is_refused(answers: Answers) -> None:
    answers.give("/robots.txt", RULES)
    answers.give("/open", b"", 302, Location="/intern/a")
    answers.give("/intern/a", b"secret")
    with pytest.raises(RefusedError, match="robots"):
        client(obey_robots=True).get(f"{answers.url}/open", "x")
    assert "/intern/a" not in [path for path, _ in answers.requests]


@pytest.mark.parametrize("path", ["/down?app_key=", "/gone?apikey="])
def test_secrets_do_not_reach_tracebacks_either(answers: Answers, path: str) -> None:
    secret = "geheim" + "7"
    answers.give(f"/gone?apikey={secret}", b"", 404)
    base = answers.url if path.startswith("/gone") else "http://127.0.0.1:9"  # nothing listens on port 9
    with pytest.raises(ConnectorError) as caught:
        client(tries=2).get(base + path + secret, "x")
    assert secret not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("location", ["http://[kapot", "http://127.0.0.1:99999/x", "//", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_redirect_to_nonsense_is_refused_by_name(answers: Answers, location: str) -> None:
    answers.give("/x", b"", 302, Location=location)
    with pytest.raises(RefusedError):
        client().get(f"{answers.url}/x", "x")


@pytest.mark.parametrize("url", ["http://[kapot", "http://", "", "nieuws/1", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_is_refused_by_name(url: str) -> None:
    with pytest.raises(RefusedError):
        client().get(url, "x")


@pytest.mark.parametrize("value", ["²", "-5", "1.5", "soon", "Wed, 99 Foo 2026", "9" * 400])
def test_a_nonsensical_retry_after_does_not_stop_the_retries(answers: Answers, value: str) -> None:
    turns = itertools.count()
    answers.routes["/x"] = lambda handler: send(handler, b"ok", 200) if next(turns) else send(handler, b"", 503, Retry_After=value)
    slept: list[float] = []
    made = HttpClient(["127.0.0.1"], requests_per_second=None, sleep=slept.append)
    assert made.get(f"{answers.url}/x", "x").content == b"ok"
    assert 0 <= slept[0] <= http.RETRY_AFTER_CAP_SECONDS


def test_a_compressed_answer_that_breaks_off_is_not_taken_for_whole(answers: Answers) -> None:
    whole = gzip.compress(bytes(range(256)) * 4000)
    stream(answers, "/cut", whole[:len(whole) // 2], Content_Encoding="gzip")
    with pytest.raises(TransientError, match="broke off"):
        client(tries=2).get(f"{answers.url}/cut", "x")
    assert len(answers.requests) == 2


def test_a_compressed_answer_is_unpacked_whole_in_one_or_more_members(answers: Answers) -> None:
    text = bytes(range(256)) * 4000
    stream(answers, "/one", gzip.compress(text), Content_Encoding="gzip")
    stream(answers, "/two", gzip.compress(text) + gzip.compress(b"end") + b"\0" * 9, Content_Encoding="gzip")
    answers.give("/long", gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")
    assert client().get(f"{answers.url}/one", "x").content == text
    assert client().get(f"{answers.url}/two", "x").content == text + b"end"
    assert client().get(f"{answers.url}/long", "x").content == b"0" * 5_000_000


def test_bytes_that_only_claim_to_be_compressed_are_a_broken_answer(answers: Answers) -> None:
    answers.give("/x", b"gewone tekst", Content_Encoding="gzip")
    with pytest.raises(TransientError):
        client(tries=1).get(f"{answers.url}/x", "x")


def test_a_bomb_within_a_bomb_is_refused(answers: Answers) -> None:
    answers.give("/x", gzip.compress(gzip.compress(b"0" * 100_000_000)), Content_Encoding="gzip, gzip")
    with pytest.raises(ConnectorError):
        client(max_bytes=1_000_000, tries=1).get(f"{answers.url}/x", "x")


def test_an_endless_answer_is_refused_at_the_limit(answers: Answers) -> None:
    sent = {"bytes": 0}

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        try:
            while sent["bytes"] < 500_000_000:
                sent["bytes"] += handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    answers.routes["/x"] = endless
    with pytest.raises(RefusedError, match="limit"):
        client(max_bytes=1_000_000).get(f"{answers.url}/x", "x")
    assert sent["bytes"] < 100_000_000


def test_an_answer_that_drips_for_too_long_is_given_up_once(answers: Answers) -> None:
    stream(answers, "/x", b"x" * 200_000)
    ticks = itertools.count(step=http.BODY_SECONDS)
    with pytest.raises(TransientError, match="not complete"):
        client(clock=lambda: float(next(ticks))).get(f"{answers.url}/x", "x")
    assert len(answers.requests) == 1


def test_keys_and_validators_are_not_handed_on_to_another_host(answers: Answers) -> None:
    port = answers.url.rsplit(":", 1)[1]
    answers.give("/x", b"", 302, Location=f"http://localhost:{port}/y")
    answers.give("/y", b"fine")
    client("127.0.0.1", "localhost").get(f"{answers.url}/x", "x", headers={"apikey": "geheim", "Accept": "application/json"})
    first, second = (headers for _, headers in answers.requests)
    assert first["apikey"] == "geheim" and "apikey" not in second and second["Accept"] == "application/json"


def test_a_host_that_only_resembles_a_declared_one_is_refused() -> None:
    made = client("data.example")
    for url in ("http://data.example.evil.test/x", "http://evil-data.example/x", "http://data.example@evil.test/x"):
        with pytest.raises(RefusedError):
            made.get(url, "x")
