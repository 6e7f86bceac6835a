"""Writing the demonstration year: the files of every source in its own format, below a folder laid out as the sources' paths."""

from __future__ import annotations

import csv
import html
import io
import json
import multiprocessing
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from connectors.demo import residence
from connectors.demo.indicators import write_indicators
from connectors.demo.jobs import write_jobs
from connectors.demo.renumbered import RENUMBERED, renumbered
from connectors.demo.vacancies import Row, rows
from connectors.demo.world import STUDENT_YEARS, YEARS, Lists, World
from connectors.duo import ADDRESS_FILE, GRADUATES_FILE, HOME_FILE, OFFER_FILE, PATHWAY_FILE, STUDENTS_FILE
from connectors.vacancy_export import JOBFEED

SEED = 20231
VACANCIES = 48_000
PARTS = 2
VERSION = "13"
V4 = "odata/v1/CBS"
SITE_PAGES = 600
# Industries (SBI) with their title, and how the vacancies of a sector are spread over them.
SBI = {"T001081": "A-U Alle economische activiteiten", "301000": "A Landbouw, bosbouw en visserij", "307500": "C Industrie", "350000": "F Bouwnijverheid", "354200": "G Handel", "383100": "H Vervoer en opslag",
       "389100": "I Horeca", "391600": "J Informatie en communicatie", "396300": "K Financiële dienstverlening", "403300": "M Specialistische zakelijke diensten", "410200": "N Verhuur en overige zakelijke diensten",
       "417400": "O Openbaar bestuur en overheidsdiensten", "419000": "P Onderwijs", "422400": "Q Gezondheids- en welzijnszorg", "435500": "S Overige dienstverlening"}
INDUSTRIES = {"zorg": {"422400": .9, "419000": .1}, "techniek": {"307500": .42, "350000": .38, "410200": .12, "403300": .08}, "mobiliteit": {"383100": .72, "354200": .18, "410200": .10}, "handel": {"354200": .97, "410200": .03},
              "zakelijk": {"396300": .25, "403300": .3, "417400": .25, "410200": .12, "422400": .08}, "voedsel": {"389100": .55, "301000": .2, "307500": .2, "410200": .05}, "ict": {"391600": .75, "403300": .15, "396300": .1},
              "vakmanschap": {"435500": .6, "307500": .4}}
PROVINCES = {"PV20": "Groningen (PV)", "PV21": "Fryslân (PV)", "PV22": "Drenthe (PV)", "PV23": "Overijssel (PV)", "PV24": "Flevoland (PV)", "PV25": "Gelderland (PV)", "PV26": "Utrecht (PV)",
             "PV27": "Noord-Holland (PV)", "PV28": "Zuid-Holland (PV)", "PV29": "Zeeland (PV)", "PV30": "Noord-Brabant (PV)", "PV31": "Limburg (PV)"}


def write_year(folder: Path, lists: Lists, *, seed: int = SEED, vacancies: int = VACANCIES, progress: Callable[[str, int, int], None] = lambda step, done, total: None) -> Path:
    """Write everything below `folder` (a hidden name first, then renamed); returns the folder. The same input gives the same bytes."""
    part = folder.with_name(f".{folder.name}.part")
    if part.exists():
        import shutil

        shutil.rmtree(part)
    part.mkdir(parents=True)
    world = World(lists, seed, vacancies)
    progress("Demonstratiejaar schrijven", 0, 4)
    cbs(part, world)
    duo(part, world)
    progress("Demonstratiejaar schrijven", 1, 4)
    esco(part, lists)
    write_indicators(part, world, table)
    write_jobs(part, world, table, INDUSTRIES, SBI, PROVINCES)
    progress("Demonstratiejaar schrijven", 2, 4)
    # two processes write half of the regions each; what they write does not depend on how many run at once
    with ProcessPoolExecutor(PARTS, mp_context=multiprocessing.get_context("fork")) as pool:
        halves = list(pool.map(partial(vacancy_files, part, world), range(PARTS)))
    finish_vacancies(part, [page for pages, _, _ in halves for page in pages], [line for _, lines, _ in halves for line in lines], sorted(n for _, _, names in halves for n in names))
    progress("Demonstratiejaar schrijven", 4, 4)
    (part / "VERSION").write_text(f"{VERSION} {seed} {vacancies}\n", encoding="utf-8")
    if folder.exists():
        import shutil

        shutil.rmtree(folder)
    part.rename(folder)
    return folder


