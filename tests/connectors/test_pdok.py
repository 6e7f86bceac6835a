"""Borders: pages followed, the wanted year only, degrees only, small."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors import pdok
from connectors.base import FetchContext, Raw
from connectors.errors import RefusedError, SchemaDrift
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers
from tests.connectors.samples_pdok import NOW, SAMPLES, SQUARE, collection, feature, fetched

ITEMS = "/cbs/gebiedsindelingen/ogc/v1/collections/{}_gegeneraliseerd/items?f=json&limit=1000&datetime=2026-07-01T00:00:00Z"


def parse(*features: Any) -> Any:
    return pdok.Borders(2026).parse([fetched(*features)])


def test_borders_of_both_levels_fit_the_schema() -> None:
    parsed = pdok.Borders(2026).parse(SAMPLES["pdok-borders"])
    _, refused = to_frames(parsed.records, ("boundary",))
    assert not refused and not parsed.rejects
    assert [(r["level"], r["code"], r["name"], r["year"]) for r in parsed.records["boundary"]] == [("gemeente", "GM0193", "Zwolle", 2026), ("arbeidsmarktregio", "AM36", "Regio Zwolle", 2026)]


def test_pages_are_followed_through_next_links(answers: Answers) -> None:
    answers.give(ITEMS.format("gemeente"), collection(feature("GM0193"), following=f"{answers.url}/p2"))
    answers.give("/p2", collection(feature("GM0150")))
    answers.give(ITEMS.format("arbeidsmarktregio"), collection(feature("AM36")))
    source = pdok.Borders(2026)
    source.base_url = answers.url
    parsed = source.parse(list(source.fetch(FetchContext(HttpClient.for_source(source), NOW))))
    assert [r["code"] for r in parsed.records["boundary"]] == ["GM0193", "GM0150", "AM36"]


def test_a_next_link_to_another_host_is_refused(answers: Answers) -> None:
    answers.give(ITEMS.format("gemeente"), collection(feature("GM0193"), following="http://elders.example/p2"))
    source = pdok.Borders(2026)
    source.base_url = answers.url
    with pytest.raises(RefusedError, match=r"elders\.example"):
        list(source.fetch(FetchContext(HttpClient.for_source(source), NOW)))


def test_pages_that_point_to_themselves_end(answers: Answers) -> None:
    answers.give(ITEMS.format("gemeente"), collection(feature("GM0193"), following=answers.url + ITEMS.format("gemeente")))
    source = pdok.Borders(2026)
    source.base_url = answers.url
    with pytest.raises(SchemaDrift, match="do not end"):
        list(source.fetch(FetchContext(HttpClient.for_source(source), NOW)))


@pytest.mark.parametrize("properties", [{"jrstatcode": "2022GM0193"}, {"jaarcode": 2022}, {"jaarcode": "2022"}])
def test_borders_of_another_year_are_rejected_not_mixed_in(properties: dict[str, Any]) -> None:
    parsed = parse(feature("GM0193", **properties))
    assert not parsed.records["boundary"] and parsed.rejects[0].reason == "other year"


def test_coordinates_are_rounded_and_points_that_coincide_go() -> None:
    ring = [[6.0, 52.0], [6.00001, 52.00001], [6.1, 52.0], [6.1, 52.123456], [6.0, 52.0]]
    geometry = json.loads(parse(feature("GM0193", geometry={"type": "Polygon", "coordinates": [ring]})).records["boundary"][0]["geometry"])
    assert geometry == {"type": "Polygon", "coordinates": [[[6.0, 52.0], [6.1, 52.0], [6.1, 52.1235], [6.0, 52.0]]]}


def test_an_island_smaller_than_the_rounding_goes_and_the_rest_stays() -> None:
    speck = [[5.0, 53.0], [5.00001, 53.0], [5.00001, 53.00001], [5.0, 53.0]]
    geometry = json.loads(parse(feature("GM0093", geometry={"type": "MultiPolygon", "coordinates": [[SQUARE], [speck]]})).records["boundary"][0]["geometry"])
    assert len(geometry["coordinates"]) == 1


def test_metres_instead_of_degrees_stop_the_source() -> None:
    with pytest.raises(SchemaDrift, match="no degrees") as caught:
        parse(feature("GM0193", geometry={"type": "Polygon", "coordinates": [[[203000.1, 503000.2], [203001, 503001], [203002, 503001], [203000.1, 503000.2]]]}))
    assert caught.value.column == "coordinates"


@pytest.mark.parametrize("odd", [
    None, 3, "x", {}, {"properties": "x", "geometry": {}}, {"properties": {"statcode": "GM1"}, "geometry": None}, feature("GM1", geometry={"type": "Point", "coordinates": [6, 52]}),
    feature("GM1", geometry={"type": "Polygon", "coordinates": None}), feature("GM1", geometry={"type": "Polygon", "coordinates": [[["a", "b"]]]}), feature("GM1", geometry={"type": "MultiPolygon", "coordinates": [[[6, 52]]]}),
    feature("", geometry={"type": "Polygon", "coordinates": [SQUARE]}),
], ids=range(11))
def test_a_feature_without_code_or_polygon_is_rejected(odd: Any) -> None:
    assert [r.reason for r in parse(odd, feature("GM0193")).rejects] == ["no border"]


def test_deeply_nested_coordinates_are_rejected_not_followed() -> None:
    deep = '{"features":[{"properties":{"statcode":"GM1"},"geometry":{"type":"Polygon","coordinates":' + "[" * 700 + "]" * 700 + "}}]}"
    parsed = pdok.Borders(2026).parse([Raw("gemeente-page-1", "http://x", NOW, deep.encode())])
    assert parsed.rejects[0].reason == "no border"
