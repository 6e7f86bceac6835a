"""Figures of ROA, SBB and CBS leavers: read by heading, in their publishers' classes, with a clear error where the form differs."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from connectors.base import Raw
from connectors.cbs_leavers import LeaversPosition
from connectors.errors import SchemaDrift
from connectors.roa import Ita, ita_class, levels
from connectors.sbb_prospects import Prospects, prospect
from connectors.uwv import Tension
from etl.staging import to_frames

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def dropped(text: str, name: str = "x.csv") -> Raw:
    return Raw(name, f"file:///drop/{name}", NOW, text.encode())


@pytest.mark.parametrize(("value", "word"), [(0.5, "zeer goed"), (0.85, "zeer goed"), (0.86, "goed"), (1.0, "goed"), (1.05, "redelijk"), (1.15, "matig"), (1.16, "slecht")])
def test_the_classes_of_roa_include_their_upper_bound(value: float, word: str) -> None:
    assert ita_class(value) == word


@pytest.mark.parametrize(("text", "found"), [("", [None]), ("4", [4]), ("mbo 2/3", [2, 3]), ("2-4", [2, 3, 4]), ("niveau 3", [3])])
def test_a_type_of_education_may_span_levels(text: str, found: list[int | None]) -> None:
    assert levels(text) == found


def test_an_ita_file_gives_a_figure_per_level_and_keeps_what_it_cannot_use() -> None:
    parsed = Ita(None).parse([dropped(
        "Opleidingstype;Niveau;ITA;Typering;Periode;Sectorkamer\nmbo bouw;2/3;0,83;zeer goed;2025-2030;Techniek en gebouwde omgeving\nmbo zorg;4;1,05;goed;2030;\nmbo x;4;1,30;goed;2030;\n"
        "mbo y;9;1;;2030;\nmbo z;4;veel;;2030;\nmbo w;4;1;;ooit;\nmbo v;4;n.b.;;2030;\n")])
    rows = parsed.records["official_indicator"]
    assert [(r["group_name"], r["level"], r["value"], r["value_text"], r["period"]) for r in rows[:2]] == [("mbo bouw", 2, 0.83, "zeer goed", "2030"), ("mbo bouw", 3, 0.83, "zeer goed", "2030")]
    assert {r["direction"] for r in rows} == {"low"} and {r["region_code"] for r in rows} == {None}
    assert rows[-1]["value"] is None, "a gap stays a gap"
    assert [r.reason for r in parsed.rejects] == ["class disagrees", "class disagrees", "unreadable value", "unreadable value", "unknown period"]


@pytest.mark.parametrize(("text", "word"), [("++", "goed"), ("-", "matig"), ("--", "gering"), ("=", "voldoende"), ("Goede kansen", "goed"), ("ruim voldoende", "ruim voldoende"), ("", None)])
def test_sbb_prints_words_or_signs_and_a_single_minus_is_a_class_not_a_gap(text: str, word: str | None) -> None:
    assert prospect(text) == word


def test_a_chance_of_work_file_is_read_from_a_workbook_with_unknowns_kept() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["Crebo", "Arbeidsmarktregio", "Kans op werk", "Peiljaar"], ["25655", "Regio Zwolle", "++", 2025], [25655, "Nederland", "-", 2025], ["25655", "Atlantis", "+", 2025],
                 ["25655", "Twente", "prima", 2025], ["abc", "Twente", "+", 2025], ["25655", "Twente", "", 2025]):
        sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    parsed = Prospects(None).parse([Raw("kans.xlsx", "file:///kans.xlsx", NOW, buffer.getvalue())])
    assert [(r["crebo"], r["region_code"], r["value_text"]) for r in parsed.records["official_indicator"]] == [("25655", "AM36", "goed"), ("25655", None, "matig")]
    assert [r.reason for r in parsed.rejects] == ["unknown region", "unreadable value", "unreadable value"]
    assert any("1 regels zonder klasse" in note for note in parsed.notes)


@pytest.mark.parametrize(("source", "text", "column"), [(Ita(None), "Opleidingstype;Periode\nx;2030\n", "ita"), (Prospects(None), "Crebo;Regio\n1;2\n", "kans op werk")])
def test_a_missing_column_is_named(source: Any, text: str, column: str) -> None:
    with pytest.raises(SchemaDrift, match=f"no column '{column}'"):
        source.parse([dropped(text)])


def test_the_tension_is_also_an_official_indicator_and_the_country_has_no_region() -> None:
    parsed = Tension(None).parse([dropped("Arbeidsmarktregio;Beroepsgroep;Kwartaal;Spanningsindicator\nRegio Zwolle;Lassers;2026KW02;4,51\nNederland;Lassers;2026KW02;1,2\n")])
    rows = parsed.records["official_indicator"]
    assert [(r["region_code"], r["value"], r["value_text"], r["direction"]) for r in rows] == [("AM36", 4.51, "zeer krap", "high"), (None, 1.2, "gemiddeld", "high")]
    frames, refused = to_frames(parsed.records, Tension.tables)
    assert not refused and len(frames["official_indicator"]) == 2


# --- CBS 85696NED -----------------------------------------------------------------------------------------------
POSITIONS = {"P0": "Totaal", "P1": "Met werk, zonder uitkering", "P2": "Met werk, met uitkering", "P3": "Zonder werk, met uitkering", "P4": "Zonder werk, zonder uitkering", "P5": "Terug in onderwijs", "P6": "Onbekend: niet in BRP"}
DIMENSIONS: Mapping[str, Mapping[str, str]] = {
    "Geslacht": {"T": "Totaal", "M": "Mannen"}, "Persoonskenmerken": {"T": "Totaal", "J": "Jonger dan 20 jaar"},
    "UitstromersMboMetEnZonderDiploma": {"U0": "Totaal", "U1": "Met diploma", "U2": "Met diploma: niveau 4", "U3": "Zonder diploma"}, "Arbeidsmarktpositie": POSITIONS,
    "Studierichting": {"T": "Totaal", "07": "07 Techniek, industrie en bouwkunde"}, "Peilmoment": {"D": "Direct na verlaten onderwijs", "1": "1 jaar na verlaten onderwijs"}, "Perioden": {"2022SJ00": "2022/'23"},
}


def leavers(counts: Mapping[str, float | None], dimensions: Mapping[str, Mapping[str, str]] = DIMENSIONS, **other: str) -> list[Raw]:
    """85696NED with these counts per labour position for one field of study, and a cell of other people that must not count."""
    where = {"Geslacht": "T", "Persoonskenmerken": "T", "UitstromersMboMetEnZonderDiploma": "U2", "Studierichting": "07", "Peilmoment": "1", "Perioden": "2022SJ00", **other}
    cells = [{**where, "Arbeidsmarktpositie": code, "Value": value} for code, value in counts.items()]
    cells += [{**where, "UitstromersMboMetEnZonderDiploma": "U3", "Arbeidsmarktpositie": "P0", "Value": 9999.0}, {**where, "Geslacht": "M", "Arbeidsmarktpositie": "P0", "Value": 9999.0}]
    rows = [{"Id": k, "Measure": "M1", "ValueAttribute": "None" if c["Value"] is not None else "Impossible", "StringValue": None, **c} for k, c in enumerate(cells)]
    parts: dict[str, Any] = {
        "properties": {"Identifier": "85696NED", "Description": "Wanneer komen er nieuwe cijfers?\r\nIn september 2027."}, "dimensions": {"value": [{"Identifier": name, "Kind": "Dimension"} for name in dimensions]},
        "measure-codes": {"value": [{"Identifier": "M1", "Title": "Uitstromers mbo"}]}, "observations-page-1": {"value": rows},
        **{f"codes-{name}-page-1": {"value": [{"Identifier": c, "Title": title} for c, title in codes.items()]} for name, codes in dimensions.items()}}
    return [Raw(f"85696NED/{name}", f"http://127.0.0.1/{name}", NOW, json.dumps(body).encode()) for name, body in parts.items()]


def test_the_share_in_work_leaves_out_who_went_back_to_school_and_keeps_who_cannot_be_followed_as_bounds() -> None:
    parsed = LeaversPosition().parse(leavers({"P0": 1000, "P1": 600, "P2": 30, "P3": 20, "P4": 50, "P5": 270, "P6": 30}))
    (row,) = parsed.records["official_indicator"]
    assert row["value"] == pytest.approx(630 / 700) and row["low"] == pytest.approx(630 / 730) and row["high"] == pytest.approx(660 / 730)
    assert (row["level"], row["group_name"], row["period"], row["direction"]) == (4, "07 Techniek, industrie en bouwkunde", "2022SJ00", "high")
    assert parsed.next_release == "In september 2027."


@pytest.mark.parametrize("counts", [{"P0": 1000, "P1": None, "P2": 30, "P5": 270, "P6": 0}, {"P0": 300, "P1": 0, "P2": 0, "P5": 300, "P6": 0}, {"P0": 1000, "P1": 600, "P2": 30, "P5": 270, "P6": None}])
def test_a_share_of_missing_numbers_or_of_nobody_is_a_reject(counts: dict[str, float | None]) -> None:
    parsed = LeaversPosition().parse(leavers(counts))
    assert not parsed.records["official_indicator"] and [r.reason for r in parsed.rejects] == ["no share"]


@pytest.mark.parametrize(("dimension", "codes"), [
    ("UitstromersMboMetEnZonderDiploma", {"U0": "Totaal", "U3": "Zonder diploma"}), ("Arbeidsmarktpositie", {"P0": "Totaal", "P9": "Iets anders"}), ("Peilmoment", {"D": "Direct na verlaten onderwijs"})])
def test_titles_that_say_something_else_are_an_error_that_names_the_dimension(dimension: str, codes: dict[str, str]) -> None:
    with pytest.raises(SchemaDrift, match=dimension):
        LeaversPosition().parse(leavers({"P0": 1.0}, {**DIMENSIONS, dimension: codes}))
