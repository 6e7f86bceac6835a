"""The rules of alignment hold for every number, not only for the examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.alignment import (
    apportioning,
    demand,
    intervals,
    mismatch,
    noise,
    signals,
    supply,
    thresholds,
)
from etl.alignment.thresholds import Limits
from etl.settings import Thresholds

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
    counts = pd.DataFrame({"institution_code": ["i"], "crebo": ["c"], "level": [4], "sector_code": ["techniek"], "year": [2025], "graduates_low": [low], "graduates_high": [high]})
    locations = pd.DataFrame({"institution_code": ["i"] * regions, "crebo": ["c"] * regions, "region_code": [f"AM{k:02}" for k in range(regions)], "basis": ["offer"] * regions})
    progression = pd.DataFrame({"level": [4], "sector": ["*"], "share": [0.4], "share_low": [0.3], "share_high": [0.5], "basis": ["published"]})
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


def codes(found: list[signals.Signal]) -> list[str]:
    return [f.code for f in found]


def test_signals_hold_whatever_a_masked_count_is() -> None:
    assert codes(signals.providers(49, 20, 2)) == ["few_students"] and codes(signals.providers(50, 17, 2)) == ["small_providers"] and signals.providers(50, 17, 1) == []
    assert codes(signals.taught(0.4, 31, ["a"], [])) == ["skills_uncovered", "skills_asked_not_taught"] and signals.taught(0.4, 29, ["a"], ["b"]) == []
    assert signals.changes([10, 100, 40, 5], [12, 40, 100, None]) == [None, "demand_up", "demand_down", None]
    assert signals.enrolment_change((95, 99), (101, 120)) is None and signals.enrolment_change((60, 80), (101, 120)) == "falls" and signals.enrolment_change((140, 150), (101, 120)) == "rises"


def test_students_who_go_the_other_way_are_signalled_beside_the_change_of_demand() -> None:
    assert codes(signals.moved("demand_up", 100, 40, (60, 80), (101, 120))) == ["demand_up", "enrolment_falls_demand_rises"]
    assert codes(signals.moved("demand_up", 100, 40, (140, 150), (101, 120))) == ["demand_up"] and signals.moved(None, 40, 41, (60, 80), (101, 120)) == []


def test_thresholds_of_the_settings_are_those_of_the_rules() -> None:
    assert Limits(**Thresholds().model_dump()) == thresholds.DEFAULT and {r["key"] for r in thresholds.rows(thresholds.DEFAULT)} == set(Thresholds.model_fields)


@given(st.integers(1, 5000), st.floats(0.2, 8))
def test_a_calibrated_count_has_the_relative_interval_of_the_count(n: int, factor: float) -> None:
    plain, lifted = intervals.counted([float(n)], [float(n)]), intervals.counted([n * factor], [n * factor**2])
    assert lifted[0][0] == pytest.approx(plain[0][0] * factor) and lifted[1][0] == pytest.approx(plain[1][0] * factor)


VARIANTS = st.lists(st.tuples(st.sampled_from("vw"), st.sampled_from(["p1", "p2", "p3"]), st.sampled_from(["o1", "o2"]), st.floats(0.01, 0.33)), min_size=1, max_size=12, unique_by=lambda r: r[:3])


@given(st.lists(st.tuples(st.sampled_from(["AM36", "AM05"]), st.sampled_from(["o1", "o2", "o3", None]), st.sampled_from(["zorg", "ict"]), st.floats(0, 500)), min_size=1, max_size=20), VARIANTS)
def test_every_crosswalk_leaves_the_total_of_a_region_as_it_was(demand: list[tuple[str, str | None, str, float]], links: list[tuple[str, str, str, float]]) -> None:
    frame = pd.DataFrame(demand, columns=["region_code", "occupation_uri", "sector", "demand"])
    made = apportioning.by_sector(frame, pd.DataFrame(links, columns=["variant", "crebo", "occupation_uri", "weight"]), pd.Series({"p1": "zorg", "p2": "ict"}))
    for (region, _), rows in made.groupby(["region_code", "variant"]):
        assert rows["demand"].sum() == pytest.approx(frame.loc[frame["region_code"] == region, "demand"].sum())


def official(total: float, zorg: float, province: float = 0.25) -> tuple[pd.DataFrame, pd.DataFrame]:
    """CBS tables of 2025 in thousands: an industry all of zorg, the rest all of ict."""
    sizes = {"T001081": total, "Q": zorg, "J": total - zorg}
    quarters = [f"2025KW0{q}" for q in (1, 2, 3, 4)]
    stock = [(sbi, area, q, size * share) for sbi, size in sizes.items() for area, share in (("NL01", 1.0), ("PV23", province)) for q in quarters]
    arisen = [(sbi, q, size) for sbi, size in sizes.items() for q in quarters]
    return pd.DataFrame(stock, columns=["sbi_code", "region_code", "period", "value_thousand"]), pd.DataFrame(arisen, columns=["characteristic_code", "period", "arisen_thousand"])


BRIDGE = pd.DataFrame({"sbi": ["Q", "J"], "sector": ["zorg", "ict"], "share": [1.0, 1.0]})


def ours(zorg: int, ict: int, elsewhere: int = 3, year: int = 2025) -> pd.DataFrame:
    return pd.DataFrame([("PV23", year, "zorg", zorg), ("PV23", year, "ict", ict), ("PV24", year, "zorg", zorg * elsewhere), ("PV24", year, "ict", ict * elsewhere)], columns=["region_code", "period", "sector", "n"])


def test_calibration_lifts_the_sectors_of_a_province_to_the_official_total() -> None:
    made = demand.factors(ours(10_000, 10_000), demand.official_flow(*official(40.0, 30.0)), BRIDGE).set_index(["region_code", "sector"])
    own = made.loc["PV23"]
    assert set(own["factor_basis"]) == {demand.CELL} and made.loc[("PV24", "zorg"), "factor_basis"] == demand.MARGINS
    assert (own["factor"] * 10_000).sum() == pytest.approx(160_000 * 0.25) and own.loc["zorg", "factor"] == pytest.approx(3.0)


def test_calibration_is_left_out_where_it_means_nothing() -> None:
    flow = demand.official_flow(*official(40.0, 30.0))
    assert set(demand.factors(ours(10, 10), flow, BRIDGE)["factor_basis"]) == {demand.NONE}  # our adverts are a fraction of a percent
    assert set(demand.factors(ours(10_000, 10_000, year=2029), flow, BRIDGE)["factor_basis"]) == {demand.NONE}  # official figures are too old
    assert set(demand.factors(ours(10_000, 10_000), demand.official_flow(*official(0.04, 0.03)), BRIDGE)["factor"]) == {1.0}
    stock, arisen = official(40.0, 30.0)
    assert demand.official_flow(stock[stock["period"] != "2025KW03"], arisen).empty  # three quarters are no year


def test_small_official_cells_are_rounding_noise_and_use_the_margins() -> None:
    made = demand.factors(ours(300, 300), demand.official_flow(*official(1.2, 0.9, province=0.2)), BRIDGE).set_index(["region_code", "sector"])
    assert made.loc[("PV23", "zorg"), "factor_basis"] == demand.MARGINS


def test_the_error_of_a_supply_knows_masked_counts_chance_and_the_margin() -> None:
    sure = pd.DataFrame({"region_code": ["r"], "year": [2025], "level": [4], "graduates_low": [100], "graduates_high": [100], "share_in_region": [1.0], "share": [0.5], "share_low": [0.5], "share_high": [0.5]})
    alone = noise.standard_error(sure, [2025], ["region_code"])["supply_se"].iloc[0]
    assert alone == pytest.approx(5.0)  # the root of 100, halved
    masked = noise.standard_error(sure.assign(graduates_low=1, graduates_high=4), [2025], ["region_code"])["supply_se"].iloc[0]
    assert masked == pytest.approx(0.5 * (2.5 + 1.25) ** 0.5)
    assert noise.standard_error(sure.assign(share_low=0.4, share_high=0.6), [2025], ["region_code"])["supply_se"].iloc[0] == pytest.approx((25 + (10 / intervals.Z) ** 2) ** 0.5)
