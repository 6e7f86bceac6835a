"""Shares of graduates who continue in education, from a file the operator drops: his own figures go before the shipped ones.

Folder: <drop_folder>/progression/*.csv and *.xlsx. Columns: level (1-4), sector (code, DUO's name, or * for all), share,
share_low, share_high (between 0 and 1, decimal point or comma) and source (who published it, which table, which year).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

COLUMNS = ("level", "sector", "share", "share_low", "share_high", "source")
ALL = "*"
# Sectors by code, with the names DUO and SBB give them.
SECTORS: Mapping[str, str] = {
    "handel": "Handel", "ict": "Ict en creatieve industrie", "mobiliteit": "Mobiliteit, transport, logistiek en maritiem", "vakmanschap": "Specialistisch vakmanschap",
    "techniek": "Techniek en gebouwde omgeving", "voedsel": "Voedsel, groen en gastvrijheid", "zakelijk": "Zakelijke dienstverlening en veiligheid", "zorg": "Zorg, welzijn en sport",
}
_CODES = {ALL: ALL, **{name.lower(): code for code, name in SECTORS.items()}, **{code: code for code in SECTORS}}


class Progression(drop.DroppedFiles):
    """Shares of graduates who continue in education, per level and sector."""

    key = "progression"
    title = "Eigen cijfers over doorleren na een mbo-diploma"
    title_en = "Own figures on continuing education after an mbo diploma"
    publisher = "de beheerder"
    licence = "van de bron in het bestand"
    attribution = "eigen opgave; zie de kolom source"
    home_page = "https://www.cbs.nl/nl-nl/cijfers/detail/84553NED"
    schedule = "25 3 * * *"
    tables = ("progression",)
    stale_after = timedelta(days=800)
    folder_name = "progression"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("progression", [])
        for raw in (r for r in raws if r.name != "index.json"):
            checked = False
            for row in drop.rows(raw, parsed.rejects):
                if not checked:
                    _check_header(row, raw.name)
                    checked = True
                made = _share(row, raw.name)
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                else:
                    kept.append(made)
            if not checked:
                parsed.notes.append(f"{raw.name} has no rows")
        return parsed


def _check_header(row: Mapping[str, str], file: str) -> None:
    missing = next((c for c in COLUMNS if c not in row), None)
    if missing:
        raise SchemaDrift(f"{file} has no column {missing!r}; needed are {', '.join(COLUMNS)}; there are: {', '.join(row)}", missing)


def _share(row: Mapping[str, str], file: str) -> dict[str, Any] | Reject:
    """A record of table progression, or why there is none."""
    shown = "; ".join(row[c] for c in COLUMNS)[:300]
    if row["level"].strip() not in ("1", "2", "3", "4"):
        return Reject(shown, "unknown level", f"level {row['level']!r} is not 1, 2, 3 or 4", file)
    sector = _CODES.get(row["sector"].strip().lower())
    if sector is None:
        return Reject(shown, "unknown sector", f"sector {row['sector']!r} is none of {', '.join([*SECTORS, ALL])}, nor a name as DUO spells it", file)
    try:
        low, share, high = (number(row[c]) for c in ("share_low", "share", "share_high"))
    except ValueError as error:
        return Reject(shown, "unreadable value", f"{error}: write a share between 0 and 1, such as 0,39", file)
    if not low <= share <= high:
        return Reject(shown, "bounds disagree", f"share_low {low}, share {share} and share_high {high} must not fall", file)
    if not row["source"].strip():
        return Reject(shown, "no source", "source is empty: name publisher, table and year", file)
    return {"level": int(row["level"]), "sector": sector, "share": share, "share_low": low, "share_high": high, "source": row["source"].strip(), "basis": "own file"}


def number(text: str) -> float:
    """A share between 0 and 1, with decimal point or comma. Raises ValueError."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise ValueError(f"{text!r} does not lie between 0 and 1")
    return value


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [Progression(Path(folder) if folder else None)]
