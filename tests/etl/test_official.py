"""Official indicators are read in their own direction, counted and never averaged, and where they differ from ours it is said why."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.registry import build_sources
from connectors.roa import ita_class
from connectors.sbb_prospects import CLASSES
from connectors.uwv import tension_class
from etl.alignment import mismatch, official
from warehouse import reference
from warehouse.publications import Publications

INDICATORS = official.declared(reference.read("indicators"))
UWV, ROA, SBB, CBS = (INDICATORS[k] for k in ("uwv-tension", "roa-ita", "sbb-prospects", "cbs-leavers"))


@pytest.mark.parametrize(("indicator", "value", "word", "reading"), [
    (UWV, 4.0, None, "tight"), (UWV, 1.5, None, "tight"), (UWV, 1.0, None, "neither"), (UWV, 0.3, None, "slack"), (UWV, None, None, "unknown"),
    (ROA, 0.8, None, "tight"), (ROA, 1.0, None, "tight"), (ROA, 1.03, None, "neither"), (ROA, 1.2, None, "slack"), (ROA, None, "zeer goed", "tight"),
    (SBB, None, "goed", "tight"), (SBB, None, "voldoende", "neither"), (SBB, None, "gering", "slack"), (SBB, None, None, "unknown"), (SBB, None, "prima", "unknown"),
])
def test_a_high_tension_and_a_low_ita_mean_the_same(indicator: official.Indicator, value: float | None, word: str | None, reading: str) -> None:
    assert official.reading(indicator, value, word) == reading


@pytest.mark.parametrize(("value", "low", "high", "reading"), [(0.95, 0.94, 0.96, "tight"), (0.92, 0.90, 0.93, "neither"), (0.80, 0.79, 0.81, "slack"), (0.95, 0.91, 0.96, "neither"), (None, None, None, "unknown")])
def test_without_classes_the_whole_interval_is_held_against_the_whole_group(value: float | None, low: float | None, high: float | None, reading: str) -> None:
    assert official.reading(CBS, value, low=low, high=high, whole=0.90) == reading
    assert official.reading(CBS, value, low=low, high=high) == "unknown"


@given(st.floats(0.01, 20))
def test_the_declared_classes_are_those_of_the_connectors(value: float) -> None:
    assert official.word_of(UWV, value) == tension_class(value)
    assert official.word_of(ROA, value) == ita_class(value)


def test_sbb_has_the_classes_its_connector_reads_and_every_indicator_is_filled_by_a_source() -> None:
    assert {word for word, _, _ in SBB.classes} == set(CLASSES)
    assert set(INDICATORS) <= {key for key, source in build_sources({}).items() if "official_indicator" in source.tables}


@given(st.floats(0.01, 20), st.floats(0.01, 20), st.sampled_from([UWV, ROA]))
def test_more_in_the_direction_of_shortage_never_reads_as_less(a: float, b: float, indicator: official.Indicator) -> None:
    order = {"slack": 0, "neither": 1, "tight": 2}
    low, high = order[official.reading(indicator, min(a, b))], order[official.reading(indicator, max(a, b))]
    assert low <= high if indicator.direction == "high" else low >= high


@pytest.mark.parametrize(("ours", "theirs", "agreement"), [
    ("shortage", "tight", "same"), ("surplus", "slack", "same"), ("balance", "neither", "same"), ("shortage", "slack", "opposite"), ("surplus", "tight", "opposite"), ("shortage", "neither", "partly"),
    ("balance", "tight", "partly"), ("borderline", "tight", "none"), ("too_little_data", "slack", "none"), ("shortage", "unknown", "none")])
def test_only_two_that_say_something_can_disagree(ours: str, theirs: str, agreement: str) -> None:
    assert official.agreement(ours, theirs) == agreement


def test_every_class_of_ours_has_a_reading_and_every_reading_a_class_with_one_colour() -> None:
    assert set(official.OURS) == set(mismatch.CLASSES)
    assert set(official.CLASS_OF) == set(official.READINGS) and official.CLASS_OF["tight"] == "shortage" and official.CLASS_OF["slack"] == "surplus"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_several_figures_together_say_something_only_without_contradiction(tight: int, slack: int, neither: int) -> None:
    said = official.together(tight, slack, tight + slack + neither)
    if tight and slack:
        assert said == "neither"
    if said == "tight":
        assert tight >= neither and not slack
    if said == "slack":
        assert slack >= neither and not tight
    assert (said == "unknown") == (tight + slack + neither == 0)


def test_a_declaration_that_contradicts_itself_is_refused() -> None:
    rows = reference.read("indicators")
    for column, value in (("direction", "sideways"), ("tight", "nonsense"), ("classes", "")):
        with pytest.raises(ValueError):
            official.declared(rows.assign(**{column: value}))


def subjects(**changes: object) -> pd.DataFrame:
    base = {"region_code": "AM36", "period": 2025, "subject_kind": "programme", "subject": "25655", "sector": "zorg", "level": 4, "class": "shortage"}
    return pd.DataFrame([{**base, **changes}])


def figures(*rows: dict[str, object]) -> pd.DataFrame:
    base = {"indicator": "sbb-prospects", "region_code": None, "crebo": None, "level": None, "sector": "zorg", "group_name": None, "period": "2025", "value": None, "value_text": None, "low": None, "high": None, "status": None}
    return official.read_figures(pd.DataFrame([{**base, **row} for row in rows]), INDICATORS)


def test_the_figure_of_the_programme_in_the_region_goes_before_wider_ones() -> None:
    found = figures({"crebo": "25655", "region_code": "AM36", "value_text": "gering"}, {"crebo": "25655", "value_text": "goed"}, {"level": 4, "value_text": "voldoende"}, {"crebo": "99999", "region_code": "AM36", "value_text": "goed"})
    (row,) = official.beside(subjects(), found, INDICATORS).to_dict("records")
    assert (row["detail"], row["area"], row["reading"], row["agreement"], row["classes"]) == ("programme", "region", "slack", "opposite", "gering:1")
    assert row["reasons"] == "forecast"
    (row,) = official.beside(subjects(region_code="AM01"), found, INDICATORS).to_dict("records")
    assert (row["detail"], row["area"], row["agreement"], row["reasons"]) == ("programme", "national", "same", "forecast|national_only")
    (row,) = official.beside(subjects(subject="11111"), found, INDICATORS).to_dict("records")
    assert (row["detail"], row["reading"], row["agreement"]) == ("level", "neither", "partly")


def test_a_sector_counts_its_groups_and_says_why_it_can_differ() -> None:
    uwv = [{"indicator": "uwv-tension", "region_code": "AM36", "group_name": g, "period": p, "value": v} for g, p, v in (("a", "2024KW04", 0.1), ("a", "2025KW04", 4.2), ("b", "2025KW04", 1.6), ("c", "2025KW04", 1.0))]
    (row,) = official.beside(subjects(subject_kind="sector", subject="zorg", level=None, **{"class": "surplus"}), figures(*uwv), INDICATORS).to_dict("records")
    assert (row["figures"], row["tight"], row["slack"], row["value_low"], row["value_high"]) == (3, 2, 0, 1.0, 4.2)
    assert row["value"] is None or row["value"] != row["value"], "nothing is averaged"
    assert (row["reading"], row["agreement"], row["groups"]) == ("tight", "opposite", "a|b|c")
    assert row["reasons"] == "stock_against_flow|all_levels|groups"
    (earlier,) = official.beside(subjects(subject_kind="sector", subject="zorg", level=None, period=2023), figures(*uwv), INDICATORS).to_dict("records")
    assert earlier["indicator_period"] == "2024KW04" and "other_year" in earlier["reasons"]


def test_the_demonstration_year_agrees_with_itself_apart_from_the_deliberate_disagreements(small_year: Publications) -> None:
    from warehouse import asking_official

    rows = asking_official.official_rows(small_year.reader(), "sector")
    said = rows[rows["agreement"] != "none"]
    assert {"same", "opposite"} <= set(said["agreement"])
    assert set(said.loc[said["agreement"] == "opposite", "indicator"]) >= {"uwv-tension"}
    assert (said["agreement"] == "opposite").mean() < 0.5
    assert (said.loc[said["agreement"] == "opposite", "reasons"] != "").all(), "a disagreement always comes with a reason"
