"""Vacancy exports (CSV, XLSX) that the operator drops, with a column mapping; Textkernel Jobfeed is ready to use.

Folder: <drop_folder>/vacancies/*.csv and *.xlsx. Over HTTP: {base}/vacancies/index.json, {"files": ["a.csv", ...]}, and
{base}/vacancies/<file>. The mapping of a file is the operator's (setting sources.mappings, by file pattern), otherwise the
ready one its columns fit: Jobfeed, or the advert columns under their own names (title, description, published_on, ...).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.errors import ConfigurationError, SchemaDrift

JOBFEED: Mapping[str, str] = {
    "title": "Vacaturetitel", "description": "Functieomschrijving", "published_on": "Datum gevonden",
    "employer": "Organisatienaam", "advertiser_kind": "Type adverteerder", "place_text": "Standplaats",
    "url": "Vacaturelink (origineel)", "occupation_text": "Beroep", "education_text": "Opleidingsniveau",
    "employment_type": "Parttime / fulltime",
}
REQUIRED = ("title", "description", "published_on")
OPTIONAL = ("source_id", "url", "employer", "advertiser_kind", "place_text", "province_text", "postcode", "country", "closes_on",
            "employment_type", "education_text", "occupation_text")
PLAIN: Mapping[str, str] = {column: column for column in (*REQUIRED, *OPTIONAL)}
CONTRACT = "contracttype"  # Jobfeed tells contract and hours apart; employment_type keeps both
TEXTS = ("employer", "place_text", "province_text", "postcode", "country", "education_text", "occupation_text")
AGENCY = re.compile(r"uitzend|intermedia|detacher|werving|bemiddel|agency|recruit|staffing|payroll")
EMPLOYER = re.compile(r"werkgever|direct|employer")
EARLIEST_YEAR, LATEST_CLOSING_YEAR = 2000, 2100
SEEN_DAYS = 60  # a file says when adverts were found, not until when: later than this we do not claim to have seen one
_NUMBERED = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SERIAL = re.compile(r"^(\d{5})(\.\d+)?$")
_EXCEL_ZERO = date(1899, 12, 30)


def day(text: str) -> date:
    """A date written as ISO, dd-mm-yyyy, dd/mm/yyyy or an Excel day number. Raises ValueError."""
    cleaned = text.strip()
    found = _NUMBERED.match(cleaned)
    if found:
        return date(int(found[3]), int(found[2]), int(found[1]))
    serial = _SERIAL.match(cleaned)
    if serial:
        return _EXCEL_ZERO + timedelta(days=int(serial[1]))
    return datetime.fromisoformat(cleaned.replace("Z", "+00:00")).date()


def advertiser(text: str) -> str:
    """employer, agency or unknown, from what the file calls the advertiser."""
    lowered = text.lower()
    return "agency" if AGENCY.search(lowered) else "employer" if EMPLOYER.search(lowered) else "unknown"


class VacancyExport(drop.DroppedFiles):
    """Files of vacancies in the drop folder's vacancies/."""

    key = "vacancy-export"
    title = "Vacature-exporten uit de eigen map"
    title_en = "Vacancy exports from the operator's folder"
    publisher = "De beheerder (eigen licentie)"
    licence = "van de beheerder"
    attribution = "Vacature-export van de beheerder"
    home_page = "https://www.textkernel.com"
    schedule = "45 2 * * *"
    tables = ("advert",)
    stale_after = timedelta(days=45)
    keeps_history = True
    folder_name = "vacancies"
    max_response_bytes = 2_000_000_000

    def __init__(self, folder: Path | None, mappings: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(folder)
        self.mappings = mappings

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        made: dict[str, dict[str, Any]] = {}
        came_from: dict[str, str] = {}
        again = 0
        for raw in (r for r in raws if r.name != "index.json"):
            seen_on = raw.retrieved_at.date()
            headers: list[tuple[str, str]] | None = None
            contract: str | None = None
            for row in drop.rows(raw, parsed.rejects):
                if headers is None:
                    headers, contract = self._headers(raw.name, row, parsed)
                record = {column: row[header].strip() if header in row else "" for column, header in headers}
                if contract:
                    parts = (row.get(contract, "").strip(), record.get("employment_type", ""))
                    record["employment_type"] = ", ".join(p for p in parts if p)
                advert = _advert(record, raw.name, seen_on)
                if isinstance(advert, Reject):
                    parsed.rejects.append(advert)
                    continue
                source_id = _identity(record, made)
                known = made.get(source_id)
                if known is None:
                    made[source_id] = {"source": self.key, "source_id": source_id, **advert}
                    came_from[source_id] = raw.name
                elif came_from[source_id] != raw.name:  # exports overlap: seen again, not a second advert
                    known["first_seen"] = min(known["first_seen"], advert["first_seen"])
                    known["last_seen"] = max(known["last_seen"], advert["last_seen"])
                    again += 1
                else:
                    detail = f"{source_id} came twice; the first is kept"
                    parsed.rejects.append(Reject(_shown(record), "duplicate key", detail, raw.name))
            if headers is None:
                parsed.notes.append(f"{raw.name} has no rows")
        if again:
            parsed.notes.append(f"{again:,} rows stand in more than one file; each advert is kept once")
        parsed.records["advert"] = list(made.values())
        dates = [r["published_on"] for r in made.values()]
        parsed.reference_period = max(dates).isoformat() if dates else None
        return parsed

    def _headers(self, file: str, row: Mapping[str, str], parsed: Parsed) -> tuple[list[tuple[str, str]], str | None]:
        """(advert column, header of the file) pairs and the header of Jobfeed's contract type.

        Raises ConfigurationError for a mapping that names no advert column, SchemaDrift for a missing required column.
        """
        have = {_folded(header): header for header in row}
        own = next((m for pattern, m in self.mappings.items() if fnmatch(file.lower(), pattern.lower())), None)
        if own is not None:
            unknown = sorted(set(own) - set(PLAIN))
            if unknown:
                raise ConfigurationError(f"sources.mappings for {file}: unknown advert column {unknown[0]!r}; "
                                         f"allowed are {', '.join(PLAIN)}")
        chosen = own if own is not None else max((JOBFEED, PLAIN), key=lambda m: sum(_folded(m[c]) in have for c in REQUIRED))
        for column in REQUIRED:
            header = chosen.get(column, "")
            if _folded(header) not in have:
                missing = header or column
                raise SchemaDrift(f"{file} has no column {missing!r} ({column}); there are: {', '.join(row)}", missing)
        if own is not None:
            absent = [header for header in own.values() if _folded(header) not in have]
            if absent:
                parsed.notes.append(f"{file} lacks mapped columns: {', '.join(absent)}")
        pairs = [(column, have[_folded(header)]) for column, header in chosen.items() if _folded(header) in have]
        return pairs, have.get(CONTRACT) if chosen is JOBFEED else None


def _advert(record: Mapping[str, str], file: str, seen_on: date) -> dict[str, Any] | Reject:
    """The record of an advert without its identity, or why there is none."""
    if not record["title"] or not record["description"]:
        return Reject(_shown(record), "no title or text", "title or description is empty", file)
    written = record["published_on"]
    try:
        published = day(written)
    except (ValueError, OverflowError):
        return Reject(_shown(record), "unreadable date", f"{written!r} is no date", file)
    if published.year < EARLIEST_YEAR or published > seen_on + timedelta(days=366):
        return Reject(_shown(record), "implausible date", f"{written!r} in a file of {seen_on}", file)
    closes: date | None = None
    if record.get("closes_on"):
        try:
            closes = day(record["closes_on"])
        except (ValueError, OverflowError):
            closes = None
    if closes and not EARLIEST_YEAR <= closes.year <= LATEST_CLOSING_YEAR:
        closes = None
    return {
        "title": record["title"], "description": record["description"], "published_on": published, "closes_on": closes,
        "first_seen": published, "last_seen": max(published, min(seen_on, published + timedelta(days=SEEN_DAYS))),
        "advertiser_kind": advertiser(record.get("advertiser_kind", "")), "url": _link(record.get("url", "")),
        "employment_type": record.get("employment_type") or None, **{column: record.get(column) or None for column in TEXTS},
    }


def _identity(record: Mapping[str, str], made: Mapping[str, Mapping[str, Any]]) -> str:
    """source_id: the file's own, the address, or a hash. An address that leads to several adverts is told apart by title."""
    own = record.get("source_id") or record.get("url") or ""
    if not own:
        return _hash(record["title"], record.get("employer", ""), record["published_on"], record["description"])
    source_id = own if len(own) < 200 else _hash(own)
    known = made.get(source_id)
    if known is not None and not record.get("source_id") and known["title"] != record["title"]:
        return _hash(own, record["title"])
    return source_id


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _link(text: str) -> str | None:
    """An address that may be shown as a link: http or https only."""
    try:
        parts = urlsplit(text)
        return text if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _shown(record: Mapping[str, str]) -> str:
    return f"{record['title'][:120]} | {record.get('employer', '')[:80]} | {record['published_on'][:20]}"


def _folded(header: str) -> str:
    return " ".join(header.split()).casefold()


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder, mappings."""
    folder = config.get("drop_folder")
    return [VacancyExport(Path(folder) if folder else None, dict(config.get("mappings") or {}))]
