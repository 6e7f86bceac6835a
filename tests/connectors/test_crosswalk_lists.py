"""Lists of occupations per programme (DUO, CompetentNL) and the institutions' own override files."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.base import FetchContext, Raw
from connectors.crebo_occupations import CompetentNlOccupations, OfficialOccupations
from connectors.errors import ConfigurationError, ConnectorError, SchemaDrift
from connectors.http import HttpClient
from connectors.overrides import Overrides, day
from etl.staging import to_frames
from tests.connectors.contract.test_damaged_answers import cut, flip, odd_value
from tests.connectors.samples_crosswalk import COMPETENTNL, COMPETENTNL_NAMES, OFFICIAL, OVERRIDES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PATH = "/open_onderwijsdata/images/combinatie-erkende-opleidingscode-en-beroep-{}.csv"


def raw(content: bytes, name: str = "crebo-beroep.csv", url: str = "https://www.duo.nl/combinatie-2025-2026.csv") -> Raw:
    return Raw(name, url, NOW, content, "text/csv")


def context() -> FetchContext:
    return FetchContext(HttpClient(["127.0.0.1"], requests_per_second=None, sleep=lambda seconds: None), NOW)


def dropped(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder.parent


# --- DUO ------------------------------------------------------------------------------------------------------
def test_the_newest_school_year_that_is_there_is_read_from_the_network(answers: Any) -> None:
    source = OfficialOccupations()
    source.base_url = answers.url
    answers.give(PATH.format("2026-2027"), b"<!doctype html><title>Niet gevonden</title>")
    answers.give(PATH.format("2025-2026"), OFFICIAL)
    raws = list(source.fetch(context()))
    parsed = source.parse(raws)
    assert [path for path, _ in answers.requests] == [PATH.format("2026-2027"), PATH.format("2025-2026")]
    assert parsed.reference_period == "2025-2026"
    assert [(r["crebo"], r["occupation_name"], r["origin"]) for r in parsed.records["crebo_occupation"]] == [
        ("25287", "Lasser", "official list"), ("25287", "Constructiewerker", "official list"), ("25180", "Kok", "official list")]
    assert sorted(r.reason for r in parsed.rejects) == ["domain code", "no occupation", "unreadable value"]
    frames, refused = to_frames(parsed.records, source.tables)
    assert len(frames["crebo_occupation"]) == 3 and not refused


def test_when_no_year_is_there_the_error_names_the_addresses_and_what_to_do(answers: Any) -> None:
    source = OfficialOccupations()
    source.base_url = answers.url
    with pytest.raises(ConfigurationError, match=r"2024-2025\.csv; download the list and drop it in the folder crebo-beroep/"):
        list(source.fetch(context()))


def test_a_dropped_list_goes_before_the_network(tmp_path: Path) -> None:
    source = OfficialOccupations(dropped(tmp_path / "crebo-beroep", "combinatie-2024-2025.csv", OFFICIAL))
    raws = list(source.fetch(context()))
    assert [r.name for r in raws] == ["combinatie-2024-2025.csv"] and source.parse(raws).reference_period == "2024-2025"


@pytest.mark.parametrize("title", ["Beroep", "Beroepsnaam", "BEROEP NAAM", "beroep_omschrijving", "Naam beroep", "Beroepen"])
def test_the_occupation_is_found_under_any_likely_title(title: str) -> None:
    parsed = OfficialOccupations().parse([raw(OFFICIAL.replace(b"Beroep naam", title.encode()))])
    assert len(parsed.records["crebo_occupation"]) == 3


@pytest.mark.parametrize(("gone", "named"), [(b"Erkende opleidingscode", "Erkende opleidingscode"), (b"Beroep naam", "Beroep")])
def test_a_missing_column_is_named_with_those_that_are_there(gone: bytes, named: str) -> None:
    with pytest.raises(SchemaDrift, match=f"no column '{named}'; there are: .*Sectorkamer naam"):
        OfficialOccupations().parse([raw(OFFICIAL.replace(gone, b"Anders"))])


def test_an_education_is_no_occupation() -> None:
    with pytest.raises(SchemaDrift, match="no column 'Beroep'"):
        OfficialOccupations().parse([raw(OFFICIAL.replace(b"Beroep naam", b"Beroepsopleiding naam").replace(b"Beroep code", b"Beroepsopleiding code"))])


# --- CompetentNL ----------------------------------------------------------------------------------------------
def test_competentnl_occupations_come_from_dropped_files_and_lists_of_names_are_passed_over(tmp_path: Path) -> None:
    dropped(tmp_path / "competentnl", "occupation_labels.csv", COMPETENTNL_NAMES)
    source = CompetentNlOccupations(dropped(tmp_path / "competentnl", "kwalificatie-beroep.csv", COMPETENTNL))
    assert source.unmet_needs() is None
    parsed = source.parse(list(source.fetch(context())))
    assert [(r["crebo"], r["occupation_uri"], r["weight"]) for r in parsed.records["crebo_occupation"]] == [
        ("25655", "http://data.europa.eu/esco/occupation/aaaa", 0.6), ("25998", None, None)]
    assert [r.detail for r in parsed.rejects] == ["'1.7' is not between 0 and 1"]
    assert "occupation_labels.csv has no column crebo" in parsed.notes[0]


def test_programmes_without_occupations_are_an_error_not_a_list_of_names() -> None:
    with pytest.raises(SchemaDrift, match="no column 'Beroep'"):
        CompetentNlOccupations().parse([raw(b"crebo,skill\n25655,samenwerken\n")])


def test_nothing_dropped_says_where_to_put_it(tmp_path: Path) -> None:
    assert "competentnl" in str(CompetentNlOccupations(tmp_path).unmet_needs()) and "drop_folder" in str(CompetentNlOccupations(None).unmet_needs())


# --- overrides ------------------------------------------------------------------------------------------------
def test_every_line_is_checked_by_itself_and_a_wrong_one_is_rejected_with_its_number(tmp_path: Path) -> None:
    source = Overrides(dropped(tmp_path / "overrides", "deltion.csv", OVERRIDES))
    raws = list(source.fetch(context()))
    parsed = source.parse(raws)
    kept = parsed.records["crosswalk_line"]
    assert [(r["line"], r["occupation"], r["weight"], r["valid_from"]) for r in kept] == [
        (2, "lasser", 0.8, date(2026, 8, 1)), (3, "http://data.europa.eu/esco/occupation/572c9810-e1ee-4f7a-a71f-820f17c0c25b", 0.0, date(2026, 8, 1))]
    assert {r["sha256"] for r in kept} == {raws[0].sha256} and kept[0]["file"] == "deltion.csv"
    assert [(r.reason, r.detail.split(":")[0]) for r in parsed.rejects] == [
        ("double line", "deltion.csv line 4"), ("unreadable value", "deltion.csv line 5"), ("unreadable value", "deltion.csv line 6"), ("unreadable value", "deltion.csv line 7"),
        ("missing value", "deltion.csv line 8"), ("missing value", "deltion.csv line 9"), ("unreadable value", "deltion.csv line 10"), ("more cells than headings", "deltion.csv line 11")]
    _, refused = to_frames(parsed.records, source.tables)
    assert not refused


def test_an_emptied_folder_takes_the_overrides_back_and_a_missing_one_is_off(tmp_path: Path) -> None:
    assert "overrides" in str(Overrides(tmp_path).unmet_needs()) and "drop_folder" in str(Overrides(None).unmet_needs())
    (tmp_path / "overrides").mkdir()
    source = Overrides(tmp_path)
    assert source.unmet_needs() is None and source.may_shrink
    assert source.parse(list(source.fetch(context()))).records == {"crosswalk_line": []}


@pytest.mark.parametrize(("content", "named"), [(b"crebo;weight\n25287;1\n", "reason"), (b"crebo;weight;reason;author;valid_from\n", "occupation"), (b"", "crebo"), (b"PK\x03\x04", "save it as CSV")])
def test_a_file_without_a_column_is_named_with_what_is_needed(content: bytes, named: str) -> None:
    with pytest.raises(SchemaDrift, match=named):
        Overrides(None).parse([raw(content, "fout.csv")])


@pytest.mark.parametrize("text", ["2026-02-30", "1 augustus", "", "2026", "1-13-2026"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        day(text)


# --- damage ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("damage", [cut, flip, odd_value], ids=lambda d: d.__name__)
@pytest.mark.parametrize(("source", "content"), [(OfficialOccupations(), OFFICIAL), (CompetentNlOccupations(), COMPETENTNL), (Overrides(None), OVERRIDES)], ids=["official", "competentnl", "overrides"])
def test_a_damaged_file_gives_a_named_error_or_records_that_fit(source: Any, content: bytes, damage: Callable[[bytes, random.Random], bytes]) -> None:
    rng = random.Random(f"{source.key} {damage.__name__}")
    for _ in range(60):
        try:
            parsed = source.parse([replace(raw(content), content=damage(content, rng))])
        except ConnectorError as error:
            assert str(error)
        else:
            to_frames(parsed.records, source.tables)
            assert all(reject.reason for reject in parsed.rejects)
