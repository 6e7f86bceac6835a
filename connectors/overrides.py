"""What an institution says itself about the occupations of its programmes: CSV files in <drop_folder>/overrides/.

Columns: crebo, occupation (ESCO address or Dutch name; also occupation_uri and label), weight (0-1), reason, author, valid_from
(2026-08-01 or 1-8-2026), and perhaps institution. One line per programme and occupation; every line is checked by itself and a wrong
one is rejected with its number and the reason. The version of a file is its sha-256 and date, which go along with every line.
Whether a programme and an occupation exist is checked where they are known (etl/alignment/crosswalk.py: read_lines).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.crebo_occupations import share
from connectors.duo import crebo
from connectors.errors import SchemaDrift

REQUIRED = ("crebo", "weight", "reason", "author", "valid_from")
OCCUPATION = ("occupation_uri", "occupation", "label")  # the first that is filled
DELIMITERS = ";\t,"


class Overrides(drop.DroppedFiles):
    """The institutions' own crosswalk."""

    key = "crosswalk-overrides"
    title = "Eigen koppeling opleiding en beroep"
    title_en = "Own links between programme and occupation"
    publisher = "Onderwijsinstellingen in de regio"
    licence = "eigen gebruik"
    attribution = "Onderwijsinstellingen in de regio"
    home_page = "https://www.s-bb.nl"
    schedule = "45 3 * * *"
    tables = ("crosswalk_line",)
    stale_after = timedelta(days=3650)
    may_shrink = True
    folder_name = "overrides"

    def unmet_needs(self) -> str | None:
        """None as soon as the folder is there: an emptied folder takes the overrides back."""
        if self.base_url:
            return None
        if self.folder is None:
            return "set sources.drop_folder and put CSV files in its folder overrides/"
        return None if (self.folder / self.folder_name).is_dir() else f"put CSV files in {self.folder / self.folder_name}"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("crosswalk_line", [])
        for raw in (r for r in raws if r.name != "index.json"):
            seen: dict[tuple[str, str, str, date], int] = {}
            for number, row in numbered(raw):
                made = _line(raw, number, row)
                if isinstance(made, dict):
                    key = (made["crebo"], made["occupation"].lower(), (made["institution"] or "").lower(), made["valid_from"])
                    if key in seen:
                        made = _refused(raw, number, row, "double line", f"line {seen[key]} says something of the same programme and occupation from the same day")
                    else:
                        seen[key] = number
                if isinstance(made, Reject):
                    parsed.rejects.append(made)
                else:
                    kept.append(made)
        parsed.reference_period = max((row["valid_from"].isoformat() for row in kept), default=None)
        return parsed


def numbered(raw: Raw) -> Iterator[tuple[int, dict[str, str]]]:
    """(number of the line, cells by heading) of a CSV file. Raises SchemaDrift when it cannot be read or a column is missing."""
    if raw.content[:2] == b"PK":
        raise SchemaDrift(f"overrides/{raw.name} is a workbook; save it as CSV", "csv")
    text = drop.decoded(raw.content)
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
    try:
        have = [(name or "").strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = have
        missing = [name for name in REQUIRED if name not in have] or ([] if any(name in have for name in OCCUPATION) else ["occupation"])
        if missing:
            raise SchemaDrift(f"overrides/{raw.name} has no column {missing[0]!r}; needed are crebo, occupation (or occupation_uri), {', '.join(REQUIRED[1:])}", missing[0])
        for row in reader:
            yield reader.line_num, {str(k): (v or "").strip() if not isinstance(v, list) else "|".join(v) for k, v in row.items()}
    except csv.Error as error:
        raise SchemaDrift(f"overrides/{raw.name} is no readable CSV: {error}", "csv") from error


def _line(raw: Raw, number: int, row: Mapping[str, str]) -> dict[str, Any] | Reject:
    if row.get("None", "").strip("|"):
        return _refused(raw, number, row, "more cells than headings", f"also has {row['None']!r}; put text that holds the separator between quotes")
    try:
        code, weight, begin = crebo(row["crebo"]), share(row["weight"]), day(row["valid_from"])
    except ValueError as error:
        return _refused(raw, number, row, "unreadable value", str(error))
    occupation = next((row[name] for name in OCCUPATION if row.get(name)), "")
    for name, value in (("occupation", occupation), ("weight", row["weight"]), ("reason", row["reason"]), ("author", row["author"])):
        if not value:
            return _refused(raw, number, row, "missing value", f"{name} is empty")
    return {"crebo": code, "occupation": occupation, "weight": weight, "institution": row.get("institution") or None, "reason": row["reason"], "author": row["author"],
            "valid_from": begin, "file": raw.name, "line": number, "sha256": raw.sha256, "file_date": raw.retrieved_at.date()}


def _refused(raw: Raw, number: int, row: Mapping[str, str], reason: str, detail: str) -> Reject:
    return Reject("; ".join(row.values())[:300], reason, f"{raw.name} line {number}: {detail}", raw.name)


def day(text: str) -> date:
    """A day as 2026-08-01 or 1-8-2026. Raises ValueError."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII) or re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", text.strip(), re.ASCII)
    if not found:
        raise ValueError(f"valid_from {text!r} is no day such as 2026-08-01")
    parts = [int(part) for part in found.groups()]
    return date(*parts) if parts[0] > 31 else date(parts[2], parts[1], parts[0])


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    return [Overrides(Path(config["drop_folder"]) if config.get("drop_folder") else None)]
