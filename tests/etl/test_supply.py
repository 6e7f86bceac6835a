"""Supply: who continues does not count, homes divide and never lose anybody, masked counts cannot be computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.alignment import disclosure, supply
from etl.derive import shipped_progression
from etl.enrich.place import Gazetteer
from etl.locations import home_places

CELL = st.one_of(st.integers(0, 400).map(lambda n: (n, n)), st.just((1, 4)), st.integers(5, 60).map(lambda n: (n + 1, n + 4)))
MASKABLE = st.one_of(st.integers(0, 60).map(lambda n: (n, n)), st.just((1, 4)), st.just((2, 8)))
HOMES = ["AM36", "AM05", "AM06", supply.ABROAD, supply.UNKNOWN]


def shares(*rows: tuple[int, str, float, float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["level", "sector", "share", "share_low", "share_high", "basis"])


def graduates(**changed: object) -> pd.DataFrame:
    row = {"institution_code": "i", "crebo": "c", "pathway": "bol", "level": 4, "sector_code": "zorg", "year": 2025, "region_code": "AM36", "share_in_region": 1.0, "graduates_low": 100, "graduates_high": 100}
    return pd.DataFrame([{**row, **changed}])


# --- progression ----------------------------------------------------------------------------------------------
def test_who_continues_in_education_is_no_supply() -> None:
    made = supply.leaving(graduates(), shares((4, "*", 0.4, 0.35, 0.5, "published"))).iloc[0]
    assert (made["leaving_low"], made["leaving"], made["leaving_high"]) == (pytest.approx(50), pytest.approx(60), pytest.approx(65))
    assert made["progression_basis"] == "published"


@pytest.mark.parametrize(("sector", "leaving"), [("zorg", 90.0), ("ict", 60.0), (None, 60.0)])
def test_a_share_of_the_sector_goes_before_that_of_all_sectors(sector: str | None, leaving: float) -> None:
    table = shares((4, "*", 0.4, 0.4, 0.4, "published"), (4, "zorg", 0.1, 0.1, 0.1, "own file"))
    assert supply.leaving(graduates(sector_code=sector), table)["leaving"].tolist() == [pytest.approx(leaving)]


def test_a_level_without_a_share_is_an_error_and_not_everybody() -> None:
    with pytest.raises(ValueError, match=r"no progression share for levels \[2\]"):
        supply.leaving(graduates(level=2), shares((4, "*", 0.4, 0.3, 0.5, "published")))


def test_own_figures_replace_a_level_or_one_sector_of_it() -> None:
    shipped = shares((3, "*", 0.3, 0.2, 0.4, "published"), (4, "*", 0.4, 0.3, 0.5, "published"), (4, "ict", 0.5, 0.4, 0.6, "published"))
    one = supply.remaining(shares((4, "ict", 0.6, 0.6, 0.6, "own file")), shipped)
    whole = supply.remaining(shares((4, "*", 0.3, 0.3, 0.3, "own file")), shipped)
    assert list(zip(one["level"], one["sector"], strict=True)) == [(3, "*"), (4, "*")]
    assert list(zip(whole["level"], whole["sector"], strict=True)) == [(3, "*")]


def test_the_shipped_shares_say_what_is_published_and_what_is_assumed() -> None:
    table = shipped_progression()
    assert set(zip(table["level"], table["sector"], strict=True)) >= {(level, "*") for level in (1, 2, 3, 4)}
    assert (table["share_low"] <= table["share"]).all() and (table["share"] <= table["share_high"]).all() and table["share_high"].max() < 1
    for row in table.itertuples():
        assert row.basis in ("published", "partly assumed", "assumed") and "CBS" in row.source
        assert ("aanname" in row.source) == (row.basis != "published")


def test_the_note_says_what_part_of_the_leavers_rests_on_what() -> None:
    leavers = pd.DataFrame({"progression_basis": ["published", "assumed", "published"], "leaving": [30.0, 40.0, 30.0]})
    assert supply.resting_on(leavers) == "published:0.60|assumed:0.40"


# --- homes ----------------------------------------------------------------------------------------------------
def home_rows(cells: list[tuple[int, int]], **key: object) -> pd.DataFrame:
    return pd.DataFrame([{"institution_code": "i", "pathway": "bol", "year": 2024, **key, "home_code": home, "students_low": low, "students_high": high}
                         for home, (low, high) in zip(HOMES, cells, strict=False)])


@settings(deadline=None)
@given(st.lists(CELL, min_size=1, max_size=5).filter(lambda cells: any(high for _, high in cells)), st.data())
def test_home_shares_add_up_to_one_and_every_possible_count_lies_within_the_bounds(cells: list[tuple[int, int]], data: st.DataObject) -> None:
    made = supply.home_shares(home_rows(cells)).set_index("home_code")
    assert made["share"].sum() == pytest.approx(1.0, abs=1e-12)
    assert (made["share_low"] <= made["share"]).all() and (made["share"] <= made["share_high"]).all() and made["share_high"].max() <= 1 + 1e-12
    true = [data.draw(st.integers(low, high)) for low, high in cells]
    if sum(true):
        for home, count in zip(HOMES, true, strict=False):
            if home in made.index:
                assert made.loc[home, "share_low"] - 1e-12 <= count / sum(true) <= made.loc[home, "share_high"] + 1e-12
            else:
                assert count == 0


LEAVERS = st.lists(st.tuples(st.sampled_from(["i", "j", "k"]), st.sampled_from(["bol", "bbl"]), st.integers(2021, 2026), st.sampled_from(["AM36", "AM05"]), st.integers(0, 300), st.integers(0, 9)), min_size=1, max_size=20)


@settings(deadline=None)
@given(LEAVERS, st.lists(st.tuples(st.sampled_from(["i", "j"]), st.sampled_from(["bol", "bbl"]), st.integers(2021, 2025), st.sampled_from(HOMES), CELL), max_size=30))
def test_nobody_is_lost_or_made_by_dividing_over_homes(leavers: list[tuple], homes: list[tuple]) -> None:
    frame = pd.DataFrame([{"institution_code": i, "pathway": p, "year": y, "region_code": r, "crebo": "c", "leaving_low": float(n), "leaving": n + w / 2, "leaving_high": float(n + w)} for i, p, y, r, n, w in leavers])
    students = pd.DataFrame([{"institution_code": i, "pathway": p, "year": y, "home_code": h, "students_low": c[0], "students_high": c[1]} for i, p, y, h, c in homes],
                            columns=["institution_code", "pathway", "year", "home_code", "students_low", "students_high"])
    made = supply.by_home(frame, supply.home_shares(students))
    periods = [2024, 2025, 2026]
    for by in ([], ["taught_in"], ["institution_code"]):
        before = supply.yearly_mean(frame.assign(taught_in=frame["region_code"], all="x"), periods, [*by, "all"])
        after = supply.yearly_mean(made.assign(all="x"), periods, [*by, "all"])
        both = before.merge(after, on=[*by, "all", "period"], suffixes=("", "_home"))
        assert len(both) == len(before)
        assert both["supply_home"].to_numpy() == pytest.approx(both["supply"].to_numpy(), rel=1e-12, abs=1e-9)
    assert (made["leaving_low"] <= made["leaving"] + 1e-9).all() and (made["leaving"] <= made["leaving_high"] + 1e-9).all()
    assert (made["homes_low"] <= made["leaving"] + 1e-9).all() and (made["leaving"] <= made["homes_high"] + 1e-9).all()
    assert (made.loc[made["institution_code"] == "k", "region_code"] == supply.UNKNOWN).all()  # no homes: not divided among the others


def test_people_abroad_and_unknown_are_a_part_of_their_own() -> None:
    students = home_rows([(50, 50), (30, 30), (0, 0), (15, 15), (5, 5)])
    made = supply.by_home(supply.leaving(graduates(), shares((4, "*", 0.4, 0.4, 0.4, "published"))), supply.home_shares(students))
    assert made.set_index("region_code")["leaving"].to_dict() == pytest.approx({"AM36": 30.0, "AM05": 18.0, supply.ABROAD: 9.0, supply.UNKNOWN: 3.0})
    assert set(made["taught_in"]) == {"AM36"}


def test_the_homes_are_those_of_the_october_before_the_diploma() -> None:
    students = pd.concat([home_rows([(10, 10)], year=2023), home_rows([(0, 0), (10, 10)], year=2024)])
    leavers = pd.concat([supply.leaving(graduates(year=year), shares((4, "*", 0.4, 0.4, 0.4, "published"))) for year in (2021, 2024, 2025)])
    made = supply.by_home(leavers, supply.home_shares(students))
    assert dict(zip(made["year"], made["region_code"], strict=True)) == {2021: "AM36", 2024: "AM36", 2025: "AM05"}


@pytest.mark.parametrize(("years", "expected"), [(1, 90.0), (2, 75.0), (3, 60.0)])
def test_the_number_of_years_of_the_mean_can_be_chosen(years: int, expected: float) -> None:
    leavers = pd.DataFrame({"region_code": "AM36", "year": [2023, 2024, 2025], **{c: [30.0, 60.0, 90.0] for c in ("leaving_low", "leaving", "leaving_high")}})
    made = supply.yearly_mean(leavers, [2025], ["region_code"], years).iloc[0]
    assert made["supply"] == expected and made["supply_years"] == f"{2026 - years}-2025"


def gazetteer() -> Gazetteer:
    made = Gazetteer()
    for code, name, province in (("GM0373", "Bergen (NH.)", "PV27"), ("GM0893", "Bergen (L.)", "PV31"), ("GM0164", "Hengelo", "PV23"), ("GM1876", "Bronckhorst", "PV25"), ("GM0518", "'s-Gravenhage", "PV28"),
                                 ("GM1896", "Zwartewaterland", "PV23"), ("GM0344", "Utrecht", "PV26"), ("GM1900", "Súdwest-Fryslân", "PV21")):
        made.add(name, code, own=True)
        made.province_of[code] = province
    for place, code in (("Hengelo", "GM1876"), ("Hasselt", "GM1896"), ("Bergen", "GM0373"), ("Bergen", "GM0893")):
        made.add(place, code)
    return made


@pytest.mark.parametrize(("name", "province", "code", "status"), [
    ("BERGEN", "LIMBURG", "GM0893", "resolved"), ("BERGEN", "NOORD-HOLLAND", "GM0373", "resolved"), ("BERGEN", "ONBEKEND", None, "ambiguous"),
    ("HENGELO", "OVERIJSSEL", "GM0164", "resolved"), ("HENGELO", "GELDERLAND", "GM1876", "resolved"), ("UTRECHT", "UTRECHT", "GM0344", "resolved"),
    ("S GRAVENHAGE", "ZUID-HOLLAND", "GM0518", "resolved"), ("SUDWEST-FRYSLAN", "FRIESLAND", "GM1900", "resolved"), ("HASSELT", "OVERIJSSEL", "GM1896", "resolved"),
    ("HASSELT", "BELGIE", None, "abroad"), ("GRONAU", "DUITSLAND", None, "abroad"), ("PARIJS", "OVERIG BUITENLAND", None, "abroad"),
    ("ONBEKEND", "ONBEKEND", None, "unknown"), ("ATLANTIS", "UTRECHT", None, "unknown"), ("UTRECHT", "GRONINGEN", None, "ambiguous"), ("UTRECHT", "ATLANTIS", None, "unknown"),
])
def test_the_province_decides_between_namesakes_and_nothing_is_guessed(name: str, province: str, code: str | None, status: str) -> None:
    homes = pd.DataFrame([{"municipality_name": name, "municipality_code": None, "home_status": None, "province_name": province, "students_low": 7}])
    made = home_places(homes, gazetteer()).iloc[0]
    assert (made["municipality_code"], made["home_status"]) == (code, status) and made["students_low"] == 7


# --- disclosure -----------------------------------------------------------------------------------------------
def computed(parts: list[tuple[int, int]], low: float, high: float, position: int) -> tuple[float, float]:
    """What a reader who knows the total and the other parts knows of one part."""
    others_low = sum(p[0] for i, p in enumerate(parts) if i != position)
    others_high = sum(p[1] for i, p in enumerate(parts) if i != position)
    return max(parts[position][0], low - others_high), min(parts[position][1], high - others_low)


def shown(parts: list[tuple[int, int]], low: int, high: int) -> tuple[float, float]:
    frame = pd.DataFrame([{"t": "x", "n_low": a, "n_high": b} for a, b in parts])
    made = disclosure.shown_totals(pd.DataFrame({"t": ["x"], "n_low": [low], "n_high": [high]}), frame, ["t"], "n").iloc[0]
    return made["n_low"], made["n_high"]


@settings(deadline=None)
@given(st.lists(MASKABLE, min_size=1, max_size=6), st.data())
def test_no_masked_part_can_be_computed_from_a_shown_total(parts: list[tuple[int, int]], data: st.DataObject) -> None:
    true = [data.draw(st.integers(a, b)) for a, b in parts]
    low, high = shown(parts, sum(true), sum(true))
    assert low <= sum(true) <= high
    for position, part in enumerate(parts):
        if part[0] < part[1]:
            assert computed(parts, low, high, position) == part
    if all(a == b for a, b in parts):
        assert low == high == sum(true)  # nothing to hide, nothing taken away


@settings(deadline=None)
@given(st.lists(MASKABLE, min_size=1, max_size=6))
def test_the_sum_of_bounds_gives_nothing_away(parts: list[tuple[int, int]]) -> None:
    whole = sum(a for a, _ in parts), sum(b for _, b in parts)
    assert shown(parts, *whole) == whole


def test_a_total_with_one_masked_part_is_widened_to_what_that_part_can_be() -> None:
    assert computed([(20, 20), (1, 4)], 22, 22, 1) == (2, 2)  # what a reader would know
    assert shown([(20, 20), (1, 4)], 22, 22) == (21, 24)


def test_parts_without_a_number_take_no_part() -> None:
    parts = pd.DataFrame({"t": ["x", "x"], "n_low": [1.0, np.nan], "n_high": [4.0, np.nan]})
    made = disclosure.shown_totals(pd.DataFrame({"t": ["x", "y"], "n_low": [2.0, 9.0], "n_high": [2.0, 9.0]}), parts, ["t"], "n")
    assert made[["n_low", "n_high"]].to_numpy().tolist() == [[1.0, 4.0], [9.0, 9.0]]
