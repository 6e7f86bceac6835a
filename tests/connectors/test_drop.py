"""Files of the operator, from a folder or an index: what is damaged is named, what is odd is kept with its reason."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from connectors.base import FetchContext, Raw
from connectors.drop import rows
from connectors.errors import SchemaDrift
from connectors.http import HttpClient
from connectors.registry import build_sources
from connectors.sbb import CreboList
from tests.conftest import Answers
from tests.connectors.samples_esco import SAMPLES as ESCO
from tests.connectors.samples_jobposting import SAMPLES as JOBPOSTING
from tests.connectors.samples_pdok import SAMPLES as PDOK
from tests.connectors.samples_uwv import SAMPLES as UWV
from tests.connectors.samples_vacancy_export import SAMPLES as EXPORT

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLES = ESCO | JOBPOSTING | PDOK | UWV | EXPORT
HEAD = "crebo;kwalificatie;niveau\n"


def raw(content: bytes, name: str = "lijst.csv") -> Raw:
    """A dropped file."""
    return Raw(name, f"file:///drop/{name}", NOW, content)


def workbook(lines: int) -> bytes:
    """An XLSX of some lines."""
    book, out = Workbook(), io.BytesIO()
    for line in [("crebo", "kwalificatie", "niveau"), *((str(25000 + i), f"Opleiding {i}", "3") for i in range(lines))]:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


def test_a_row_with_more_cells_than_headings_is_rejected_and_named() -> None:
    parsed = CreboList(None).parse([raw((HEAD + "25655;Verzorgende;3;verschoven\n25480;Verpleegkunde;4;;\n").encode())])
    assert [r["crebo"] for r in parsed.records["qualification"]] == ["25480"]
    assert [(r.reason, "verschoven" in r.detail, "line 2" in r.detail) for r in parsed.rejects] == [("more cells than headings", True, True)]


def test_a_workbook_whose_sheet_is_cut_off_is_named() -> None:
    whole = workbook(400)
    assert len(list(rows(raw(whole, "lijst.xlsx"), []))) == 400
    cut = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(cut, "w") as after:
        for item in before.infolist():
            content = before.read(item)
            after.writestr(item, content[:len(content) // 2] if "sheet1" in item.filename else content)
    with pytest.raises(SchemaDrift, match=r"lijst\.xlsx is cut off or damaged"):
        list(rows(raw(cut.getvalue(), "lijst.xlsx"), []))


@pytest.mark.parametrize("files", ["a.csv", {"a.csv": 1}, None, 3])
def test_an_index_whose_files_are_no_list_is_named(files: object, answers: Answers) -> None:
    answers.give("/crebo/index.json", json.dumps({"files": files}).encode())
    made = build_sources({"base_urls": {"sbb-crebo": answers.url}})["sbb-crebo"]
    with pytest.raises(SchemaDrift, match="no list 'files'"):
        list(made.fetch(FetchContext(http=HttpClient.for_source(made), now=NOW)))


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_the_smallest_valid_answer_of_a_source_gives_records_and_no_rejects(key: str) -> None:
    parsed = build_sources({})[key].parse(SAMPLES[key])
    assert parsed.count() and not parsed.rejects
