"""Colours, template and settings of every plotly figure; the one place besides assets/10-tokens.css that knows a colour.

Figures carry no text or grid colours of their own: backgrounds are transparent and assets/50-figures.css colours text, grid and
hover labels from the variables of the theme, so that switching between light and dark needs no new figure.
"""

from __future__ import annotations

from typing import Any

FONT = '"Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'
# Middle tones that hold on white and on near-black; text beside them uses the theme's own variables.
ACCENT = "#14808E"
NEUTRAL = "#8A959E"
CLEAR = "rgba(0,0,0,0)"
CONFIG: dict[str, Any] = {"displayModeBar": False, "doubleClick": False, "showTips": False, "scrollZoom": False,
                          "staticPlot": False, "showAxisDragHandles": False}
MARKS = {"nl": ",.", "en": ".,"}  # decimal mark, thousands mark: plotly's "separators"


def axis(**settings: Any) -> dict[str, Any]:
    """An axis without line or zero line; thin grid, ticks outside the field left out."""
    return {"showline": False, "zeroline": False, "showgrid": False, "ticks": "", "fixedrange": True, "automargin": False, **settings}


def layout(lang: str, *, x: dict[str, Any], y: dict[str, Any], margin: tuple[int, int, int, int] = (8, 8, 24, 40), **settings: Any) -> dict[str, Any]:
    """Layout of a figure; margin is top, right, bottom, left in pixels."""
    top, right, bottom, left = margin
    return {
        "autosize": True, "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR, "font": {"family": FONT, "size": 13}, "separators": MARKS[lang],
        "margin": {"t": top, "r": right, "b": bottom, "l": left, "pad": 4}, "showlegend": False, "hovermode": "x", "dragmode": False,
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "bordercolor": CLEAR, "align": "left"},
        "xaxis": x, "yaxis": y, "transition": {"duration": 0}, "uirevision": "keep", **settings,
    }
