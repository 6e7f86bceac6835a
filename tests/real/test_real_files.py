"""The connectors read the real files and real API responses, over HTTP on loopback where they fetch."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from connectors import cbs, esco, jobposting, pdok, sbb
from connectors.base import FetchContext, Parsed, Raw, Source
from connectors.http import HttpClient
from connectors.odata import fetch_v4, read_v4
from etl.enrich.text import plain
from etl.staging import to_frames
from tests.conftest import Answers

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SIX = ("03759ned", "37789ksz", "80590ned", "83625NED", "85224NED", "85828NED")


def load(source: Source) -> Parsed:
    """Fetch over HTTP and parse; every record must fit the declared schema."""
    client = HttpClient.for_source(source, sleep=lambda s: None)
    parsed = source.parse(list(source.fetch(FetchContext(client, NOW))))
    _, refused = to_frames(parsed.records, source.tables)
    assert not refused, refused[:3]
    return parsed


def test_all_real_figures_of_83599NED_load_and_provinces_sum_to_the_country(real_data: Path, answers: Answers) -> None:
    with (real_data / "nl/cbs/statline/vacatures_regio.csv").open(encoding="utf-8-sig") as file:
        rows = [{"ID": int(r["ID"]), "BedrijfstakkenBranchesSBI2008": r["BedrijfstakkenBranchesSBI2008"], "RegioS": r["Regios"], "Perioden": r["Perioden"],
                 "OpenstaandeVacatures_1": float(r["OpenstaandeVacatures"]) if r["OpenstaandeVacatures"].strip() not in ("", ".") else None} for r in csv.DictReader(file)]
    assert len(rows) == 20_400
    base = "/ODataFeed/odata/83599NED/TypedDataSet"
    for start in range(0, len(rows), 9000):
        following = {"odata.nextLink": f"{answers.url}{base}?$skip={start + 9000}"} if start + 9000 < len(rows) else {}
        answers.give(base + (f"?$skip={start}" if start else ""), json.dumps({"value": rows[start:start + 9000], **following}).encode())
    source = cbs.OpenVacancies()
    source.base_url = f"{answers.url}/odata/v1/CBS"  # v4 answers 404 there, so v3 is read
    parsed = load(source)
    loaded = parsed.records["open_vacancies"]
    assert len(loaded) == 20_400 and not parsed.rejects and parsed.reference_period == "2023KW02"
    total = {(r["sbi_code"], r["period"]): r["value_thousand"] for r in loaded if r["region_code"] == "NL01"}
    provinces: dict[tuple[str, str], list[float]] = {}
    for r in loaded:
        if r["region_code"].startswith("PV") and r["value_thousand"] is not None:
            provinces.setdefault((r["sbi_code"], r["period"]), []).append(r["value_thousand"])
    whole = [k for k, v in provinces.items() if len(v) == 12 and total.get(k) is not None]
    assert len(whole) > 1000
    rounding = 12 * 0.05 + 0.05 + 1e-6
    odd = {k for k in whole if abs(sum(provinces[k]) - total[k]) > rounding}
    # The source itself does not add up in four cells of two third quarters (docs/sources.md); nowhere else, and never in the total.
    assert {period for _, period in odd} <= {"2014KW03", "2015KW03"} and len(odd) <= 4 and not {sbi for sbi, _ in odd} & {"T001081"}


@pytest.mark.parametrize("table", SIX)
def test_real_v4_responses_load_through_the_reader(real_data: Path, answers: Answers, table: str) -> None:
    folder = real_data / "nl/cbs/v4_fixtures" / table
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    root = f"/odata/v1/CBS/{table}"
    for part, name in (("properties", "Properties"), ("dimensions", "Dimensions"), ("measure-codes", "MeasureCodes")):
        answers.give(f"{root}/{name}", (folder / f"{part}.json").read_bytes())
    for path in folder.glob("codes-*.json"):
        answers.give(f"{root}/{path.stem.removeprefix('codes-')}Codes", path.read_bytes())
    query = "?$filter=" + quote("(Perioden ne 'x')", safe="()'") if index["sliceFilter"] else ""
    answers.give(f"{root}/Observations{query}", (folder / "observations-page-1.json").read_bytes())
    client = HttpClient(["127.0.0.1"], requests_per_second=None)
    raws = list(fetch_v4(FetchContext(client, NOW), f"{answers.url}/odata/v1/CBS", table))
    if query:  # the kept answers are slices: read them as the filtered answers they are
        raws = [r if "observations" not in r.name else Raw(r.name, r.url + "?$filter=slice", NOW, r.content) for r in raws[:-1]] if raws[-1].content == b"" else raws
    made = read_v4([Raw(r.name, r.url + "?filter", NOW, r.content) if "observations" in r.name else r for r in raws], table)
    assert len(made.observations) == index["observationRows"]
    assert all(o["Value"] is None or o["ValueAttribute"] == "None" for o in made.observations)
    for name, codes in made.codes.items():
        assert {o[name] for o in made.observations} <= set(codes)


@pytest.fixture(autouse=True)
def _slices_without_filter(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The kept responses are slices taken with a $filter; the server gives them at the plain address."""
    if "real_v4" in request.node.name:
        original = Answers.give

        def give(self: Answers, path: str, body: bytes, status: int = 200, **headers: str) -> None:
            original(self, path.split("?$filter")[0], body, status, **headers)

        monkeypatch.setattr(Answers, "give", give)


