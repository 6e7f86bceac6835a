"""On regions with a known truth the intervals hold, and what did not change is seldom called rising or falling."""

from __future__ import annotations

import pytest

from bench import simulation
from etl.alignment import coverage


@pytest.mark.parametrize("setting", simulation.SETTINGS, ids=lambda s: s.name)
def test_the_90_percent_intervals_hold_the_truth_in_88_to_92_percent(setting: simulation.Setting) -> None:
    found = simulation.covered(6000, setting, 11)
    assert found["shown"] > 5500 and 0.88 <= found["ratio"] <= 0.92 and 0.88 <= found["gap"] <= 0.92


def test_a_class_is_seldom_wrong() -> None:
    assert simulation.covered(4000, simulation.SETTINGS[-1], 5)["wrong"] < 0.05


def test_false_rising_and_falling_skills_stay_below_the_stated_rate() -> None:
    found = simulation.trends(1200, 11)
    assert found["still"] <= coverage.FALSE_DISCOVERIES and found["false"] <= coverage.FALSE_DISCOVERIES and found["found"] > 0.2
