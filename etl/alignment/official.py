"""Official indicators beside our class: what each says about people given its own direction, and why it can differ from ours.

An indicator is declared in warehouse/reference/indicators.csv (table indicator): its direction, the publisher's classes, which of
them mean that people are scarce or chances good ("tight") and which the reverse ("slack"), and what kind of measure it is. Nothing
is averaged over indicators and nothing is added up: a figure is read, counted and put beside ours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

READINGS = ("tight", "slack", "neither", "unknown")
AGREEMENTS = ("same", "partly", "opposite", "none")
OURS = {"shortage": "tight", "surplus": "slack", "balance": "neither", "borderline": "unknown", "too_little_data": "unknown"}
# What a reading is on the screen: the class whose colour and glyph it carries, the same everywhere.
CLASS_OF = {"tight": "shortage", "slack": "surplus", "neither": "balance", "unknown": "too_little_data"}
REASONS = ("stock_against_flow", "forecast", "outcome", "all_levels", "national_only", "whole_sector", "parts", "groups", "other_year")
NATIONAL = "NL01"
WHOLE_GROUP = "Totaal"


@dataclass(frozen=True)
class Indicator:
    """An indicator of others. `classes` are (word, upper bound or None, whether the bound belongs to the class) in the publisher's
    order; `direction` is high or low: the side of the value where people are scarce or chances good; `margin` is for an indicator
    without classes: how far from the whole group counts."""

    key: str
    direction: str
    classes: tuple[tuple[str, float | None, bool], ...]
    tight: frozenset[str]
    slack: frozenset[str]
    margin: float | None
    basis: str
    levels: str

    def __post_init__(self) -> None:
        words = {word for word, _, _ in self.classes}
        if self.direction not in ("high", "low"):
            raise ValueError(f"{self.key}: direction {self.direction!r} is neither high nor low")
        if not (self.tight | self.slack) <= words:
            raise ValueError(f"{self.key}: {sorted((self.tight | self.slack) - words)} are none of its classes")
        if not words and self.margin is None:
            raise ValueError(f"{self.key}: neither classes nor a margin to read it by")


def declared(rows: pd.DataFrame) -> dict[str, Indicator]:
    """Indicators by key from rows of table indicator. Raises ValueError for a declaration that contradicts itself."""
    return {str(r["key"]): Indicator(
        str(r["key"]), str(r["direction"]), parsed_classes(str(r["classes"] or "")), _words(r["tight"]), _words(r["slack"]),
        float(r["margin"]) if r["margin"] == r["margin"] and r["margin"] not in ("", None) else None, str(r["basis"]), str(r["levels"])) for r in rows.to_dict("records")}


def _words(text: object) -> frozenset[str]:
    return frozenset(w for w in str(text or "").split("|") if w)


def parsed_classes(text: str) -> tuple[tuple[str, float | None, bool], ...]:
    """"ruim<0.67|goed<=1|slecht" as (word, bound, bound included)."""
    made: list[tuple[str, float | None, bool]] = []
    for part in filter(None, text.split("|")):
        word, mark, bound = part.partition("<")
        made.append((word, float(bound.removeprefix("=")) if mark else None, bound.startswith("=")))
    return tuple(made)


def word_of(indicator: Indicator, value: float | None) -> str | None:
    """The publisher's word for a value; None without a value or without numeric classes."""
    if value is None or value != value or not any(bound is not None for _, bound, _ in indicator.classes):
        return None
    return next((word for word, bound, included in indicator.classes if bound is None or value < bound or (included and value == bound)), None)


def reading(indicator: Indicator, value: float | None = None, word: str | None = None, low: float | None = None, high: float | None = None, whole: float | None = None) -> str:
    """What a figure says about people: tight, slack, neither or unknown (one of READINGS).

    The printed class counts before the value. Without classes the bounds are held against `whole`, the figure of the whole group.
    """
    if indicator.classes:
        found = word if word in {w for w, _, _ in indicator.classes} else word_of(indicator, value)
        if found is None:
            return "unknown"
        return "tight" if found in indicator.tight else "slack" if found in indicator.slack else "neither"
    values = [v for v in (value, whole, indicator.margin) if v is not None and v == v]
    if len(values) < 3:
        return "unknown"
    point, middle, margin = values
    lower = low if low is not None and low == low else point
    upper = high if high is not None and high == high else point
    above, below = lower - middle >= margin, middle - upper >= margin
    if not above and not below:
        return "neither"
    return "tight" if above == (indicator.direction == "high") else "slack"


