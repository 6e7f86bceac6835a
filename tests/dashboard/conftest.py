"""Fixtures of the dashboard's tests: a reader over the small demonstration year, views of it, and a running server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from dashboard import state
from dashboard.api import register_api
from dashboard.application import DashboardSettings, create_app
from dashboard.i18n import Translator, translator
from dashboard.view import Views
from etl.curriculum import CurriculumReader
from warehouse.publications import Publications
from warehouse.queries import Reader


@pytest.fixture(scope="session")
def reader(small_year: Publications) -> Reader:
    """Answers from the small demonstration year."""
    return small_year.reader()


@pytest.fixture
def t() -> Translator:
    """Dutch texts."""
    return translator("nl")


@pytest.fixture(scope="session")
def show(small_year: Publications) -> Callable[[str], dict[str, Any]]:
    """The view of an address as the browser gets it."""
    views = Views(small_year, state.Defaults(), dict)

    def make(address: str) -> dict[str, Any]:
        path, mark, query = address.partition("?")
        return dict(json.loads(views.make(path, mark + query).document))
    return make


@pytest.fixture(scope="session")
def address(small_year: Publications) -> Iterator[str]:
    """Address of a running dashboard over the small demonstration year."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(small_year, DashboardSettings(), dict, CurriculumReader(lambda: small_year.reader().skill_labels()))
    register_api(app.server, small_year, dict)
    server = uvicorn.Server(uvicorn.Config(app.server, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)
