"""DUO files over HTTP, in the form CKAN gives them: names, order and addresses change, codes and columns decide."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest

from connectors import duo
from connectors.base import FetchContext, Parsed, Raw
from connectors.duo import Resource
from connectors.errors import ConfigurationError, ConnectorError, SchemaDrift
from connectors.http import HttpClient
from tests.conftest import Answers
from tests.connectors.test_traps import line, students

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BROKEN_HOST = "http://beheer-ggm-ckan-prd.intern:5000"


def listing(answers: Answers, package: str, *resources: dict[str, str]) -> None:
    document = {"success": True, "result": {"name": package, "resources": [{"format": "CSV", **r} for r in resources]}}
    answers.give(f"/api/3/action/package_show?id={package}", json.dumps(document).encode())


def graduates(columns: str = "DIPMAN2025,DIPVROUW2025", counts: str = "6,-1") -> bytes:
    head = ("INSTELLINGSCODE,INSTELLINGSNAAM,PLAATSNAAM INSTELLING,LEERWEG,NIVEAU,ERKENDE OPLEIDING CODE,ERKENDE OPLEIDING NAAM,"
            "SECTORKAMER NAAM,HOOFDGROEP NAAM,")
    return (b"\xef\xbb\xbf" + f"{head}{columns}\n25PJ,Deltion College,ZWOLLE,BBL,3,25180,Kok,x,y,{counts}\n".encode())


def load(answers: Answers, source: duo.DuoSource) -> Parsed:
    source.base_url = answers.url
    return source.parse(list(source.fetch(FetchContext(HttpClient(["127.0.0.1"], requests_per_second=None, sleep=lambda s: None), NOW))))


def entry(answers: Answers, identifier: str, name: str) -> dict[str, str]:
    return {"id": identifier, "name": "Gediplomeerden", "url": f"{answers.url}/dataset/d/resource/{identifier}/download/{name}"}


def test_the_diploma_year_is_that_of_the_column_whatever_the_file_is_called(answers: Answers) -> None:
    known = entry(answers, duo.GRADUATES_FILE.uuid, "2020-2024-gediplomeerden.csv")
    listing(answers, "gediplomeerde-mbo-studenten", known)
    answers.give(known["url"].removeprefix(answers.url), graduates())
    parsed = load(answers, duo.Graduates())
    row = parsed.records["graduates"][0]
    assert (row["year"], row["graduates_low"], row["graduates_high"], row["masked"]) == (2025, 7, 10, True)
    assert parsed.reference_period == "2025"


def test_a_file_published_anew_is_recognised_by_its_columns(answers: Answers) -> None:
    other, gone, renewed = entry(answers, "a", "toelichting.csv"), entry(answers, "b", "weg.csv"), entry(answers, "c", "2026.csv")
    listing(answers, "gediplomeerde-mbo-studenten", other, gone, renewed)
    answers.give(other["url"].removeprefix(answers.url), b"naam,aantalCsv\nx,1\n")
    answers.give(renewed["url"].removeprefix(answers.url), graduates())
    assert load(answers, duo.Graduates()).records["graduates"][0]["crebo"] == "25180"


def test_a_package_whose_only_file_is_gone_says_so(answers: Answers) -> None:
    listing(answers, "gediplomeerde-mbo-studenten", entry(answers, duo.GRADUATES_FILE.uuid, "weg.csv"))
    with pytest.raises(ConfigurationError, match="404"):
        load(answers, duo.Graduates())


def test_a_package_without_the_columns_names_the_first_that_is_missing(answers: Answers) -> None:
    known = entry(answers, duo.GRADUATES_FILE.uuid, "g.csv")
    listing(answers, "gediplomeerde-mbo-studenten", known)
    answers.give(known["url"].removeprefix(answers.url), graduates().replace(b"LEERWEG", b"LEERROUTE"))
    with pytest.raises(SchemaDrift) as caught:
        load(answers, duo.Graduates())
    assert caught.value.column == "LEERWEG"


def test_a_file_at_an_internal_host_is_fetched_from_the_datastore(answers: Answers) -> None:
    listing(answers, "gediplomeerde-mbo-studenten", {"id": duo.GRADUATES_FILE.uuid, "url": f"{BROKEN_HOST}/download/g.csv"})
    dumped = graduates().decode("utf-8-sig").replace("INSTELLINGSCODE", "_id,INSTELLINGSCODE").replace("25PJ", "1,25PJ")  # the dump adds _id
    answers.give(f"/datastore/dump/{duo.GRADUATES_FILE.uuid}", dumped.encode())
    assert load(answers, duo.Graduates()).records["graduates"][0]["institution_code"] == "25PJ"
    assert [path for path, _ in answers.requests][-1] == f"/datastore/dump/{duo.GRADUATES_FILE.uuid}"


@pytest.mark.parametrize("answer", [b"", b"<html>onderhoud</html>", b'{"success": false, "error": {}}', b'{"success": true, "result": null}', b"[]"])
def test_a_listing_that_is_none_is_named(answers: Answers, answer: bytes) -> None:
    answers.give("/api/3/action/package_show?id=gediplomeerde-mbo-studenten", answer)
    with pytest.raises(SchemaDrift, match="package_show"):
        load(answers, duo.Graduates())


@pytest.mark.parametrize(("column", "other"), [("VROUW2025", "VROUWEN2025"), ("MAN2024", "MANNEN2024")])
def test_a_year_with_men_but_no_women_is_drift_and_never_half_the_students(column: str, other: str) -> None:
    raws = students(line())
    broken = Raw(raws[0].name, raws[0].url, NOW, raws[0].content.replace(column.encode(), other.encode()))
    with pytest.raises(SchemaDrift) as caught:
        duo.Students().parse([broken, raws[1]])
    assert caught.value.column == column


def test_graduates_in_the_columns_of_students_are_drift_and_never_nothing() -> None:
    with pytest.raises(SchemaDrift) as caught:
        duo.Graduates().parse([Raw("gediplomeerden.csv", "http://x", NOW, graduates("MAN2025,VROUW2025"))])
    assert caught.value.column == "DIPMAN<year>"


@pytest.mark.parametrize("change", [lambda text: text.rstrip()[:-6], lambda text: text.replace("ROC X", "ROC, X")], ids=["cut short", "a cell too many"])
def test_a_row_whose_cells_may_have_shifted_is_rejected(change: object) -> None:
    raws = students(line())
    text = change(raws[0].content.decode("utf-8-sig"))  # type: ignore[operator]
    parsed = duo.Students().parse([Raw(raws[0].name, raws[0].url, NOW, text.encode()), raws[1]])
    assert not parsed.records["enrolment"] and [r.reason for r in parsed.rejects] == ["incomplete row"]


def test_an_unclosed_quote_that_swallows_the_file_is_drift() -> None:
    head = ",".join(duo.ADDRESS_FILE.columns)
    limit = csv.field_size_limit(100_000)  # of the whole process, and other readers raise it
    try:
        with pytest.raises(SchemaDrift, match="no readable CSV"):
            duo.Institutions().parse([Raw("instellingenmbo.csv", "http://x", NOW, f'{head}\n"25PJ,{"x" * 200_000}'.encode())])
    finally:
        csv.field_size_limit(limit)


def test_dossier_codes_keep_their_students_and_are_noted() -> None:
    parsed = duo.Students().parse(students(line(crebo="23008"), line(crebo="25.080")))
    assert [r["crebo"] for r in parsed.records["enrolment"]] == ["23008", "23008", "25080", "25080"]
    assert any("1 regels staan op een dossier" in note for note in parsed.notes) and any("met een punt" in note for note in parsed.notes)


def test_masked_men_and_women_give_two_to_eight_and_an_unmasked_zero_adds_nothing() -> None:
    rows = duo.Students().parse(students(line(counts="-1,-1,0,7"))).records["enrolment"]
    assert [(r["students_low"], r["students_high"], r["masked"]) for r in rows] == [(2, 8, True), (7, 7, False)]


def test_the_municipality_of_an_institution_is_its_number_and_not_an_old_region_name() -> None:
    head = [*duo.ADDRESS_FILE.columns, "GEMEENTENAAM", "RPA-GEBIED CODE", "RPA-GEBIED NAAM"]
    cells = {"INSTELLINGSCODE": "25PJ", "INSTELLINGSNAAM": "Deltion", "PLAATSNAAM": "HENGELO OV", "GEMEENTENUMMER": "0193",
             "RPA-GEBIED NAAM": "IJssel en Vecht"}
    text = ",".join(head) + "\n" + ",".join(cells.get(c, "") for c in head) + "\n"
    row = duo.Institutions().parse([Raw("instellingenmbo.csv", "http://x", NOW, text.encode())]).records["institution"][0]
    assert row["municipality_code"] == "GM0193" and "IJssel en Vecht" not in row.values()


@pytest.mark.parametrize(("text", "code"), [("0193", "GM0193"), ("193", "GM0193"), (" 1680 ", "GM1680"), ("", None), ("²", None), ("12345", None), ("-1", None)])
def test_a_municipality_number_becomes_the_code_of_cbs_or_nothing(text: str, code: str | None) -> None:
    assert duo.municipality_code(text) == code


def test_local_supply_is_at_the_teaching_location_and_not_at_the_head_office() -> None:
    head = ",".join(duo.OFFER_FILE.columns)
    body = head + "\n" + "".join(f"MBOKWALIFICATIE,Kok,25180,A,Deltion,{place},BBL\n" for place in ("L1,8261 AA,KAMPEN", "L2,8011AA,ZWOLLE", ",,"))
    parsed = duo.Offer().parse([Raw("mbo_opleidingsaanbod.csv", "http://x", NOW, body.encode())])
    assert [(r["place"], r["postcode"]) for r in parsed.records["offer"]] == [("KAMPEN", "8261AA"), ("ZWOLLE", "8011AA")]
    assert [r.reason for r in parsed.rejects] == ["no teaching location"]


FILES: list[tuple[type[duo.DuoSource], Resource]] = [
    (duo.Students, duo.STUDENTS_FILE), (duo.Students, duo.PATHWAY_FILE), (duo.Graduates, duo.GRADUATES_FILE), (duo.Offer, duo.OFFER_FILE),
    (duo.Institutions, duo.ADDRESS_FILE)]


@pytest.mark.parametrize(("source", "file", "column"), [(s, f, c) for s, f in FILES for c in f.columns])
def test_every_column_that_is_read_is_named_when_it_disappears(source: type[duo.DuoSource], file: Resource, column: str) -> None:
    made = {f.name: list(f.columns) for _, f in FILES}
    made["03-studenten-opleiding.csv"] += ["MAN2025", "VROUW2025"]
    made["gediplomeerden.csv"] += ["DIPMAN2025", "DIPVROUW2025"]
    made[file.name].remove(column)
    raws = [Raw(name, "http://x", NOW, (",".join(columns) + "\n").encode()) for name, columns in made.items()]
    with pytest.raises(ConnectorError) as caught:
        source().parse(raws)
    assert isinstance(caught.value, SchemaDrift) and caught.value.column == column and column in str(caught.value)
