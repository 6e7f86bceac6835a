"""Areas of municipalities: parts of a count are put together before anything is computed, and every way of counting adds up."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.alignment import apportioning, area, mismatch, noise, supply
from etl.alignment.area import CROSSWALKS, DEMANDS, SUPPLIES, Count

LEAVER = {"institution_code": "25PJ", "crebo": "25655", "pathway_source": "BBL", "pathway": "bbl", "level": 4, "year": 2025, "sector_code": "zorg", "graduates_low": 40, "graduates_high": 40,
          "share": 0.4, "share_low": 0.3, "share_high": 0.5, "progression_basis": "assumed"}


def leavers(*regions: str) -> pd.DataFrame:
    made = pd.DataFrame([{**LEAVER, "region_code": region, "share_in_region": 1 / len(regions)} for region in regions])
    return made.assign(leaving=made["graduates_low"] * 0.6 * made["share_in_region"])


def places(**towns: list[str]) -> pd.DataFrame:
    return pd.DataFrame([{"institution_code": "25PJ", "crebo": "25655", "region_code": region, "municipality_code": town} for region, found in towns.items() for town in found])


def test_a_region_is_divided_evenly_over_its_teaching_towns_and_sums_to_itself() -> None:
    made = area.divided(leavers("AM36", "AM06"), places(AM36=["GM0193", "GM0166", "GM0119"], AM06=["GM0150"]))
    assert made.groupby("region_code")["share_in_area"].sum().to_dict() == pytest.approx({"AM36": 0.5, "AM06": 0.5})
    assert made.set_index("municipality_code")["share_in_area"].to_dict() == pytest.approx({"GM0193": 1 / 6, "GM0166": 1 / 6, "GM0119": 1 / 6, "GM0150": 1 / 2})


def test_the_parts_of_one_count_are_one_count_again() -> None:
    whole = leavers("AM36")
    atoms = area.divided(whole, places(AM36=["GM0193", "GM0166", "GM0119"])).rename(columns={"sector_code": "sector"})
    made = area.gathered(atoms, "here")
    assert len(made) == 1 and made["share_in_region"].tolist() == [1.0] and made["leaving"].tolist() == pytest.approx([24.0])
    error = noise.standard_error(made, [2025], ["region_code"])["supply_se"].iloc[0]
    assert error == pytest.approx(noise.standard_error(whole, [2025], ["region_code"])["supply_se"].iloc[0]), "three parts of one count are not three counts"


def test_two_codes_that_were_carried_into_one_stay_two_counts() -> None:
    both = pd.concat([leavers("AM36"), leavers("AM36").assign(graduates_low=6, graduates_high=6)], ignore_index=True)
    atoms = area.divided(both, places(AM36=["GM0193", "GM0166"])).rename(columns={"sector_code": "sector"})
    assert sorted(area.gathered(atoms, "here")["graduates_low"]) == [6, 40]


def test_the_years_behind_a_mean_stop_two_years_after_the_last_diplomas() -> None:
    rows = pd.DataFrame({"region_code": "AM36", "year": [2021, 2022, 2023, 2024], "leaving_low": 1.0, "leaving": [2.0, 4.0, 6.0, 8.0], "leaving_high": 9.0})
    made = supply.yearly_mean(rows, [2022, 2025, 2026], ["region_code"])
    assert made[["period", "supply", "supply_years"]].to_numpy().tolist() == [[2022, 3.0, "2021-2022"], [2025, 6.0, "2022-2024"]]


def cells(n: list[int], factor: float) -> pd.DataFrame:
    rows = pd.DataFrame({"region_code": "AM36", "period": 2025, "sector": ["zorg", "techniek", "ict"], "n": n, "experienced": 1, "factor": factor, "apportioned": 0.0, "signals": "", "reason": None})
    rows = rows.assign(demand=rows["n"] * factor, demand_var=rows["n"] * factor**2).merge(apportioning.spread(under(n, factor), ["subject"]).rename(columns={"subject": "sector"}))
    for place, middle in (("supply", 40.0), ("supply_living", 55.0)):
        rows = rows.assign(**{f"{place}_low": middle - 8, place: middle, f"{place}_high": middle + 8})
    return mismatch.compare(rows.assign(supply_se=3.0))


def under(n: list[int], factor: float) -> pd.DataFrame:
    """Variants that move vacancies from one sector to the next, the total unchanged."""
    rows = []
    for shift, variant in enumerate(CROSSWALKS):
        moved = n[-shift:] + n[:-shift] if shift else n
        rows += [{"region_code": "AM36", "period": 2025, "subject_kind": "sector", "subject": sector, "variant": variant, "demand": count * factor, "demand_raw": float(count)}
                 for sector, count in zip(("zorg", "techniek", "ict"), moved, strict=True)]
    return pd.DataFrame(rows)


@settings(max_examples=40, deadline=None)
@given(n=st.lists(st.integers(0, 400), min_size=3, max_size=3), factor=st.floats(0.6, 4.0))
def test_under_every_way_of_counting_the_sums_hold_and_classes_exclude_each_other(n: list[int], factor: float) -> None:
    rows = cells(n, factor)
    for how in product(SUPPLIES, DEMANDS, CROSSWALKS):
        count = Count(*how)
        made = area.recounted(rows, under(n, factor), count, "sector")
        assert made["demand"].sum() == pytest.approx(sum(n) * (factor if count.demand == "calibrated" else 1), abs=1e-6), how
        assert made["supply"].tolist() == ([40.0] * 3 if count.supply == "teaching" else [55.0] * 3)
        assert made["n"].tolist() == n and set(made["class"]) <= set(mismatch.CLASSES)
        clear = made[made["class"] != "too_little_data"]
        assert ((clear["ratio_low"] <= clear["ratio"] + 1e-9) & (clear["ratio"] <= clear["ratio_high"] + 1e-9)).all()
        assert (clear.loc[clear["class"] == "shortage", "ratio_low"] > 1.25).all() and (clear.loc[clear["class"] == "surplus", "ratio_high"] < 0.8).all()


def test_counted_as_usual_nothing_changes() -> None:
    rows = cells([120, 44, 9], 1.7)
    made = area.recounted(rows, under([120, 44, 9], 1.7), Count(), "sector")
    pd.testing.assert_frame_equal(made[["demand", "ratio", "ratio_low", "gap_high", "supply"]], rows[["demand", "ratio", "ratio_low", "gap_high", "supply"]], check_exact=False)
    assert made["class"].tolist() == rows["class"].tolist()


def test_fewer_than_ten_vacancies_stay_quiet_under_every_way_of_counting() -> None:
    rows = cells([9, 200, 200], 3.0)
    for how in product(SUPPLIES, DEMANDS, CROSSWALKS):
        made: Any = area.recounted(rows, under([9, 200, 200], 3.0), Count(*how), "sector").iloc[0]
        assert made["class"] == "too_little_data" and made["reason"] == "n < 10" and made["ratio"] != made["ratio"]


def test_an_unknown_supply_by_home_stays_unknown() -> None:
    rows = cells([120, 44, 60], 1.7).assign(supply_living_low=float("nan"), supply_living=float("nan"), supply_living_high=float("nan"))
    made = area.recounted(rows, under([120, 44, 60], 1.7), Count("living"), "sector")
    assert set(made["reason"]) == {"supply unknown"} and made["ratio"].isna().all()
