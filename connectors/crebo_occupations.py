"""Lists that say for which occupations a programme trains: DUO's official one, and CompetentNL's from dropped files.

DUO: {base}/open_onderwijsdata/images/combinatie-erkende-opleidingscode-en-beroep-<year>-<year+1>.csv (`;`), the newest school year
that is there, or files dropped in <drop_folder>/crebo-beroep/, which go first. Columns are found by their titles: "Erkende
opleidingscode" (seen in use), the name of the programme, and the occupation ("Beroep", "Beroep naam"; not seen by us).
CompetentNL: <drop_folder>/competentnl/*.csv with the columns crebo and beroep (or occupation, esco_uri), and perhaps weight (0-1).
Other files in that folder (lists of names, see etl/enrich/linking.py) have no column crebo and are passed over with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import drop
from connectors.base import FetchContext, Need, Parsed, Raw, Reject, Source
from connectors.duo import crebo
from connectors.errors import ConfigurationError, SchemaDrift

ESCO = "http://data.europa.eu/esco/occupation/"
YEARS_BACK = 3
NEW_YEAR_MONTH = 8  # a school year begins in August
# What a column must look like (lower case, single spaces), the surest first; "beroepsopleiding" is an education, no occupation.
CREBO = (r"erkende opleidings?\s?code", r"crebo(\s?(nummer|code))?", r"(ksmo:)?opleidingscode")
PROGRAMME = (r"erkende opleidings?\s?naam", r"(naam|omschrijving) erkende opleiding", r"opleidingsnaam", r"kwalificatie")
OCCUPATION = (r"beroep(s|en)?\s?(naam|omschrijving)", r"(naam|omschrijving) (van het )?beroep", r"beroep(en)?", r"beroep\s?label", r"occupation(\s?(name|label))?", r"pref\s?label")
ADDRESS = (r"esco\s?(uri|beroep\s?uri)?", r"(occupation|beroep)\s?uri")
WEIGHT = (r"weight", r"gewicht", r"aandeel")


def column(have: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The column whose title fits, by the order of what is wanted; None when there is none."""
    plain = {" ".join(re.sub(r"[_\-]", " ", name.lower()).split()): name for name in have}
    return next((name for pattern in wanted for title, name in plain.items() if re.fullmatch(pattern, title)), None)


class OccupationLists(Source):
    """What the two lists share: rows of table crebo_occupation."""

    tables = ("crebo_occupation",)
    origin = ""
    stale_after = timedelta(days=400)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept: dict[tuple[str, str], dict[str, Any]] = {}
        for raw in (r for r in raws if r.name != "index.json"):
            self._read(raw, parsed, kept)
        parsed.records["crebo_occupation"] = list(kept.values())
        return parsed

    def absent(self, raw: Raw, what: str, have: Sequence[str], parsed: Parsed) -> None:
        """A column is missing. Raises SchemaDrift naming it."""
        raise SchemaDrift(f"{self.key}: {raw.name} has no column {what!r}; there are: {', '.join(have)}", what)

    def _read(self, raw: Raw, parsed: Parsed, kept: dict[tuple[str, str], dict[str, Any]]) -> None:
        have: list[str] = []
        names: dict[str, str | None] = {}
        for row in drop.rows(raw, parsed.rejects):
            if not have:
                have = list(row)
                names = {what: column(have, wanted) for what, wanted in (("crebo", CREBO), ("programme", PROGRAMME), ("occupation", OCCUPATION), ("address", ADDRESS), ("weight", WEIGHT))}
            code_column, address_column, name_column = names["crebo"], names["address"], names["occupation"]
            if code_column is None:
                self.absent(raw, "Erkende opleidingscode", have, parsed)
                return
            if name_column is None and address_column is None:
                self.absent(raw, "Beroep", have, parsed)
                return
            written = {what: row.get(name, "").strip() if name else "" for what, name in names.items()}
            made = self._record(written, raw)
            if isinstance(made, Reject):
                parsed.rejects.append(made)
            else:
                kept.setdefault((made["crebo"], made["occupation_name"]), made)  # the list repeats a pair per school type and year
        if not have and raw.content.strip():
            parsed.notes.append(f"{raw.name} has no rows")

    def _record(self, written: Mapping[str, str], raw: Raw) -> dict[str, Any] | Reject:
        shown = "; ".join(written.values())[:300]
        try:
            code = crebo(written["crebo"])
            weight = share(written["weight"])
        except ValueError as error:
            return Reject(shown, "unreadable value", str(error), raw.name)
        if code.startswith("79"):
            return Reject(shown, "domain code", f"{code} is a domain, not a programme", raw.name)
        address = written["address"] if written["address"].startswith(ESCO) else None
        if not written["occupation"] and not address:
            return Reject(shown, "no occupation", f"the row of {code} names no occupation", raw.name)
        return {"crebo": code, "origin": self.origin, "occupation_name": written["occupation"] or address, "occupation_uri": address, "weight": weight,
                "programme_name": written["programme"] or None, "list_name": raw.url.rsplit("/", 1)[-1][:200] or raw.name}