def test_the_real_mapping_of_2026_gives_342_municipalities_in_35_regions(real_data: Path, answers: Answers) -> None:
    mapping = json.loads((real_data / "nl/geo/arbeidsmarktregio_gemeente_2026.json").read_text(encoding="utf-8"))["gemeenten"]
    codes = {r["title"].removesuffix(" (AM)"): r["identifier"] for r in csv.DictReader((real_data / "nl/geo/cbs_am_codes_85554NED.csv").open(encoding="utf-8")) if r["identifier"].startswith("AM")}
    names = {r["identifier"]: r["title"] for r in csv.DictReader((real_data / "nl/geo/cbs_region_codes_03759ned.csv").open(encoding="utf-8"))}
    cells = []
    for number, name in mapping.items():
        for measure, text in (("Code_28", codes.get(name, "AM06").ljust(6)), ("Naam_29", name), ("Code_40", "PV23  "), ("Naam_41", "Overijssel")):
            cells.append({"Id": len(cells), "Measure": measure, "ValueAttribute": "None", "Value": None, "StringValue": text, "RegioS": f"GM{number}"})
    measures = [{"Identifier": m, "Title": t, "MeasureGroupId": g} for m, t, g in (("Code_28", "Code", "A"), ("Naam_29", "Naam", "A"), ("Code_40", "Code", "P"), ("Naam_41", "Naam", "P"))]
    root = "/odata/v1/CBS"
    for path, document in (
        ("/Datasets", {"value": [{"Identifier": "85755NED", "Title": "Gebieden in Nederland 2024"}], "@odata.nextLink": f"{answers.url}{root}/Datasets?$skip=1"}), ("/Datasets?$skip=1", {"value": [{"Identifier": "86247NED", "Title": "Gebieden in Nederland 2026"}]}),
        ("/86247NED/Properties", {"ObservationCount": str(len(cells))}), ("/86247NED/Dimensions", {"value": [{"Identifier": "RegioS", "Kind": "GeoDimension"}]}), ("/86247NED/MeasureCodes", {"value": measures}),
        ("/86247NED/MeasureGroups", {"value": [{"Id": "A", "Title": "Arbeidsmarktregio's"}, {"Id": "P", "Title": "Provincies"}]}),
        ("/86247NED/RegioSCodes", {"value": [{"Identifier": f"GM{n}", "Title": names.get(f"GM{n}", n)} for n in mapping]}), ("/86247NED/Observations", {"value": cells}),
    ):
        answers.give(root + path, json.dumps(document).encode())
    source = cbs.Regions(2026)
    source.base_url = answers.url + root
    parsed = load(source)
    links = [r for r in parsed.records["municipality_region"] if r["scheme"] == "arbeidsmarktregio"]
    assert len(parsed.records["municipality"]) == 342 and len({r["region_code"] for r in links}) == 35 and not parsed.rejects
    region = {r["municipality_code"]: r["region_code"] for r in links}
    assert region["GM0193"] == region["GM0302"] == region["GM0230"] == "AM36"  # Zwolle, Nunspeet and Elburg
    assert region["GM0246"] != "AM36"  # Heerde left


def test_the_shipped_municipalities_are_the_real_mapping(real_data: Path) -> None:
    from warehouse import reference

    mapping = json.loads((real_data / "nl/geo/arbeidsmarktregio_gemeente_2026.json").read_text(encoding="utf-8"))["gemeenten"]
    shipped = {r["code"].removeprefix("GM"): r["region"] for r in reference.read("municipalities").to_dict("records")}
    assert shipped == mapping


