"""New vacancies per month as a line, with the mean of twelve months."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.figures import theme
from dashboard.i18n import Translator

WINDOW = 12


def monthly(months: pd.DataFrame) -> pd.DataFrame:
    """Columns month, demand and mean: the mean of the last twelve months, empty before there are twelve."""
    made = months[["month", "demand"]].copy()
    made["mean"] = made["demand"].rolling(WINDOW, min_periods=WINDOW).mean()
    return made


def trend_figure(months: pd.DataFrame, t: Translator) -> dict[str, Any]:
    """Line of new vacancies per month (frame of `monthly`) as a plotly figure; the mean is labelled at its end."""
    x = [value.strftime("%Y-%m-%d") for value in months["month"]]
    demand = [int(v) for v in months["demand"]]
    mean = [None if formats.is_absent(v) else round(float(v), 1) for v in months["mean"]]
    names = [formats.month(value, t.lang) for value in months["month"]]
    last = mean[-1] if mean else None
    top = max([*demand, 1])
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": x, "y": demand, "customdata": names, "name": t("trend.month"),
         "line": {"color": theme.NEUTRAL, "width": 1.2}, "hovertemplate": f"%{{customdata}}: <b>%{{y:,d}}</b> {t('trend.vacancies')}<extra></extra>"},
        {"type": "scatter", "mode": "lines", "x": x, "y": mean, "name": t("trend.mean"), "line": {"color": theme.ACCENT, "width": 2.6},
         "hovertemplate": f"{t('trend.mean')}: <b>%{{y:,.0f}}</b><extra></extra>"},
    ]
    notes = []
    if last is not None:
        traces.append({"type": "scatter", "mode": "markers", "x": [x[-1]], "y": [last], "hoverinfo": "skip",
                       "marker": {"color": theme.ACCENT, "size": 7}, "cliponaxis": False})
        notes.append({"x": x[-1], "y": last, "xref": "x", "yref": "y", "text": f"<b>{formats.number(last, t.lang)}</b>", "showarrow": False,
                      "xanchor": "left", "xshift": 8, "font": {"size": 14}})
    years = [(text, value.year) for text, value in zip(x, months["month"], strict=True) if value.month == 1]
    end = (months["month"].iloc[-1] + timedelta(days=16)).strftime("%Y-%m-%d") if x else None
    return {"data": traces, "layout": theme.layout(
        t.lang, margin=(10, 46, 26, 40), annotations=notes,
        x=theme.axis(type="date", range=[x[0], end] if x else None, tickvals=[text for text, _ in years], ticktext=[str(year) for _, year in years],
                     ticklabelposition="outside right", ticks="outside", ticklen=4, hoverformat=" ", unifiedhovertitle={"text": ""}),
        y=theme.axis(range=[0, top * 1.08], showgrid=True, nticks=4, tickformat=",d"))}