def agreement(ours: str, theirs: str) -> str:
    """same, partly, opposite or none (one of the two says nothing). `ours` is a class of mismatch, `theirs` a reading."""
    own = OURS[ours]
    if "unknown" in (own, theirs):
        return "none"
    if own == theirs:
        return "same"
    return "opposite" if {own, theirs} == {"tight", "slack"} else "partly"


def together(tight: int, slack: int, known: int) -> str:
    """What several figures say together: tight when at least half do and none says slack, and the reverse; else neither."""
    if not known:
        return "unknown"
    if not slack and 2 * tight >= known and tight:
        return "tight"
    if not tight and 2 * slack >= known and slack:
        return "slack"
    return "neither"


def reasons(indicator: Indicator, *, detail: str, area: str, region: str, figures: int, year: int | None, period: int) -> list[str]:
    """Codes (of REASONS) why an official figure can differ from ours, in a fixed order."""
    found = {
        "stock_against_flow": indicator.basis == "stock", "forecast": indicator.basis == "forecast", "outcome": indicator.basis == "outcome", "all_levels": indicator.levels == "all",
        "national_only": area == "national" and region != NATIONAL, "whole_sector": detail in ("sector of a programme", "level"), "parts": detail == "parts",
        "groups": figures > 1 and detail != "parts", "other_year": indicator.basis != "forecast" and year is not None and year != period,
    }
    return [code for code in REASONS if found[code]]


def year_of(period: str) -> int | None:
    """The year in a period as a source writes it (2025KW04, 2022SJ00, 2030); None when there is none."""
    return int(period[:4]) if period[:4].isdigit() else None


