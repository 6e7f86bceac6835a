"""Vacancy exports as operators drop them."""

from __future__ import annotations

import csv
import io
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from connectors import vacancy_export
from connectors.base import FetchContext, Parsed, Raw
from connectors.errors import ConfigurationError, SchemaDrift
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers
from tests.connectors.samples_vacancy_export import NOW, SAMPLES, TEXT, export

HEAD = "Vacaturetitel;Functieomschrijving;Datum gevonden;Vacaturelink (origineel)\n"


def parse(*raws: Raw, **mappings: dict[str, str]) -> Parsed:
    return vacancy_export.VacancyExport(None, {name.replace("__", "*"): m for name, m in mappings.items()}).parse(raws)


def test_a_jobfeed_row_fits_the_schema() -> None:
    parsed = parse(*SAMPLES["vacancy-export"])
    _, refused = to_frames(parsed.records, ("advert",))
    assert not refused and not parsed.rejects and parsed.reference_period == "2026-02-03"
    row = parsed.records["advert"][0]
    assert (row["title"], row["employer"], row["place_text"], row["advertiser_kind"], row["employment_type"]) == ("Bakker", "Bakkerij Vos", "Zwolle", "employer", "Vast, Parttime")
    assert row["first_seen"] == date(2026, 2, 3) and row["last_seen"] == date(2026, 4, 4) and row["source_id"] == "https://bakker.example/1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_delimiter_in_use_is_read(encoding: str, delimiter: str) -> None:
    text = "Vacaturetitel;Functieomschrijving;Datum gevonden\nCaféhulp;Crème brûlée;03-02-2026\n".replace(";", delimiter)
    row = parse(export(text.encode(encoding))).records["advert"][0]
    assert row["title"] == "Caféhulp" and row["description"] == "Crème brûlée"


@pytest.mark.parametrize(("text", "expected"), [
    ("03-02-2026", date(2026, 2, 3)), ("3/2/2026", date(2026, 2, 3)), ("3.2.2026", date(2026, 2, 3)), ("2026-02-03", date(2026, 2, 3)), ("2026-02-03T23:30:00Z", date(2026, 2, 3)), ("03-02-2026 11:00", date(2026, 2, 3)),
    ("46056", date(2026, 2, 3)), ("46056.75", date(2026, 2, 3)),
])
def test_dates_are_day_first_iso_or_excel_numbers(text: str, expected: date) -> None:
    assert vacancy_export.day(text) == expected


@pytest.mark.parametrize(("written", "reason"), [("binnenkort", "unreadable date"), ("31-02-2026", "unreadable date"), ("", "unreadable date"), ("01-01-0001", "implausible date"), ("01-01-2199", "implausible date")])
def test_a_row_without_a_usable_date_is_rejected(written: str, reason: str) -> None:
    parsed = parse(export(f"{HEAD}Kok;Koken;{written};\n"))
    assert not parsed.records["advert"] and [r.reason for r in parsed.rejects] == [reason]


def test_a_bad_row_does_not_stop_the_others() -> None:
    parsed = parse(export(f"{HEAD};tekst;03-02-2026;\nKok;;03-02-2026;\nKok;Koken;03-02-2026;\n"))
    assert len(parsed.records["advert"]) == 1 and [r.reason for r in parsed.rejects] == ["no title or text"] * 2


@pytest.mark.parametrize("missing", ["Vacaturetitel", "Functieomschrijving", "Datum gevonden"])
def test_a_missing_required_column_is_named_with_its_file(missing: str) -> None:
    with pytest.raises(SchemaDrift, match=r"jobfeed\.csv") as caught:
        parse(export(f"{HEAD}Kok;Koken;03-02-2026;\n".replace(missing, "Anders")))
    assert caught.value.column == missing


def test_headers_are_found_whatever_their_case_and_spacing() -> None:
    assert len(parse(export("VACATURETITEL; Functieomschrijving ;datum  gevonden\nKok;Koken;03-02-2026\n")).records["advert"]) == 1


def test_a_file_with_our_own_column_names_needs_no_mapping() -> None:
    row = parse(export("title,description,published_on,source_id,closes_on\nKok,Koken,2026-02-03,v1,2026-03-01\n")).records["advert"][0]
    assert row["source_id"] == "v1" and row["closes_on"] == date(2026, 3, 1)


def test_the_mapping_of_the_operator_goes_by_file_name() -> None:
    made = vacancy_export.VacancyExport(None, {"digger*.csv": {"title": "Functie", "description": "Tekst", "published_on": "Datum", "employer": "Bedrijf"}})
    parsed = made.parse([export("Functie;Tekst;Datum\nKok;Koken;1-2-2026\n", "Digger-1.CSV"), export(TEXT)])
    assert [r["title"] for r in parsed.records["advert"]] == ["Kok", "Bakker"] and any("Bedrijf" in note for note in parsed.notes)


