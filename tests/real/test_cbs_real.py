"""Real figures, code lists and descriptions of CBS through the connectors, served over HTTP on loopback."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors import cbs
from connectors.base import FetchContext, Parsed, Source
from connectors.cbs import NEXT_RELEASE
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers

pytestmark = pytest.mark.real
ROOT = "/odata/v1/CBS"
FILTER = "?$filter=(Geslacht%20eq%20'T001038')%20and%20(Leeftijd%20eq%20'10000')"
ANNOUNCED = {
    "03759ned": "In het tweede kwartaal van 2027 worden de cijfers van 1 januari 2027 en de gemiddelde cijfers over 2026 in deze publicatie opgenomen.",
    "37789ksz": "Nieuwe cijfers komen in juli 2026.", "80590ned": "Deze tabel wordt iedere maand aangevuld met nieuwe cijfers.",
    "85224NED": "Nieuwe cijfers worden gepubliceerd in juli 2026.", "85554NED": "Nieuwe cijfers komen in juli 2026.",
}


def load(source: Source, answers: Answers) -> Parsed:
    source.base_url = answers.url + ROOT
    client = HttpClient.for_source(source, sleep=lambda s: None)
    parsed = source.parse(list(source.fetch(FetchContext(client, datetime(2026, 11, 1, tzinfo=UTC)))))
    _, refused = to_frames(parsed.records, source.tables)
    assert not refused, refused[:3]
    return parsed


def number(text: str) -> float | None:
    """A cell of the export: padded, "." where there is no figure."""
    return None if text.strip() in ("", ".") else float(text)


def test_the_real_vacancy_flow_of_80472ned_loads_and_its_quarters_add_up(real_data: Path, answers: Answers) -> None:
    with (real_data / "nl/cbs/statline/vacatures.csv").open(encoding="utf-8-sig") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file, delimiter=";"))
    names = ("OpenstaandeVacatures_1", "OntstaneVacatures_2", "VervuldeVacatures_3")
    typed = [{**row, **{name: number(row[name]) for name in names}} for row in rows]
    address = "/ODataFeed/odata/80472ned/TypedDataSet"
    half = len(typed) // 2
    answers.give(address, json.dumps({"value": typed[:half], "odata.nextLink": f"{answers.url}{address}?$skip={half}"}).encode())
    answers.give(f"{address}?$skip={half}", json.dumps({"value": typed[half:]}).encode())
    parsed = load(cbs.VacancyFlow(), answers)
    loaded = parsed.records["vacancy_flow"]
    assert len(loaded) == len(rows) == 7714 and not parsed.rejects and parsed.reference_period == "2023KW03"
    missing = sum(r["open_thousand"] is None for r in loaded)
    assert missing == sum(number(row[names[0]]) is None for row in rows)
    total = {r["period"]: r for r in loaded if r["characteristic_code"] == "T001081" and "KW" in r["period"]}
    periods = sorted(total)
    assert periods[0] == "1997KW01"
    # What is open at the end = what was open + arisen - filled, within rounding (flows to 1,000, stock to 100); the source
    # itself does not add up in three of its 106 steps.
    off = {now for before, now in pairwise(periods)
           if abs(total[before]["open_thousand"] + total[now]["arisen_thousand"] - total[now]["filled_thousand"] - total[now]["open_thousand"]) > 1.1 + 1e-6}
    assert len(periods) == 107 and off == {"1999KW01", "2008KW03", "2009KW03"}


def test_real_codes_of_85554NED_are_all_understood(real_data: Path, answers: Answers) -> None:
    """The code lists, measure and dimensions are real; the figures are made up here, one per region and month."""
    folder = real_data / "nl/cbs/v4_fixtures/85554NED"
    for part, name in (("properties", "Properties"), ("dimensions", "Dimensions"), ("measure-codes", "MeasureCodes")):
        answers.give(f"{ROOT}/85554NED/{name}", (folder / f"{part}.json").read_bytes())
    codes: dict[str, list[str]] = {}
    for path in folder.glob("codes-*.json"):
        name = path.stem.removeprefix("codes-")
        answers.give(f"{ROOT}/85554NED/{name}Codes", path.read_bytes())
        codes[name] = [row["Identifier"] for row in json.loads(path.read_bytes())["value"]]
    cells = [{"Id": i, "Measure": "D001908", "ValueAttribute": "None", "Value": 1000 + i, "StringValue": None, "Geslacht": "T001038", "Leeftijd": "10000",
              "Marges": "MW00000", "RegioS": region, "Perioden": period}
             for i, (region, period) in enumerate((r, p) for r in codes["RegioS"] for p in codes["Perioden"])]
    answers.give(f"{ROOT}/85554NED/Observations{FILTER}", json.dumps({"value": cells}).encode())
    parsed = load(cbs.Benefits(), answers)
    loaded = parsed.records["benefits"]
    assert len(loaded) == len(codes["RegioS"]) * len(codes["Perioden"]) == 53 * 160 and not parsed.rejects
    assert parsed.reference_period == "2026MM04" and parsed.next_release == "Nieuwe cijfers komen in juli 2026."
    assert {r["status"] for r in loaded if r["period"] == "2026MM04"} == {"Voorlopig"}
    assert {r["region_code"] for r in loaded} >= {"NL01", "PV23", "AM36"}
    assert len(parsed.records["cbs_code"]) == sum(len(v) for v in codes.values())


@pytest.mark.parametrize(("table", "sentence"), ANNOUNCED.items())
def test_the_next_release_is_read_from_real_descriptions(real_data: Path, table: str, sentence: str) -> None:
    description = json.loads((real_data / "nl/cbs/v4_fixtures" / table / "properties.json").read_bytes())["Description"]
    found = NEXT_RELEASE.search(description)
    assert found and found.group(1) == sentence


def test_every_real_region_and_period_code_is_of_a_known_form(real_data: Path) -> None:
    folders = sorted((real_data / "nl/cbs/v4_fixtures").glob("*/codes-Perioden.json"))
    periods = [row["Identifier"].strip() for path in folders for row in json.loads(path.read_bytes())["value"]]
    assert len(folders) == 7 and len(periods) > 500
    assert not [p for p in periods if not cbs.PERIOD.match(p)]
    with (real_data / "nl/geo/cbs_region_codes_03759ned.csv").open(encoding="utf-8") as file:
        regions = [row["identifier"].strip() for row in csv.DictReader(file)]
    assert len(regions) == 892 and not [r for r in regions if not cbs.REGION.match(r)]


def test_corop_is_the_scheme_itself_and_not_its_subdivision() -> None:
    groups = {"P": "COROP-plusgebieden", "S": "COROP-subgebieden", "C": "COROP-gebieden"}
    measures = {f"{g}_{kind}": {"Title": kind, "MeasureGroupId": g} for g in groups for kind in ("Code", "Naam")}
    table = cbs.CbsTable("86247NED", {}, {}, measures, groups, {})
    assert cbs.Regions(2026)._column(table, "corop", "code") == "C_Code" and cbs.Regions(2026)._column(table, "corop", "naam") == "C_Naam"
