"""What is published of the measures of bench.understanding: warehouse/reference/understanding_quality.csv and the tables in docs/methodology.md.

Written by `python -m bench.understanding --write`. Rows of part `linking` (rankings, measured elsewhere) are kept as they are.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from bench.understanding import Annotated, measure
from warehouse import quality, reference

ROOT = Path(__file__).resolve().parents[1]
CSV = reference.FOLDER / f"{quality.NAME}.csv"
DOC = ROOT / "docs" / "methodology.md"
PARTS = ("unseen", "seen")
# What a measure counts, when not adverts: a row of a sector needs so many of them, and always so many adverts to draw from.
OF_MENTIONS = ("mention F1", "mention precision", "mention recall", "linking", "required", "traps taken")
LEAST_MENTIONS, LEAST_OTHERS, LEAST_ADVERTS = 30, 10, 5
DIGITS = 4
BEGIN, END = "<!-- quality -->", "<!-- /quality -->"
_BLOCK = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)


def version() -> str:
    """Of this working copy."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def vocabulary() -> str:
    """Sizes of the lists that adverts are read with: "1360 skills, 7000 forms, 6480 titles"."""
    skills = reference.read("skills")
    forms = sum(len(written.split("|")) for written in skills["forms"])
    return f"{len(skills)} skills, {forms} forms, {len(reference.read('titles'))} titles"


def table(gold: Sequence[Annotated], documents: Sequence[dict[str, Any]], groups: dict[str, str], forms: dict[str, list[str]], measured_on: date) -> pd.DataFrame:
    """Columns quality.COLUMNS as text: of each part all adverts (sector ''), then the sectors with enough of them."""
    wanted = {g.head["id"]: g.head.get("group") or g.head["id"] for g in gold}
    sectors = list(reference.read("sectors")["name"])
    rows = []
    for part in PARTS:
        for sector in ("", *sectors):
            chosen = [(g, d) for g, d in zip(gold, documents, strict=True) if g.unseen == (part == "unseen") and sector in ("", g.head.get("sector"))]
            if not chosen or (sector and len(chosen) < LEAST_ADVERTS):
                continue
            found = measure([g for g, _ in chosen], [d for _, d in chosen], groups, wanted, forms)
            for name, m in found.items():
                if sector and (name == "duplicate pair F1" or m["n"] < (LEAST_MENTIONS if name in OF_MENTIONS else LEAST_OTHERS)):
                    continue
                rows.append({
                    "part": part, "sector": sector, "measure": name, **{key: _written(m[key]) for key in ("value", "low", "high")}, "n": str(round(m["n"])), "adverts": str(len(chosen)),
                    "version": version(), "measured_on": measured_on.isoformat(), "vocabulary": vocabulary()})
    return pd.DataFrame(rows, columns=list(quality.COLUMNS))


def _written(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.{DIGITS}f}"


def write(measured: pd.DataFrame, csv: Path = CSV, doc: Path = DOC) -> None:
    """Put measured rows in the CSV, followed by the rows of part `linking` that are there, and their tables between the marks in the doc."""
    text = doc.read_text(encoding="utf-8")
    if not _BLOCK.search(text):
        raise ValueError(f"{doc} has no {BEGIN} ... {END}")
    rows = measured
    if csv.exists():
        kept = pd.read_csv(csv, dtype=str, keep_default_na=False, encoding="utf-8")
        rows = pd.concat([measured, kept[kept["part"] == quality.LINKING]], ignore_index=True)
    rows.to_csv(csv, index=False, encoding="utf-8", lineterminator="\n")
    doc.write_text(_BLOCK.sub(lambda _: block(quality.read(csv)), text), encoding="utf-8")


def block(rows: pd.DataFrame) -> str:
    """The part of docs/methodology.md between the marks, of rows as warehouse.quality gives them."""
    lines = [BEGIN]
    for part in (*PARTS, quality.LINKING):
        own = rows[rows["part"] == part]
        if own.empty:
            continue
        whole, of_sectors = own[own["sector"] == ""], own[own["sector"] != ""]
        first = whole.iloc[0].to_dict()
        lines += ["", f"**{quality.PART_NAMES[part]}**{_stand(first)}", "", "| measure | value | 90% interval | n | per sector |", "|---|---|---|---|---|"]
        for row in whole.to_dict("records"):
            sectors = [f"{s['sector']} {s['value']:.2f} ({s['low']:.2f} to {s['high']:.2f}, n {s['n']})" for s in of_sectors[of_sectors["measure"] == row["measure"]].to_dict("records")]
            lines.append(f"| {row['measure']} | {_cell(row)} | {_interval(row)} | {row['n']} | {'; '.join(sectors)} |")
    return "\n".join([*lines, END])


def _stand(row: Mapping[str, Any]) -> str:
    adverts = f", {row['adverts']} adverts" if row["adverts"] else ""
    return f"{adverts}, version {row['version']}, measured on {row['measured_on']}" + (f", with {row['vocabulary']}" if row["vocabulary"] else "")


def _cell(row: Mapping[str, Any]) -> str:
    return f"{row['value']:.2f}" if quality.enough(row["n"]) else "too few"


def _interval(row: Mapping[str, Any]) -> str:
    return f"{row['low']:.2f} to {row['high']:.2f}" if quality.enough(row["n"]) and row["low"] == row["low"] else ""
