"""UWV tension files as people drop them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from connectors import uwv
from connectors.base import FetchContext, Raw
from connectors.errors import SchemaDrift
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers
from tests.connectors.samples_uwv import NOW, SAMPLES, dropped


def one(line: str) -> tuple[list[dict[str, object]], list[str]]:
    parsed = uwv.Tension(None).parse([dropped(line + "\n")])
    return parsed.records["tension"], [r.reason for r in parsed.rejects]


def test_a_file_fits_the_schema_and_carries_its_definition() -> None:
    parsed = uwv.Tension(None).parse(SAMPLES["uwv-tension"])
    _, refused = to_frames(parsed.records, uwv.Tension.tables)
    assert not refused and parsed.reference_period == "2026KW02"
    assert parsed.records["tension"] == [{"region_code": "AM36", "region_name": "Regio Zwolle", "occupation_group": "Lassers", "period": "2026KW02", "value": 4.51, "class": "zeer krap",
                                          "definition": "WW korter dan 6 maanden"}]


@given(st.floats(min_value=0, max_value=1e6))
def test_every_tension_has_exactly_one_class_in_rising_order(value: float) -> None:
    order = [name for _, name in reversed(uwv.CLASSES)]
    assert order.index(uwv.tension_class(value)) == sum(value >= bound for bound in (0.25, 0.67, 1.5, 4.0))


@pytest.mark.parametrize(("name", "code"), [
    ("Regio Zwolle", "AM36"), ("Zwolle", "AM36"), ("Fryslân", "AM02"), ("Gooi & Vechtstreek", "AM12"), ("Gooi en Vechtstreek", "AM12"), ("Zuid-Kennemerland/IJmond", "AM37"), ("Noord-Oost Brabant", "AM27"),
    ("Arbeidsmarktregio Twente", "AM05"), ("Helmond - De Peel", "AM32"), ("Stedendriehoek en Noordwest Veluwe", "AM06"), ("FOODVALLEY", "AM38"), ("Food Valley", "AM38"), ("Zaanstreek/Waterland", "AM17"), ("am36", "AM36"), ("Nederland", "NL01"),
    ("IJsselvechtstreek", None), ("Zuid-Kennemerland", None), ("AM04", None), ("Atlantis", None), ("", None),
])
def test_region_names_in_use_are_known_and_retired_ones_are_not_guessed(name: str, code: str | None) -> None:
    assert uwv.region_code(name) == code


@pytest.mark.parametrize(("text", "period"), [
    ("2026KW02", "2026KW02"), ("2026-Q2", "2026KW02"), ("Q2 2026", "2026KW02"), ("2e kwartaal 2026", "2026KW02"), ("kwartaal 2 - 2026", "2026KW02"), ("2026 kw 4", "2026KW04"), ("2026", None), ("juni 2026", None), ("2026KW05", None), ("", None),
])
def test_quarters_in_use_become_one_form(text: str, period: str | None) -> None:
    assert uwv.quarter(text) == period


@pytest.mark.parametrize(("text", "value"), [("4,51", 4.51), ("4.51", 4.51), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("0", 0.0)])
def test_numbers_have_a_decimal_comma_or_point(text: str, value: float) -> None:
    assert uwv.number(text) == value


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "veel", "1,2,3", "-1"])
def test_what_is_no_tension_is_rejected(text: str) -> None:
    rows, reasons = one(f"Twente;Lassers;2026KW02;{text};;")
    assert not rows and reasons == ["unreadable value"]


@pytest.mark.parametrize("text", ["", "-", "x", "n.b."])
def test_a_missing_value_is_unknown_not_zero(text: str) -> None:
    rows, reasons = one(f"Twente;Lassers;2026KW02;{text};;")
    assert rows[0]["value"] is None and rows[0]["class"] is None and not reasons


@pytest.mark.parametrize(("value", "written", "kept"), [
    ("4,51", "Zeer krap", "zeer krap"), ("2,00", "Krappe arbeidsmarkt", "krap"), ("0,10", "zeer ruime arbeidsmarkt", "zeer ruim"), ("2,00", "ruim", None), ("2,00", "paars", None),
    ("1,50", "gemiddeld", "gemiddeld"),  # 1.496 rounds to 1.50: the file knew the unrounded value
    ("1,52", "gemiddeld", None),
])
def test_the_class_of_the_file_is_held_against_the_formula(value: str, written: str, kept: str | None) -> None:
    rows, reasons = one(f"Twente;Lassers;2026KW02;{value};{written};")
    assert [r["class"] for r in rows] == ([kept] if kept else []) and reasons == ([] if kept else ["class disagrees"])


@pytest.mark.parametrize(("line", "reason"), [("Atlantis;Lassers;2026KW02;1;;", "unknown region"), ("Twente;Lassers;juni;1;;", "unknown period"), ("Twente;;2026KW02;1;;", "no occupation group")])
def test_a_row_that_cannot_be_placed_is_rejected_with_its_reason(line: str, reason: str) -> None:
    assert one(line) == ([], [reason])


def test_other_headers_are_found_and_codes_are_not_taken_for_names() -> None:
    head = "Regiocode;Regionaam;Beroepsgroep (93);Periode;Spanningsindicator Q2\n"
    rows = uwv.Tension(None).parse([dropped("AM99;Twente;Lassers;2026KW02;0,5\n", head)]).records["tension"]
    assert rows[0]["region_code"] == "AM05" and rows[0]["class"] == "ruim"


def test_a_missing_column_names_the_column_and_the_file() -> None:
    with pytest.raises(SchemaDrift, match=r"spanning\.csv") as caught:
        uwv.Tension(None).parse([dropped("Twente;Lassers;1\n", "Regio;Beroepsgroep;Spanning\n")])
    assert caught.value.column == "kwartaal"


def test_two_definitions_of_the_denominator_are_noted() -> None:
    parsed = uwv.Tension(None).parse([dropped("Twente;Lassers;2026KW02;1;;WW < 6 maanden\nTwente;Lassers;2026KW01;1;;ingeschreven < 6 maanden\n")])
    assert any("definitions" in note for note in parsed.notes)


def test_a_workbook_is_read_like_a_csv() -> None:
    book, buffer = Workbook(), io.BytesIO()
    for line in (["Arbeidsmarktregio", "Beroepsgroep", "Kwartaal", "Spanningsindicator"], ["Twente", "Lassers", "2026KW02", 2.5]):
        book.active.append(line)
    book.save(buffer)
    rows = uwv.Tension(None).parse([Raw("a.xlsx", "file:///a.xlsx", NOW, buffer.getvalue())]).records["tension"]
    assert rows[0]["value"] == 2.5 and rows[0]["class"] == "krap"


def test_without_a_file_the_source_says_where_to_put_one(tmp_path: Path) -> None:
    assert "drop_folder" in str(uwv.Tension(None).unmet_needs())
    assert str(tmp_path / "uwv") in str(uwv.Tension(tmp_path).unmet_needs())
    (tmp_path / "uwv").mkdir()
    (tmp_path / "uwv" / "a.csv").write_bytes(SAMPLES["uwv-tension"][0].content)
    source = uwv.Tension(tmp_path)
    assert source.unmet_needs() is None
    assert len(source.parse(list(source.fetch(FetchContext(HttpClient([]), NOW)))).records["tension"]) == 1


def test_files_come_over_http_through_an_index(answers: Answers) -> None:
    answers.give("/uwv/index.json", b'{"files": ["a.csv"]}')
    answers.give("/uwv/a.csv", SAMPLES["uwv-tension"][0].content)
    source = uwv.Tension(None)
    source.base_url = answers.url
    assert len(source.parse(list(source.fetch(FetchContext(HttpClient.for_source(source), NOW)))).records["tension"]) == 1
