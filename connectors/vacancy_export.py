"""Vacancy exports (CSV, XLSX) that the operator drops, with a column mapping; Textkernel Jobfeed is ready to use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

JOBFEED: Mapping[str, str] = {
    "title": "Vacaturetitel", "description": "Functieomschrijving", "published_on": "Datum gevonden", "employer": "Organisatienaam",
    "advertiser_kind": "Type adverteerder", "place_text": "Standplaats", "url": "Vacaturelink (origineel)", "occupation_text": "Beroep",
    "education_text": "Opleidingsniveau", "employment_type": "Parttime / fulltime",
}
REQUIRED = ("title", "description", "published_on")
OPTIONAL = ("source_id", "url", "employer", "advertiser_kind", "place_text", "province_text", "postcode", "country", "closes_on",
            "employment_type", "education_text", "occupation_text")
ADVERTISERS = {"directe werkgever": "employer", "werkgever": "employer", "direct": "employer", "uitzendbureau": "agency", "intermediair": "agency",
               "werving & selectie": "agency", "employer": "employer", "agency": "agency"}
_NUMBERED = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def day(text: str) -> date:
    """A date written as ISO, dd-mm-yyyy or dd/mm/yyyy. Raises ValueError."""
    cleaned = text.strip()
    found = _NUMBERED.match(cleaned)
    if found:
        return date(int(found[3]), int(found[2]), int(found[1]))
    return datetime.fromisoformat(cleaned.replace("Z", "+00:00")).date()


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
        for raw in (r for r in raws if r.name != "index.json"):
            seen_on = raw.retrieved_at.date()
            mapping: Mapping[str, str] | None = None
            for row in drop.rows(raw):
                mapping = mapping or self._mapping(raw.name, row)
                record = {column: row.get(header, "").strip() for column, header in mapping.items()}
                self._keep(record, raw.name, seen_on, made, parsed)
        parsed.records["advert"] = list(made.values())
        dates = [r["published_on"] for r in made.values()]
        parsed.reference_period = max(dates).isoformat() if dates else None
        return parsed

    def _mapping(self, file: str, row: Mapping[str, str]) -> Mapping[str, str]:
        chosen = next((m for pattern, m in self.mappings.items() if fnmatch(file, pattern)), JOBFEED)
        unknown = set(chosen) - set(REQUIRED) - set(OPTIONAL)
        if unknown:
            raise SchemaDrift(f"mapping for {file}: unknown advert column {sorted(unknown)[0]!r}; allowed: {', '.join((*REQUIRED, *OPTIONAL))}", sorted(unknown)[0])
        for column in REQUIRED:
            header = chosen.get(column, "")
            if header not in row:
                raise SchemaDrift(f"{file} has no column {header or column!r} ({column}); there are: {', '.join(row)}", header or column)
        return chosen

    def _keep(self, record: dict[str, str], file: str, seen_on: date, made: dict[str, dict[str, Any]], parsed: Parsed) -> None:
        shown = f"{record['title'][:120]} | {record.get('employer', '')[:80]} | {record['published_on'][:20]}"
        if not record["title"] or not record["description"]:
            parsed.rejects.append(Reject(shown, "no title or text", "title or description is empty", file))
            return
        try:
            published = day(record["published_on"])
        except ValueError:
            parsed.rejects.append(Reject(shown, "unreadable date", f"{record['published_on']!r} is no date", file))
            return
        closes: date | None = None
        if record.get("closes_on"):
            try:
                closes = day(record["closes_on"])
            except ValueError:
                closes = None
        identity = record.get("source_id") or record.get("url") or "\0".join((record["title"], record.get("employer", ""), record["published_on"], record["description"]))
        source_id = identity if len(identity) < 200 and "\0" not in identity else hashlib.sha256(identity.encode()).hexdigest()
        if source_id in made:
            parsed.rejects.append(Reject(shown, "duplicate key", f"{source_id} came twice; the first is kept", file))
            return
        made[source_id] = {
            "source": self.key, "source_id": source_id, "title": record["title"], "description": record["description"],
            "published_on": published, "closes_on": closes, "first_seen": published, "last_seen": max(published, min(seen_on, published + timedelta(days=60))),
            "advertiser_kind": ADVERTISERS.get(record.get("advertiser_kind", "").lower(), "unknown"),
            **{c: record.get(c) or None for c in ("url", "employer", "place_text", "province_text", "postcode", "country", "employment_type", "education_text", "occupation_text")},
        }


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder, mappings."""
    folder = config.get("drop_folder")
    return [VacancyExport(Path(folder) if folder else None, dict(config.get("mappings") or {}))]
