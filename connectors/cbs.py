"""CBS StatLine: vacancies, unemployment benefits and areas.

Periods stay as CBS writes them (2023KW02, 2026MM04, 2025JJ00, 2024SJ00, 2010X000). Vacancies are x 1,000 with one decimal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import ConfigurationError, SchemaDrift
from connectors.odata import (
    CbsTable,
    fetch_v3,
    fetch_v4,
    read_json,
    read_v3,
    read_v4,
    v3_base,
    v3_column,
    values,
)

PERIOD = re.compile(r"^\d{4}(KW0[1-4]|MM(0[1-9]|1[0-2])|JJ00|SJ00|X000)$")
# The first sentence under the heading with which CBS closes every description.
NEXT_RELEASE = re.compile(r"Wanneer komen er nieuwe cijfers\?\s*([^\r\n]+?(?:\.(?=\s|$)|(?=[\r\n]|$)))", re.IGNORECASE)
REGION = re.compile(r"^(NL|LD|PV|CR|AM|GM|RU)\d{2,4}$")


class CbsSource(Source):
    """What CBS sources share."""

    publisher = "Centraal Bureau voor de Statistiek"
    licence = "CC BY 4.0"
    attribution = "CBS StatLine"
    base_url = "https://datasets.cbs.nl/odata/v1/CBS"
    hosts = ("opendata.cbs.nl",)
    requests_per_second = 5.0
    table_id: str = ""

    @property
    def home(self) -> str:
        """Page of the table for people."""
        return f"https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{self.table_id}"

    def filter_of(self) -> Mapping[str, Sequence[str]] | None:
        """Codes to ask for per dimension; None = everything."""
        return None

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        """v4 first; v3 when v4 does not have the table."""
        try:
            yield from fetch_v4(context, self.base_url, self.table_id, self.filter_of())
        except ConfigurationError:
            yield from fetch_v3(context, v3_base(self.base_url), self.table_id)

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        """See the class; v3 pages are recognised by their name."""
        if any("/typed" in raw.name for raw in raws):
            return self.parse_v3(raws)
        return self.parse_v4(read_v4(raws, self.table_id))

    def parse_v4(self, table: CbsTable) -> Parsed:
        """Records from a v4 table."""
        raise NotImplementedError

    def parse_v3(self, raws: Sequence[Raw]) -> Parsed:
        """Records from v3 rows, where a source supports it."""
        raise SchemaDrift(f"{self.key}: CBS {self.table_id} came in the v3 form, which this source does not read", "Observations")


def code_records(table: CbsTable) -> list[dict[str, Any]]:
    """The code lists of a table as records of cbs_code."""
    return [
        {"table_id": table.identifier, "dimension": name, "code": code, "title": str(row.get("Title") or ""),
         "status": str(row["Status"]) if row.get("Status") else None}
        for name, codes in table.codes.items() for code, row in codes.items()
    ]


def described(parsed: Parsed, table: CbsTable, periods: Sequence[str]) -> Parsed:
    """Fill in reference period, next release and code lists."""
    parsed.records["cbs_code"] = code_records(table)
    parsed.reference_period = max(periods, default=None)
    found = NEXT_RELEASE.search(str(table.properties.get("Description") or ""))
    parsed.next_release = found.group(1).strip() if found else None
    return parsed


class OpenVacancies(CbsSource):
    """Open vacancies by SBI section x province, per quarter."""

    key = "cbs-open-vacancies"
    title = "CBS: openstaande vacatures naar bedrijfstak en provincie"
    title_en = "CBS: open vacancies by industry and province"
    schedule = "15 6 16 * *"
    tables = ("open_vacancies", "cbs_code")
    table_id = "83599NED"
    home_page = "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/83599NED"
    stale_after = timedelta(days=130)

    def parse_v4(self, table: CbsTable) -> Parsed:
        sbi, region, period = table.dimension("Bedrijfstakken"), table.dimension("Regio"), table.dimension("Perioden")
        measure = table.measure("openstaande vacatures")
        rows = [
            (o[sbi], o[region], o[period], o["Value"], table.status(period, o[period]))
            for o in table.observations if o["Measure"] == measure
        ]
        return described(self._records(rows), table, [r[2] for r in rows])

    def parse_v3(self, raws: Sequence[Raw]) -> Parsed:
        rows = read_v3(raws, self.table_id)
        names = [v3_column(rows[0], start, self.table_id) for start in ("Bedrijfstakken", "Regio", "Perioden", "OpenstaandeVacatures")]
        parsed = self._records([(r[names[0]], r[names[1]], r[names[2]], r[names[3]], None) for r in rows])
        parsed.reference_period = max(str(r[names[2]]) for r in rows)
        parsed.notes.append("gelezen uit StatLine v3: de status van de cijfers is onbekend")
        return parsed

    def _records(self, rows: Sequence[tuple[Any, ...]]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("open_vacancies", [])
        for sbi, region, period, value, status in rows:
            problem = _period_or_region(period, region)
            if problem:
                parsed.rejects.append(Reject(f"{sbi} {region} {period} {value}", *problem))
                continue
            kept.append({"sbi_code": sbi, "region_code": region, "period": period,
                         "value_thousand": float(value) if value is not None else None, "status": status})
        return parsed


class VacancyFlow(CbsSource):
    """Open, newly arisen and filled vacancies by SBI section or size, national, per quarter."""

    key = "cbs-vacancy-flow"
    title = "CBS: openstaande, ontstane en vervulde vacatures"
    title_en = "CBS: open, newly arisen and filled vacancies"
    schedule = "25 6 16 * *"
    tables = ("vacancy_flow", "cbs_code")
    table_id = "80472ned"
    home_page = "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/80472ned"
    stale_after = timedelta(days=130)
    NAMES: Mapping[str, tuple[str, str]] = {
        "open_thousand": ("openstaande", "OpenstaandeVacatures"), "arisen_thousand": ("ontstane", "OntstaneVacatures"),
        "filled_thousand": ("vervulde", "VervuldeVacatures"),
    }

    def parse_v4(self, table: CbsTable) -> Parsed:
        what, period = table.dimension("Bedrijfskenmerken", "Bedrijfstakken"), table.dimension("Perioden")
        column_of = {table.measure(words[0], "vacatures"): column for column, words in self.NAMES.items()}
        cells: dict[tuple[str, str], dict[str, Any]] = {}
        for o in table.observations:
            column = column_of.get(o["Measure"])
            if column:
                cells.setdefault((o[what], o[period]), {})[column] = o["Value"]
        parsed = self._records([(k[0], k[1], v, table.status(period, k[1])) for k, v in cells.items()])
        return described(parsed, table, [k[1] for k in cells])

    def parse_v3(self, raws: Sequence[Raw]) -> Parsed:
        rows = read_v3(raws, self.table_id)
        what, period = v3_column(rows[0], "Bedrijf", self.table_id), v3_column(rows[0], "Perioden", self.table_id)
        names = {column: v3_column(rows[0], words[1], self.table_id) for column, words in self.NAMES.items()}
        parsed = self._records([(r[what], r[period], {c: r[n] for c, n in names.items()}, None) for r in rows])
        parsed.reference_period = max(str(r[period]) for r in rows)
        parsed.notes.append("gelezen uit StatLine v3: de status van de cijfers is onbekend")
        return parsed

    def _records(self, rows: Sequence[tuple[str, str, Mapping[str, Any], str | None]]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("vacancy_flow", [])
        for code, period, numbers, status in rows:
            if not PERIOD.match(str(period)):
                parsed.rejects.append(Reject(f"{code} {period}", "unknown period", f"{period!r} is no CBS period"))
                continue
            kept.append({"characteristic_code": code, "period": period, "status": status,
                         **{c: float(numbers[c]) if numbers.get(c) is not None else None for c in self.NAMES}})
        return parsed


class Benefits(CbsSource):
    """Persons with an unemployment benefit by labour-market region, per month; totals over sex and age only."""

    key = "cbs-benefits"
    title = "CBS: personen met een WW-uitkering per arbeidsmarktregio"
    title_en = "CBS: persons with an unemployment benefit by labour-market region"
    schedule = "35 6 1 * *"
    tables = ("benefits", "cbs_code")
    table_id = "85554NED"
    home_page = "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/85554NED"
    stale_after = timedelta(days=60)

    def filter_of(self) -> Mapping[str, Sequence[str]]:
        return {"Geslacht": ["T001038"], "Leeftijd": ["10000"]}

    def parse_v4(self, table: CbsTable) -> Parsed:
        sex, age, region, period = (table.dimension(n) for n in ("Geslacht", "Leeftijd", "Regio", "Perioden"))
        margin = table.dimension("Marges")
        measure = table.measure("werkloosheidsuitkering")
        parsed = Parsed()
        kept = parsed.records.setdefault("benefits", [])
        for o in table.observations:
            if o["Measure"] != measure:
                continue
            problem = _period_or_region(o[period], o[region])
            if problem:
                parsed.rejects.append(Reject(f"{o[region]} {o[period]}", *problem))
                continue
            kept.append({"region_code": o[region], "period": o[period], "sex": o[sex], "age": o[age], "margin": o[margin],
                         "persons": o["Value"], "status": table.status(period, o[period])})
        return described(parsed, table, [r["period"] for r in kept])


class Regions(CbsSource):
    """Gebieden in Nederland of one year: municipalities with their labour-market region, COROP region and province.

    The table id is found in the catalogue by title, and columns by the titles of their groups: both change every year.
    """

    key = "cbs-regions"
    title = "CBS: Gebieden in Nederland"
    title_en = "CBS: areas in the Netherlands"
    schedule = "45 6 5 1,2 *"
    tables = ("municipality", "region", "municipality_region", "cbs_code")
    home_page = "https://www.cbs.nl/nl-nl/cijfers/detail/86247NED"
    stale_after = timedelta(days=420)
    SCHEMES: Mapping[str, str] = {"arbeidsmarktregio": "arbeidsmarktregio", "corop": "corop", "province": "provincie"}
    REQUIRED = ("arbeidsmarktregio", "province")

    def __init__(self, year: int, older: bool = False) -> None:
        self.year = year
        if older:  # beside the year in use
            self.key, self.title, self.title_en = f"{self.key}-{year}", f"{self.title} {year}", f"{self.title_en} {year}"

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        url: str | None = f"{self.base_url}/Datasets"
        number, identifier = 0, None
        while url:
            number += 1
            catalogue = context.http.get(url, f"catalogue/page-{number}", headers={"Accept": "application/json"})
            yield catalogue
            identifier = identifier or self._find(values(catalogue))
            following = read_json(catalogue).get("@odata.nextLink")
            url = str(following) if following and not identifier and number < 200 else None
        if identifier is None:
            raise SchemaDrift(f"the CBS catalogue has no table 'Gebieden in Nederland {self.year}'; set sources.region_year", "Title")
        yield from fetch_v4(context, self.base_url, identifier)

    def _find(self, rows: Sequence[Mapping[str, Any]]) -> str | None:
        wanted = f"gebieden in nederland {self.year}"
        found = [str(r.get("Identifier")) for r in rows if str(r.get("Title", "")).strip().lower() == wanted]
        return found[0] if found else None

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        pages = [raw for raw in raws if raw.name.startswith("catalogue/")]
        identifier = self._find([row for page in pages for row in values(page)])
        if identifier is None:
            raise SchemaDrift(f"the CBS catalogue has no table 'Gebieden in Nederland {self.year}'", "Title")
        return self.parse_v4(read_v4(raws, identifier))

    def parse_v4(self, table: CbsTable) -> Parsed:
        place = table.dimension("Regio")
        rows: dict[str, dict[str, str]] = {}
        for o in table.observations:
            rows.setdefault(o[place], {})[o["Measure"]] = str(o["StringValue"] or "").strip()
        parsed = Parsed()
        columns: dict[str, tuple[str, str]] = {}
        for scheme, word in self.SCHEMES.items():
            try:
                columns[scheme] = (self._column(table, word, "code"), self._column(table, word, "naam"))
            except SchemaDrift:
                if scheme in self.REQUIRED:
                    raise
                parsed.notes.append(f"{table.identifier} heeft geen indeling {scheme}")
        regions: dict[tuple[str, str], str] = {("country", "NL01"): "Nederland"}
        for code, cells in sorted(rows.items()):
            if not re.match(r"^GM\d{4}$", code):
                parsed.rejects.append(Reject(code, "no municipality", f"{code!r} is no municipality code"))
                continue
            title = re.sub(r" \((gemeente|gem\.)\)$", "", str(table.codes[place].get(code, {}).get("Title") or code).strip())
            found = {scheme: (cells.get(c, ""), cells.get(n, "")) for scheme, (c, n) in columns.items()}
            missing = [scheme for scheme, (c, _) in found.items() if not c]
            if missing:
                parsed.rejects.append(Reject(f"{code} {title}", "municipality without region", f"no {', '.join(missing)}"))
                continue
            parsed.records.setdefault("municipality", []).append({
                "code": code, "year": self.year, "name": title, "province_code": found["province"][0], "province": found["province"][1]})
            for scheme, (c, n) in found.items():
                regions[(scheme, c)] = re.sub(r" \((AM|CR|PV)\)$", "", n)
                parsed.records.setdefault("municipality_region", []).append(
                    {"municipality_code": code, "scheme": scheme, "year": self.year, "region_code": c})
        parsed.records["region"] = [{"code": c, "scheme": scheme, "year": self.year, "name": n} for (scheme, c), n in sorted(regions.items())]
        parsed.records["cbs_code"] = []
        parsed.reference_period = str(self.year)
        return parsed

    def _column(self, table: CbsTable, scheme: str, kind: str) -> str:
        """The measure for code or name of a scheme: 'Code' in a group titled 'Arbeidsmarktregio's', or a full title."""
        found: list[tuple[int, str]] = []
        for identifier, measure in table.measures.items():
            title = str(measure.get("Title", "")).lower()
            group = table.groups.get(str(measure.get("MeasureGroupId")), "").lower()
            if kind in title and (scheme in group or scheme in title):
                found.append((len(group or title), identifier))
        if found:  # the shortest name: "COROP-gebieden" and not "COROP-plusgebieden"
            return min(found, key=lambda pair: pair[0])[1]
        have = sorted({f"{table.groups.get(str(m.get('MeasureGroupId')), '')}/{m.get('Title')}" for m in table.measures.values()})
        raise SchemaDrift(f"CBS {table.identifier}: no column {kind!r} for {scheme!r}; there are: {', '.join(have)[:800]}", f"{scheme} {kind}")


def _period_or_region(period: Any, region: Any) -> tuple[str, str] | None:
    if not PERIOD.match(str(period)):
        return "unknown period", f"{period!r} is no CBS period"
    if not REGION.match(str(region)):
        return "unknown region", f"{region!r} is no CBS region code"
    return None


def sources(config: Mapping[str, Any]) -> list[Source]:
    """The CBS sources; config: region_year, older_region_years."""
    year = int(config.get("region_year") or 2026)
    older = sorted({int(other) for other in config.get("older_region_years") or () if int(other) < year})
    return [Regions(year), *(Regions(other, older=True) for other in older), OpenVacancies(), VacancyFlow(), Benefits()]