def share(text: str) -> float | None:
    """A share of 0-1 with decimal comma or point; None when empty. Raises ValueError."""
    if not text.strip():
        return None
    value = float(text.strip().replace(",", "."))
    if not 0 <= value <= 1:
        raise ValueError(f"{text!r} is not between 0 and 1")
    return value


class OfficialOccupations(OccupationLists):
    """DUO: which occupations belong to a recognised programme."""

    key = "duo-crebo-occupations"
    title = "DUO: combinatie van erkende opleidingscode en beroep"
    title_en = "DUO: recognised programmes and their occupations"
    publisher = "Dienst Uitvoering Onderwijs"
    licence = "open data"
    attribution = "DUO, open onderwijsdata"
    home_page = "https://www.duo.nl/open_onderwijsdata/"
    schedule = "50 5 1 * *"
    base_url = "https://www.duo.nl"
    hosts = ("duo.nl",)
    requests_per_second = 1.0
    origin = "official list"
    folder_name = "crebo-beroep"

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def addresses(self, context: FetchContext) -> list[str]:
        """Where the list of this and the previous school years would be, the newest first."""
        begin = context.now.year - (context.now.month < NEW_YEAR_MONTH)
        return [f"{self.base_url}/open_onderwijsdata/images/combinatie-erkende-opleidingscode-en-beroep-{y}-{y + 1}.csv" for y in range(begin, begin - YEARS_BACK, -1)]

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        found = list(drop.files_in(self.folder / self.folder_name, self.max_response_bytes)) if self.folder else []
        if found:
            yield from found
            return
        tried = self.addresses(context)
        for url in tried:
            try:
                raw = context.http.get(url, "crebo-beroep.csv", previous=context.previous.get(url))
            except ConfigurationError:  # that year is not there (yet, or any more)
                continue
            if raw.content.lstrip()[:1] == b"<":  # a page that says so, with status 200
                continue
            yield raw
            return
        raise ConfigurationError(f"{self.key}: none of these is there: {', '.join(tried)}; download the list and drop it in the folder {self.folder_name}/ of sources.drop_folder")

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        if not raws:
            raise SchemaDrift(f"{self.key}: the list is missing", "crebo-beroep.csv")
        parsed = super().parse(raws)
        years = [found[1] for raw in raws if (found := re.search(r"(20\d\d-20\d\d)", raw.url))]
        parsed.reference_period = max(years, default=None)
        return parsed


class CompetentNlOccupations(OccupationLists, drop.DroppedFiles):
    """CompetentNL: occupations of mbo qualifications, as exported by the operator."""

    key = "competentnl-occupations"
    title = "CompetentNL: beroepen bij kwalificaties"
    title_en = "CompetentNL: occupations of qualifications"
    publisher = "CompetentNL (UWV, SBB, CBS, TNO)"
    licence = "CC BY 4.0"
    attribution = "CompetentNL"
    home_page = "https://competentnl.nl"
    schedule = "55 3 1 * *"
    origin = "competentnl"
    needs = frozenset({Need.FILE_DROP})
    folder_name = "competentnl"

    def __init__(self, folder: Path | None = None) -> None:
        drop.DroppedFiles.__init__(self, folder)

    def absent(self, raw: Raw, what: str, have: Sequence[str], parsed: Parsed) -> None:
        """A list of names has no programmes: passed over. A list of programmes without occupations is an error."""
        if column(have, CREBO) is not None:
            super().absent(raw, what, have, parsed)
        parsed.notes.append(f"{raw.name} has no column crebo: read as a list of names, not as a crosswalk")


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: drop_folder."""
    folder = Path(config["drop_folder"]) if config.get("drop_folder") else None
    return [OfficialOccupations(folder), CompetentNlOccupations(folder)]
