"""Shared fixtures: a small demonstration year loaded once by the real loader, and a loopback server with given answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import hypothesis
import pytest

from etl.demonstration import loader_for
from etl.settings import Settings, read_settings
from warehouse.publications import Publications

SMALL = 8000
hypothesis.settings.register_profile("regiokoers", deadline=None)  # how busy the machine is must not decide
hypothesis.settings.load_profile("regiokoers")
REAL = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real files; tests that need it skip where it is absent."""
    if not REAL.exists():
        pytest.skip(f"real files are not here ({REAL})")
    return REAL


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a small demonstration year in a folder of its own."""
    return read_settings(environ={}, general__data=str(tmp_path_factory.mktemp("year")), sources__demo_vacancies=SMALL, load__scheduler="off")


@pytest.fixture(scope="session")
def small_year(small_settings: Settings) -> Publications:
    """A small demonstration year, loaded by the ordinary loader."""
    with loader_for(small_settings) as loader:
        report = loader.run()
    assert report.exit_code == 0, (report.failure, [o for o in report.outcomes if o.status == "failed"])
    return Publications(small_settings.data)


class Answers:
    """A real HTTP server on loopback; `routes` maps a path with query to a function that answers a request handler."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                answer = outer.routes.get(self.path)
                if answer is None:
                    send(self, b"", 404)
                else:
                    answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def give(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer a path with a body."""
        self.routes[path] = lambda handler: send(handler, body, status, **headers)


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """A fresh loopback server."""
    made = Answers()
    yield made
    made.server.shutdown()
    made.server.server_close()
