"""UWV Spanningsindicator, from a file the operator downloads and drops: open vacancies per person with a short benefit.

Columns (names are matched loosely): arbeidsmarktregio, beroepsgroep, kwartaal or periode, spanningsindicator, and optionally
typering (the class) and definitie. Decimal comma or point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

# UWV: lower bound (inclusive) of each class; high = shortage of people.
CLASSES = ((4.0, "zeer krap"), (1.5, "krap"), (0.67, "gemiddeld"), (0.25, "ruim"), (0.0, "zeer ruim"))
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "region": ("arbeidsmarktregio", "regio"), "group": ("beroepsgroep", "beroep"), "period": ("kwartaal", "periode"),
    "value": ("spanningsindicator", "spanning", "waarde"), "class": ("typering", "klasse"), "definition": ("definitie",),
}
REQUIRED = ("region", "group", "period", "value")
REGIONS: Mapping[str, str] = {
    "groningen": "AM01", "friesland": "AM02", "drenthe": "AM03", "regio zwolle": "AM36", "zwolle": "AM36", "twente": "AM05",
    "veluwe stedendriehoek": "AM06", "stedendriehoek en noordwest veluwe": "AM06", "midden gelderland": "AM07", "rijk van nijmegen": "AM08", "achterhoek": "AM09",
    "rivierenland": "AM10", "flevoland": "AM11", "gooi en vechtstreek": "AM12", "midden utrecht": "AM13", "amersfoort": "AM14", "noord holland noord": "AM15",
    "zaanstreek waterland": "AM17", "groot amsterdam": "AM18", "holland rijnland": "AM19", "midden holland": "AM20", "haaglanden": "AM21", "rijnmond": "AM22",
    "drechtsteden": "AM23", "zeeland": "AM24", "west brabant": "AM25", "midden brabant": "AM26", "noordoost brabant": "AM27", "zuidoost brabant": "AM28",
    "noord limburg": "AM29", "zuid limburg": "AM30", "helmond de peel": "AM32", "midden limburg": "AM33", "zuid holland centraal": "AM34", "gorinchem": "AM35",
    "zuid kennemerland en ijmond": "AM37", "foodvalley": "AM38", "food valley": "AM38", "nederland": "NL01",
}


def tension_class(value: float) -> str:
    """UWV's class of a tension value (ratio, not below zero)."""
    return next(name for bound, name in CLASSES if value >= bound)


def region_code(name: str) -> str | None:
    """Code of a labour-market region by name, in the spellings in use; None when unknown."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return REGIONS.get(" ".join(re.sub(r"[^a-z]+", " ", plain).split()))


class Tension(drop.DroppedFiles):
    """UWV tension per occupation group and region, per quarter."""

    key = "uwv-tension"
    title = "UWV: Spanningsindicator arbeidsmarkt"
    title_en = "UWV: labour-market tension"
    publisher = "UWV"
    licence = "eigen gebruik; vraag UWV voor verdere verspreiding"
    attribution = "UWV"
    home_page = "https://www.uwv.nl/nl/arbeidsmarktinformatie"
    schedule = "15 3 * * *"
    tables = ("tension",)
    stale_after = timedelta(days=150)
    folder_name = "uwv"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("tension", [])
        for raw in (r for r in raws if r.name != "index.json"):
            for row in drop.rows(raw):
                names = _columns(row, raw.name)
                record = {what: row.get(name, "").strip() for what, name in names.items()}
                shown = "; ".join(record.values())[:300]
                try:
                    value = float(record["value"].replace(",", ".")) if record["value"] else None
                except ValueError:
                    parsed.rejects.append(Reject(shown, "unreadable value", f"{record['value']!r} is no number", raw.name))
                    continue
                code = region_code(record["region"])
                if code is None:
                    parsed.rejects.append(Reject(shown, "unknown region", f"{record['region']!r} is no labour-market region", raw.name))
                    continue
                if value is not None and value < 0:
                    parsed.rejects.append(Reject(shown, "unreadable value", "a tension cannot be below zero", raw.name))
                    continue
                own = tension_class(value) if value is not None else None
                given = record.get("class", "").lower()
                if own and given and given != own:
                    parsed.rejects.append(Reject(shown, "class disagrees", f"the file says {given}, the formula {own}", raw.name))
                    continue
                kept.append({"region_code": code, "region_name": record["region"], "occupation_group": record["group"], "period": record["period"],
                             "value": value, "class": own, "definition": record.get("definition") or None})
        parsed.reference_period = max((r["period"] for r in kept), default=None)
        return parsed


def _columns(row: Mapping[str, str], file: str) -> dict[str, str]:
    lowered = {name.lower().strip(): name for name in row}
    found = {}
    for what, words in COLUMNS.items():
        match = next((lowered[n] for w in words for n in lowered if n.startswith(w)), None)
        if match:
            found[what] = match
        elif what in REQUIRED:
            raise SchemaDrift(f"{file} has no column {words[0]!r}; there are: {', '.join(row)}", words[0])
    return found


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [Tension(Path(folder) if folder else None)]
