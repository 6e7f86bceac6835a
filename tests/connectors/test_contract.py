"""What every connector must do, whatever its source."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from functools import cache

import pytest
from apscheduler.triggers.cron import CronTrigger

from connectors.base import Raw, Source
from connectors.errors import ConnectorError
from connectors.registry import build_sources
from etl.staging import to_frames
from warehouse import schema

KEYS = list(build_sources({}))
GARBAGE = [b"", b"\x00\xff\xfe", b"{}", b"[]", b"<html>", b'{"value": 3}', b'{"value": [1, "a"]}', b"a;b\n1;2", b"PK\x03\x04broken", b"\x1f\x8bbroken", b'{"value": [{"x": null}]}', b"[" * 20000]
NAMES = ["x", "index.json", "catalogue/page-1", "83599NED/properties", "83599NED/typed-page-1", "80472ned/typed-page-1", "esco-nl.zip", "sitemap-1", "/page", "gemeente-page-1",
         "03-studenten-opleiding.csv", "01-studenten-leerweg.csv", "11-studenten-woongemeente.csv", "gediplomeerden.csv", "mbo_opleidingsaanbod.csv", "instellingenmbo.csv", "vacatures.csv", "vacatures.xlsx", "85696NED/properties", "83582NED/properties", "83582NED/typed-page-1", "ita.csv", "kans-op-werk.xlsx"]


@cache
def source(key: str) -> Source:
    return build_sources({})[key]


@pytest.mark.parametrize("key", KEYS)
def test_a_source_declares_what_people_must_know(key: str) -> None:
    made = source(key)
    for name in ("title", "title_en", "publisher", "licence", "attribution", "home_page"):
        assert getattr(made, name), name
    CronTrigger.from_crontab(made.schedule)
    assert made.tables and all(schema.metadata.tables[t].info["layer"] == "staging" for t in made.tables)
    assert made.needs


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_gives_a_named_error_or_rejects_and_never_a_bare_exception(key: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("parse touched the network")

    monkeypatch.setattr(socket, "socket", no_network)
    raws = [Raw(name, f"http://127.0.0.1/{name}", datetime(2026, 11, 1, tzinfo=UTC), body) for name in NAMES]
    for chosen in ([], raws, *[[raw] for raw in raws]):
        try:
            parsed = source(key).parse(chosen)
        except ConnectorError as error:
            assert str(error)
        else:
            to_frames(parsed.records, source(key).tables)


def test_an_override_for_a_source_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="unknown source"):
        build_sources({"base_urls": {"nonsense": "http://127.0.0.1"}})


def test_demonstration_files_parse_the_same_twice(small_year: object, small_settings: object) -> None:
    from etl.rawstore import RawStore
    from etl.settings import Settings

    assert isinstance(small_settings, Settings)
    store = RawStore(small_settings.data)
    seen = 0
    for key in KEYS:
        raws = list(store.raws(key))
        if raws:
            once, again = source(key).parse(raws), source(key).parse(raws)
            assert once.records == again.records and once.rejects == again.rejects
            frames, refused = to_frames(once.records, source(key).tables)
            assert not refused and sum(map(len, frames.values())) == once.count(), key
            seen += 1
    assert seen == 17
