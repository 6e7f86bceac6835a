"""The overview says what the data say: only clear classes are named, sums add up, the screen equals the download."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from dashboard import state
from dashboard.components.cards import Context
from dashboard.components.mismatch_rows import reason_text
from dashboard.components.signals import strongest_signals
from dashboard.components.tables import rows_of
from dashboard.components.tile_map import steps
from dashboard.figures.trend import monthly
from dashboard.i18n import Translator, translator
from dashboard.pages import overview
from etl.alignment.thresholds import DEFAULT as LIMITS
from warehouse.queries import Reader

Show = Callable[[str], dict[str, Any]]


def row(sector: str, kind: str, ratio: tuple[float, float, float] | None, gap: tuple[float, float, float] | None, signals: str = "", **more: Any) -> dict[str, Any]:
    low, mid, high = ratio or (float("nan"),) * 3
    a, b, c = gap or (float("nan"),) * 3
    return {"sector": sector, "class": kind, "ratio_low": low, "ratio": mid, "ratio_high": high, "gap_low": a, "gap": b, "gap_high": c, "signals": signals,
            "short_nl": sector.title(), "short_en": sector.title(), "demand": 100, "n": 100, "demand_previous": None, **more}


SHORT = row("zorg", "shortage", (1.4, 2.0, 3.0), (40, 90, 150), "shortage")
OVER = row("zakelijk", "surplus", (0.3, 0.5, 0.7), (-200, -120, -60), "surplus")
EDGE = row("techniek", "borderline", (1.1, 1.9, 3.7), (30, 148, 240))
WIDE = row("handel", "borderline", (0.7, 1.0, 1.4), (-130, -10, 100))
QUIET = row("ict", "too_little_data", None, None)


def test_the_conclusion_names_only_what_is_clear(t: Translator) -> None:
    assert "Zorg" in overview.conclusion([SHORT, EDGE, QUIET], t) and "Techniek" not in overview.conclusion([SHORT, EDGE, QUIET], t)
    assert overview.conclusion([EDGE, WIDE, QUIET], t) == t("overview.conclusion_none")
    both = overview.conclusion([SHORT, OVER, WIDE], t)
    assert "Zorg" in both and "Zakelijk" in both


def test_signals_come_in_order_of_certainty_and_size(t: Translator) -> None:
    grown = row("voedsel", "balance", (0.9, 1.0, 1.1), (-5, 0, 5), "demand_up", n=150, demand_previous=90)
    found = strongest_signals([WIDE, EDGE, grown, SHORT, OVER, QUIET], LIMITS)
    assert [s.code for s in found] == ["surplus", "shortage", "demand_up", "leans_shortage"]


def test_a_borderline_sector_whose_interval_covers_both_sides_is_no_signal() -> None:
    assert strongest_signals([WIDE, QUIET], LIMITS) == []


def test_at_most_five_signals() -> None:
    assert len(strongest_signals([{**SHORT, "sector": f"s{i}"} for i in range(9)], LIMITS)) == 5


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_sum_on_the_page_reconciles_for_every_region(reader: Reader, lang: str) -> None:
    for region in reader.region_names():
        selection, _ = state.parse("/", f"?region={region}&lang={lang}", reader)
        rows, total = rows_of(reader.mismatch(region, selection.period)), reader.region_total(region, selection.period)
        assert total is not None
        assert sum(r["n"] + r["experienced"] for r in rows) + total["unmapped_demand"] == total["total_demand"], region
        shown = overview.reconciliation(Context(reader, selection, translator(lang)), rows, total)
        reasons = rows_of(reader.unmapped(region, selection.period))
        assert sum(r["demand"] for r in reasons) == total["unmapped_demand"], region
        assert shown.count("<li>") == len(reasons)


def test_the_mean_needs_twelve_months() -> None:
    rows = monthly([{"month": i, "demand": i} for i in range(14)])
    assert [r["mean"] for r in rows[:11]] == [None] * 11
    assert rows[11]["mean"] == sum(range(12)) / 12 and rows[13]["mean"] == sum(range(2, 14)) / 12


def test_a_month_without_vacancies_counts_as_zero_and_not_as_absent(reader: Reader, t: Translator) -> None:
    sparse = min(((region, sector) for region in reader.regions()["code"] for sector in reader.sectors()["code"]),
                 key=lambda pair: len(reader.demand_months(*pair)))
    assert len(reader.demand_months(*sparse)) < len(reader.demand_months("NL01"))
    selection, _ = state.parse("/", f"?region={sparse[0]}&sector={sparse[1]}", reader)
    rows = overview._months(Context(reader, selection, t))
    assert len(rows) == len(reader.demand_months("NL01"))
    assert sum(row["demand"] for row in rows) == reader.demand_months(*sparse)["demand"].sum()


def test_a_change_is_only_named_when_it_is_more_than_chance(t: Translator) -> None:
    def year(before: int, now: int) -> list[dict[str, Any]]:
        import datetime
        return [{"month": datetime.date(y, m, 1), "demand": n} for y, n in ((2024, before), (2025, now)) for m in range(1, 13)]

    assert "vrijwel gelijk" in overview.trend_sentence(year(100, 101), 2025, t)
    assert "groeit" in overview.trend_sentence(year(100, 130), 2025, t)
    assert "daalt" in overview.trend_sentence(year(100, 70), 2025, t)


def test_every_region_stands_on_the_map_and_in_the_matrix(show: Show, reader: Reader) -> None:
    view = show("/?sector=zorg")
    assert view["leaves"]["map-tiles"]["props"]["html"].count('class="tile ') == len(reader.regions())
    matrix = view["leaves"]["matrix-table"]["props"]["html"]
    assert matrix.count("<td ") == len(reader.regions()) * len(reader.sectors())
    assert all(name.replace("&", "&amp;") in matrix for name in reader.regions()["name"])


def test_colour_is_never_alone(show: Show) -> None:
    view = show("/?sector=zorg")
    for name in ("map-tiles", "matrix-table", "mismatch-rows"):
        text = view["leaves"][name]["props"]["html"]
        assert text.count('<i class="g"></i>') >= text.count('class="cell ') + text.count('class="tile class-') + text.count("sector-name")


def test_steps_split_the_ranking_in_quarters() -> None:
    found = steps({f"r{i:02d}": float(i) for i in range(35)})
    assert {found[f"r{i:02d}"] for i in range(9)} == {1} and found["r34"] == 4
    assert all(a <= b for a, b in pairwise(found[f"r{i:02d}"] for i in range(35)))


def test_choosing_a_sector_again_lets_go_of_it(show: Show) -> None:
    assert 'href="/?sector=zorg"' in show("/")["leaves"]["mismatch-rows"]["props"]["html"]
    assert 'href="/"' in show("/?sector=zorg")["leaves"]["mismatch-rows"]["props"]["html"]


@pytest.mark.parametrize("reason", ["n < 10", "supply unknown", "supply < 10", "supply can be zero", "incomplete year", "something new"])
def test_every_reason_for_silence_has_words(reason: str, t: Translator) -> None:
    assert reason_text(reason, t)


def test_the_download_holds_what_the_screen_shows(reader: Reader, t: Translator) -> None:
    selection, _ = state.parse("/", "?region=AM01&sector=techniek", reader)
    tables = overview.tables(reader, selection, t)
    assert set(tables) == {"mismatch", "map", "trend", "matrix"}
    assert set(tables["map"]["sector"]) == {"techniek"} and len(tables["map"]) == len(reader.regions())
    assert tables["trend"]["demand"].sum() == reader.demand_months("AM01", "techniek")["demand"].sum()