def test_a_mapping_to_a_column_that_does_not_exist_names_what_is_allowed() -> None:
    with pytest.raises(ConfigurationError, match=r"salaris.*published_on"):
        vacancy_export.VacancyExport(None, {"*.csv": {"salaris": "Loon"}}).parse([export(TEXT)])


@pytest.mark.parametrize("nasty", ["=HYPERLINK(\"http://x\";\"klik\")", "@SUM(A1)", "+31 6", "-2+3", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_formulas_and_markup_stay_the_text_they_are(nasty: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([["Vacaturetitel", "Functieomschrijving", "Datum gevonden", "Organisatienaam"], [nasty, nasty, "03-02-2026", nasty]])
    row = parse(export(buffer.getvalue())).records["advert"][0]
    assert (row["title"], row["description"], row["employer"]) == (nasty, nasty, nasty)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//x", "=HYPERLINK(1)", "http://[x", ""])
def test_only_web_addresses_become_links(link: str) -> None:
    assert parse(export(f"{HEAD}Kok;Koken;03-02-2026;{link}\n")).records["advert"][0]["url"] is None


@pytest.mark.parametrize(("text", "kind"), [("Directe werkgever", "employer"), ("Direct employer", "employer"), ("Uitzendbureau / W&S", "agency"), ("Werving & selectie", "agency"), ("Intermediair", "agency"), ("Recruitment agency", "agency"), ("", "unknown"), ("?", "unknown")])
def test_who_advertises_is_an_employer_an_agency_or_unknown(text: str, kind: str) -> None:
    assert vacancy_export.advertiser(text) == kind


def test_an_advert_in_two_overlapping_files_is_kept_once_and_seen_later() -> None:
    later = Raw("week2.csv", "file:///week2.csv", datetime(2026, 2, 20, tzinfo=NOW.tzinfo), TEXT.encode())
    first = Raw("week1.csv", "file:///week1.csv", datetime(2026, 2, 10, tzinfo=NOW.tzinfo), TEXT.encode())
    parsed = parse(first, later)
    assert len(parsed.records["advert"]) == 1 and not parsed.rejects and parsed.notes == ["1 rows stand in more than one file; each advert is kept once"]
    assert parsed.records["advert"][0]["last_seen"] == date(2026, 2, 20)


def test_a_row_that_comes_twice_in_a_file_is_rejected_once() -> None:
    assert [r.reason for r in parse(export(TEXT + TEXT.split("\n")[1] + "\n")).rejects] == ["duplicate key"]


def test_one_address_for_several_adverts_does_not_swallow_them() -> None:
    parsed = parse(export(f"{HEAD}Kok;Koken;03-02-2026;https://x.example/werk\nOber;Dragen;03-02-2026;https://x.example/werk\n"))
    assert [r["title"] for r in parsed.records["advert"]] == ["Kok", "Ober"] and len({r["source_id"] for r in parsed.records["advert"]}) == 2


def test_a_workbook_with_dates_and_formulas_is_read() -> None:
    book, buffer = Workbook(), io.BytesIO()
    for line in (["Vacaturetitel", "Functieomschrijving", "Datum gevonden", "Organisatienaam"], ["Kok", "Koken", datetime(2026, 2, 3), "'=SUM(A1)"], ["Ober", "Dragen", 46056, "X"]):
        book.active.append(line)
    book.save(buffer)
    rows = parse(export(buffer.getvalue(), "a.xlsx")).records["advert"]
    assert [r["published_on"] for r in rows] == [date(2026, 2, 3)] * 2 and rows[0]["employer"] == "'=SUM(A1)"


def test_a_file_without_rows_is_noted() -> None:
    assert parse(export(HEAD)).notes == ["jobfeed.csv has no rows"]


def test_files_come_from_the_folder_or_over_http_through_an_index(tmp_path: Path, answers: Answers) -> None:
    (tmp_path / "vacancies").mkdir()
    (tmp_path / "vacancies" / "a.csv").write_text(TEXT)
    answers.give("/vacancies/index.json", b'{"files": ["a.csv"]}')
    answers.give("/vacancies/a.csv", TEXT.encode())
    folder, server = vacancy_export.VacancyExport(tmp_path, {}), vacancy_export.VacancyExport(None, {})
    assert server.unmet_needs() and folder.unmet_needs() is None
    server.base_url = answers.url
    for source in (folder, server):
        assert len(source.parse(list(source.fetch(FetchContext(HttpClient.for_source(source), NOW)))).records["advert"]) == 1


@pytest.mark.slow
def test_sixty_thousand_rows_of_1500_characters_take_seconds_not_minutes() -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["Vacaturetitel", "Functieomschrijving", "Datum gevonden", "Vacaturelink (origineel)"])
    body = ('Koken, "lekker" en goed; brood bakken.\n' * 40)[:1500]
    writer.writerows([f"Kok {n}", body, "03-02-2026", f"https://x.example/{n}"] for n in range(60_000))
    raw = export(buffer.getvalue())
    begun = time.process_time()
    assert len(parse(raw).records["advert"]) == 60_000
    assert time.process_time() - begun < 6  # measured 1.6 s; room for a busy machine
