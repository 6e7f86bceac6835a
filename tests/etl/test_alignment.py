"""The rules of alignment hold for every number, not only for the examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.alignment import apportioning, intervals, mismatch, signals, supply

COUNTS = st.integers(0, 100_000)
BOUNDS = st.tuples(st.floats(0, 5000), st.floats(0, 5000), st.floats(0, 5000)).map(sorted)


@given(COUNTS)
def test_a_count_lies_in_its_poisson_interval(n: int) -> None:
    low, high = intervals.poisson([n])
    assert 0 <= low[0] <= n <= high[0] and np.isfinite(high[0])


@pytest.mark.parametrize(("n", "low", "high"), [(0, 0.0, 2.996), (10, 5.425, 16.962), (100, 84.14, 118.08)])
def test_poisson_bounds_are_garwoods(n: int, low: float, high: float) -> None:
    found = intervals.poisson([n])
    assert found[0][0] == pytest.approx(low, abs=0.01) and found[1][0] == pytest.approx(high, abs=0.01)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_wilson_interval_within_zero_and_one(pair: tuple[int, int]) -> None:
    low, high = intervals.wilson([pair[0]], [pair[1]])
    assert 0 <= low[0] <= pair[0] / pair[1] <= high[0] <= 1


def rows(n: int, bounds: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"n": [n], "demand": [float(n)], "supply_low": [bounds[0]], "supply": [bounds[1]], "supply_high": [bounds[2]]})


@given(COUNTS, BOUNDS)
def test_every_row_has_one_known_class_and_quiet_rows_no_numbers(n: int, bounds: list[float]) -> None:
    made = mismatch.compare(rows(n, bounds)).iloc[0]
    assert made["class"] in mismatch.CLASSES
    if made["class"] == "too_little_data":
        assert np.isnan(made["ratio"]) and np.isnan(made["gap"]) and made["reason"]
    else:
        assert made["reason"] is None or made["reason"] != made["reason"]
        for name in ("demand", "supply", "ratio", "gap"):
            assert made[f"{name}_low"] <= made[name] + 1e-9 and made[name] <= made[f"{name}_high"] + 1e-9 and np.isfinite(made[name])


@given(st.integers(0, 9), BOUNDS)
def test_below_ten_vacancies_nothing_is_said(n: int, bounds: list[float]) -> None:
    assert mismatch.compare(rows(n, bounds)).iloc[0]["class"] == "too_little_data"


ORDER = {"surplus": 0, "borderline": 1, "balance": 1, "shortage": 2}


@given(st.integers(10, 5000), st.integers(0, 5000), st.tuples(st.floats(1, 2000), st.floats(1, 2000)).map(sorted))
def test_more_vacancies_never_turn_a_shortage_into_a_surplus(n: int, more: int, pair: list[float]) -> None:
    bounds = [pair[0], sum(pair) / 2, max(pair[1], 10.0)]
    a, b = (mismatch.compare(rows(k, bounds)).iloc[0]["class"] for k in (n, n + more))
    assert ORDER[b] >= ORDER[a]


@pytest.mark.parametrize(("low", "high", "expected"), [(1.3, 2.0, "shortage"), (1.2, 2.0, "borderline"), (0.85, 1.2, "balance"), (0.2, 0.79, "surplus"), (0.7, 0.9, "borderline"), (0.1, 9.0, "borderline")])
def test_a_class_is_given_only_when_the_whole_interval_lies_in_it(low: float, high: float, expected: str) -> None:
    assert mismatch.classify(low, high, 50, 40) == expected


def test_an_incomplete_year_stays_quiet() -> None:
    made = mismatch.compare(rows(500, [90.0, 100.0, 110.0]), incomplete=pd.Series([True])).iloc[0]
    assert made["class"] == "too_little_data" and made["reason"] == "incomplete year"


@given(st.lists(st.tuples(st.sampled_from(["AM36", "AM05"]), st.sampled_from(["o1", "o2", "o3", None]), st.integers(0, 500)), min_size=1, max_size=30),
       st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_apportioned_plus_unmapped_is_the_total_of_every_region(demand: list[tuple[str, str | None, int]], weights: list[float]) -> None:
    frame = pd.DataFrame(demand, columns=["region_code", "occupation_uri", "n"])
    total = max(weights[0] + weights[1], 1.0), max(weights[2], 1.0)
    crosswalk = pd.DataFrame({"crebo": ["a", "b", "a"], "occupation_uri": ["o1", "o1", "o2"], "weight": [weights[0] / total[0], weights[1] / total[0], weights[2] / total[1]]})
    made, unmapped = apportioning.apportion(frame, crosswalk)
    for region, own in frame.groupby("region_code"):
        parts = made.loc[made["region_code"] == region, "demand"].sum() + unmapped.loc[unmapped["region_code"] == region, "unmapped"].sum()
        assert parts == pytest.approx(own["n"].sum())


def test_weights_over_one_are_refused() -> None:
    with pytest.raises(ValueError, match="above 1"):
        apportioning.apportion(pd.DataFrame({"region_code": ["x"], "occupation_uri": ["o"], "n": [1]}), pd.DataFrame({"crebo": ["a", "b"], "occupation_uri": ["o", "o"], "weight": [0.7, 0.7]}))


def graduates(low: int, high: int, regions: int = 1) -> pd.DataFrame:
    counts = pd.DataFrame({"institution_code": ["i"], "crebo": ["c"], "level": [4], "year": [2025], "graduates_low": [low], "graduates_high": [high]})
    locations = pd.DataFrame({"institution_code": ["i"] * regions, "crebo": ["c"] * regions, "region_code": [f"AM{k:02}" for k in range(regions)], "basis": ["offer"] * regions})
    progression = pd.DataFrame({"level": [4], "share": [0.4], "share_low": [0.3], "share_high": [0.5]})
    return supply.leaving(supply.located(counts, locations), progression)


def test_a_masked_count_is_never_summed_as_zero_or_as_a_point() -> None:
    made = graduates(1, 4).iloc[0]
    assert made["leaving_low"] == pytest.approx(0.5) and made["leaving"] == pytest.approx(1.5) and made["leaving_high"] == pytest.approx(2.8)


def test_graduates_of_several_regions_are_divided_and_the_share_is_reported() -> None:
    made = graduates(100, 100, regions=2)
    assert made["leaving"].tolist() == [30.0, 30.0] and supply.split_share(made) == 1.0


def test_the_mean_runs_over_the_same_years_for_every_row_so_parts_add_up() -> None:
    leavers = pd.DataFrame({"region_code": ["a", "a", "b"], "sector": ["x", "y", "x"], "year": [2023, 2025, 2024], **{c: [30.0, 60.0, 9.0] for c in ("leaving_low", "leaving", "leaving_high")}})
    whole = supply.yearly_mean(leavers, [2025], ["region_code"])
    parts = supply.yearly_mean(leavers, [2025], ["region_code", "sector"])
    assert whole.set_index("region_code")["supply"].to_dict() == {"a": 30.0, "b": 3.0} and parts["supply"].sum() == whole["supply"].sum()
    assert supply.yearly_mean(leavers, [2028], ["region_code"]).empty


def test_signals_hold_whatever_a_masked_count_is() -> None:
    assert "few_students" in signals.programme_signals("balance", national_high=49, smallest_provider_high=20, providers=2, coverage=None, coverage_n=None)
    assert "few_students" not in signals.programme_signals("balance", national_high=50, smallest_provider_high=20, providers=2, coverage=None, coverage_n=None)
    assert signals.programme_signals("shortage", national_high=400, smallest_provider_high=17, providers=2, coverage=0.4, coverage_n=31) == ["shortage", "small_providers", "skills_uncovered"]
    assert signals.change(10, 12) is None and signals.change(100, 40) == "demand_up" and signals.change(40, 100) == "demand_down"
