"""New vacancies per month as a line, with the mean of twelve months."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dashboard import formats
from dashboard.figures import theme
from dashboard.i18n import Translator

Row = dict[str, Any]
WINDOW = 12


def monthly(months: list[Row]) -> list[Row]:
    """Rows month, demand and mean: the mean of the last twelve months, None before there are twelve."""
    demand = [int(row["demand"]) for row in months]
    return [{"month": row["month"], "demand": demand[i], "mean": sum(demand[i + 1 - WINDOW:i + 1]) / WINDOW if i + 1 >= WINDOW else None}
            for i, row in enumerate(months)]


def trend_figure(months: list[Row], t: Translator) -> dict[str, Any]:
    """Line of new vacancies per month (rows of `monthly`) as a plotly figure; the mean is labelled at its end."""
    x = [f"{row['month']:%Y-%m-%d}" for row in months]
    demand = [row["demand"] for row in months]
    mean = [None if row["mean"] is None else round(row["mean"], 1) for row in months]
    names = [formats.month(row["month"], t.lang) for row in months]
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
    years = [(text, row["month"].year) for text, row in zip(x, months, strict=True) if row["month"].month == 1]
    end = f"{months[-1]['month'] + timedelta(days=16):%Y-%m-%d}" if months else None
    return {"data": traces, "layout": theme.layout(
        t.lang, margin=(10, 46, 26, 40), annotations=notes,
        x=theme.axis(type="date", range=[x[0], end] if x else None, tickvals=[text for text, _ in years], ticktext=[str(year) for _, year in years],
                     ticklabelposition="outside right", ticks="outside", ticklen=4, hoverformat=" ", unifiedhovertitle={"text": ""}),
        y=theme.axis(range=[0, top * 1.08], showgrid=True, nticks=4, tickformat=",d"))}
