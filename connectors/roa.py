"""ROA: indicator of the future labour-market situation (ITA), from a file the operator downloads and drops.

Folder: <drop_folder>/roa/*.csv and *.xlsx. The layout of ROA's own download was not found, so this is ours; a file that is
put in this form is read. Columns (names are matched loosely): opleidingstype, niveau ("4", "2/3"; empty = all mbo),
ita (expected supply / expected demand), typering (optional), periode (the year the forecast runs to, e.g. 2030), and optionally
arbeidsmarktregio (empty = the country), sectorkamer (as DUO spells it) and definitie. Decimal comma or point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.uwv import NO_VALUE, number, region_code

# ROA: upper bound (inclusive) of each class; low = good for graduates.
CLASSES = ((0.85, "zeer goed"), (1.0, "goed"), (1.05, "redelijk"), (1.15, "matig"), (float("inf"), "slecht"))
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": ("opleidingstype", "opleiding"), "level": ("niveau", "mbo-niveau", "mbo niveau"), "value": ("ita", "waarde"), "class": ("typering", "klasse"),
    "period": ("periode", "prognosejaar", "jaar"), "region": ("arbeidsmarktregio", "regio"), "sector": ("sectorkamer", "sector"), "definition": ("definitie",),
}
REQUIRED = ("group", "value", "period")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def ita_class(value: float) -> str:
    """ROA's class of an ITA (ratio, above zero)."""
    return next(name for bound, name in CLASSES if value <= bound)


def levels(text: str) -> list[int | None]:
    """mbo levels of "4", "2/3", "mbo 2-4"; [None] when empty. Raises ValueError for anything else."""
    cleaned = text.lower().replace("mbo", "").replace("niveau", "").strip()
    if not cleaned:
        return [None]
    found = re.fullmatch(r"([1-4])(?:\s*(-|/|,|en)\s*([1-4]))?", cleaned)
    if not found:
        raise ValueError(f"{text!r} is no mbo level such as 4 or 2/3")
    first, last = int(found[1]), int(found[3] or found[1])
    return [*range(first, last + 1)] if found[2] == "-" else [*sorted({first, last})]


class Ita(drop.DroppedFiles):
    """ITA per type of education, national or per region."""

    key = "roa-ita"
    title = "ROA: indicator toekomstige arbeidsmarktsituatie (ITA)"
    title_en = "ROA: indicator of the future labour-market situation (ITA)"
    publisher = "ROA, Maastricht University"
    licence = "eigen gebruik; vraag ROA voor verdere verspreiding"
    attribution = "ROA"
    home_page = "https://roa.nl"
    schedule = "20 3 1 * *"
    tables = ("official_indicator",)
    stale_after = timedelta(days=800)
    folder_name = "roa"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("official_indicator", [])
        for raw in (r for r in raws if r.name != "index.json"):
            names: dict[str, str] | None = None
            for row in drop.rows(raw, parsed.rejects):
                names = names if names is not None else drop.columns(row, raw.name, COLUMNS, REQUIRED)
                made = _figures({what: row.get(name, "").strip() for what, name in names.items()}, raw.name)
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                else:
                    kept.extend(made)
            if names is None:
                parsed.notes.append(f"{raw.name} has no rows")
        parsed.reference_period = max((r["period"] for r in kept), default=None)
        return parsed


def _figures(written: Mapping[str, str], file: str) -> list[dict[str, Any]] | Reject:
    """Records of one line, one per level; or why there are none."""
    shown = "; ".join(written.values())[:300]
    try:
        value = None if written["value"].lower() in NO_VALUE else number(written["value"])
        found = levels(written.get("level", ""))
    except ValueError as error:
        return Reject(shown, "unreadable value", str(error), file)
    if value is not None and value <= 0:
        return Reject(shown, "unreadable value", "an ITA is above zero", file)
    region = written.get("region", "")
    code = region_code(region) if region else "NL01"
    if code is None:
        return Reject(shown, "unknown region", f"{region!r} is no labour-market region of 2026", file)
    year = YEAR.findall(written["period"])
    if not year:
        return Reject(shown, "unknown period", f"{written['period']!r} names no year such as 2030", file)
    if not written["group"]:
        return Reject(shown, "no type of education", "the type of education is empty", file)
    own, given = (ita_class(value) if value is not None else None), " ".join(written.get("class", "").lower().split())
    near = {ita_class(value + half) for half in (-0.005, 0.005)} if value is not None else set()  # 1,05 may have been 1,046
    if own and given and given != own and given not in near:
        return Reject(shown, "class disagrees", f"the file says {given}, the formula {own}", file)
    return [{"indicator": Ita.key, "region_code": None if code == "NL01" else code, "level": level, "sector": written.get("sector") or None, "group_name": written["group"], "period": max(year),
             "value": value, "value_text": given or own, "unit": "ratio", "definition": written.get("definition") or None, "direction": "low", "source": Ita.key} for level in found]


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [Ita(Path(folder) if folder else None)]
