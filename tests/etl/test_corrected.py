"""Corrections by people reach the figures: skills, sectors and places of the marts, a new publication, and back again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from etl.demonstration import loader_for
from etl.derive import derive
from etl.enrich import Understood, Vocabulary, understand
from etl.enrich.corrected import corrected
from etl.settings import Settings, read_settings
from warehouse import schema as s
from warehouse.corrections import Correction, Corrections
from warehouse.publications import Publications
from warehouse.work import WorkDatabase

TEXT = "Wij zoeken een lasser die kan TIG-lassen. Je hebt een VCA-certificaat en ervaring met lezen van technische tekeningen. Je werkt in een team aan mooie constructies."


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.shipped()


@pytest.fixture(scope="module")
def read(vocabulary: Vocabulary) -> Understood:
    advert = {"source": "x", "url": None, "title": "Lasser", "description": TEXT, "employer": "A", "place_text": "Zwolle", "province_text": None, "country": None, "employment_type": None, "education_text": "mbo 3",
              "first_seen": pd.Timestamp("2025-03-01"), "last_seen": pd.Timestamp("2025-03-02")}
    other = {**advert, "source_id": "2", "title": "Kok", "description": "Je kookt in onze keuken volgens HACCP.", "place_text": "Assen", "education_text": None}
    return understand(pd.DataFrame([{**advert, "source_id": "1"}, other]), vocabulary)


def one(read: Understood, title: str = "Lasser") -> dict[str, Any]:
    return dict(read.vacancies[read.vacancies["title"] == title].iloc[0])


def correction(vacancy: Any, field: str, old: str | None, new: str | None, number: int = 1) -> Correction:
    return Correction(f"{number:016x}", str(vacancy), field, old, new, "", "2026-01-01T10:00:00+00:00")


def occupation(vocabulary: Vocabulary, title: str) -> str:
    found = vocabulary.titles.match(title)[0]
    assert found
    return found


def test_nothing_to_correct_leaves_everything_as_it_was(read: Understood, vocabulary: Vocabulary) -> None:
    made, rows = corrected(read, [], vocabulary)
    assert made is read and rows.empty


def test_a_skill_that_is_none_leaves_the_vacancy_and_its_place_is_kept(read: Understood, vocabulary: Vocabulary) -> None:
    lasser = one(read)
    before = read.mentions[read.mentions["vacancy_id"] == lasser["vacancy_id"]].iloc[0]
    made, rows = corrected(read, [correction(lasser["vacancy_id"], "skill", before["skill_id"], None)], vocabulary)
    assert before["skill_id"] not in one(made)["skill_ids"].split("|") and len(made.mentions) == len(read.mentions) - 1
    assert rows.iloc[0]["outcome"] == "applied" and (rows.iloc[0]["start"], rows.iloc[0]["end"]) == (before["start"], before["end"])
    assert one(read)["skill_ids"] == lasser["skill_ids"]


def test_another_occupation_brings_its_sector_and_unit_group(read: Understood, vocabulary: Vocabulary) -> None:
    lasser, kok = one(read), one(read, "Kok")
    assert lasser["sector"] and kok["sector"] and lasser["sector"] != kok["sector"]
    made, rows = corrected(read, [correction(lasser["vacancy_id"], "occupation", None, kok["occupation_uri"])], vocabulary)
    now = one(made)
    assert (now["sector"], now["isco4"], now["occupation_uri"]) == (kok["sector"], kok["isco4"], kok["occupation_uri"]) and pd.isna(now["occupation_confidence"])
    assert rows.iloc[0]["old_value"] == lasser["occupation_uri"]
    none, _ = corrected(read, [correction(lasser["vacancy_id"], "occupation", None, None)], vocabulary)
    assert pd.isna(one(none)["sector"]) and one(none)["unmapped_reason"] == "no occupation" and pd.isna(one(none)["isco4"])


def test_hbo_takes_a_vacancy_out_of_its_sector_and_a_place_moves_its_mentions(read: Understood, vocabulary: Vocabulary) -> None:
    lasser = one(read)
    made, _ = corrected(read, [correction(lasser["vacancy_id"], "level", None, "hbo", 1), correction(lasser["vacancy_id"], "place", None, "GM0344", 2)], vocabulary)
    now = one(made)
    assert pd.isna(now["sector"]) and now["unmapped_reason"] == "other level"
    assert now["municipality_code"] == "GM0344" and now["region_code"] == vocabulary.region_of["GM0344"] != lasser["region_code"]
    assert set(made.mentions[made.mentions["vacancy_id"] == lasser["vacancy_id"]]["region_code"]) == {now["region_code"]}
    untouched = ["vacancy_id", "sector", "region_code", "skill_ids"]
    assert [one(made, "Kok")[n] for n in untouched] == [one(read, "Kok")[n] for n in untouched]
    assert (made.vacancies.dtypes == read.vacancies.dtypes).all()


def test_what_cannot_be_applied_is_kept_with_the_reason(read: Understood, vocabulary: Vocabulary) -> None:
    v = one(read)["vacancy_id"]
    present = one(read)["skill_ids"].split("|")[0]
    made, rows = corrected(read, [
        correction(1, "level", None, "hbo", 1), correction(v, "occupation", None, "http://nowhere", 2), correction(v, "place", None, "GM9999", 3), correction(v, "skill", None, "s:none", 4),
        correction(v, "skill", None, present, 5), correction(v, "level", "mbo3", "mbo3", 6)], vocabulary)
    assert list(rows["outcome"]) == ["no vacancy", "unknown value", "unknown value", "unknown value", "unchanged", "unchanged"]
    assert made is read


def test_a_title_that_several_occupations_go_by_has_a_second_choice(vocabulary: Vocabulary) -> None:
    first, second = vocabulary.titles.match("RVS lasser")[0], vocabulary.titles.runner_up("RVS lasser")
    assert first and second and first != second and {first, second} == set(vocabulary.titles.titles["rvs lasser"])
    assert vocabulary.titles.runner_up("Kok") is None
    assert vocabulary.titles.runner_up("Duizendpoot") is None


@pytest.fixture(scope="module")
def year(small_year: Publications, small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the small year, free to be changed."""
    folder: Path = tmp_path_factory.mktemp("corrected")
    shutil.copytree(small_settings.data, folder / "demo")
    return read_settings(environ={}, general__data=str(folder), sources__demo_vacancies=small_settings.sources.demo_vacancies, load__scheduler="off")


