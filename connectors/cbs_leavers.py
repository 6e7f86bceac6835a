"""CBS 85696NED: labour position of mbo leavers, as the share of graduates in work a year after leaving education.

Share = with work (with or without a benefit) / all but those who went back to education. People whom CBS cannot follow ("niet in
BRP") are unknown: the lower bound takes them as not in work, the upper bound as in work. National figures; per field of study and,
where CBS tells them apart, per level. Codes are resolved through their titles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connectors.base import Parsed, Reject, Source
from connectors.cbs import PERIOD, CbsSource, described
from connectors.errors import SchemaDrift
from connectors.odata import CbsTable

INDICATOR = "cbs-leavers"
ALL_FIELDS = "Totaal"


class LeaversPosition(CbsSource):
    """Share of mbo graduates in work a year after leaving education."""

    key = INDICATOR
    title = "CBS: arbeidsmarktpositie van uitstromers mbo"
    title_en = "CBS: labour position of mbo leavers"
    schedule = "45 6 20 * *"
    tables = ("official_indicator", "cbs_code")
    table_id = "85696NED"
    home_page = "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/85696NED"
    stale_after = timedelta(days=500)

    def parse_v4(self, table: CbsTable) -> Parsed:
        position, field, moment, period = (table.dimension(n) for n in ("Arbeidsmarktpositie", "Studierichting", "Peilmoment", "Perioden"))
        leavers, sex, person = table.dimension("Uitstromers"), table.dimension("Geslacht"), table.dimension("Persoonskenmerken")
        measure = table.measure("uitstromers")
        kinds = {code: _position(title) for code, title in _titles(table, position).items()}
        for kind in ("all", "work", "school"):
            if kind not in kinds.values():
                raise SchemaDrift(f"CBS {table.identifier}: no code of {position} means {kind!r}; there are: {', '.join(_titles(table, position).values())}", position)
        levels = _diplomas(table, leavers)
        fixed = {sex: _only(table, sex, "totaal"), person: _only(table, person, "totaal"), moment: _only(table, moment, "1 jaar na")}
        fields = _titles(table, field)
        cells: dict[tuple[str, int | None, str], dict[str, float | None]] = {}
        parsed = Parsed()
        kept = parsed.records.setdefault("official_indicator", [])
        for o in table.observations:
            if o["Measure"] != measure or o[leavers] not in levels or any(o[name] != code for name, code in fixed.items()):
                continue
            if not PERIOD.match(o[period]):
                parsed.rejects.append(Reject(str(o)[:300], "unknown period", f"{o[period]!r} is no CBS period"))
                continue
            what = kinds.get(o[position])
            if what:
                cell = cells.setdefault((fields.get(o[field], o[field]), levels[o[leavers]], o[period]), {})
                cell[what] = _plus(cell.get(what, 0.0), o["Value"])
        for (field_name, level, when), counts in sorted(cells.items(), key=str):
            share = _share(counts)
            if share is None:
                parsed.rejects.append(Reject(f"{field_name} {level} {when}", "no share", "numbers are missing at the source, or nobody was left to count"))
                continue
            low, value, high = share
            kept.append({"indicator": INDICATOR, "level": level, "group_name": ALL_FIELDS if field_name.lower().startswith("totaal") else field_name, "period": when, "value": value, "low": low, "high": high, "unit": "share",
                         "direction": "high", "source": self.key, "status": table.status(period, when)})
        return described(parsed, table, [r["period"] for r in kept])


def _titles(table: CbsTable, dimension: str) -> dict[str, str]:
    return {code: str(row.get("Title") or code).strip() for code, row in table.codes[dimension].items()}


def _only(table: CbsTable, dimension: str, start: str) -> str:
    """The first code of a dimension whose title begins with these words. Raises SchemaDrift."""
    for code, title in _titles(table, dimension).items():
        if title.lower().startswith(start):
            return code
    raise SchemaDrift(f"CBS {table.identifier}: {dimension} has no {start!r}; there are: {', '.join(_titles(table, dimension).values())}"[:500], dimension)


def _position(title: str) -> str | None:
    """all, work, school, unknown, or None (without work) of a labour position."""
    lowered = title.lower()
    starts = {"totaal": "all", "met werk": "work", "terug in onderwijs": "school", "onbekend": "unknown"}
    return next((kind for start, kind in starts.items() if lowered.startswith(start)), None)


def _diplomas(table: CbsTable, dimension: str) -> dict[str, int | None]:
    """Codes of leavers with a diploma -> mbo level (None = all levels together). Raises SchemaDrift when there are none."""
    found: dict[str, int | None] = {}
    for code, title in _titles(table, dimension).items():
        lowered = title.lower()
        if "met" not in lowered.split() or "diploma" not in lowered or "zonder" in lowered:
            continue
        level = re.search(r"niveau\s*([1-4])", lowered)
        found[code] = int(level[1]) if level else 1 if "entree" in lowered else None
    if not found:
        raise SchemaDrift(f"CBS {table.identifier}: no leavers with a diploma in {dimension}; there are: {', '.join(_titles(table, dimension).values())}"[:500], dimension)
    return found


def _plus(sum_: float | None, value: float | None) -> float | None:
    return None if sum_ is None or value is None else sum_ + value


def _share(counts: Mapping[str, float | None]) -> tuple[float, float, float] | None:
    """(low, point, high) of the share in work; None when a number is missing."""
    everyone, work, school, unknown = (counts.get(k) for k in ("all", "work", "school", "unknown"))
    if everyone is None or work is None or school is None or ("unknown" in counts and unknown is None):
        return None
    lost = unknown or 0.0
    base = everyone - school
    if base <= 0 or base - lost <= 0 or work < 0 or lost < 0 or work > base - lost + 0.5:
        return None
    return min(work / base, 1.0), min(work / (base - lost), 1.0), min((work + lost) / base, 1.0)


def sources(config: Mapping[str, Any]) -> list[Source]:
    """The source; config is not used."""
    return [LeaversPosition()]
