"""Figures are plain dicts in plotly's own schema, without colours that belong to the theme."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.components.strips import RATIO, SHARE, Scale, strip
from dashboard.figures import theme, tiles, trend
from dashboard.i18n import translator
from dashboard.pages import overview
from warehouse.queries import Reader


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("sector", [None, "zorg", "unmapped"])
def test_the_trend_is_a_valid_figure(reader: Reader, lang: str, sector: str | None) -> None:
    rows = trend.monthly(overview.rows_of(reader.demand_months("AM36", sector)))
    figure = trend.trend_figure(rows, translator(lang))
    go.Figure(figure)
    assert figure["data"][0]["y"] == [r["demand"] for r in rows]


def test_no_months_give_an_empty_figure_instead_of_an_error() -> None:
    go.Figure(trend.trend_figure([], translator("nl")))


def test_figures_leave_text_and_grid_to_the_style_sheet(reader: Reader) -> None:
    figure = trend.trend_figure(trend.monthly(overview.rows_of(reader.demand_months("AM36"))), translator("nl"))
    assert figure["layout"]["paper_bgcolor"] == theme.CLEAR
    assert "color" not in figure["layout"]["font"] and "gridcolor" not in figure["layout"]["yaxis"]


def test_building_figures_needs_no_plotly() -> None:
    for module in (trend, theme, tiles, sys.modules["dashboard.components.blocks"]):
        assert "import plotly" not in inspect.getsource(module)


def test_every_labour_market_region_has_a_tile_of_its_own(reader: Reader) -> None:
    known = tiles.tiles()
    assert set(reader.regions()["code"]) == set(known)
    assert len({(tile.x, tile.y) for tile in known.values()}) == len(known)


def test_a_region_without_a_tile_is_not_lost() -> None:
    placed = tiles.place(["AM36", "AM99"], {"AM99": "Nieuwe Regio"})
    assert [tile.code for tile in placed] == ["AM36", "AM99"]
    assert placed[1].y > max(tile.y for tile in tiles.tiles().values())


@pytest.mark.parametrize(("scale", "value", "at"), [(RATIO, 1.0, 50.0), (RATIO, 0.2, 0.0), (RATIO, 5.0, 100.0), (RATIO, 99.0, 100.0), (RATIO, 0.0, 0.0),
                                                   (SHARE, 0.25, 25.0), (Scale(0, 10), 5, 50.0)])
def test_scales_put_values_where_they_belong(scale: Scale, value: float, at: float) -> None:
    assert scale.at(value) == pytest.approx(at, abs=0.01)


def test_twice_and_half_are_equally_far_from_one() -> None:
    assert RATIO.at(2) - 50 == pytest.approx(50 - RATIO.at(0.5), abs=0.02)


def test_a_strip_shows_that_an_interval_runs_off_the_scale() -> None:
    assert "open-right" in strip(0.8, 2.0, 9.0, "borderline") and "open-left" not in strip(0.8, 2.0, 9.0, "borderline")


def test_a_quiet_row_has_no_dot(t: Any) -> None:
    made = strip(None, float("nan"), None, "too_little_data", quiet="n < 10")
    assert "dot" not in made and "n &lt; 10" in made
