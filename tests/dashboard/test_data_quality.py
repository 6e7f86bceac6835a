"""The card on the Data page that says how well adverts are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import requests

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.i18n import translator
from dashboard.pages import data
from warehouse import quality
from warehouse.queries import Reader

Show = Callable[[str], dict[str, Any]]


def card(show: Show, lang: str) -> str:
    return str(show(f"/data?lang={lang}")["leaves"]["data-quality"]["props"]["html"])


def drawn(reader: Reader, rows: pd.DataFrame, lang: str = "nl") -> str:
    """The card over other rows than the shipped ones."""
    selection, _ = state.parse("/data", "", reader, state.Defaults())
    return str(data._quality(Context(reader, replace(selection, lang=lang), translator(lang)), rows))


def row(**changes: Any) -> dict[str, Any]:
    return {"part": "unseen", "sector": "", "measure": "mention F1", "value": 0.7131, "low": 0.61, "high": 0.82, "n": 200, "adverts": 20, "version": "9.8.7", "measured_on": "2026-03-04", "vocabulary": "10 skills, 2000 forms, 30 titles"} | changes


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_card_shows_every_measure_with_value_interval_and_meaning(show: Show, lang: str) -> None:
    html, t = card(show, lang), translator(lang)
    whole = quality.read().query("sector == '' and part in ('unseen', 'seen')")
    assert len(whole)
    for r in whole.to_dict("records"):
        code = r["measure"].replace(" ", "_")
        assert t(f"data.quality_{code}") in html and t(f"data.quality_{code}_text") in html
        if quality.enough(r["n"]):
            assert f'<td class="number">{formats.share(r["value"], lang)}</td><td class="number">{formats.share_interval(r["low"], r["high"], lang)}</td>' in html
    assert whole["version"].iloc[0] in html and t("data.quality_note") in html


def test_the_unseen_part_comes_first_and_the_seen_part_is_folded_away(show: Show) -> None:
    html, t = card(show, "nl"), translator("nl")
    folded = html[html.index("<details"):]
    assert html.index(t("data.quality_part_unseen")) < html.index("<table") < html.index("<details")
    assert t("data.quality_part_seen") in folded and "<details open" not in html and t("data.quality_part_unseen") not in folded


def test_date_version_and_sizes_stand_with_the_figures(reader: Reader) -> None:
    html = drawn(reader, pd.DataFrame([row()]))
    assert all(text in html for text in ("9.8.7", "4 mrt 2026", "20 advertenties", "2.000", "71%", "61–82%"))


def test_a_small_number_of_observations_stays_quiet(reader: Reader) -> None:
    html = drawn(reader, pd.DataFrame([row(n=quality.LEAST), row(measure="level", value=0.4321, n=quality.LEAST - 1), row(measure="level", sector="Handel", value=0.3456, n=3)]))
    assert "71%" in html and "43%" not in html and "35%" not in html and f"&lt; {quality.LEAST}" in html


def test_sectors_stand_by_their_measure_in_the_reader_s_language(reader: Reader) -> None:
    rows = pd.DataFrame([row(), row(measure="linking", value=0.5), row(measure="linking", sector="Techniek en gebouwde omgeving", value=0.2345, n=44)])
    assert "Engineering and building 23%" in drawn(reader, rows, "en") and "Techniek en bouw 23%" in drawn(reader, rows)


def test_rankings_are_shown_apart_with_two_decimals_and_a_measure_without_words_keeps_its_name(reader: Reader) -> None:
    html = drawn(reader, pd.DataFrame([row(), row(part="linking", measure="Other MRR", value=0.6123, low=float("nan"), high=float("nan"), n=5000, adverts=0, vocabulary="")]))
    folded = html[html.index("<details"):]
    assert translator("nl")("data.quality_part_linking") in folded and "Other MRR" in folded and "0,61" in folded
    assert "Other MRR" not in html[:html.index("<details")]


def test_the_rows_can_be_had_as_csv(address: str) -> None:
    got = requests.get(f"{address}/export.csv?page=data&figure=quality", timeout=20)
    rows = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"))))
    kept = quality.read()
    assert [(r["part"], r["sector"], r["measure"], float(r["value"])) for r in rows] == list(zip(kept["part"], kept["sector"], kept["measure"], kept["value"], strict=True))
    assert {r["source"] for r in rows} == {"bench/adverts"}
