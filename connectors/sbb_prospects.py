"""SBB Kans op werk: the chance of work per qualification and labour-market region, from a file the operator drops.

Folder: <drop_folder>/sbb-kans/*.csv and *.xlsx. The layout of SBB's own download was not found, so this is ours; a file that is
put in this form is read. Columns (names are matched loosely): crebo, arbeidsmarktregio (empty or Nederland = the country),
"kans op werk" (the class in words, or SBB's signs ++, +, =, -, --), peiljaar, and optionally niveau and definitie.
In SBB's tables a single - in this column is a class (matig), not a gap; a gap is an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.duo import crebo
from connectors.roa import YEAR, levels
from connectors.uwv import region_code

SIGNS = {"++": "goed", "+": "ruim voldoende", "=": "voldoende", "-": "matig", "--": "gering"}
CLASSES = tuple(SIGNS.values())
WORDS = {**{c: c for c in CLASSES}, "goede": "goed", "matige": "matig", "geringe": "gering", **SIGNS}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "crebo": ("crebo", "crebocode"), "region": ("arbeidsmarktregio", "regio"), "class": ("kans op werk", "kans", "typering"), "period": ("peiljaar", "jaar", "periode", "peildatum"),
    "level": ("niveau",), "definition": ("definitie",),
}
REQUIRED = ("crebo", "region", "class", "period")


def prospect(text: str) -> str | None:
    """SBB's class by word ("Goede kansen" is goed) or sign; None for an empty cell. Raises ValueError for anything else."""
    cleaned = " ".join(text.lower().replace("kansen", "").replace("kans", "").split())
    if not cleaned:
        return None
    word = WORDS.get(cleaned)
    if word is None:
        raise ValueError(f"{text!r} is none of {', '.join(CLASSES)}, nor of {' '.join(SIGNS)}")
    return word


class Prospects(drop.DroppedFiles):
    """Chance of work per qualification and region."""

    key = "sbb-prospects"
    title = "SBB: Kans op werk"
    title_en = "SBB: chance of work"
    publisher = "SBB"
    licence = "eigen gebruik; vraag SBB voor verdere verspreiding"
    attribution = "SBB"
    home_page = "https://www.s-bb.nl/feiten-en-cijfers/kans-op-stage-leerbaan-en-werk/"
    schedule = "25 3 1 * *"
    tables = ("official_indicator",)
    stale_after = timedelta(days=500)
    folder_name = "sbb-kans"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("official_indicator", [])
        empty = 0
        for raw in (r for r in raws if r.name != "index.json"):
            names: dict[str, str] | None = None
            for row in drop.rows(raw, parsed.rejects):
                names = names if names is not None else drop.columns(row, raw.name, COLUMNS, REQUIRED)
                made = _figure({what: row.get(name, "").strip() for what, name in names.items()}, raw.name)
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                elif made["value_text"] is None:
                    empty += 1
                else:
                    kept.append(made)
            if names is None:
                parsed.notes.append(f"{raw.name} has no rows")
        if empty:
            parsed.notes.append(f"{empty} regels zonder klasse: SBB geeft daar geen kans op werk")
        parsed.reference_period = max((r["period"] for r in kept), default=None)
        return parsed


def _figure(written: Mapping[str, str], file: str) -> dict[str, Any] | Reject:
    """A record of table official_indicator, or why there is none."""
    shown = "; ".join(written.values())[:300]
    try:
        code, word = crebo(written["crebo"]), prospect(written["class"])
        level = levels(written.get("level", ""))[0]
    except ValueError as error:
        return Reject(shown, "unreadable value", str(error), file)
    region = region_code(written["region"]) if written["region"] else "NL01"
    if region is None:
        return Reject(shown, "unknown region", f"{written['region']!r} is no labour-market region of 2026", file)
    year = YEAR.findall(written["period"])
    if not year:
        return Reject(shown, "unknown period", f"{written['period']!r} names no year such as 2025", file)
    return {"indicator": Prospects.key, "region_code": None if region == "NL01" else region, "crebo": code, "level": level, "period": max(year), "value_text": word, "unit": "class",
            "definition": written.get("definition") or None, "direction": "high", "source": Prospects.key}


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [Prospects(Path(folder) if folder else None)]
