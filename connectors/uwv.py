"""UWV Spanningsindicator, from a file the operator downloads and drops: open vacancies per person with a short benefit.

Folder: <drop_folder>/uwv/*.csv and *.xlsx. Over HTTP: {base}/uwv/index.json, {"files": ["a.csv", ...]}, and {base}/uwv/<file>.
Columns (names are matched loosely): arbeidsmarktregio, beroepsgroep, kwartaal or periode, spanningsindicator, and optionally
typering (the class) and definitie. Decimal comma or point.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source

# UWV: lower bound (inclusive) of each class; high = shortage of people.
CLASSES = ((4.0, "zeer krap"), (1.5, "krap"), (0.67, "gemiddeld"), (0.25, "ruim"), (0.0, "zeer ruim"))
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "region": ("arbeidsmarktregio", "regio"), "group": ("beroepsgroep", "beroep"), "period": ("kwartaal", "periode"),
    "value": ("spanningsindicator", "spanning", "waarde"), "class": ("typering", "klasse"), "definition": ("definitie",),
}
REQUIRED = ("region", "group", "period", "value")
NO_VALUE = frozenset({"", "-", ".", "x", "n.b.", "nb", "onbekend", "geen gegevens"})
# The 35 labour-market regions of 2026 (CBS 86247NED) and the country, with spellings in use; see region_code for the key.
REGIONS: Mapping[str, str] = {name: code for code, names in {
    "AM01": "groningen", "AM02": "friesland fryslan", "AM03": "drenthe", "AM05": "twente",
    "AM06": "veluwestedendriehoek stedendriehoekveluwe stedendriehoek stedendriehoeknoordwestveluwe",
    "AM07": "middengelderland", "AM08": "rijkvannijmegen nijmegen", "AM09": "achterhoek", "AM10": "rivierenland",
    "AM11": "flevoland", "AM12": "gooivechtstreek", "AM13": "middenutrecht", "AM14": "amersfoort", "AM15": "noordhollandnoord",
    "AM17": "zaanstreekwaterland", "AM18": "grootamsterdam", "AM19": "hollandrijnland", "AM20": "middenholland",
    "AM21": "haaglanden", "AM22": "rijnmond", "AM23": "drechtsteden", "AM24": "zeeland", "AM25": "westbrabant",
    "AM26": "middenbrabant", "AM27": "noordoostbrabant", "AM28": "zuidoostbrabant", "AM29": "noordlimburg", "AM30": "zuidlimburg",
    "AM32": "helmondpeel", "AM33": "middenlimburg", "AM34": "zuidhollandcentraal", "AM35": "gorinchem", "AM36": "zwolle",
    "AM37": "zuidkennemerlandijmond", "AM38": "foodvalley", "NL01": "nederland heelnederland landelijk",
}.items() for name in names.split()}
_SILENT = frozenset({"arbeidsmarktregio", "regio", "en", "de", "am"})
_CLASS = re.compile(r"(zeer )?(krap|gemiddeld|ruim)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_QUARTER = re.compile(r"(?:kw(?:artaal)?|q|k)\W*0?([1-4])(?!\d)|(?<!\d)([1-4])(?:e|de|ste)?\W*(?:kw|q|kwartaal)")


def tension_class(value: float) -> str:
    """UWV's class of a tension value (ratio, not below zero)."""
    return next(name for bound, name in CLASSES if value >= bound)


def region_code(name: str) -> str | None:
    """Code of a labour-market region by name or code, in the spellings in use; None when unknown (also retired regions)."""
    if name.strip().upper() in REGIONS.values():
        return name.strip().upper()
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return REGIONS.get("".join(word for word in re.findall(r"[a-z]+", plain) if word not in _SILENT))


def quarter(text: str) -> str | None:
    """A quarter in CBS form (2026KW02) from "2026KW02", "2026-Q2", "2e kwartaal 2026" and the like; None otherwise."""
    lowered = text.lower()
    year = _YEAR.search(lowered) or re.search(r"(20\d\d)(?=\s*(?:kw|q|k))", lowered)
    found = _QUARTER.search(lowered.replace(year[1], " ", 1)) if year else None
    return f"{year[1]}KW0{found[1] or found[2]}" if year and found else None


