"""Downloads can be opened anywhere, say where they come from, and cannot run anything."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
import requests

from dashboard.exports import csv_bytes, harmless
from warehouse.publications import Publications
from warehouse.queries import Reader


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+31", "-cmd|x", "@SUM(1)", "\t=1", "  =1", "|x"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text).startswith("'")


def test_numbers_keep_their_sign_and_precision() -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(pd.DataFrame({"gap": [-12.345678901234], "n": [3], "t": ["-x"]})).decode("utf-8-sig"))))
    assert rows == [["gap", "n", "t"], ["-12.345678901234", "3", "'-x"]]


def test_every_row_says_where_it_comes_from() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_bytes(pd.DataFrame({"a": [1, None]}), {"publication": "p"}).decode("utf-8-sig"))))
    assert [r["publication"] for r in rows] == ["p", "p"] and rows[1]["a"] == ""


def test_the_csv_of_a_card_equals_the_reader(address: str, reader: Reader, small_year: Publications) -> None:
    got = requests.get(f"{address}/export.csv?page=overview&figure=mismatch&region=AM01&publication={small_year.current_id()}", timeout=20)
    assert got.status_code == 200 and got.content.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(got.content))
    truth = reader.mismatch("AM01", reader.info.latest_period)
    assert list(frame["demand"]) == list(truth["demand"]) and list(frame["supply_low"]) == pytest.approx(list(truth["supply_low"]))
    assert set(frame["publication"]) == {small_year.current_id()} and frame["source"].notna().all() and frame["note"].notna().all()


@pytest.mark.parametrize(("query", "status", "parameter"), [
    ("page=nowhere&figure=x", 404, "page"), ("page=overview&figure=x", 404, "figure"), ("page=overview&figure=mismatch&region=AM99", 400, "region"),
    ("page=overview&figure=mismatch&publication=20200101-000000-00000000", 404, "publication"),
])
def test_a_download_that_does_not_exist_says_which_parameter(address: str, query: str, status: int, parameter: str) -> None:
    got = requests.get(f"{address}/export.csv?{query}", timeout=20)
    assert (got.status_code, got.json()["parameter"]) == (status, parameter)
