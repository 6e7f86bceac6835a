"""Signals of whole frames: which sectors and programmes of which areas stand out, as rows of mart_signal (the rules are in signals.py)."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from etl.alignment import coverage, signals
from etl.alignment.thresholds import DEFAULT, Limits

COLUMNS = ["region_code", "period", "subject_kind", "subject", "code", "values", "strength"]
OUTCOMES = ("shortage", "surplus")
Key = tuple[str, int, str]


def of_sectors(cells: pd.DataFrame, students: pd.DataFrame, sector_of: pd.Series, limits: Limits = DEFAULT) -> pd.DataFrame:
    """Signals of rows of area.sector_rows. `students`: region_code, period, crebo, students_low, students_high; `sector_of`: sector by crebo."""
    named = students.assign(sector=students["crebo"].map(sector_of)).dropna(subset=["sector", "students_low"])
    enrolled = _pairs(named.groupby(["region_code", "period", "sector"])[["students_low", "students_high"]].sum())
    found: list[dict[str, Any]] = []
    for r, code in zip(_rows(cells), signals.changes(list(cells["n"]), list(cells["demand_previous"]), limits), strict=True):
        key, before = (r["region_code"], r["period"], r["sector"]), (r["region_code"], r["period"] - 1, r["sector"])
        if not r["incomplete"]:
            found.extend(_told("sector", key, [*signals.outcome(r), *signals.moved(code, r["n"], r["demand_previous"], enrolled.get(key), enrolled.get(before), limits)]))
    return pd.DataFrame(found, columns=COLUMNS)


def of_programmes(programmes: pd.DataFrame, skills: pd.DataFrame, taught: pd.DataFrame, limits: Limits = DEFAULT) -> pd.DataFrame:
    """Signals of rows of area.programme_rows. `skills`: rows of mart_skill of the same areas; `taught`: crebo, skill_id."""
    enrolled = _pairs(programmes.set_index(["region_code", "period", "crebo"])[["students_low", "students_high"]])
    counted = programmes.set_index(["region_code", "period", "crebo"])["n"].to_dict()
    quiet = set(programmes.loc[programmes["incomplete"], "period"])
    asked, rare = _asked_and_rare(skills, taught, limits)
    programmes = programmes[~programmes["incomplete"] & ((programmes["n"] > 0) | (programmes["providers"] > 0))]  # others are where people live only
    keys = zip(programmes["region_code"], programmes["period"] - 1, programmes["crebo"], strict=True)
    earlier = [counted.get(key) if key[1] not in quiet else None for key in keys]
    found: list[dict[str, Any]] = []
    for r, previous, code in zip(_rows(programmes), earlier, signals.changes(list(programmes["n"]), earlier, limits), strict=True):
        key, before = (r["region_code"], r["period"], r["crebo"]), (r["region_code"], r["period"] - 1, r["crebo"])
        found.extend(_told("programme", key, [
            *signals.outcome(r), *(signals.moved(code, r["n"], previous, enrolled.get(key), enrolled.get(before), limits) if r["providers"] else []),
            *signals.providers(r["national_high"], r["smallest_high"], int(r["providers"]), limits),
            *(signals.taught(r["coverage"], r["coverage_n"] if r["coverage_n"] == r["coverage_n"] else None, asked.get(key, []), rare.get(key, []), limits) if r["providers"] else [])]))
    return pd.DataFrame(found, columns=COLUMNS)


def outcomes(rows: pd.DataFrame, kind: str, subject: str) -> pd.DataFrame:
    """Signals of the class alone, of rows of mart_mismatch or mart_programme."""
    clear = rows[rows["class"].isin(OUTCOMES)]
    found = [told for r in _rows(clear) for told in _told(kind, (r["region_code"], r["period"], r[subject]), signals.outcome(r))]
    return pd.DataFrame(found, columns=COLUMNS)


def reclassed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of mart_mismatch or mart_programme whose class is another one now, with the code of that class among their signals."""
    made = []
    for codes, kind in zip(rows["signals"], rows["class"], strict=True):
        others = [code for code in str(codes or "").split("|") if code and code not in OUTCOMES]
        made.append("|".join([kind, *others] if kind in OUTCOMES else others))
    return rows.assign(signals=made)


def told(rows: pd.DataFrame, found: pd.DataFrame, subject: str) -> pd.DataFrame:
    """`rows` as their mart has them: with the codes of their signals, strongest first, without what was only needed to find these."""
    ordered = found.sort_values("strength", ascending=False)
    codes = ordered.groupby(["region_code", "period", "subject"])["code"].agg("|".join).to_dict() if len(ordered) else {}
    made = rows.assign(signals=[codes.get(key, "") for key in zip(rows["region_code"], rows["period"], rows[subject], strict=True)])
    return made.drop(columns=["incomplete", "national_high", "smallest_high"], errors="ignore")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _told(kind: str, key: Key, found: list[signals.Signal]) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, (key[0], key[1], kind, key[2], f.code, json.dumps(dict(f.values)), float(f.strength)), strict=True)) for f in found]


def _pairs(frame: pd.DataFrame) -> dict[Any, tuple[float, float]]:
    return {key: (float(low), float(high)) for key, low, high in zip(frame.index, frame.iloc[:, 0], frame.iloc[:, 1], strict=True) if low == low}


def _asked_and_rare(skills: pd.DataFrame, taught: pd.DataFrame, limits: Limits) -> tuple[dict[Any, list[str]], dict[Any, list[str]]]:
    """Skills of a programme by (region, period, crebo): often asked and not covered, most asked first; covered and hardly asked."""
    keys = ["region_code", "period", "subject"]
    own = skills[skills["cover"].notna()]
    gaps = own[(own["cover"] == coverage.NOT) & (own["share_low"] >= limits.asked_share)].sort_values("share", ascending=False)
    some = own[(own["cover"] == coverage.COVERED) & (own["share_high"] >= limits.rare_share)]  # what is asked often enough; what is not among the rows is not asked at all
    often = some.groupby(keys)["skill_id"].agg(set).to_dict()
    of = taught.groupby("crebo")["skill_id"].agg(list).to_dict()
    counted = own.drop_duplicates(keys)
    rare = {key: [skill for skill in of.get(key[2], []) if skill not in often.get(key, set())] for key in zip(*(counted[k] for k in keys), strict=True)}
    return gaps.groupby(keys)["skill_id"].agg(list).to_dict(), rare
