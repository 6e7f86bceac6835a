"""Real region names and real polygons."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import pdok, uwv
from connectors.base import FetchContext, Raw
from connectors.http import HttpClient
from tests.conftest import Answers
from tests.connectors.samples_pdok import collection

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_all_35_regions_of_2026_are_known_by_their_cbs_name_and_code(real_data: Path) -> None:
    names = set(json.loads((real_data / "nl/geo/arbeidsmarktregio_gemeente_2026.json").read_text(encoding="utf-8"))["gemeenten"].values())
    with (real_data / "nl/geo/cbs_am_codes_85554NED.csv").open(encoding="utf-8", newline="") as file:
        titles = {r["title"].removesuffix(" (AM)"): r["identifier"] for r in csv.DictReader(file) if r["group"] == "AM"}
    found = {name: uwv.region_code(name) for name in names}
    assert len(names) == 35 and None not in found.values() and len(set(found.values())) == 35
    # CBS gave AM06 its new name in 2026; the kept code list still has the old one
    assert {n: c for n, c in found.items() if n in titles} == {n: titles[n] for n in names if n in titles} and set(found) - set(titles) == {"Veluwe Stedendriehoek"}
    assert found["Veluwe Stedendriehoek"] == titles["Stedendriehoek en Noordwest Veluwe"]
    assert set(uwv.REGIONS.values()) == {*found.values(), "NL01"}


def test_every_region_of_a_whole_file_is_placed(real_data: Path) -> None:
    names = sorted(set(json.loads((real_data / "nl/geo/arbeidsmarktregio_gemeente_2026.json").read_text(encoding="utf-8"))["gemeenten"].values()))
    text = "Arbeidsmarktregio;Beroepsgroep;Kwartaal;Spanningsindicator\r\n" + "".join(f"{name};Lassers;2e kwartaal 2026;1,7\r\n" for name in names)
    parsed = uwv.Tension(None).parse([Raw("a.csv", "file:///a.csv", NOW, text.encode("cp1252"))])
    assert len(parsed.records["tension"]) == 35 and not parsed.rejects and parsed.reference_period == "2026KW02"


def test_345_real_polygons_come_over_http_in_pages_and_get_smaller(real_data: Path, answers: Answers) -> None:
    content = (real_data / "nl/geo/gemeenten_nlstat.geojson").read_bytes()
    features = json.loads(content)["features"]
    path = "/cbs/gebiedsindelingen/ogc/v1/collections/{}_gegeneraliseerd/items?f=json&limit=1000&datetime=2022-07-01T00:00:00Z"
    answers.give(path.format("gemeente"), collection(*features[:200], following=f"{answers.url}/next"))
    answers.give("/next", collection(*features[200:]))
    answers.give(path.format("arbeidsmarktregio"), collection())
    source = pdok.Borders(2022)
    source.base_url = answers.url
    parsed = source.parse(list(source.fetch(FetchContext(HttpClient.for_source(source), NOW))))
    rows = parsed.records["boundary"]
    assert len(rows) == 345 == len({r["code"] for r in rows}) and not parsed.rejects
    assert sum(len(r["geometry"]) for r in rows) < 0.5 * len(content)
    rings = [ring for r in rows for polygon in json.loads(r["geometry"])["coordinates"] for ring in polygon]
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)


def test_real_borders_of_2022_are_not_taken_for_2026(real_data: Path) -> None:
    content = (real_data / "nl/geo/gemeenten_nlstat.geojson").read_bytes()
    parsed = pdok.Borders(2026).parse([Raw("gemeente-page-1", "http://x", NOW, content)])
    assert not parsed.records["boundary"] and {r.reason for r in parsed.rejects} == {"other year"}
