"""The traps of the sources (docs/sources.md), each with a test."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from connectors import cbs, duo, jobposting, uwv, vacancy_export
from connectors.base import Raw
from connectors.errors import SchemaDrift

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = "INSTELLINGSCODE,INSTELLINGSNAAM,SOORT INSTELLING,PLAATSNAAM INSTELLING,LEERWEG,NIVEAU,ERKENDE OPLEIDING CODE,ERKENDE OPLEIDING NAAM,SECTORKAMER NAAM,HOOFDGROEP NAAM,MAN2024,VROUW2024,MAN2025,VROUW2025"
PATHWAY = "JAAR,PROVINCIE INSTELLING,BEVOEGD GEZAG NUMMER,INSTELLINGSCODE,INSTELLINGSNAAM,PLAATSNAAM INSTELLING,GEMEENTENUMMER INSTELLING,GEMEENTE INSTELLING,BBL,BOLDT,BOLVT,EX\n2025,Overijssel,1,25PJ,X,ZWOLLE,0193,ZWOLLE,-1,0,120,<5\n"


def students(*lines: str) -> list[Raw]:
    text = "\n".join([HEAD, *lines]) + "\n"
    return [Raw("03-studenten-opleiding.csv", "http://x/2020-2024-a.csv", NOW, b"\xef\xbb\xbf" + text.encode()), Raw("01-studenten-leerweg.csv", "http://x/b", NOW, PATHWAY.encode())]


def line(crebo: str = "25655", leerweg: str = "BOLVT", name: str = "ROC X", counts: str = "10,-1,<5,20") -> str:
    return f"25PJ,{name},ROC,ZWOLLE,{leerweg},4,{crebo},Mbo-Verpleegkundige,\"Zorg, welzijn en sport\",Zorg en welzijn,{counts}"


def test_minus_one_is_one_to_four_and_never_summed() -> None:
    rows = duo.Students().parse(students(line())).records["enrolment"]
    assert [(r["year"], r["students_low"], r["students_high"], r["masked"]) for r in rows] == [(2024, 11, 14, True), (2025, 21, 24, True)]


def test_years_come_from_the_columns_not_from_the_file_name() -> None:
    parsed = duo.Students().parse(students(line()))
    assert parsed.reference_period == "2025"


def test_crebo_is_text_and_the_typo_in_the_official_list_is_read() -> None:
    assert duo.crebo("25.080") == "25080" and duo.crebo(" 97720 ") == "97720"
    with pytest.raises(ValueError):
        duo.crebo("2565")


def test_domain_codes_are_kept_apart_with_a_reason() -> None:
    parsed = duo.Students().parse(students(line(crebo="79000")))
    assert not parsed.records["enrolment"] and parsed.rejects[0].reason == "domain code"


@pytest.mark.parametrize(("leerweg", "pathway"), [("BOLVT", "bol"), ("BOLDT", "bol"), ("BBL", "bbl"), ("EX", "other"), ("OVO", "other")])
def test_pathways_of_duo_become_bol_bbl_or_other(leerweg: str, pathway: str) -> None:
    assert duo.Students().parse(students(line(leerweg=leerweg))).records["enrolment"][0]["pathway"] == pathway


def test_an_unknown_pathway_is_rejected_not_guessed() -> None:
    assert duo.Students().parse(students(line(leerweg="XYZ"))).rejects[0].reason == "unknown pathway"


def test_other_spellings_of_an_institution_join_on_its_code() -> None:
    rows = duo.Students().parse(students(line(counts="10,0,0,0"), line(name="Stichting ROC X", counts="5,-1,0,0"))).records["enrolment"]
    assert [(r["students_low"], r["students_high"]) for r in rows] == [(16, 19)]


def test_a_changed_column_stops_the_source_and_is_named() -> None:
    raws = students(line())
    broken = Raw(raws[0].name, raws[0].url, NOW, raws[0].content.replace(b"NIVEAU", b"NIVO"))
    with pytest.raises(SchemaDrift) as caught:
        duo.Students().parse([broken, raws[1]])
    assert caught.value.column == "NIVEAU" and "NIVEAU" in str(caught.value)


def test_addresses_that_leak_an_internal_host_are_rewritten() -> None:
    made = duo.Offer()
    assert made._address({"id": "u1", "url": "http://beheer-ggm-ckan-prd.intern/x.csv"}) == "https://onderwijsdata.duo.nl/datastore/dump/u1"


def test_only_qualifications_are_programmes_on_offer() -> None:
    head = ",".join(duo.OFFER_FILE.columns)
    body = f"{head}\nMBOKEUZEDEEL,Spaans,K0001,A,X,L1,8000AA,ZWOLLE,BOL\nMBOKWALIFICATIE,Kok,25180,A,X,L1,8000AA,ZWOLLE,BOL\n"
    rows = duo.Offer().parse([Raw("mbo_opleidingsaanbod.csv", "http://x", NOW, body.encode())]).records["offer"]
    assert [r["crebo"] for r in rows] == ["25180"]


def v4(table: str, observations: list[dict[str, object]], **dimensions: dict[str, dict[str, object]]) -> list[Raw]:
    def raw(part: str, document: object) -> Raw:
        return Raw(f"{table}/{part}", f"http://x/{part}", NOW, json.dumps(document).encode())

    return [
        raw("properties", {"ObservationCount": str(len(observations))}), raw("dimensions", {"value": [{"Identifier": d, "Kind": "Dimension"} for d in dimensions]}),
        raw("measure-codes", {"value": [{"Identifier": "M1", "Title": "Openstaande vacatures"}]}),
        *[raw(f"codes-{d}-page-1", {"value": [{"Identifier": c, **v} for c, v in codes.items()]}) for d, codes in dimensions.items()],
        raw("observations-page-1", {"value": observations}),
    ]


def observed(value: float | None, attribute: str = "None", region: str = "PV23  ", period: str = "2023KW02") -> dict[str, object]:
    return {"Id": 1, "Measure": "M1", "ValueAttribute": attribute, "Value": value, "StringValue": None, "BedrijfstakkenBranchesSBI2008": "T001081", "RegioS": region, "Perioden": period}


DIMENSIONS: dict[str, dict[str, dict[str, object]]] = {"BedrijfstakkenBranchesSBI2008": {"T001081": {"Title": "Alles"}}, "RegioS": {"PV23": {"Title": "Overijssel"}}, "Perioden": {"2023KW02": {"Title": "x", "Status": "Voorlopig"}}}


def test_padded_codes_are_trimmed_and_the_status_of_a_period_is_kept() -> None:
    row = cbs.OpenVacancies().parse(v4("83599NED", [observed(12.3)], **DIMENSIONS)).records["open_vacancies"][0]
    assert row["region_code"] == "PV23" and row["status"] == "Voorlopig" and row["value_thousand"] == 12.3


def test_an_impossible_value_is_unknown_not_zero() -> None:
    row = cbs.OpenVacancies().parse(v4("83599NED", [observed(None, "Impossible")], **DIMENSIONS)).records["open_vacancies"][0]
    assert row["value_thousand"] is None


@pytest.mark.parametrize("period", ["2023KW02", "2026MM04", "2025JJ00", "2024SJ00", "2010X000"])
def test_all_period_forms_are_known(period: str) -> None:
    assert cbs.PERIOD.match(period)


def test_an_unknown_period_is_rejected_with_its_reason() -> None:
    parsed = cbs.OpenVacancies().parse(v4("83599NED", [observed(1.0, period="2023Q2")], **DIMENSIONS))
    assert parsed.rejects[0].reason == "unknown period"


def test_an_empty_answer_is_an_error_that_speaks_of_case() -> None:
    with pytest.raises(SchemaDrift, match="wrong case"):
        cbs.OpenVacancies().parse(v4("83599NED", [], **DIMENSIONS))


def test_a_missing_page_is_noticed() -> None:
    raws = v4("83599NED", [observed(1.0)], **DIMENSIONS)
    raws[0] = Raw(raws[0].name, raws[0].url, NOW, b'{"ObservationCount": "20400"}')
    with pytest.raises(SchemaDrift, match="1 of 20400"):
        cbs.OpenVacancies().parse(raws)


def test_a_vanished_measure_is_named_with_what_there_is() -> None:
    raws = v4("83599NED", [observed(1.0)], **DIMENSIONS)
    raws[2] = Raw(raws[2].name, raws[2].url, NOW, b'{"value": [{"Identifier": "M9", "Title": "Iets anders"}]}')
    with pytest.raises(SchemaDrift, match="Iets anders"):
        cbs.OpenVacancies().parse(raws)


@pytest.mark.parametrize(("value", "name"), [(0.0, "zeer ruim"), (0.249, "zeer ruim"), (0.25, "ruim"), (0.67, "gemiddeld"), (1.5, "krap"), (3.99, "krap"), (4.0, "zeer krap")])
def test_tension_classes_follow_the_published_bounds(value: float, name: str) -> None:
    assert uwv.tension_class(value) == name


def test_a_tension_file_carries_its_definition_and_unknown_regions_are_rejected() -> None:
    text = "Arbeidsmarktregio;Beroepsgroep;Kwartaal;Spanningsindicator;Definitie\nRegio Zwolle;Lassers;2026KW02;4,51;< 6 maanden WW\nAtlantis;Lassers;2026KW02;1;x\n"
    parsed = uwv.Tension(None).parse([Raw("a.csv", "file:///a.csv", NOW, text.encode())])
    assert parsed.records["tension"][0]["region_code"] == "AM36" and parsed.records["tension"][0]["value"] == 4.51 and parsed.records["tension"][0]["definition"] == "< 6 maanden WW"
    assert parsed.rejects[0].reason == "unknown region"


def test_formulas_and_markup_in_exports_stay_text() -> None:
    text = "Vacaturetitel,Functieomschrijving,Datum gevonden,Organisatienaam\n\"=HYPERLINK(\"\"http://x\"\")\",<script>alert(1)</script>lassen,03-02-2025,@SUM(A1)\n"
    row = vacancy_export.VacancyExport(None, {}).parse([Raw("a.csv", "file:///a", NOW, text.encode())]).records["advert"][0]
    assert row["title"].startswith("=HYPERLINK") and row["employer"] == "@SUM(A1)" and row["published_on"] == date(2025, 2, 3)


def test_a_windows_file_with_semicolons_is_read() -> None:
    text = "Vacaturetitel;Functieomschrijving;Datum gevonden\nCaféhulp;Koffie zetten;2025-02-03\n"
    row = vacancy_export.VacancyExport(None, {}).parse([Raw("a.csv", "file:///a", NOW, text.encode("cp1252"))]).records["advert"][0]
    assert row["title"] == "Caféhulp"


def test_an_export_without_a_needed_column_names_it() -> None:
    with pytest.raises(SchemaDrift) as caught:
        vacancy_export.VacancyExport(None, {}).parse([Raw("a.csv", "file:///a", NOW, b"Titel,Tekst\na,b\n")])
    assert caught.value.column == "Vacaturetitel"


def test_an_own_mapping_reads_other_headers() -> None:
    made = vacancy_export.VacancyExport(None, {"digger*.csv": {"title": "Functie", "description": "Tekst", "published_on": "Datum"}})
    assert made.parse([Raw("digger1.csv", "file:///a", NOW, b"Functie;Tekst;Datum\nKok;Koken;1-2-2025\n")]).records["advert"][0]["title"] == "Kok"


@pytest.mark.parametrize("form", ['{"@graph": [%s]}', "[%s]", '{"@type": "WebPage", "mainEntity": %s}', "<!-- %s -->"])
def test_job_postings_are_found_wherever_sites_put_them(form: str) -> None:
    page = f'<script type="application/ld+json">{form % json.dumps({"@type": "JobPosting", "title": "Kok"})}</script>'
    assert jobposting.job_postings(page.encode())[0]["title"] == "Kok"


def test_broken_json_with_line_breaks_and_trailing_commas_is_mended() -> None:
    page = b'<script type="application/ld+json">{"@type": "JobPosting", "title": "Kok", "description": "regel\neen\ttwee",}</script>'
    assert jobposting.job_postings(page)[0]["title"] == "Kok"


@pytest.mark.parametrize(("text", "expected"), [("2020-11-04T13:00:06+0000", date(2020, 11, 4)), ("2025-3-7", date(2025, 3, 7)), ("07-03-2025", date(2025, 3, 7)), ("20250307", date(2025, 3, 7)), ("gisteren", None), (None, None), ("2025-13-40", None)])
def test_dates_come_in_many_forms(text: str | None, expected: date | None) -> None:
    assert jobposting.posted_on(text) == expected


def test_descriptions_are_unescaped_at_most_twice() -> None:
    assert jobposting.unescaped("&amp;lt;p&amp;gt;Kok&amp;lt;/p&amp;gt;") == "<p>Kok</p>"
    assert jobposting.unescaped("<p>5 &lt; 6</p>") == "<p>5 &lt; 6</p>"


def test_xml_entities_in_a_sitemap_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    with pytest.raises(SchemaDrift):
        jobposting.sitemap(Raw("sitemap-1", "http://x", NOW, bomb))


def test_an_older_year_of_regions_is_a_source_of_its_own() -> None:
    from connectors.registry import build_sources

    keys = [key for key in build_sources({"region_year": 2026, "older_region_years": [2015, 2026, 2015]}) if key.startswith("cbs-regions")]
    assert keys == ["cbs-regions", "cbs-regions-2015"], "the year in use is not loaded twice"
