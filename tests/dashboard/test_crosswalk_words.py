"""Questions about the crosswalk and the codes of a programme, and the words for their answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components.crosswalk_words import lineage_words, note_words, year_words
from dashboard.i18n import Translator, translator
from etl.alignment import crosswalk, lineage
from warehouse import asking_crosswalk, asking_lineage
from warehouse.queries import NATIONAL, Reader

ALLROUND, NOW, BEFORE = "25287", "27042", "25364"


def test_the_links_of_a_programme_say_on_whose_word_and_what_goes_to_others_and_nowhere(reader: Reader) -> None:
    rows = asking_crosswalk.links(reader, ALLROUND)
    assert rows["weight"].is_monotonic_decreasing and len(rows) == 2
    assert (rows["weight"] + rows["others"] + rows["unlinked"]).tolist() == pytest.approx([1.0, 1.0])
    assert set(rows["origin"]) == {crosswalk.SHIPPED} and rows["confidence"].tolist() == [0.8, 0.8]


def test_every_link_of_the_year_can_be_put_into_words(reader: Reader) -> None:
    for lang in ("nl", "en"):
        t = translator(lang)
        words = {note_words(t, note) for crebo in reader.programmes()["crebo"] for note in asking_crosswalk.links(reader, crebo)["note"]}
        assert words and all(text.endswith(".") and "{" not in text for text in words)


def test_what_goes_nowhere_is_counted_in_vacancies(reader: Reader) -> None:
    rows = asking_crosswalk.unlinked(reader, NATIONAL, reader.info.latest_period)
    assert len(rows) and rows["vacancies"].is_monotonic_decreasing and ((rows["unlinked"] > 0) & (rows["unlinked"] <= 1)).all()
    assert (rows["vacancies"] <= rows["n"] + 1e-9).all()


def test_the_variants_stand_beside_each_other(reader: Reader) -> None:
    rows = asking_crosswalk.variants(reader, ALLROUND)
    used = asking_crosswalk.links(reader, ALLROUND).set_index("occupation_uri")["weight"]
    assert rows.set_index("occupation_uri")["combined"].loc[used.index].to_dict() == pytest.approx(used.to_dict())
    assert {"even", "by_graduates", "text"} <= set(rows) and asking_crosswalk.overrides(reader).empty and asking_crosswalk.missed(reader).empty


def test_a_page_can_show_a_series_that_runs_on_through_a_new_code(reader: Reader) -> None:
    for asked in (NOW, BEFORE):  # also from the old link
        counts = asking_lineage.counts(reader, NATIONAL, asked)
        made = lineage.chain(counts, asking_lineage.family(reader, asked), by=["pathway"], values=["students_low", "students_high", "graduates_low", "graduates_high"])
        bbl = made[made["pathway"] == "bbl"]
        assert bbl["year"].tolist() == [2021, 2022, 2023, 2024, 2025] and set(bbl["crebo"]) == {NOW}
        assert bbl["basis"].tolist() == ["predecessor", "predecessor", "own", "own", "own"]
        assert made["students_high"].sum() == counts["students_high"].sum()


def test_a_series_of_one_region_stays_in_that_region_through_the_new_code(reader: Reader) -> None:
    counts = asking_lineage.counts(reader, "AM36", NOW)
    assert set(counts["year"]) == {2021, 2022, 2023, 2024, 2025} and set(counts["crebo"]) == {NOW, BEFORE}


def test_the_family_names_both_codes_and_a_programme_without_one_has_none(reader: Reader) -> None:
    rows = asking_lineage.family(reader, NOW)
    assert rows[["predecessor", "crebo", "name", "predecessor_name"]].to_numpy().tolist() == [[BEFORE, NOW, "Chauffeur wegvervoer", "Chauffeur wegvervoer"]]
    assert asking_lineage.family(reader, ALLROUND).empty and asking_lineage.family_codes(reader, ALLROUND) == [ALLROUND]
    assert asking_lineage.summary(reader).set_index("relation")["predecessors"]["one to one"] >= 1


def test_an_older_publication_answers_with_no_rows() -> None:
    old: Any = SimpleNamespace(info=SimpleNamespace(schema_version=4))
    assert list(asking_crosswalk.links(old, ALLROUND).columns)[:2] == ["occupation_uri", "isco4"] and asking_crosswalk.overrides(old).empty
    assert asking_lineage.family_codes(old, NOW) == [NOW] and asking_lineage.summary(old).empty


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_notes_and_lineage_of_every_kind_have_words(lang: str) -> None:
    t: Translator = translator(lang)
    notes = [
        crosswalk.told("override", author="J. de Wit", reason="Zo is het.", institution=None, file="a.csv", version="abcd", file_date="2026-09-01", valid_from="2026-08-01"),
        crosswalk.told("list", name="Lasser", list="l.csv", by="preferred name"), crosswalk.also(crosswalk.told("shipped"), earlier="25364", claimed=1.8),
        crosswalk.told("text", name="lasser", score=0.9, skills=3)]
    for note in notes:
        assert note_words(t, note) and "{" not in note_words(t, note)
    assert ("1,80" in note_words(t, notes[2])) == (lang == "nl") and "25364" in note_words(t, notes[2]) and note_words(t, None) == ""
    row = {"crebo": "2", "predecessor": "1", "source": "DUO", "why": None, "others": None}
    bases = [rule[0] for rule in lineage.RULES] + [lineage.EXTENDED, lineage.ENDED, lineage.RUNNING_OUT]
    for basis in bases:
        for relation in (lineage.ONE, lineage.MERGED, lineage.SPLIT):
            assert "{" not in lineage_words(t, row | {"basis": basis, "relation": relation})
        for why in (lineage.SEVERAL, lineage.TAKEN):
            assert "3, 4" in lineage_words(t, row | {"basis": basis, "relation": lineage.AMBIGUOUS, "why": why, "others": "3|4"})
    for basis in ("predecessor", "own + predecessor", "split predecessor"):
        assert "1, 2" in year_words(t, basis, "1|2")
    assert year_words(t, "own", "2") == ""
