"""A view is one document that never depends on who asks, and every failure is a page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard import pages, state
from dashboard.components.blocks import block, box
from dashboard.view import Views, split
from warehouse.publications import Publications

Show = Callable[[str], dict[str, Any]]


def html(view: dict[str, Any]) -> str:
    return " ".join(leaf["props"].get("html", "") for leaf in view["leaves"].values()) + " ".join(p.get("html", "") for p in view["shell"].values())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_renders_in_both_languages(show: Show, lang: str) -> None:
    for page in pages.available().values():
        view = show(f"{page.path}?lang={lang}")
        assert view["page"] == page.name, page.name
        assert view["lang"] == lang
        assert view["leaves"]


def test_the_same_tree_serves_every_region_sector_and_year(show: Show) -> None:
    signatures = {show(address)["signature"] for address in ("/", "/?region=NL01", "/?region=AM01&sector=ict", "/?period=2023&lang=en", "/?sector=unmapped")}
    assert len(signatures) == 1


def test_demonstration_data_say_so_on_every_page(show: Show) -> None:
    assert all("Demonstratiegegevens" in html(show(page.path)) for page in pages.available().values())


def test_a_wrong_value_is_named_with_the_way_back(show: Show) -> None:
    notice = show("/?region=AM04&sector=zorg")["shell"]["shell-notice"]["html"]
    assert "AM04" in notice and 'href="/?sector=zorg"' in notice


def test_a_wrong_value_cannot_smuggle_in_markup(show: Show) -> None:
    assert "<script>" not in html(show("/?region=<script>alert(1)</script>&<script>=1"))


def test_an_unknown_page_says_so_and_leads_home(show: Show) -> None:
    view = show("/nowhere?region=AM01")
    assert "Deze pagina bestaat niet" in html(view)
    assert 'href="/?region=AM01"' in view["leaves"]["not-found-page"]["props"]["html"]


def test_a_pruned_publication_says_so_and_lists_those_that_are_left(show: Show, small_year: Publications) -> None:
    view = show("/?publication=20200101-000000-00000000&region=AM01")
    text = view["leaves"]["no-publication-page"]["props"]["html"]
    assert "20200101-000000-00000000" in text and str(small_year.current_id()) in text
    assert 'href="/?region=AM01"' in text


def test_a_link_to_a_publication_stays_on_it(show: Show, small_year: Publications) -> None:
    view = show(f"/?publication={small_year.current_id()}")
    assert f"publication={small_year.current_id()}" in view["shell"]["shell-rail"]["html"]


def test_without_a_publication_the_page_shows_progress_and_asks_again(tmp_path: Path) -> None:
    status = {"load": {"state": "running", "step": "Vacatures lezen", "done": 30, "total": 60}}
    view = json.loads(Views(Publications(tmp_path), state.Defaults(), lambda: status).make("/", "").document)
    assert view["refresh"]
    assert "Vacatures lezen" in html(view) and 'value="30"' in html(view)


def test_a_failed_first_load_says_what_the_loader_said(tmp_path: Path) -> None:
    status = {"load": {"state": "idle", "ok": False, "message": "check totals failed"}}
    view = json.loads(Views(Publications(tmp_path), state.Defaults(), lambda: status).make("/?lang=en", "?lang=en").document)
    assert "check totals failed" in html(view) and "did not succeed" in html(view)


def test_a_mistake_of_ours_is_a_page_with_a_reference_and_never_a_traceback(
    small_year: Publications, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> list[Any]:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(pages.module("overview"), "render", broken)
    with caplog.at_level(logging.ERROR):
        made = Views(small_year, state.Defaults(), dict).make("/", "")
    assert not made.keep
    text = html(json.loads(made.document))
    assert "secret detail" not in text and "Traceback" not in text
    assert any(record.getMessage().split("reference ")[1].rstrip(")") in text for record in caplog.records)


def test_only_answers_from_a_publication_alone_may_be_kept(small_year: Publications) -> None:
    views = Views(small_year, state.Defaults(), dict)
    assert views.make("/", "?region=AM01").keep
    assert not views.make("/data", "").keep
    assert not views.make("/nowhere", "").keep
    assert not views.make("/", "?publication=20200101-000000-00000000").keep


def test_leaves_are_taken_out_of_the_tree() -> None:
    leaves: dict[str, Any] = {}
    tree = split(box(block("a", "x"), box(block("b", "y"), cls="in")), leaves)
    assert list(leaves) == ["a", "b"]
    assert tree["props"]["children"] == [{"leaf": "a"}, {"namespace": "dash_html_components", "type": "Div", "props": {"className": "in", "children": [{"leaf": "b"}]}}]


def test_two_leaves_with_one_id_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two leaves"):
        split(box(block("a"), block("a")), {})
