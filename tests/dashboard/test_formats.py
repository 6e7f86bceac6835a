"""Numbers and dates read as Dutch and English readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dashboard import formats


@pytest.mark.parametrize(("value", "lang", "decimals", "sign", "text"), [
    (1234567, "nl", 0, False, "1.234.567"), (1234567, "en", 0, False, "1,234,567"), (1.25, "nl", 1, False, "1,3"), (1.25, "en", 2, False, "1.25"),
    (-42, "nl", 0, True, "−42"), (42, "nl", 0, True, "+42"), (0, "nl", 0, True, "0"), (-0.2, "nl", 0, True, "0"), (2.5, "nl", 0, False, "3" if round(2.5 + 1e-9) == 3 else "2"),
    (None, "nl", 0, False, "–"), (float("nan"), "nl", 1, False, "–"), (float("inf"), "nl", 1, False, "–"), (pd.NA, "en", 0, False, "–"),
])
def test_number(value: float, lang: str, decimals: int, sign: bool, text: str) -> None:
    assert formats.number(value, lang, decimals, sign) == text


@pytest.mark.parametrize(("low", "high", "kwargs", "text"), [
    (120, 150, {}, "120–150"), (7, 7, {}, "7"), (1, 4, {}, "1–4"), (-22, 185, {"sign": True}, "−22 … +185"), (-5, 3, {}, "−5 … 3"),
    (0.84, 2.81, {"decimals": 1}, "0,8–2,8"), (None, 3, {}, "–"),
])
def test_interval(low: float, high: float, kwargs: dict[str, object], text: str) -> None:
    assert formats.interval(low, high, "nl", **kwargs) == text  # type: ignore[arg-type]


def test_a_masked_count_shows_its_bounds_and_never_a_made_up_number() -> None:
    assert formats.count(1, 4, "nl") == "1–4"


@pytest.mark.parametrize(("n", "text"), [(9, "n < 10"), (10, "n = 10"), (2025, "n = 2.025"), (None, "n = –")])
def test_small_samples_say_that_they_are_small(n: int | None, text: str) -> None:
    assert formats.sample(n, "nl") == text


def test_dates() -> None:
    assert formats.day(date(2026, 3, 2), "nl") == "2 mrt 2026"
    assert formats.day(date(2026, 3, 2), "en") == "2 Mar 2026"
    assert formats.month(date(2026, 12, 1), "nl") == "dec 2026"


def test_moments_are_in_dutch_time_summer_and_winter() -> None:
    assert formats.moment(datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "nl") == "1 jul 2026 14:00"
    assert formats.moment(datetime(2026, 1, 1, 12, 0), "nl") == "1 jan 2026 13:00"


def test_shares() -> None:
    assert formats.share(0.427, "nl") == "43%"
    assert formats.share_interval(0.381, 0.466, "nl") == "38–47%"
