"""Earlier codes of a programme: found where one answer stands out, kept as ambiguous otherwise, and series that run on."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.alignment import lineage


def lists(*rows: tuple[str, str, str, int | None, str], names: tuple[str, str] = ("crebo_2014.csv", "crebo_2015.csv")) -> pd.DataFrame:
    """(old or new, crebo, name, level, dossier)"""
    return pd.DataFrame([{"crebo": c, "list_name": names[when == "new"], "name": n, "level": level, "dossier_name": d} for when, c, n, level, d in rows])


def relations(found: lineage.Lineage) -> dict[tuple[str, str], str]:
    return {(p, c): r for p, c, r in zip(found.links["predecessor"], found.links["crebo"], found.links["relation"], strict=True)}


def test_the_same_name_and_level_is_a_successor_and_another_level_is_not() -> None:
    found = lineage.from_lists(lists(("old", "95000", "Kok", 2, "Kok"), ("new", "25180", "kok", 2, "Keuken"), ("new", "25181", "Kok", 3, "Keuken"), ("old", "95001", "Slager", 2, "Vlees")))
    assert relations(found) == {("95000", "25180"): lineage.ONE} and found.unmatched == ("95001",)
    assert found.links["confidence"].tolist() == [0.85] and found.links["since"].tolist() == [2015]


def test_the_dossier_tells_two_of_the_same_name_apart() -> None:
    found = lineage.from_lists(lists(("old", "95000", "Technicus", 4, "Bouw"), ("new", "25001", "Technicus", 4, "Bouw"), ("new", "25002", "Technicus", 4, "Infra")))
    assert relations(found) == {("95000", "25001"): lineage.ONE} and found.links["basis"].tolist() == ["name level dossier"]


def test_two_that_fit_equally_well_are_ambiguous_and_used_nowhere() -> None:
    found = lineage.from_lists(lists(("old", "95000", "Assistent", 1, "Entree"), ("new", "25001", "Assistent", 1, "Entree"), ("new", "25002", "Assistent", 1, "Entree")))
    assert set(relations(found).values()) == {lineage.AMBIGUOUS} and set(found.links["why"]) == {"several"} and (found.links["confidence"] == 0).all()
    assert lineage.successor_of(found.links) == {}


def test_a_code_that_fits_another_predecessor_better_is_not_taken_from_it() -> None:
    found = lineage.from_lists(lists(("old", "95690", "Plaatwerker", 2, "Metaal"), ("old", "94373", "Plaatwerker", 2, "Vliegtuigbouw"), ("new", "25293", "Plaatwerker", 2, "Metaal")))
    assert relations(found) == {("95690", "25293"): lineage.ONE, ("94373", "25293"): lineage.AMBIGUOUS}
    assert found.links.set_index("predecessor").loc["94373", ["why", "others"]].tolist() == ["taken", "95690"]


def test_a_name_that_was_extended_in_its_own_dossier_is_a_split_or_goes_on() -> None:
    split = lineage.from_lists(lists(("old", "94373", "Plaatwerker", 2, "Bouw"), ("new", "25318", "Plaatwerker schip", 2, "Bouw"), ("new", "25319", "Plaatwerker trein", 2, "Bouw"), ("new", "25293", "Plaatwerker", 2, "Metaal")))
    assert set(relations(split)) == {("94373", "25318"), ("94373", "25319")} and set(relations(split).values()) == {lineage.SPLIT}
    assert lineage.successor_of(split.links) == {}


def test_several_that_become_one_are_a_merger_and_words_in_another_order_still_match() -> None:
    found = lineage.from_lists(lists(("old", "95391", "Directiesecretaresse/Managementassistent", 4, "S"), ("old", "95392", "Managementassistent en directiesecretaresse niveau 4", 4, "S"),
                                     ("new", "25151", "Managementassistent/directiesecretaresse", 4, "T")))
    assert relations(found) == {("95391", "25151"): lineage.MERGED, ("95392", "25151"): lineage.MERGED}
    assert lineage.successor_of(found.links) == {"95391": "25151", "95392": "25151"}


def test_a_code_of_both_lists_goes_on_and_a_list_without_a_year_is_not_used_and_says_so() -> None:
    rows = lists(("old", "25180", "Kok", 2, "Keuken"), ("new", "25180", "Kok", 2, "Keuken"), ("new", "25999", "Kok", 2, "Keuken"))
    assert lineage.from_lists(rows).links.empty
    undated = lineage.from_lists(lists(("old", "95000", "Kok", 2, "Kok"), ("new", "25180", "Kok", 2, "Keuken"), names=("oud.csv", "crebo_2015.csv")))
    assert undated.links.empty and "no year" in undated.notes[0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["old", "new"]), st.integers(10000, 10030).map(str), st.sampled_from(["Kok", "Kok grill", "Bakker", "Smid (allround)", ""]), st.sampled_from([1, 2, None]), st.sampled_from(["A", "B", ""])),
                min_size=2, max_size=30, unique_by=lambda r: (r[0], r[1])))
def test_a_certain_link_goes_from_a_code_that_ended_to_one_that_began_and_each_predecessor_is_said_once(rows: list[tuple[str, str, str, int | None, str]]) -> None:
    if len({r[0] for r in rows}) < 2:
        return
    found = lineage.from_lists(lists(*rows))
    old, new = ({r[1] for r in rows if r[0] == when} for when in ("old", "new"))
    assert set(found.links["predecessor"]) <= old - new and set(found.links["crebo"]) <= new - old
    assert set(found.links["predecessor"]) | set(found.unmatched) == old - new and not set(found.links["predecessor"]) & set(found.unmatched)
    per = found.links.groupby("predecessor")["relation"].agg(set)
    assert all(len(kinds) == 1 or kinds == {lineage.SPLIT, lineage.MERGED} for kinds in per)


# --- DUO's own years ------------------------------------------------------------------------------------------
def years(**codes: dict[int, int]) -> pd.DataFrame:
    return pd.DataFrame([{"crebo": code.strip("c"), "name": "Chauffeur", "level": 2, "sector": "Mobiliteit", "year": year, "count": n} for code, counts in codes.items() for year, n in counts.items()])


def test_a_code_that_ends_and_one_of_the_same_name_that_begins() -> None:
    found = lineage.from_years(years(c25364={2021: 90, 2022: 80}, c27042={2023: 85, 2024: 88}))
    assert relations(found) == {("25364", "27042"): lineage.ONE} and found.links["since"].tolist() == [2023]


def test_a_code_that_runs_out_while_another_begins_is_a_predecessor_and_one_that_grows_beside_it_is_not() -> None:
    assert lineage.from_years(years(c25364={2021: 90, 2022: 80, 2023: 40, 2024: 10}, c27042={2023: 45, 2024: 80})).links["basis"].tolist() == ["running out"]
    assert lineage.from_years(years(c25364={2021: 90, 2022: 80, 2023: 90, 2024: 95}, c27042={2023: 45, 2024: 80})).links.empty


def test_a_gap_an_older_code_or_two_that_begin_make_no_certain_link() -> None:
    assert lineage.from_years(years(c25364={2021: 90}, c27042={2023: 85, 2024: 88})).links.empty
    assert lineage.from_years(years(c27042={2021: 90, 2022: 80}, c25364={2023: 85, 2024: 88})).links.empty
    two = lineage.from_years(years(c25364={2021: 90, 2022: 80}, c27042={2023: 40}, c27043={2023: 40}))
    assert set(relations(two).values()) == {lineage.AMBIGUOUS}


def test_nothing_gives_nothing() -> None:
    assert lineage.from_years(years(c25364={2021: 0})).links.empty and lineage.together().links.empty


def test_what_is_certain_in_one_source_goes_before_ambiguity_in_another() -> None:
    lists_say = lineage.from_lists(lists(("old", "25364", "Chauffeur", 2, "D"), ("new", "27042", "Chauffeur", 2, "D"), ("new", "27043", "Chauffeur", 2, "D")))
    duo_says = lineage.from_years(years(c25364={2021: 90, 2022: 80}, c27042={2023: 85}))
    assert relations(lineage.together(lists_say, duo_says)) == {("25364", "27042"): lineage.ONE}


# --- series ---------------------------------------------------------------------------------------------------
def links(*pairs: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"crebo": new, "predecessor": old, "relation": relation, "basis": "name level", "why": None, "others": None, "source": "x", "confidence": 0.9, "since": 2023}
                         for old, new, relation in pairs], columns=lineage.COLUMNS)


COUNTS = pd.DataFrame([("25364", 2021, 80, 84), ("25364", 2022, 60, 60), ("27042", 2022, 20, 23), ("27042", 2023, 85, 85)], columns=["crebo", "year", "low", "high"])


def test_a_series_runs_on_through_a_change_of_code_and_says_so_per_year() -> None:
    made = lineage.chain(COUNTS, links(("25364", "27042", lineage.ONE)))
    assert made["crebo"].unique().tolist() == ["27042"]
    assert made[["year", "low", "high", "codes", "basis"]].to_numpy().tolist() == [
        [2021, 80, 84, "25364", "predecessor"], [2022, 80, 83, "25364|27042", "own + predecessor"], [2023, 85, 85, "27042", "own"]]


def test_what_is_not_known_of_either_code_stays_unknown() -> None:
    counts = pd.DataFrame([("25364", 2022, None), ("27042", 2022, None), ("27042", 2023, 5.0)], columns=["crebo", "year", "low"])
    made = lineage.chain(counts, links(("25364", "27042", lineage.ONE)), values=["low"])
    assert made["low"].isna().tolist() == [True, False]


def test_a_code_that_was_split_is_not_divided_and_its_years_are_silent() -> None:
    made = lineage.chain(COUNTS[COUNTS["year"] != 2022], links(("25364", "27042", lineage.SPLIT), ("25364", "27043", lineage.SPLIT)))
    silent = made[made["basis"] == "split predecessor"]
    assert set(silent["crebo"]) == {"27042", "27043"} and silent["low"].isna().all() and set(silent["year"]) == {2021}
    assert made.loc[made["crebo"] == "25364", "low"].tolist() == [80]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.integers(2020, 2024), st.integers(0, 50), st.integers(0, 4)), max_size=20, unique_by=lambda r: (r[0], r[1])),
       st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["a", "b", "c", "d"]), st.sampled_from([lineage.ONE, lineage.MERGED, lineage.SPLIT, lineage.AMBIGUOUS])), max_size=4, unique_by=lambda r: r[0]))
def test_chaining_loses_and_invents_nobody_whatever_the_lineage(rows: list[tuple[str, int, int, int]], pairs: list[tuple[str, str, str]]) -> None:
    counts = pd.DataFrame([(c, y, low, low + more) for c, y, low, more in rows], columns=["crebo", "year", "low", "high"])
    made = lineage.chain(counts, links(*pairs))
    for name in ("low", "high"):
        assert made.groupby("year")[name].sum().to_dict() == pytest.approx(counts.groupby("year")[name].sum().to_dict())
    assert not made.duplicated(["crebo", "year"]).any()


def test_what_is_on_offer_now_was_taught_in_the_same_places_before() -> None:
    offer = pd.DataFrame({"crebo": ["27042", "25001"], "place": ["ZWOLLE", "ASSEN"]})
    made = lineage.also_before(offer, links(("25364", "27042", lineage.ONE)))
    assert sorted(zip(made["crebo"], made["place"], strict=True)) == [("25001", "ASSEN"), ("25364", "ZWOLLE"), ("27042", "ZWOLLE")]
