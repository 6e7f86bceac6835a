"""DUO's file of home municipalities: names without codes, masked ages, years in the columns; and the operator's own progression file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors import duo, progression
from connectors.base import Parsed, Raw
from connectors.errors import SchemaDrift

HEAD = "INSTELLINGSCODE,INSTELLINGSNAAM,SOORT INSTELLING,PLAATSNAAM INSTELLING,WOONPROVINCIE,WOONGEMEENTE,LEEFTIJDSCATEGORIE,LEERWEG,JAAR_2024,JAAR_2025"


def homes(*lines: str, head: str = HEAD) -> Parsed:
    content = "\ufeff" + "\n".join([head, *lines]) + "\n"
    return duo.Homes().parse([Raw(duo.HOME_FILE.name, "http://x", datetime(2026, 11, 1, tzinfo=UTC), content.encode())])


def test_ages_are_added_up_as_intervals_and_the_name_stays_as_written() -> None:
    parsed = homes("25PJ,Deltion,ROC,ZWOLLE,OVERIJSSEL,S HERTOGENBOSCH,16,BOLVT,-1,10", "25PJ,Deltion,ROC,ZWOLLE,OVERIJSSEL,S HERTOGENBOSCH,17,BOLVT,7,-1", "25PJ,Deltion,ROC,ZWOLLE,OVERIJSSEL,S HERTOGENBOSCH,17,BOLDT,0,-1")
    found = {r["year"]: (r["pathway"], r["municipality_name"], r["municipality_code"], r["students_low"], r["students_high"], r["masked"]) for r in parsed.records["home_students"]}
    assert found == {2024: ("bol", "S HERTOGENBOSCH", None, 8, 11, True), 2025: ("bol", "S HERTOGENBOSCH", None, 12, 18, True)}
    assert parsed.reference_period == "2025" and not parsed.rejects


def test_namesakes_in_two_provinces_and_people_abroad_are_kept_apart() -> None:
    parsed = homes("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,BOLVT,5,5", "25PJ,D,ROC,Z,NOORD-HOLLAND,BERGEN,16,BOLVT,6,6", "25PJ,D,ROC,Z,BELGIE,HASSELT,16,BOLVT,7,7", "25PJ,D,ROC,Z,ONBEKEND,ONBEKEND,16,BOLVT,0,9")
    assert sorted((r["province_name"], r["year"], r["students_low"]) for r in parsed.records["home_students"]) == [
        ("BELGIE", 2024, 7), ("BELGIE", 2025, 7), ("LIMBURG", 2024, 5), ("LIMBURG", 2025, 5), ("NOORD-HOLLAND", 2024, 6), ("NOORD-HOLLAND", 2025, 6), ("ONBEKEND", 2025, 9)]


@pytest.mark.parametrize(("line", "reason"), [
    ("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,AVOND,5,5", "unknown pathway"), (",D,ROC,Z,LIMBURG,BERGEN,16,BBL,5,5", "no institution"), ("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,BBL,vijf,5", "unreadable value"),
    ("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,BBL,5", "incomplete row")])
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason(line: str, reason: str) -> None:
    parsed = homes(line)
    assert not parsed.records["home_students"] and [r.reason for r in parsed.rejects] == [reason]


def test_years_come_from_the_columns_and_a_file_without_them_is_drift() -> None:
    assert {r["year"] for r in homes("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,BBL,5,5", head=HEAD.replace("2024", "2030").replace("2025", "2031")).records["home_students"]} == {2030, 2031}
    with pytest.raises(SchemaDrift) as caught:
        homes("25PJ,D,ROC,Z,LIMBURG,BERGEN,16,BBL,5,5", head=HEAD.replace("JAAR_", "AANTAL"))
    assert caught.value.column == "JAAR_<year>"


# --- progression ----------------------------------------------------------------------------------------------
def own(*lines: str, head: str = "level;sector;share;share_low;share_high;source") -> Parsed:
    return progression.Progression(None).parse([Raw("eigen.csv", "file:///x", datetime(2026, 11, 1, tzinfo=UTC), "\n".join([head, *lines]).encode())])


def test_own_shares_are_read_with_a_comma_and_with_the_code_or_the_name_of_the_sector() -> None:
    parsed = own("4;techniek;0,38;0,35;0,41;CBS 84553NED, 2023/24", "4;Zorg, welzijn en sport;0.3;0.3;0.3;CBS 84553NED, 2023/24", "2;*;0,5;0,4;0,6;DUO")
    assert [(r["level"], r["sector"], r["share"], r["basis"]) for r in parsed.records["progression"]] == [(4, "techniek", 0.38, "own file"), (4, "zorg", 0.3, "own file"), (2, "*", 0.5, "own file")]
    assert parsed.records["progression"][0]["source"] == "CBS 84553NED, 2023/24" and not parsed.rejects


@pytest.mark.parametrize(("line", "reason", "named"), [
    ("5;*;0,4;0,3;0,5;CBS", "unknown level", "'5'"), ("4;bouw;0,4;0,3;0,5;CBS", "unknown sector", "'bouw'"), ("4;*;40;30;50;CBS", "unreadable value", "between 0 and 1"),
    ("4;*;veel;0,3;0,5;CBS", "unreadable value", "'veel'"), ("4;*;nan;0,3;0,5;CBS", "unreadable value", "nan"), ("4;*;0,4;0,45;0,5;CBS", "bounds disagree", "0.45"), ("4;*;0,4;0,3;0,5;", "no source", "publisher")])
def test_a_share_that_cannot_hold_is_rejected_and_says_why(line: str, reason: str, named: str) -> None:
    parsed = own(line)
    assert not parsed.records["progression"] and parsed.rejects[0].reason == reason and named in parsed.rejects[0].detail and parsed.rejects[0].raw_name == "eigen.csv"


def test_a_file_without_bounds_is_refused_by_the_name_of_the_column() -> None:
    with pytest.raises(SchemaDrift, match=r"eigen\.csv has no column 'share_low'"):
        own("4;*;0,4;0,5;CBS", head="level;sector;share;share_high;source")


def test_the_sectors_of_a_dropped_file_are_those_of_the_product() -> None:
    from warehouse import reference

    sectors = reference.read("sectors")
    assert dict(progression.SECTORS) == dict(zip(sectors["code"], sectors["name"], strict=True))