def test_a_correction_changes_the_marts_at_the_next_load_and_undoing_it_changes_them_back(year: Settings) -> None:
    publications, store = Publications(year.data), Corrections(year.data)
    before = publications.reader()
    page, _ = before.vacancies("AM36", sector="techniek" if "techniek" in set(before.sectors()["code"]) else None, period=2025, limit=1)
    advert = before.vacancy(page["vacancy_id"].iloc[0])
    assert advert and advert["skill_ids"]
    skill = advert["skill_ids"].split("|")[0]
    other = next(r for r in before.vacancies("AM36", sector="zorg", period=2025, limit=1)[0]["vacancy_id"])
    zorg = before.vacancy(other)
    assert zorg
    made = [store.add(advert["vacancy_id"], "skill", skill, None), store.add(advert["vacancy_id"], "occupation", advert["occupation_uri"], zorg["occupation_uri"]), store.add("1", "level", None, "hbo")]

    def load() -> tuple[bool, Any]:
        with loader_for(year) as loader:
            report = loader.run([])
        assert report.exit_code == 0
        return report.new, publications.reader()

    def demand(reader: Any, sector: str) -> int:
        rows = reader.mismatch("AM36", 2025)
        return int(rows[rows["sector"] == sector]["n"].iloc[0])

    new, after = load()
    assert new and load()[0] is False
    now = after.vacancy(advert["vacancy_id"])
    assert skill not in now["skill_ids"].split("|") and now["occupation_uri"] == zorg["occupation_uri"] and now["sector"] == "zorg"
    assert demand(after, "zorg") == demand(before, "zorg") + 1 and demand(after, advert["sector"]) == demand(before, advert["sector"]) - 1
    with WorkDatabase(year.data / "work.duckdb") as work:
        outcomes = work.frame(select(s.vacancy_correction.c.outcome, func.count().label("n")).group_by(s.vacancy_correction.c.outcome))
    assert dict(zip(outcomes["outcome"], outcomes["n"], strict=True)) == {"applied": 2, "no vacancy": 1}
    for c in made:
        store.withdraw(c.id)
    new, back = load()
    assert new and back.info.content_hash == before.info.content_hash
    assert back.vacancy(advert["vacancy_id"])["skill_ids"] == advert["skill_ids"]


def test_deriving_without_corrections_is_what_it_was(year: Settings) -> None:
    with WorkDatabase(year.data / "work.duckdb") as work:
        derive(work, workers=1)
        assert work.frame(select(func.count().label("n")).select_from(s.vacancy_correction))["n"].iloc[0] == 0
