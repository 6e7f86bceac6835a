"""DUO open onderwijsdata: students, graduates, the offer of programmes and the addresses of institutions.

Paths: {base}/api/3/action/package_show?id=<package>, then the address of the resource it names (CSV, comma, utf-8-sig).
A resource is recognised by its uuid, otherwise by its columns: names, order and years in file names change.
Counts: -1 and "<5" mean 1 to 4; they are kept as an interval and never summed as a number.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import ConfigurationError, SchemaDrift

MASKED = (1, 4)
PATHWAYS: Mapping[str, str] = {"BOL": "bol", "BOLVT": "bol", "BOLDT": "bol", "BBL": "bbl", "EX": "other", "OVO": "other",
                               "ODT": "other", "LBD": "other", "LBV": "other"}
YEAR_COLUMN = re.compile(r"^(?P<what>DIPMAN|DIPVROUW|MAN|VROUW)(?P<year>\d{4})$")
HOME_YEAR_COLUMN = re.compile(r"^JAAR_(?P<year>\d{4})$")
MAX_CANDIDATES = 40


@dataclass(frozen=True)
class Resource:
    """A file of a package: its name here, its known uuid and the columns it must have."""

    name: str
    package: str
    uuid: str
    columns: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def count(text: str) -> tuple[int, int]:
    """Bounds of a count as DUO writes it. '-1' and '<5' are 1..4, '' is 0. Raises ValueError for anything else."""
    cleaned = text.strip()
    if cleaned in ("-1", "<5", "< 5"):
        return MASKED
    if cleaned == "":
        return 0, 0
    value = int(float(cleaned)) if re.fullmatch(r"\d+\.0+", cleaned) else int(cleaned)
    if value < 0:
        raise ValueError(f"{text!r} is no count")
    return value, value


def crebo(text: str) -> str:
    """A programme code as text of five digits; '25.080' is 25080. Raises ValueError."""
    cleaned = text.strip().replace(".", "")
    if not re.fullmatch(r"[0-9]{5}", cleaned):
        raise ValueError(f"{text!r} is no programme code of five digits")
    return cleaned


def municipality_code(text: str) -> str | None:
    """'0193' or '193' as GM0193; None when empty or no number."""
    cleaned = text.strip()
    return f"GM{int(cleaned):04d}" if re.fullmatch(r"[0-9]{1,4}", cleaned) else None


class DuoSource(Source):
    """What DUO sources share: resources found through CKAN."""

    publisher = "Dienst Uitvoering Onderwijs"
    licence = "CC BY 4.0"
    attribution = "DUO, open onderwijsdata"
    base_url = "https://onderwijsdata.duo.nl"
    requests_per_second = 2.0
    resources: tuple[Resource, ...] = ()

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        for package in sorted({r.package for r in self.resources}):
            url = f"{self.base_url}/api/3/action/package_show?id={package}"
            answer = context.http.get(url, f"{package}.json")
            yield answer
            listed = package_resources(answer)
            for resource in (r for r in self.resources if r.package == package):
                yield self._file(context, resource, listed)

    def _file(self, context: FetchContext, resource: Resource, listed: list[dict[str, Any]]) -> Raw:
        """The file by uuid when it has the columns, otherwise the first CSV of the package that has them."""
        ordered = sorted((r for r in listed if str(r.get("format", "")).upper() in ("CSV", "")), key=lambda r: r.get("id") != resource.uuid)
        missing: list[str] = []
        dead: ConfigurationError | None = None
        for entry in ordered[:MAX_CANDIDATES]:
            url = self._address(entry)
            try:
                raw = context.http.get(url, resource.name, previous=context.previous.get(url))
            except ConfigurationError as error:  # a listing may name files that are gone: another may have the columns
                dead = dead or error
                continue
            absent = [c for c in resource.columns if c not in header(raw)]
            if not absent and not any(c in header(raw) for c in resource.excluded):
                return raw
            missing = missing or absent
        if dead and not missing:
            raise dead
        named = missing[0] if missing else resource.columns[0]
        raise SchemaDrift(f"{self.key}: no file of package {resource.package} has the column {named!r}", named)

    def _address(self, entry: Mapping[str, Any]) -> str:
        """Where a resource is; addresses that leak an internal host become /datastore/dump/<id> on our own."""
        url = str(entry.get("url") or "")
        own = urlsplit(self.base_url)
        parts = urlsplit(url)
        if parts.netloc == own.netloc and parts.scheme in ("http", "https"):
            return url
        if parts.hostname == "onderwijsdata.duo.nl":  # a mirror that kept the original addresses
            return f"{self.base_url}{parts.path}"
        return f"{self.base_url}/datastore/dump/{entry.get('id')}"

    def rows(self, raws: Sequence[Raw], resource: Resource, parsed: Parsed) -> Iterator[tuple[dict[str, str], Raw]]:
        """Rows of a file; a row with too few or too many cells is rejected, since its cells may have shifted.

        Raises SchemaDrift when the file or one of its columns is missing.
        """
        raw = next((r for r in raws if r.name == resource.name), None)
        if raw is None:
            raise SchemaDrift(f"{self.key}: the file {resource.name} is missing", resource.name)
        found = header(raw)
        for column in resource.columns:
            if column not in found:
                raise SchemaDrift(f"{self.key}: {resource.name} has no column {column!r}; there are: {', '.join(found)}", column)
        try:
            reader = csv.reader(io.StringIO(decoded(raw), newline=""))
            next(reader, None)
            for cells in filter(None, reader):
                if len(cells) == len(found):
                    yield dict(zip(found, cells, strict=True)), raw
                else:
                    detail = f"{len(cells)} cells under {len(found)} columns (line {reader.line_num})"
                    parsed.rejects.append(Reject(",".join(cells)[:500], "incomplete row", detail, raw.name))
        except csv.Error as error:  # an unclosed quote swallows the rest of the file
            raise SchemaDrift(f"{self.key}: {raw.name} is no readable CSV ({error})", "csv") from error


def decoded(raw: Raw) -> str:
    """The text of a CSV file. Raises SchemaDrift when it is not UTF-8."""
    try:
        return raw.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaDrift(f"{raw.name} is not UTF-8 ({error})", "encoding") from error


def header(raw: Raw) -> list[str]:
    """Column names of a CSV file."""
    line = raw.content[:20_000].decode("utf-8-sig", "replace").split("\n")[0].rstrip("\r")
    return next(csv.reader([line]), [])


def package_resources(raw: Raw) -> list[dict[str, Any]]:
    """Resources of a CKAN package_show answer. Raises SchemaDrift."""
    try:
        document = json.loads(raw.content)
        resources = document["result"]["resources"]
        if not document["success"] or not isinstance(resources, list):
            raise KeyError("success")
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaDrift(f"{raw.name}: no answer of CKAN package_show ({type(error).__name__})", "result.resources") from error
    return [r for r in resources if isinstance(r, dict)]


PROGRAMME_COLUMNS = ("INSTELLINGSCODE", "INSTELLINGSNAAM", "LEERWEG", "NIVEAU", "ERKENDE OPLEIDING CODE", "ERKENDE OPLEIDING NAAM",
                     "SECTORKAMER NAAM")
STUDENTS_FILE = Resource("03-studenten-opleiding.csv", "mbo-studenten-per-instelling", "0cf33778-666c-4a6d-bd58-0b4d1ddefb61",
                         (*PROGRAMME_COLUMNS, "SOORT INSTELLING"))
PATHWAY_FILE = Resource("01-studenten-leerweg.csv", "mbo-studenten-per-instelling", "0f1fba7c-5003-459d-8845-20ff055b9dc1",
                        ("JAAR", "INSTELLINGSCODE", "GEMEENTENUMMER INSTELLING", "BBL", "BOLDT", "BOLVT", "EX"))
GRADUATES_FILE = Resource("gediplomeerden.csv", "gediplomeerde-mbo-studenten", "aa057440-a653-41c4-8d73-d63cb0556135", PROGRAMME_COLUMNS)
OFFER_FILE = Resource("mbo_opleidingsaanbod.csv", "mbo_opleidingsaanbod", "5776abd4-d34b-4489-9b1b-fd639b05acdb",
                      ("OPLEIDINGSEENHEID_TYPE", "OPLEIDINGSEENHEID_NAAM", "ERKENDEOPLEIDINGSCODE", "ONDERWIJSAANBIEDERID", "NAAM",
                       "ONDERWIJSLOCATIECODE", "POSTCODE", "PLAATSNAAM", "LEERTRAJECT"))
ADDRESS_FILE = Resource("instellingenmbo.csv", "adressen_mbo", "1a946297-a7ca-48d5-9ae8-19ad73bf8176",
                        ("INSTELLINGSCODE", "INSTELLINGSNAAM", "MBO INSTELLINGSSOORT - CODE", "PLAATSNAAM", "GEMEENTENUMMER"))
HOME_FILE = Resource("11-studenten-woongemeente.csv", "mbo-studenten-per-instelling", "4ca1ec61-61aa-46f2-b01f-b657633fadf0",
                     ("INSTELLINGSCODE", "WOONPROVINCIE", "WOONGEMEENTE", "LEEFTIJDSCATEGORIE", "LEERWEG"))


def years_of(columns: Sequence[str], man: str, woman: str, where: str) -> list[int]:
    """The years of a wide file, from its column names (file names lie).

    Raises SchemaDrift naming the column when there are none, or when a year has men without women or the reverse:
    half of the people would silently count as nobody.
    """
    years = sorted({int(m["year"]) for m in map(YEAR_COLUMN.match, columns) if m and m["what"] in (man, woman)})
    missing = [name for year in years for name in (f"{man}{year}", f"{woman}{year}") if name not in columns] or ([] if years else [f"{man}<year>"])
    if missing:
        raise SchemaDrift(f"{where} has no column {missing[0]}; there are: {', '.join(columns)}", missing[0])
    return years


def by_year(row: Mapping[str, str], years: Sequence[int], man: str, woman: str) -> Iterator[tuple[int, int, int, bool]]:
    """(year, lower, upper, masked) per year of a wide row. Raises ValueError."""
    for year in years:
        low_m, high_m = count(row[f"{man}{year}"])
        low_w, high_w = count(row[f"{woman}{year}"])
        yield year, low_m + low_w, high_m + high_w, low_m != high_m or low_w != high_w


class PerProgramme(DuoSource):
    """Wide files with a man and a woman column per year, per institution, programme and pathway."""

    table = ""
    measure = ""
    columns = ("", "")
    file = STUDENTS_FILE

    def programme_records(self, raws: Sequence[Raw], parsed: Parsed) -> None:
        """Fill `table`; rows of the same key (other spellings of a name) are added up as intervals.

        Domains (79xxx) are rejected. Dossiers (23xxx) are kept as they are, because their students are real, and noted.
        """
        man, woman = self.columns
        made: dict[tuple[Any, ...], dict[str, Any]] = {}
        years: list[int] = []
        dossiers = mended = 0
        for row, raw in self.rows(raws, self.file, parsed):
            years = years or years_of(list(row), man, woman, f"{self.key}: {raw.name}")
            shown = json.dumps(row, ensure_ascii=False)[:500]
            try:
                code, level = crebo(row["ERKENDE OPLEIDING CODE"]), int(row["NIVEAU"])
                pathway = PATHWAYS[row["LEERWEG"].strip()]
                numbers = list(by_year(row, years, man, woman))
            except KeyError:
                parsed.rejects.append(Reject(shown, "unknown pathway", f"LEERWEG {row['LEERWEG']!r}", raw.name))
                continue
            except ValueError as error:
                parsed.rejects.append(Reject(shown, "unreadable value", str(error), raw.name))
                continue
            if not row["INSTELLINGSCODE"].strip() or not 1 <= level <= 4:
                parsed.rejects.append(Reject(shown, "no institution or level", "INSTELLINGSCODE empty or NIVEAU not 1-4", raw.name))
                continue
            if code.startswith("79"):
                parsed.rejects.append(Reject(shown, "domain code", f"{code} is a domain, not a programme", raw.name))
                continue
            dossiers += code.startswith("23")
            mended += code != row["ERKENDE OPLEIDING CODE"].strip()
            for year, low, high, masked in numbers:
                if high == 0:
                    continue
                key = (row["INSTELLINGSCODE"].strip(), code, level, row["LEERWEG"].strip(), year)
                known = made.get(key)
                if known:
                    known[f"{self.measure}_low"] += low
                    known[f"{self.measure}_high"] += high
                    known["masked"] = known["masked"] or masked
                    continue
                made[key] = {
                    "institution_code": key[0], "institution_name": row["INSTELLINGSNAAM"].strip(), "crebo": code,
                    "crebo_name": row["ERKENDE OPLEIDING NAAM"].strip(), "level": level, "pathway": pathway, "pathway_source": key[3],
                    "sector": row["SECTORKAMER NAAM"].strip(), "main_group": row.get("HOOFDGROEP NAAM", "").strip() or None, "year": year,
                    f"{self.measure}_low": low, f"{self.measure}_high": high, "masked": masked,
                }
        parsed.records[self.table] = list(made.values())
        parsed.reference_period = str(years[-1]) if years else None
        if dossiers:
            parsed.notes.append(f"{dossiers} regels staan op een dossier (23xxx) in plaats van een kwalificatie; hun aantallen tellen mee")
        if mended:
            parsed.notes.append(f"{mended} crebocodes met een punt zijn zonder punt gelezen")


class Students(PerProgramme):
    """Students on 1 October per institution, programme and pathway (file 03), and per institution and pathway (file 01)."""

    key = "duo-students"
    title = "DUO: mbo-studenten per instelling en opleiding"
    title_en = "DUO: mbo students by institution and programme"
    schedule = "10 5 * * 1"
    tables = ("enrolment", "enrolment_pathway")
    home_page = "https://onderwijsdata.duo.nl/dataset/mbo-studenten-per-instelling"
    stale_after = timedelta(days=400)
    resources = (STUDENTS_FILE, PATHWAY_FILE)
    table, measure, columns, file = "enrolment", "students", ("MAN", "VROUW"), STUDENTS_FILE

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        self.programme_records(raws, parsed)
        kept = parsed.records.setdefault("enrolment_pathway", [])
        for row, raw in self.rows(raws, PATHWAY_FILE, parsed):
            for pathway in ("BBL", "BOLDT", "BOLVT", "EX"):
                try:
                    low, high = count(row[pathway])
                    year = int(row["JAAR"])
                except ValueError as error:
                    parsed.rejects.append(Reject(json.dumps(row, ensure_ascii=False)[:500], "unreadable value", str(error), raw.name))
                    break
                kept.append({"institution_code": row["INSTELLINGSCODE"].strip(), "year": year, "pathway_source": pathway,
                             "students_low": low, "students_high": high, "masked": low != high})
        return parsed


class Graduates(PerProgramme):
    """Diplomas per diploma year, institution, programme and pathway. The year is the diploma year of the column."""

    key = "duo-graduates"
    title = "DUO: gediplomeerde mbo-studenten"
    title_en = "DUO: mbo graduates"
    schedule = "20 5 * * 1"
    tables = ("graduates",)
    home_page = "https://onderwijsdata.duo.nl/dataset/gediplomeerde-mbo-studenten"
    stale_after = timedelta(days=400)
    resources = (GRADUATES_FILE,)
    table, measure, columns, file = "graduates", "graduates", ("DIPMAN", "DIPVROUW"), GRADUATES_FILE

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        self.programme_records(raws, parsed)
        return parsed


class Homes(DuoSource):
    """Students on 1 October by the municipality they live in, per institution and pathway (file 11); ages are added up.

    The file has names without codes, foreign ones too: etl resolves them, the names stay as written.
    """

    key = "duo-homes"
    title = "DUO: mbo-studenten naar woongemeente"
    title_en = "DUO: mbo students by home municipality"
    schedule = "15 5 * * 1"
    tables = ("home_students",)
    home_page = "https://onderwijsdata.duo.nl/dataset/mbo-studenten-per-instelling"
    stale_after = timedelta(days=400)
    resources = (HOME_FILE,)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        made: dict[tuple[Any, ...], dict[str, Any]] = {}
        years: list[int] = []
        for row, raw in self.rows(raws, HOME_FILE, parsed):
            years = years or home_years(list(row), f"{self.key}: {raw.name}")
            shown = json.dumps(row, ensure_ascii=False)[:500]
            institution, pathway = row["INSTELLINGSCODE"].strip(), PATHWAYS.get(row["LEERWEG"].strip())
            if not institution or pathway is None:
                reason = ("unknown pathway", f"LEERWEG {row['LEERWEG']!r}") if institution else ("no institution", "INSTELLINGSCODE is empty")
                parsed.rejects.append(Reject(shown, *reason, raw.name))
                continue
            try:
                numbers = [(year, *count(row[f"JAAR_{year}"])) for year in years]
            except ValueError as error:
                parsed.rejects.append(Reject(shown, "unreadable value", str(error), raw.name))
                continue
            for year, low, high in numbers:
                if high == 0:
                    continue
                key = (institution, row["WOONGEMEENTE"].strip(), row["WOONPROVINCIE"].strip(), pathway, year)
                known = made.setdefault(key, {
                    "institution_code": key[0], "municipality_name": key[1], "municipality_code": None, "home_status": None, "province_name": key[2],
                    "pathway": pathway, "year": year, "students_low": 0, "students_high": 0, "masked": False})
                known["students_low"] += low
                known["students_high"] += high
                known["masked"] = known["masked"] or low != high
        parsed.records["home_students"] = list(made.values())
        parsed.reference_period = str(years[-1]) if years else None
        return parsed


def home_years(columns: Sequence[str], where: str) -> list[int]:
    """The years of the file of homes, from its columns JAAR_<year>. Raises SchemaDrift when there are none."""
    years = sorted(int(m["year"]) for m in map(HOME_YEAR_COLUMN.match, columns) if m)
    if not years:
        raise SchemaDrift(f"{where} has no column 'JAAR_<year>'; there are: {', '.join(columns)}", "JAAR_<year>")
    return years


class Offer(DuoSource):
    """Qualifications on offer per teaching location. The file has no institution code: names are linked in etl."""

    key = "duo-offer"
    title = "DUO: mbo-opleidingsaanbod per leslocatie"
    title_en = "DUO: mbo programmes on offer by teaching location"
    schedule = "30 5 * * *"
    tables = ("offer",)
    home_page = "https://onderwijsdata.duo.nl/dataset/mbo_opleidingsaanbod"
    stale_after = timedelta(days=30)
    resources = (OFFER_FILE,)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        made: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row, raw in self.rows(raws, OFFER_FILE, parsed):
            if row["OPLEIDINGSEENHEID_TYPE"] not in ("MBOKWALIFICATIE", ""):
                continue  # electives, dossiers and domains are no programmes on offer
            shown = json.dumps(row, ensure_ascii=False)[:500]
            try:
                code = crebo(row["ERKENDEOPLEIDINGSCODE"])
            except ValueError as error:
                parsed.rejects.append(Reject(shown, "unreadable value", str(error), raw.name))
                continue
            if not row["PLAATSNAAM"].strip():
                parsed.rejects.append(Reject(shown, "no teaching location", "PLAATSNAAM is empty", raw.name))
                continue
            pathway = PATHWAYS.get(row["LEERTRAJECT"].strip(), "other") if row["LEERTRAJECT"].strip() else None
            location = row["ONDERWIJSLOCATIECODE"].strip() or row["POSTCODE"].strip() or row["PLAATSNAAM"].strip()
            key = (row["ONDERWIJSAANBIEDERID"], code, pathway, location)
            made.setdefault(key, {
                "institution_code": None, "institution_name": row["NAAM"].strip(), "crebo": code,
                "crebo_name": row["OPLEIDINGSEENHEID_NAAM"].strip() or None, "pathway": pathway,
                "location": f"{row['ONDERWIJSAANBIEDERID']}/{location}", "postcode": row["POSTCODE"].replace(" ", "").strip() or None,
                "place": row["PLAATSNAAM"].strip(), "municipality_code": None,
            })
        parsed.records["offer"] = list(made.values())
        parsed.reference_period = max(r.retrieved_at for r in raws).date().isoformat() if raws else None
        return parsed


class Institutions(DuoSource):
    """Addresses of institutions. The town is that of the head office, not of the lessons."""

    key = "duo-institutions"
    title = "DUO: adressen van mbo-instellingen"
    title_en = "DUO: addresses of mbo institutions"
    schedule = "40 5 1 * *"
    tables = ("institution",)
    home_page = "https://onderwijsdata.duo.nl/dataset/adressen_mbo"
    stale_after = timedelta(days=60)
    resources = (ADDRESS_FILE,)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("institution", [])
        for row, raw in self.rows(raws, ADDRESS_FILE, parsed):
            code = row["INSTELLINGSCODE"].strip()
            if not code:
                parsed.rejects.append(Reject(json.dumps(row, ensure_ascii=False)[:500], "no institution code", "INSTELLINGSCODE is empty", raw.name))
                continue
            kept.append({
                "code": code, "name": row["INSTELLINGSNAAM"].strip(), "kind": row["MBO INSTELLINGSSOORT - CODE"].strip() or None,
                "place": row["PLAATSNAAM"].strip() or None, "municipality_code": municipality_code(row["GEMEENTENUMMER"]),
                "website": row.get("INTERNETADRES", "").strip() or None,
            })
        parsed.reference_period = max(r.retrieved_at for r in raws).date().isoformat() if raws else None
        return parsed


def sources(config: Mapping[str, Any]) -> list[Source]:
    """The DUO sources; nothing to configure."""
    return [Students(), Graduates(), Homes(), Offer(), Institutions()]