def is_written(folder: Path, *, seed: int = SEED, vacancies: int = VACANCIES) -> bool:
    """True when the folder holds this version of the demonstration year."""
    marker = folder / "VERSION"
    return marker.exists() and marker.read_text(encoding="utf-8") == f"{VERSION} {seed} {vacancies}\n"


def put(path: Path, content: str | bytes) -> None:
    """Write a file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def put_json(path: Path, document: Any) -> None:
    """Write JSON in UTF-8."""
    put(path, json.dumps(document, ensure_ascii=False))


def csv_bytes(header: Sequence[str], lines: Iterable[Sequence[Any]], mark: bool = True) -> bytes:
    """CSV with commas, UTF-8 with mark, as DUO writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(lines)
    return (b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode("utf-8")


# --- CBS ------------------------------------------------------------------------------------------------------
def table(folder: Path, identifier: str, title: str, dimensions: Mapping[str, Mapping[str, Mapping[str, Any]]], measures: Sequence[Mapping[str, Any]],
          observations: list[dict[str, Any]], groups: Sequence[Mapping[str, Any]] = (), pages: int = 1, query: str = "") -> None:
    """A table in the form of OData v4."""
    root = folder / V4 / identifier
    put_json(root / "Properties", {"Identifier": identifier, "Title": title, "Description": "Demonstratiegegevens. Wanneer komen er nieuwe cijfers?\r\nNieuwe cijfers komen niet: dit zijn verzonnen cijfers.",
                                   "ObservationCount": str(len(observations)), "Language": "nl", "Status": "Regulier"})
    put_json(root / "Dimensions", {"value": [{"Identifier": name, "Title": name, "Kind": "TimeDimension" if name == "Perioden" else "Dimension"} for name in dimensions]})
    put_json(root / "MeasureCodes", {"value": list(measures)})
    if groups:
        put_json(root / "MeasureGroups", {"value": list(groups)})
    for name, codes in dimensions.items():
        put_json(root / f"{name}Codes", {"value": [{"Identifier": c, "Index": i, **v} for i, (c, v) in enumerate(codes.items(), 1)]})
    size = -(-len(observations) // pages)
    for page in range(pages):
        document: dict[str, Any] = {"value": observations[page * size:(page + 1) * size]}
        if page + 1 < pages:
            document["@odata.nextLink"] = "{{origin}}/" + f"{V4}/{identifier}/Observations?$skip={(page + 1) * size}"
        name = "Observations" if page == 0 else f"Observations@$skip={page * size}"
        put_json(root / name, document)


def observation(number: int, measure: str, value: float | None, text: str | None = None, **dims: str) -> dict[str, Any]:
    """A row of Observations."""
    return {"Id": number, "Measure": measure, "ValueAttribute": "None" if value is not None or text is not None else "Impossible", "Value": value, "StringValue": text, **dims}


def quarters() -> dict[str, dict[str, Any]]:
    """Quarters 2021-2025 with their status."""
    return {f"{y}KW0{q}": {"Title": f"{y} {q}e kwartaal", "Status": "Voorlopig" if y == 2025 else "Definitief"} for y in STUDENT_YEARS for q in (1, 2, 3, 4)}


def cbs(folder: Path, world: World) -> None:
    """Areas, open vacancies, vacancy flow and benefits."""
    rng = world.rng
    put_json(folder / V4 / "Datasets", {"value": [{"Identifier": "86247NED", "Title": "Gebieden in Nederland 2026", "Status": "Regulier"}, {"Identifier": "83599NED", "Title": "Openstaande vacatures; SBI 2008, regio"}]})
    towns = sorted(world.lists.municipalities, key=lambda r: r["code"])
    measures = [{"Identifier": f"G{i}_{kind}", "Title": kind, "MeasureGroupId": f"G{i}", "DataType": "String"} for i in (1, 2, 3) for kind in ("Code", "Naam")]
    cells: list[dict[str, Any]] = []
    corop = {r["municipality_code"]: (r["code"], r["name"]) for r in world.lists.corop}
    for row in towns:
        for group, code, name in (("G1", row["region_code"], row["region"]), ("G2", row["province_code"], row["province"]), ("G3", *corop.get(row["code"], ("", "")))):
            cells.append(observation(len(cells), f"{group}_Code", None, code.ljust(6), RegioS=row["code"]))
            cells.append(observation(len(cells), f"{group}_Naam", None, name, RegioS=row["code"]))
    table(folder, "86247NED", "Gebieden in Nederland 2026", {"RegioS": {r["code"]: {"Title": r["name"]} for r in towns}}, measures, cells,
          [{"Id": "G1", "Title": "Arbeidsmarktregio's"}, {"Id": "G2", "Title": "Provincies"}, {"Id": "G3", "Title": "COROP-gebieden"}])
    periods = quarters()
    regions = {"NL01": {"Title": "Nederland"}, **{code: {"Title": name} for code, name in PROVINCES.items()}}
    open_rows: list[dict[str, Any]] = []
    flow: list[dict[str, Any]] = []
    arisen: dict[tuple[str, str, int], float] = {}
    for (province, sector, year), count in world.official(world.demand()).items():
        for sbi, share in (INDUSTRIES[sector] | {"T001081": 1.0}).items():
            for area in (province, "NL01"):
                arisen[(sbi, area, year)] = arisen.get((sbi, area, year), 0.0) + count * share / 4000
    for sbi in SBI:
        for period in periods:
            year = max(int(period[:4]), YEARS[0])
            swing = (1 - 0.02 * max(0, YEARS[0] - int(period[:4]))) * (1 + rng.gauss(0, 0.01))
            for area in ("NL01", *PROVINCES):
                open_rows.append(observation(len(open_rows), "M001", round(arisen[(sbi, area, year)] * swing * 1.1, 1), BedrijfstakkenBranchesSBI2008=sbi, RegioS=area if area == "NL01" else f"{area}  ", Perioden=period))
            for measure, factor in (("M001", 1.1), ("M002", 1.0), ("M003", 0.98)):
                flow.append(observation(len(flow), measure, round(arisen[(sbi, "NL01", year)] * swing * factor, 1), Bedrijfskenmerken=sbi, Perioden=period))
    sbi_codes = {code: {"Title": title} for code, title in SBI.items()}
    table(folder, "83599NED", "Openstaande vacatures; SBI 2008, regio", {"BedrijfstakkenBranchesSBI2008": sbi_codes, "RegioS": regions, "Perioden": periods},
          [{"Identifier": "M001", "Title": "Openstaande vacatures", "Unit": "x 1 000", "Decimals": 1}], open_rows, pages=2)
    table(folder, "80472ned", "Vacatures; SBI 2008", {"Bedrijfskenmerken": sbi_codes, "Perioden": periods},
          [{"Identifier": m, "Title": t, "Unit": "x 1 000"} for m, t in (("M001", "Openstaande vacatures"), ("M002", "Ontstane vacatures"), ("M003", "Vervulde vacatures"))], flow)
    months = {f"{y}MM{m:02d}": {"Title": f"{y} {m}", "Status": "NaderVoorlopig"} for y in YEARS for m in range(1, 13)}
    names = {r["region_code"]: r["region"] for r in towns}
    people: list[dict[str, Any]] = []
    for region in ["NL01", *world.regions]:
        level = 150_000 if region == "NL01" else 150_000 * world.region_weight(region) / sum(map(world.region_weight, world.regions))
        for month in months:
            value = round(level * (1 + rng.gauss(0, 0.02)) / 10) * 10
            people.append(observation(len(people), "D001908", float(value), Geslacht="T001038", Leeftijd="10000", Marges="MW00000", RegioS=region, Perioden=month))
    table(folder, "85554NED", "Personen met WW-uitkering", {"Geslacht": {"T001038": {"Title": "Totaal mannen en vrouwen"}}, "Leeftijd": {"10000": {"Title": "Totaal"}}, "Marges": {"MW00000": {"Title": "Waarde"}},
          "RegioS": {"NL01": {"Title": "Nederland"}, **{c: {"Title": f"{n} (AM)"} for c, n in names.items()}}, "Perioden": months},
          [{"Identifier": "D001908", "Title": "Personen met een werkloosheidsuitkering", "Unit": "aantal"}], people)


# --- DUO ------------------------------------------------------------------------------------------------------
def masked(value: int) -> int:
    """DUO writes 1-4 as -1."""
    return -1 if 1 <= value <= 4 else value


def duo(folder: Path, world: World) -> None:
    """Students, graduates, offer and addresses."""
    diplomas = world.graduates(world.demand())
    programmes = {r["crebo"]: r for r in world.lists.programmes}
    institution = {i.code: i for i in world.institutions}
    rng = world.rng
    grouped: dict[tuple[str, str, str], dict[str, list[int]]] = {}
    for (code, crebo, leerweg, sex), values in sorted(diplomas.items()):
        grouped.setdefault((code, crebo, leerweg), {})[sex] = values
    head = ["INSTELLINGSCODE", "INSTELLINGSNAAM", "PLAATSNAAM INSTELLING", "LEERWEG", "NIVEAU", "ERKENDE OPLEIDING CODE", "ERKENDE OPLEIDING NAAM", "SECTORKAMER NAAM", "HOOFDGROEP NAAM"]
    students, graduates, offer = [], [], []
    per_pathway: dict[tuple[str, int, str], int] = {}
    for (code, crebo, leerweg), by_sex in renumbered(grouped, STUDENT_YEARS).items():
        row, owner = programmes[crebo], institution[code]
        base = [code, owner.name, owner.municipality["name"].upper(), leerweg, row["level"], crebo, row["name"], row["sector"], row["main_group"]]
        zeros = [0] * len(STUDENT_YEARS)
        men, women = by_sex.get("MAN", zeros), by_sex.get("VROUW", zeros)
        graduates.append([*base, *(masked(v) for pair in zip(men, women, strict=True) for v in pair)])
        duration = {"1": 1.1, "2": 2.2, "3": 3.0, "4": 3.4}[row["level"]]
        pupils = []
        for year, m, w in zip(STUDENT_YEARS, men, women, strict=True):
            for value in (m, w):
                count = round(value * duration * (0.92 + 0.16 * rng.random()))
                pupils.append(count)
                per_pathway[(code, year, leerweg)] = per_pathway.get((code, year, leerweg), 0) + count
        students.append([*base[:2], owner.kind, *base[2:], *(masked(v) for v in pupils)])
        if crebo not in RENUMBERED:
            offer.extend(offered(world, owner, row, leerweg))
    columns = [f"{what}{year}" for year in STUDENT_YEARS for what in ("MAN", "VROUW")]
    files = {
        STUDENTS_FILE: csv_bytes([*head[:2], "SOORT INSTELLING", *head[2:], *columns], students),
        GRADUATES_FILE: csv_bytes([*head, *(f"DIP{c}" for c in columns)], graduates),
        PATHWAY_FILE: csv_bytes(
            ["JAAR", "PROVINCIE INSTELLING", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "INSTELLINGSNAAM", "PLAATSNAAM INSTELLING", "GEMEENTENUMMER INSTELLING", "GEMEENTE INSTELLING", "BBL", "BOLDT", "BOLVT", "EX"],
            [[year, i.municipality["province"], "40000", i.code, i.name, i.municipality["name"].upper(), i.municipality["code"][2:], i.municipality["name"].upper(),
              masked(per_pathway.get((i.code, year, "BBL"), 0)), 0, masked(per_pathway.get((i.code, year, "BOLVT"), 0)), 0] for year in STUDENT_YEARS for i in world.institutions]),
        HOME_FILE: csv_bytes(residence.HEADER, ([*row[:8], *map(masked, row[8:])] for row in residence.rows(world, per_pathway, offer))),
        OFFER_FILE: csv_bytes(OFFER_HEADER, offer),
        ADDRESS_FILE: csv_bytes(ADDRESS_HEADER, [address(i) for i in world.institutions]),
    }
    packages: dict[str, list[dict[str, str]]] = {}
    for resource, content in files.items():
        path = f"dataset/{resource.package}/resource/{resource.uuid}/download/{resource.name}"
        put(folder / path, content)
        packages.setdefault(resource.package, []).append({"id": resource.uuid, "name": resource.name, "format": "CSV", "url": f"https://onderwijsdata.duo.nl/{path}"})
    for package, resources in packages.items():
        put_json(folder / f"api/3/action/package_show@id={package}", {"success": True, "result": {"name": package, "license_id": "cc-by", "resources": resources}})


OFFER_HEADER = ["OPLEIDINGSEENHEIDCODE", "OPLEIDINGSEENHEID_TYPE", "WAARDEDOCUMENTSOORT", "OPLEIDINGSEENHEID_NIVEAU", "OPLEIDINGSEENHEID_NAAM", "ERKENDEOPLEIDINGSCODE", "ERKENDEOPLEIDINGSSTELSEL", "KWALIFICATIEDOSSIER",
                "DOMEIN", "ONDERWIJSAANBIEDERID", "NAAM", "ONDERWIJSBESTUURID", "ONDERWIJSLOCATIECODE", "STRAATNAAM", "HUISNUMMER", "POSTCODE", "PLAATSNAAM", "LEERTRAJECT", "MBONIVEAU"]
ADDRESS_HEADER = ["MBO INSTELLINGSSOORT - CODE", "MBO INSTELLINGSSOORT - NAAM", "PROVINCIE", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "INSTELLINGSNAAM", "STRAATNAAM", "HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM",
                  "GEMEENTENUMMER", "GEMEENTENAAM", "DENOMINATIE", "INTERNETADRES"]


def offered(world: World, owner: Any, programme: Mapping[str, str], leerweg: str) -> list[list[Any]]:
    """Rows of the offer: the head office's town and, for larger institutions, a second town; now and then a branch in a region next to it,
    with lessons there too or only there."""
    draw = sum(map(ord, owner.code + programme["crebo"])) % 100
    towns = [owner.municipality]
    near = world.by_region[owner.municipality["region_code"]]
    if owner.kind == "ROC" and draw < 35 and len(near) > 1:
        towns.append(near[1 + draw % min(3, len(near) - 1)])
    if owner.kind == "ROC" and draw in (10, 11):
        branch = world.by_region[residence.NEXT_TO[owner.municipality["region_code"]].split()[-1]][0]
        towns = [owner.municipality, branch] if draw == 10 else [branch]
    if draw == 99:  # nothing on offer any more: the head office stands in
        return []
    name = ("Stichting {}", "{}", "{} mbo")[draw % 3].format(owner.name)
    return [
        [f"{1000 + draw}O{programme['crebo']}", "MBOKWALIFICATIE", "DIPLOMA", f"MBO-{programme['level']}", programme["name"], programme["crebo"], "CREBO", programme["dossier"], programme["main_group"], f"{owner.code}A{number}", name,
         f"{owner.code}B", f"{owner.code}X{town['code'][2:]}", "Schoolstraat", 1 + draw, f"{8000 + int(town['code'][2:]) % 1900}AB", {"Hengelo": "HENGELO OV"}.get(town["name"], town["name"].upper()), "BBL" if leerweg == "BBL" else "BOL", f"MBO-{programme['level']}"]
        for number, town in enumerate(towns)
    ]


def address(i: Any) -> list[Any]:
    """A row of the address file."""
    return [i.kind, i.kind, i.municipality["province"], "40000", i.code, f"Stichting {i.name}", "Schoolstraat", "1", "8000AA", i.municipality["name"].upper(), i.municipality["code"][2:], i.municipality["name"].upper(), "Algemeen bijzonder", "www.school.example"]


# --- ESCO -----------------------------------------------------------------------------------------------------
def archive(path: Path, members: Mapping[str, bytes]) -> None:
    """A zip whose bytes do not depend on the clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)


def esco(folder: Path, lists: Lists) -> None:
    """The shipped selection of occupations and skills in the form of ESCO's archives."""
    uris = [r for r in lists.skills if r["skill_id"].startswith("http")]
    known = {r["skill_id"] for r in uris}
    for language in ("nl", "en"):
        label = f"label_{language}"
        archive(folder / "esco/download" / f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip", {
            f"occupations_{language}.csv": csv_bytes(["conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status"],
                                                     [["Occupation", r["esco_uri"], r["isco4"], r[label], "\n".join(r["titles"].split("|")[1:]) if language == "nl" else "", "released"] for r in lists.occupations], mark=False),
            f"skills_{language}.csv": csv_bytes(["conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "status"],
                                                [["KnowledgeSkillCompetence", r["skill_id"], "knowledge" if r["kind"] == "knowledge" else "skill/competence", "", r[label], "", "released"] for r in uris], mark=False),
            f"occupationSkillRelations_{language}.csv": csv_bytes(["occupationUri", "relationType", "skillType", "skillUri"],
                                                                  [[r["esco_uri"], r["relation"], "", r["skill_id"]] for r in lists.occupation_skills if r["skill_id"] in known], mark=False),
        })


# --- vacancies ------------------------------------------------------------------------------------------------
HEADER = [*JOBFEED.values(), "Branche", "Contracttype"]


def export_line(row: Row) -> list[Any]:
    """A vacancy as a line of a Jobfeed export."""
    cells = {
        "title": row.title, "description": row.description, "published_on": f"{row.published:%d-%m-%Y}", "employer": row.employer, "advertiser_kind": row.advertiser, "place_text": row.place,
        "url": f"https://vacatures.demo.example/{row.number}", "occupation_text": row.occupation, "education_text": row.education, "employment_type": row.hours,
    }
    return [*(cells[c] for c in JOBFEED), row.sector, ""]


def vacancy_files(folder: Path, world: World, part: int) -> tuple[list[Row], list[list[Any]], list[str]]:
    """Write one part's exports per half year; returns (vacancies for the site, lines for the workbook, file names)."""
    exports: dict[str, list[list[Any]]] = {}
    sheet: list[list[Any]] = []
    pages: list[Row] = []
    for row in rows(world, part, PARTS):
        if row.employer.startswith(("Gemeente", "Waterschap", "Omgevingsdienst", "Ziekenhuis")) and len(pages) < SITE_PAGES // PARTS:
            pages.append(row)
        elif row.number % 97 == 0 and len(sheet) < 500 // PARTS:
            sheet.append(export_line(row))
        else:
            exports.setdefault(f"jobfeed-{row.published.year}-{'ab'[row.published.month > 6]}-{part + 1}.csv", []).append(export_line(row))
    for name, lines in exports.items():
        put(folder / "vacancies" / name, csv_bytes(HEADER, lines))
    return pages, sheet, list(exports)


def finish_vacancies(folder: Path, pages: Sequence[Row], sheet: Sequence[Sequence[Any]], names: Sequence[str]) -> None:
    """A workbook, a file with rows that cannot be used, the index of files, and a site of pages with JobPosting."""
    broken = [["", "tekst zonder titel", "03-02-2025", "Naamloos", "", "Zwolle", "", "", "", "", "", ""], ["=HYPERLINK(\"http://x\")", "", "04-02-2025", "", "", "", "", "", "", "", "", ""],
              ["Kok", "Wij zoeken een kok.", "binnenkort", "Eetcafé De Buren", "", "Zwolle", "", "", "", "", "", ""]]
    put(folder / "vacancies/jobfeed-handmatig.csv", csv_bytes(HEADER, broken))
    book = Workbook(write_only=True)
    page = book.create_sheet("vacatures")
    page.append(HEADER)
    for line in sheet:
        page.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    put(folder / "vacancies/jobfeed-los.xlsx", buffer.getvalue())
    put_json(folder / "vacancies/index.json", {"files": [*names, "jobfeed-handmatig.csv", "jobfeed-los.xlsx"]})
    site(folder, pages)


def site(folder: Path, pages: Sequence[Row]) -> None:
    """robots.txt, sitemap and pages."""
    put(folder / "robots.txt", "User-agent: *\nDisallow: /intern/\n")
    urls = []
    for row in pages:
        posting = {
            "@context": "https://schema.org", "@type": "JobPosting", "title": row.title, "datePosted": row.published.isoformat(), "description": html.escape(row.description[:120]), "identifier": {"@type": "PropertyValue", "value": f"demo-{row.number}"},
            "hiringOrganization": {"@type": "Organization", "name": row.employer}, "employmentType": row.hours, "educationRequirements": row.education, "url": f"https://vacatures.demo.example/{row.number}",
            "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": row.place, "addressRegion": row.province, "addressCountry": "NL"}},
        }
        body = row.description if row.description.startswith("<") else "".join(f"<p>{html.escape(line)}</p>" for line in row.description.split("\n") if line)
        put(folder / f"vacatures/{row.number}.html", "<!doctype html><html lang=\"nl\"><head><title>" + html.escape(row.title) + '</title><script type="application/ld+json">' + json.dumps(posting, ensure_ascii=False).replace("</", "<\\/") +
            f'</script></head><body><nav>Home | Vacatures</nav><main><section id="dit_ga_je_doen_anchor">{body}</section></main><footer>Demonstratie</footer></body></html>')
        urls.append(f"<url><loc>{{{{origin}}}}/vacatures/{row.number}.html</loc><lastmod>{row.published.isoformat()}</lastmod></url>")
    put(folder / "vacatures/leeg.html", "<!doctype html><title>Vervallen</title><p>Deze vacature is vervallen.</p>")
    urls.append("<url><loc>{{origin}}/vacatures/leeg.html</loc></url>")
    put(folder / "sitemap-vacatures.xml", '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + "".join(urls) + "</urlset>")
