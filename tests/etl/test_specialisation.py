"""Specialisation: shares, quotients with their intervals, and distance between regions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.alignment import specialisation as sp

BRANCHES = ["a", "b", "c"]


def figures(parts: dict[str, list[float | None]], period: str = "2025", total: dict[str, float] | None = None) -> pd.DataFrame:
    """Rows of three branches and their total; None is hidden."""
    rows = [{"part_code": part, "period": period, "branch": b, "value": np.nan if v is None else v} for part, values in parts.items() for b, v in zip(BRANCHES, values, strict=True)]
    rows += [{"part_code": part, "period": period, "branch": "all", "value": (total or {}).get(part, sum(v or 0.0 for v in values))} for part, values in parts.items()]
    return pd.DataFrame(rows)


def groups(**members: list[str]) -> pd.DataFrame:
    return pd.DataFrame([(region, part) for region, parts in members.items() for part in parts], columns=["region_code", "part_code"])


def test_a_quotient_is_the_share_here_over_the_share_there() -> None:
    made = sp.amounts(figures({"X": [10.0, 20.0, 70.0], "NL": [100.0, 400.0, 500.0]}), groups(X=["X"], NL=["NL"]), BRANCHES, "all")
    rows = sp.quotients(made[made["region_code"] == "X"], made[made["region_code"] == "NL"]).set_index("branch")
    assert rows.loc["a", "lq"] == pytest.approx(1.0) and rows.loc["b", "lq"] == pytest.approx(0.5) and rows.loc["c", "lq"] == pytest.approx(1.4)
    assert rows.loc["c", "kind"] == "many" and rows.loc["b", "kind"] == "few" and rows.loc["a", "kind"] == "like"


def test_the_country_against_itself_is_one_exactly() -> None:
    made = sp.amounts(figures({"NL": [100.0, 0.4, 500.0]}), groups(NL=["NL"]), BRANCHES, "all")
    rows = sp.quotients(made, made)
    shown = rows[rows["lq"].notna()]
    assert len(shown) == 2 and (shown[["lq", "lq_low", "lq_high"]] == 1.0).all(axis=None) and set(shown["kind"]) == {"like"}


def test_a_hidden_figure_is_between_zero_and_what_the_total_leaves() -> None:
    made = sp.amounts(figures({"P": [None, None, 8.0], "Q": [2.0, 3.0, 5.0]}, total={"P": 10.0, "Q": 10.0}), groups(R=["P", "Q"], P=["P"]), BRANCHES, "all").set_index(["region_code", "branch"])
    margin = float(sp.margin_of(np.array([2.0]))[0])
    row = made.loc[("R", "a")]
    assert (row["low"], row["value"], row["high"]) == pytest.approx((2.0 - margin, 3.0, 4.0 + margin)) and row["hidden"] == 1
    country = sp.amounts(figures({"NL": [100.0, 100.0, 300.0]}), groups(NL=["NL"]), BRANCHES, "all")
    told = sp.quotients(made.reset_index(), country).set_index(["region_code", "branch"])
    assert told.loc[("P", "a"), "reason"] == "hidden" and np.isnan(told.loc[("P", "a"), "lq"]) and told.loc[("R", "a"), "lq_high"] > told.loc[("R", "a"), "lq"]


def test_a_region_with_a_part_without_figures_is_left_out() -> None:
    made = sp.amounts(figures({"P": [1.0, 2.0, 3.0]}), groups(R=["P", "Q"], S=["P"]), BRANCHES, "all")
    assert set(made["region_code"]) == {"S"}


@pytest.mark.parametrize(("value", "quiet"), [(0.4, True), (0.5, False)])
def test_below_five_hundred_jobs_nothing_is_said(value: float, quiet: bool) -> None:
    made = sp.amounts(figures({"X": [value, 20.0, 30.0], "NL": [50.0, 400.0, 500.0]}), groups(X=["X"], NL=["NL"]), BRANCHES, "all")
    row = sp.quotients(made[made["region_code"] == "X"], made[made["region_code"] == "NL"]).iloc[0]
    assert (row["kind"] == "quiet") is quiet and (row["reason"] == "small") is quiet


@pytest.mark.parametrize(("n", "quiet"), [(9, True), (10, False)])
def test_below_ten_vacancies_nothing_is_said(n: int, quiet: bool) -> None:
    rows = pd.DataFrame([("X", 2025, "a", n), ("X", 2025, "b", 100)], columns=["region_code", "period", "branch", "n"])
    country = pd.DataFrame([("NL", 2025, "a", 400), ("NL", 2025, "b", 9000)], columns=rows.columns)
    assert (sp.counted(rows, country).iloc[0]["kind"] == "quiet") is quiet


@settings(max_examples=30)
@given(st.lists(st.integers(10, 4000), min_size=3, max_size=3), st.lists(st.integers(1000, 90000), min_size=3, max_size=3), st.integers(1, 500))
def test_more_of_a_branch_is_a_higher_quotient_inside_its_interval(here: list[int], there: list[int], more: int) -> None:
    def first(values: list[int]) -> pd.Series:
        rows = pd.DataFrame({"region_code": "X", "period": 2025, "branch": BRANCHES, "n": values})
        return sp.counted(rows, pd.DataFrame({"region_code": "NL", "period": 2025, "branch": BRANCHES, "n": there})).iloc[0]

    one, other = first(here), first([here[0] + more, *here[1:]])
    assert other["lq"] > one["lq"] and one["lq_low"] <= one["lq"] <= one["lq_high"]


@settings(max_examples=30)
@given(st.lists(st.floats(0.6, 90, allow_nan=False), min_size=3, max_size=3), st.lists(st.floats(100, 900), min_size=3, max_size=3), st.lists(st.floats(-0.05, 0.05), min_size=6, max_size=6))
def test_the_quotient_of_unrounded_figures_is_inside_the_interval(here: list[float], there: list[float], off: list[float]) -> None:
    def told(a: list[float], b: list[float]) -> pd.DataFrame:
        made = sp.amounts(figures({"X": a, "NL": b}), groups(X=["X"], NL=["NL"]), BRANCHES, "all")
        return sp.quotients(made[made["region_code"] == "X"], made[made["region_code"] == "NL"])

    shown, true = told([round(v, 1) for v in here], [round(v, 1) for v in there]), [h / sum(here) / (t / sum(there)) for h, t in zip(here, there, strict=True)]
    # the total is rounded by itself at CBS; here it is the sum of three rounded numbers, off by at most three times as much
    slack = 3 * 0.05 / sum(round(v, 1) for v in here) + 3 * 0.05 / sum(there)
    for row, value in zip(shown.to_dict("records"), true, strict=True):
        if row["lq"] == row["lq"]:
            assert row["lq_low"] * (1 - slack) - 0.01 <= value <= row["lq_high"] * (1 + slack) + 0.01


@settings(max_examples=30)
@given(st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3).filter(lambda v: sum(v) > 1), min_size=2, max_size=5))
def test_profiles_sum_to_one_and_distance_is_symmetric_between_nought_and_one(values: list[list[float]]) -> None:
    rows = pd.DataFrame([(f"R{i}", b, v, sum(amounts) * 1.1) for i, amounts in enumerate(values) for b, v in zip(BRANCHES, amounts, strict=True)], columns=["region_code", "branch", "value", "total"])
    made = sp.profiles(rows)
    assert np.allclose(made.sum(axis=1), 1.0)
    one, other = made.loc["R0"].to_dict(), made.loc["R1"].to_dict()
    assert sp.distance(one, other) == sp.distance(other, one) and sp.distance(one, one) == 0 and -1e-12 <= sp.distance(one, other) <= 1 + 1e-12
    near = sp.alike(made, "R0")
    assert list(near["distance"]) == sorted(near["distance"]) and "R0" not in set(near["region_code"])
    assert near["distance"].to_list() == pytest.approx([sp.distance(one, made.loc[c].to_dict()) for c in near["region_code"]])


@settings(max_examples=30)
@given(st.floats(0, 5), st.floats(0, 5))
def test_every_interval_has_one_kind_and_a_wider_one_never_says_more(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert sp.kind(low, high) in sp.KINDS
    wider = sp.kind(low * 0.9, high * 1.1)
    assert wider in (sp.kind(low, high), "unsure")


@pytest.mark.parametrize(("total", "third", "wrong"), [(6.9, 3.0, False), (6.5, 3.0, True), (7.3, 3.0, False), (7.9, 3.0, True), (7.9, None, False)])
def test_branches_that_do_not_add_up_are_not_reckoned_with(total: float, third: float | None, wrong: bool) -> None:
    country = sp.amounts(figures({"NL": [100.0, 400.0, 500.0]}), groups(NL=["NL"]), BRANCHES, "all")
    rows = sp.quotients(sp.amounts(figures({"X": [2.0, 2.0, third]}, total={"X": total}), groups(X=["X"]), BRANCHES, "all"), country)
    assert (set(rows["reason"]) == {"unsound"}) is wrong


def test_a_country_that_does_not_add_up_is_compared_with_nothing() -> None:
    country = sp.amounts(figures({"NL": [100.0, 400.0, 500.0]}, total={"NL": 1200.0}), groups(NL=["NL"]), BRANCHES, "all")
    rows = sp.quotients(sp.amounts(figures({"X": [2.0, 2.0, 3.0]}), groups(X=["X"]), BRANCHES, "all"), country)
    assert set(rows["reason"]) == {"unsound"} and rows["lq"].isna().all()


def test_a_small_change_is_steady_however_precise() -> None:
    rows = pd.DataFrame({"region_code": "X", "branch": "a", "period": [2020, 2025], "lq": [1.0, 1.05], "lq_low": [.999, 1.049], "lq_high": [1.001, 1.051]})
    assert list(sp.trends(rows)["change"]) == ["steady"]


def test_a_trend_is_named_only_when_the_intervals_part() -> None:
    rows = pd.DataFrame({"region_code": "X", "branch": ["a", "a", "b", "b", "c"], "period": [2020, 2025, 2020, 2025, 2025], "lq": [1.0, 1.5, 1.0, 1.1, 2.0], "lq_low": [.9, 1.4, .9, 1.0, 1.9], "lq_high": [1.1, 1.6, 1.1, 1.2, 2.1]})
    assert dict(zip(sp.trends(rows)["branch"], sp.trends(rows)["change"], strict=True)) == {"a": "up", "b": "steady"}


def test_likeness_names_the_branches_that_differ_most() -> None:
    shares = pd.DataFrame({"a": [.5, .3, .1], "b": [.3, .4, .1], "c": [.2, .3, .8]}, index=pd.Index(["X", "Y", "Z"], name="region_code"))
    row = sp.alike(shares, "X").iloc[0]
    assert (row["region_code"], row["branch"]) == ("Y", "a") and row["distance"] == pytest.approx(0.2) and row["difference"] == pytest.approx(-0.2)
    assert sp.alike(shares, "nowhere").empty