def read_figures(figures: pd.DataFrame, indicators: dict[str, Indicator]) -> pd.DataFrame:
    """Figures of declared indicators with `reading` and `word`; those of the whole group serve as measure and are left out where
    an indicator has no classes. `figures` has the columns of official_indicator."""
    rows = figures[figures["indicator"].isin(indicators)].copy()
    whole = {(r["indicator"], r["region_code"], r["level"], r["period"]): r["value"]
             for r in _plain(rows[rows["group_name"] == WHOLE_GROUP])}
    made, words = [], []
    for r in _plain(rows):
        indicator = indicators[r["indicator"]]
        made.append(reading(indicator, r["value"], r["value_text"], r["low"], r["high"], whole.get((r["indicator"], r["region_code"], r["level"], r["period"]))))
        words.append(r["value_text"] or word_of(indicator, r["value"]) or "")
    rows["reading"], rows["word"] = made, words
    unclassed = {key for key, indicator in indicators.items() if not indicator.classes}
    return rows[~(rows["indicator"].isin(unclassed) & (rows["group_name"] == WHOLE_GROUP))].reset_index(drop=True)


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None for everything that is missing."""
    names = [str(c) for c in rows.columns]
    columns = [[None if v is None or v is pd.NA or v != v else v for v in rows[c].tolist()] for c in rows.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def beside(subjects: pd.DataFrame, figures: pd.DataFrame, indicators: dict[str, Indicator]) -> pd.DataFrame:
    """Official figures beside our subjects: rows of mart_official.

    `subjects`: region_code, period, subject_kind, subject, sector, level (None for a sector), class. `figures`: from read_figures,
    with `sector` as sector code and region_code None for the country. Per subject and indicator the figures that fit best are taken:
    of the programme, of its sector and level, of its sector; for a sector its own figures, or else those of its levels and
    programmes; of the region before the country.
    """
    plain = _plain(figures)
    index = _indexed(plain)
    periods = {key: sorted({r["period"] for r in plain if r["indicator"] == key}) for key in indicators}
    summed: dict[Place, Summary] = {}

    @lru_cache(maxsize=1000)
    def chosen(key: str, year: int) -> str | None:
        return period_for(periods[key], indicators[key], year)

    @lru_cache(maxsize=10_000)
    def why(key: str, detail: str, area: str, region: str, n: int, when: str, period: int) -> str:
        return "|".join(reasons(indicators[key], detail=detail, area=area, region=region, figures=n, year=year_of(when), period=period))

    found = []
    for region, year, kind, code, sector, level, own in zip(*(subjects[c].tolist() for c in ("region_code", "period", "subject_kind", "subject", "sector", "level", "class")), strict=True):
        for key in indicators:
            when = chosen(key, int(year))
            place = None if when is None else next((p for p in _places(key, when, region, kind, code, sector, level) if p in index), None)
            if place is None or when is None:
                continue
            if place not in summed:
                summed[place] = summary(index[place])
            sums, detail, area = summed[place], place[1], "national" if place[3] is None else "region"
            wider = "sector of a programme" if detail == "sector" and kind == "programme" else detail
            found.append((region, int(year), kind, code, key, when, area, detail, *sums.values(), own, agreement(own, sums["reading"]), why(key, wider, area, region, sums["figures"], when, int(year))))
    return pd.DataFrame(found, columns=["region_code", "period", "subject_kind", "subject", "indicator", "indicator_period", "area", "detail", *SUMMED, "class", "agreement", "reasons"])


# Where a figure belongs: indicator, detail, what it is about (crebo, or sector with or without level), region (None = country), period.
Place = tuple[str, str, tuple[Any, ...], str | None, str]
Summary = dict[str, Any]
SUMMED = ("figures", "tight", "slack", "value", "value_low", "value_high", "classes", "groups", "status", "reading")


def _indexed(figures: list[dict[str, Any]]) -> dict[Place, list[dict[str, Any]]]:
    index: dict[Place, list[dict[str, Any]]] = {}
    for r in figures:
        about: list[tuple[str, tuple[Any, ...]]]
        if r["crebo"] is not None:
            about = [("programme", (r["crebo"],)), ("parts", (r["sector"],))]
        elif r["level"] is not None:
            about = [("level", (r["sector"], int(r["level"]))), ("parts", (r["sector"],))]
        else:
            about = [("sector", (r["sector"],))]
        for detail, what in about:
            index.setdefault((r["indicator"], detail, what, r["region_code"], r["period"]), []).append(r)
    return index


def _places(key: str, when: str, region: str, kind: str, code: str, sector: str, level: Any) -> list[Place]:
    """Where figures for a subject may stand, best first."""
    ways: list[tuple[str, tuple[Any, ...]]] = (
        [("sector", (sector,)), ("parts", (sector,))] if kind == "sector" else [("programme", (code,)), ("level", (sector, int(level))), ("sector", (sector,))])
    areas = [None] if region == NATIONAL else [region, None]
    return [(key, detail, what, area, when) for detail, what in ways for area in areas]


def period_for(known: list[str], indicator: Indicator, year: int) -> str | None:
    """The period of an indicator that belongs to a year: the newest forecast; otherwise the newest up to that year, or the oldest."""
    upto = known if indicator.basis == "forecast" else [p for p in known if (year_of(p) or 0) <= year]
    return upto[-1] if upto else known[0] if known else None


def summary(figures: list[dict[str, Any]]) -> Summary:
    """Several figures counted, never averaged: how many say what, lowest and highest, words and groups, and what they say together."""
    said = Counter(r["reading"] for r in figures)
    lows = [v for r in figures for v in [r["low"] if r["low"] is not None else r["value"]] if v is not None]
    highs = [v for r in figures for v in [r["high"] if r["high"] is not None else r["value"]] if v is not None]
    words = Counter(r["word"] for r in figures if r["word"])
    return {
        "figures": len(figures), "tight": said["tight"], "slack": said["slack"], "value": figures[0]["value"] if len(figures) == 1 else None, "value_low": min(lows, default=None), "value_high": max(highs, default=None),
        "classes": "|".join(f"{word}:{n}" for word, n in sorted(words.items(), key=lambda item: (-item[1], item[0]))), "groups": "|".join(sorted({r["group_name"] for r in figures if r["group_name"]})),
        "status": figures[0]["status"], "reading": together(said["tight"], said["slack"], len(figures) - said["unknown"])}