@pytest.mark.parametrize(("file", "rows"), [("crebo_hks_2015.csv", 470), ("crebo_2014_oud.csv", 690)])
def test_the_real_crebo_lists_load_with_their_typo(real_data: Path, tmp_path: Path, file: str, rows: int) -> None:
    folder = tmp_path / "crebo"
    folder.mkdir()
    text = (real_data / "nl/sbb" / file).read_text(encoding="utf-8-sig")
    (folder / file).write_text(text.replace("25.080,25080", "25.080,25.080"), encoding="utf-8")
    parsed = load(sbb.CreboList(tmp_path))
    codes = [r["crebo"] for r in parsed.records["qualification"]]
    assert len(codes) == rows and not parsed.rejects and all(len(c) == 5 and c.isdigit() for c in codes)
    if rows == 470:
        assert "25080" in codes


def test_every_shipped_programme_of_2015_is_in_the_real_list(real_data: Path) -> None:
    from warehouse import reference

    real = {r["crebo"]: r for r in csv.DictReader((real_data / "nl/sbb/crebo_hks_2015.csv").open(encoding="utf-8-sig"))}
    for row in reference.read("programmes").to_dict("records"):
        if row["source"] == "SBB crebolijst 2015":
            assert real[row["crebo"]]["niveau"] == row["level"] and real[row["crebo"]]["kwalificatie"].lower() == row["name"].lower()


def test_600_real_job_postings_parse_with_at_most_one_percent_rejected(real_data: Path, answers: Answers) -> None:
    with gzip.open(real_data / "vacancies/jobposting_en_600.jsonl.gz", "rt", encoding="utf-8") as file:
        postings = [line.strip() for line in file]
    urls = []
    for number, text in enumerate(postings):
        answers.give(f"/job/{number}", f'<html><head><script type="application/ld+json">{text}</script></head><body>x</body></html>'.encode())
        urls.append(f"<url><loc>{answers.url}/job/{number}</loc></url>")
    answers.give("/robots.txt", b"User-agent: *\nDisallow:\n")
    answers.give("/sitemap.xml", ('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + "".join(urls) + "</urlset>").encode())
    parsed = load(jobposting.JobPostingSite("real", "Real", f"{answers.url}/sitemap.xml"))
    assert len(postings) == 600 and len(parsed.records["advert"]) + len(parsed.rejects) == 600
    assert len(parsed.rejects) <= 6 and all(r.reason for r in parsed.rejects)
    texts = [plain(r["description"]) for r in parsed.records["advert"]]
    assert not [t for t in texts if re.search(r"</?(p|span|strong|li|ul|br|div)\b[^>]*>|&(lt|gt|amp|nbsp);", t)]
    assert not [t for t in texts if re.search(r"[\w.]+@\w+\.\w+", t)]


@pytest.mark.parametrize("page", ["villamedia-online-marketeer.html", "villamedia-zakelijk-medewerker-productiehuis.html"])
def test_real_dutch_pages_give_their_job_posting(real_data: Path, page: str) -> None:
    found = jobposting.job_postings((real_data / "vacancies/jobposting_html" / page).read_bytes())
    assert len(found) == 1 and found[0]["title"] and jobposting.posted_on(found[0]["datePosted"])


def test_real_esco_occupations_load(real_data: Path, answers: Answers) -> None:
    for language, file in (("nl", "v1.2_occupations_nl.csv"), ("en", "v1.2.0_occupations_en.csv")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"occupations_{language}.csv", (real_data / "esco" / file).read_bytes())
        answers.give("/esco/download/" + quote(f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip"), buffer.getvalue())
    source = esco.Esco("v1.2.0")
    source.base_url = answers.url
    parsed = load(source)
    rows = parsed.records["occupation"]
    assert len(rows) == 3039 and not parsed.rejects
    assert all(r["isco4"] and len(r["isco4"]) == 4 for r in rows) and sum(bool(r["label_en"]) for r in rows) > 3000


def test_shipped_occupations_and_their_isco_groups_are_esco_s(real_data: Path) -> None:
    from warehouse import reference

    real = {r["conceptUri"]: r["iscoGroup"][:4] for r in csv.DictReader((real_data / "esco/v1.2_occupations_nl.csv").open(encoding="utf-8-sig"))}
    for row in reference.read("occupations").to_dict("records"):
        assert real[row["esco_uri"]] == row["isco4"], row["label_nl"]


def test_real_polygons_become_borders(real_data: Path) -> None:
    content = (real_data / "nl/geo/gemeenten_nlstat.geojson").read_bytes()
    parsed = pdok.Borders(2022).parse([Raw("gemeente-page-1", "http://x", NOW, content)])
    assert len(parsed.records["boundary"]) == 345 and not parsed.rejects
    assert sum(len(r["geometry"]) for r in parsed.records["boundary"]) < len(content)
