"""SBB crebo lists (qualifications with level, domain and dossier), from files the operator drops in crebo/.

Columns: crebo, kwalificatie, niveau, and where present domein, dossier_crebo (or dossiercode), dossier. A code such as
"25.080" (a typo in the official list of 2015) is read as 25080.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import Parsed, Raw, Reject, Source
from connectors.duo import crebo
from connectors.errors import SchemaDrift


class CreboList(drop.DroppedFiles):
    """Official lists of qualifications."""

    key = "sbb-crebo"
    title = "SBB: crebolijsten"
    title_en = "SBB: lists of qualifications"
    publisher = "SBB"
    licence = "openbaar"
    attribution = "SBB"
    home_page = "https://www.s-bb.nl"
    schedule = "35 3 1 * *"
    tables = ("qualification",)
    stale_after = timedelta(days=800)
    folder_name = "crebo"

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("qualification", [])
        for raw in (r for r in raws if r.name != "index.json"):
            for row in drop.rows(raw, parsed.rejects):
                for column in ("crebo", "kwalificatie", "niveau"):
                    if column not in row:
                        raise SchemaDrift(f"{raw.name} has no column {column!r}; there are: {', '.join(row)}", column)
                try:
                    code, level = crebo(row["crebo"]), int(row["niveau"]) if row["niveau"].strip() else None
                except ValueError as error:
                    parsed.rejects.append(Reject(str(row)[:300], "unreadable value", str(error), raw.name))
                    continue
                kept.append({"crebo": code, "list_name": raw.name, "name": row["kwalificatie"].strip(), "level": level, "domain": row.get("domein", "").strip() or None,
                             "dossier": row.get("dossier_crebo", "").strip() or None, "dossier_name": row.get("dossier", "").strip() or None})
        return parsed


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = config.get("drop_folder")
    return [CreboList(Path(folder) if folder else None)]
