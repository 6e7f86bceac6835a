"""Every connector, given the answers of a whole load with one of them damaged: a named error or rejects, never a bare exception.

What is damaged, and how, is drawn from a seed: every run sees the same damage, and a failure names it.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Raw
from connectors.errors import ConnectorError
from connectors.registry import build_sources
from etl.rawstore import RawStore
from etl.settings import Settings
from etl.staging import to_frames

TRIES = 15
MAX_RAWS = 12
MAX_BYTES = 4_000_000
ODD: tuple[Any, ...] = (None, True, -1, 1e308, float("nan"), float("inf"), 10**30, "", "  ", "\x00", "²", "é" * 50, "=1+1", [], {}, [1], {"a": 1}, "2023KW09",
                        "99999", "-1", "<5", "1e5", "NaN", "٣")


def cut(content: bytes, rng: random.Random) -> bytes:
    """The answer broke off."""
    return content[:rng.randrange(len(content) + 1)]


def flip(content: bytes, rng: random.Random) -> bytes:
    """One byte differs."""
    at = rng.randrange(len(content)) if content else 0
    return content[:at] + bytes([rng.randrange(256)]) + content[at + 1:]


def odd_value(content: bytes, rng: random.Random) -> bytes:
    """One value (of JSON or CSV) is missing or of an odd kind."""
    if content[:1] in (b"{", b"["):
        return json.dumps(_odd_json(json.loads(content), rng)).encode()
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return cut(content, rng)
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    at = rng.randrange(min(len(lines), 6))
    cells = next(csv.reader([lines[at]], delimiter=delimiter), [""])
    if cells:
        cells[rng.randrange(len(cells))] = str(rng.choice(ODD))
        del cells[rng.choice((len(cells), len(cells), len(cells) - 1)):]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow(cells)
    lines[at] = text.getvalue()
    return "\n".join(lines).encode()


def _odd_json(document: Any, rng: random.Random) -> Any:
    paths: list[list[Any]] = []

    def walk(node: Any, path: list[Any]) -> None:
        if path:
            paths.append(path)
        items = list(node.items())[:40] if isinstance(node, dict) else list(enumerate(node))[:6] if isinstance(node, list) else []
        for key, value in items:
            walk(value, [*path, key])

    walk(document, [])
    if not paths:
        return rng.choice(ODD)
    *way, last = rng.choice(paths)
    node = changed = copy.deepcopy(document)
    for key in way:
        node = node[key]
    if isinstance(node, dict) and rng.random() < 0.25:
        del node[last]
    else:
        node[last] = rng.choice(ODD)
    return changed


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parse touched the network")

    monkeypatch.setattr(socket, "socket", refuse)


@pytest.mark.parametrize("damage", [cut, flip, odd_value], ids=lambda d: d.__name__)
@pytest.mark.parametrize("key", list(build_sources({})))
def test_one_damaged_answer_gives_a_named_error_or_records_that_fit(
    key: str, damage: Callable[[bytes, random.Random], bytes], small_year: object, small_settings: Settings, no_network: None,
) -> None:
    source = build_sources({})[key]
    raws = list(RawStore(small_settings.data).raws(key))[:MAX_RAWS]
    if not raws:
        pytest.skip(f"the demonstration year has no {key}")
    rng = random.Random(f"{key} {damage.__name__}")
    heavy = sum(len(raw.content) for raw in raws) > MAX_BYTES
    for number in range(3 if heavy else TRIES):
        at = rng.randrange(len(raws))
        damaged: list[Raw] = [*raws]
        damaged[at] = replace(raws[at], content=damage(raws[at].content, rng))
        try:
            parsed = source.parse(damaged)
        except ConnectorError as error:
            assert str(error)
        except Exception as error:
            pytest.fail(f"try {number}: {raws[at].name} damaged gave {type(error).__name__}: {error}")
        else:
            to_frames(parsed.records, source.tables)
            assert all(reject.reason for reject in parsed.rejects)


@pytest.mark.parametrize("key", list(build_sources({})))
def test_an_answer_that_did_not_come_gives_a_named_error_or_fewer_records(key: str, small_year: object, small_settings: Settings, no_network: None) -> None:
    source = build_sources({})[key]
    raws = list(RawStore(small_settings.data).raws(key))[:MAX_RAWS]
    if not raws:
        pytest.skip(f"the demonstration year has no {key}")
    try:
        whole = source.parse(raws).count()
    except ConnectorError:
        pytest.skip(f"{key} needs more than its first {MAX_RAWS} answers")
    for missing in (raws[1:], raws[:-1]):
        try:
            assert source.parse(missing).count() <= whole
        except ConnectorError as error:
            assert str(error)
