"""DUO files with exactly the columns seen at the source, at the addresses its real listing gives."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import duo
from connectors.base import FetchContext, Parsed, Source
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers

pytestmark = pytest.mark.real
SEEN = {
    "mbo-studenten-per-instelling/03 sectorkamer leerweg opleiding niveau geslacht": duo.STUDENTS_FILE,
    "mbo-studenten-per-instelling/01 leerweg": duo.PATHWAY_FILE,
    "mbo-studenten-per-instelling/11 woongemeente": duo.HOME_FILE,
    "gediplomeerde-mbo-studenten/2020-2024-gediplomeerden.csv": duo.GRADUATES_FILE,
    "adressen_mbo/instellingenmbo.csv": duo.ADDRESS_FILE,
}
VALUES = {"INSTELLINGSCODE": "25PJ", "INSTELLINGSNAAM": "Deltion College", "SOORT INSTELLING": "ROC", "LEERWEG": "BOLVT", "NIVEAU": "4", "JAAR": "2025",
          "ERKENDE OPLEIDING CODE": "25655", "ERKENDE OPLEIDING NAAM": "Mbo-Verpleegkundige", "SECTORKAMER NAAM": "Zorg, welzijn en sport",
          "PLAATSNAAM": "ZWOLLE", "GEMEENTENUMMER": "0193", "GEMEENTENUMMER INSTELLING": "0193", "BBL": "-1", "BOLDT": "0", "BOLVT": "120", "EX": "<5",
          "OPLEIDINGSEENHEID_TYPE": "MBOKWALIFICATIE", "ERKENDEOPLEIDINGSCODE": "25655", "NAAM": "Deltion", "ONDERWIJSAANBIEDERID": "107A001",
          "ONDERWIJSLOCATIECODE": "107X001", "POSTCODE": "8031DZ", "LEERTRAJECT": "BOL",
          "WOONPROVINCIE": "OVERIJSSEL", "WOONGEMEENTE": "ZWOLLE", "LEEFTIJDSCATEGORIE": "17"}


@pytest.fixture
def columns(real_data: Path) -> dict[str, list[str]]:
    """Columns per resource uuid, as seen at the source."""
    seen = json.loads((real_data / "nl/duo/duo_mbo_schemas_observed.json").read_text(encoding="utf-8"))
    found = {seen[name]["resource_id"]: list(seen[name]["columns"]) for name in SEEN}
    for package in json.loads((real_data / "nl/duo/duo_ckan_catalogue_cedanl.json").read_text(encoding="utf-8")):
        if package["_ckan_id"] == duo.OFFER_FILE.package:
            found[duo.OFFER_FILE.uuid] = package["_kolommen"]
    return found


def serve(real_data: Path, answers: Answers, columns: dict[str, list[str]]) -> None:
    """The real listings (addresses moved to loopback); each file whose columns are known holds one row, the others are gone."""
    packages: list[dict[str, Any]] = json.loads((real_data / "nl/duo/duo_ckan_catalogue_cedanl.json").read_text(encoding="utf-8"))
    for package in packages:
        resources = [{"id": r["id"], "name": r["naam"], "format": r["format"], "url": r["url"].replace("https://onderwijsdata.duo.nl", answers.url)}
                     for r in package["_resources"]]
        answers.give(f"/api/3/action/package_show?id={package['_ckan_id']}", json.dumps({"success": True, "result": {"resources": resources}}).encode())
        for resource in resources:
            if resource["id"] in columns:
                text = io.StringIO(newline="")
                writer = csv.writer(text)
                names = columns[resource["id"]]
                writer.writerows([names, [VALUES.get(n, "7" if n[-4:].isdigit() else "") for n in names]])
                answers.give(resource["url"].removeprefix(answers.url), b"\xef\xbb\xbf" + text.getvalue().encode())


def load(source: Source, answers: Answers) -> Parsed:
    source.base_url = answers.url
    client = HttpClient.for_source(source, sleep=lambda s: None)
    parsed = source.parse(list(source.fetch(FetchContext(client, datetime(2026, 11, 1, tzinfo=UTC)))))
    _, refused = to_frames(parsed.records, source.tables)
    assert not refused and not parsed.rejects
    return parsed


@pytest.mark.parametrize("name", list(SEEN))
def test_the_columns_that_are_read_are_those_seen_at_the_source(columns: dict[str, list[str]], name: str) -> None:
    assert set(SEEN[name].columns) <= set(columns[SEEN[name].uuid])


def test_students_homes_graduates_offer_and_addresses_load_from_the_real_addresses(real_data: Path, answers: Answers, columns: dict[str, list[str]]) -> None:
    serve(real_data, answers, columns)
    students = load(duo.Students(), answers)
    assert [(r["year"], r["students_low"]) for r in students.records["enrolment"]] == [(year, 14) for year in range(2021, 2026)]
    assert {r["pathway_source"]: (r["students_low"], r["students_high"]) for r in students.records["enrolment_pathway"]} == {
        "BBL": (1, 4), "BOLDT": (0, 0), "BOLVT": (120, 120), "EX": (1, 4)}
    homes = load(duo.Homes(), answers)
    assert [(r["year"], r["municipality_name"], r["students_low"]) for r in homes.records["home_students"]] == [(year, "ZWOLLE", 7) for year in range(2021, 2026)]
    graduates = load(duo.Graduates(), answers)  # its file is called 2020-2024
    assert [r["year"] for r in graduates.records["graduates"]] == list(range(2021, 2026)) and graduates.reference_period == "2025"
    assert load(duo.Offer(), answers).records["offer"][0]["location"] == "107A001/107X001"
    assert load(duo.Institutions(), answers).records["institution"][0]["municipality_code"] == "GM0193"


def test_only_one_file_of_a_package_has_the_columns_so_a_new_uuid_is_no_problem(real_data: Path, columns: dict[str, list[str]]) -> None:
    seen = json.loads((real_data / "nl/duo/duo_mbo_schemas_observed.json").read_text(encoding="utf-8"))
    for name, resource in SEEN.items():
        same = [other for other, schema in seen.items()
                if other.split("/")[0] == name.split("/")[0] and isinstance(schema, dict) and set(resource.columns) <= set(schema.get("columns", []))]
        assert same == [name]