def number(text: str) -> float:
    """A number with decimal comma or point, thousands separated by a point or space. Raises ValueError unless finite."""
    cleaned = re.sub(r"\s", "", text)
    if "," in cleaned:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    value = float(cleaned)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


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
    tables = ("tension", "official_indicator")
    stale_after = timedelta(days=150)
    folder_name = "uwv"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("tension", [])
        rounded = 0
        for raw in (r for r in raws if r.name != "index.json"):
            names: dict[str, str] | None = None
            for row in drop.rows(raw, parsed.rejects):
                names = names if names is not None else drop.columns(row, raw.name, COLUMNS, REQUIRED)
                written = {what: row.get(name, "").strip() for what, name in names.items()}
                made = _tension(written, raw.name)
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                else:
                    rounded += made["value"] is not None and made["class"] != tension_class(made["value"])
                    kept.append(made)
            if names is None:
                parsed.notes.append(f"{raw.name} has no rows")
        if rounded:
            parsed.notes.append(f"{rounded} values lie on a class bound after rounding; the class of the file is kept")
        definitions = {r["definition"] for r in kept}
        if len(definitions) > 1:
            parsed.notes.append("the files use different definitions of the denominator; do not compare across them")
        parsed.records["official_indicator"] = [_official(record) for record in kept]
        parsed.reference_period = max((r["period"] for r in kept), default=None)
        return parsed


def _official(record: Mapping[str, Any]) -> dict[str, Any]:
    """The same figure as a record of table official_indicator."""
    return {"indicator": Tension.key, "region_code": None if record["region_code"] == "NL01" else record["region_code"], "group_name": record["occupation_group"], "period": record["period"],
            "value": record["value"], "value_text": record["class"], "unit": "ratio", "definition": record["definition"], "direction": "high", "source": Tension.key}


def _tension(written: Mapping[str, str], file: str) -> dict[str, Any] | Reject:
    """A record of table tension, or why there is none."""
    shown = "; ".join(written.values())[:300]
    try:
        value = None if written["value"].lower() in NO_VALUE else number(written["value"])
    except ValueError:
        return Reject(shown, "unreadable value", f"{written['value']!r} is no number", file)
    if value is not None and value < 0:
        return Reject(shown, "unreadable value", "a tension cannot be below zero", file)
    code, period = region_code(written["region"]), quarter(written["period"])
    if code is None:
        return Reject(shown, "unknown region", f"{written['region']!r} is no labour-market region of 2026", file)
    if period is None:
        return Reject(shown, "unknown period", f"{written['period']!r} is no quarter such as 2026KW02", file)
    if not written["group"]:
        return Reject(shown, "no occupation group", "the occupation group is empty", file)
    own = tension_class(value) if value is not None else None
    given = _given_class(written.get("class", ""))
    if value is not None and given and given != own:
        if given not in _classes_before_rounding(value, written["value"]):
            return Reject(shown, "class disagrees", f"the file says {given}, the formula {own}", file)
        own = given
    return {"region_code": code, "region_name": written["region"], "occupation_group": written["group"], "period": period,
            "value": value, "class": own, "definition": written.get("definition") or None}


def _given_class(text: str) -> str | None:
    """The class as the file gives it ("Zeer krappe arbeidsmarkt" is zeer krap); text that is no class stays as it is."""
    lowered = " ".join(text.lower().split())
    found = _CLASS.match(lowered)
    return f"{found[1] or ''}{found[2]}" if found else lowered or None


def _classes_before_rounding(value: float, written: str) -> set[str]:
    """Classes that the unrounded value may have had: 1,50 can be 1,496, which is gemiddeld."""
    decimals = len(re.split(r"[.,]", written.strip())[-1]) if re.search(r"[.,]", written) else 0
    half = 0.5 * 10.0 ** -decimals
    return {tension_class(max(value - half, 0.0)), tension_class(value), tension_class(value + half)}


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [Tension(Path(folder) if folder else None)]
