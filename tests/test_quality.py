"""The measured quality of reading adverts: what is kept agrees with what is measured now, and with the documentation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from bench import quality as written
from bench import understanding
from warehouse import quality, reference

AGAIN = "python -m bench.understanding --write brings it up to date"
TOLERANCE = 0.005
TODAY = date(2026, 1, 31)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    """Rows as measured now on the committed adverts."""
    return written.table(*understanding.run(), TODAY)


@pytest.fixture(scope="module")
def kept() -> pd.DataFrame:
    """Rows as committed."""
    return quality.read()


def _whole(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    chosen = rows[(rows["sector"] == "") & rows["part"].isin(written.PARTS)]
    return {(r["part"], r["measure"]): float(r["value"]) for r in chosen.to_dict("records")}


def test_kept_figures_are_those_of_today(measured: pd.DataFrame, kept: pd.DataFrame) -> None:
    now, then = _whole(measured), _whole(kept)
    assert set(now) == set(then), AGAIN
    apart = {key: (then[key], now[key]) for key in now if abs(now[key] - then[key]) > TOLERANCE}
    assert not apart, AGAIN


def test_kept_figures_name_this_version_and_vocabulary(kept: pd.DataFrame) -> None:
    own = kept[kept["part"].isin(written.PARTS)]
    assert set(own["version"]) == {written.version()}, AGAIN
    assert set(own["vocabulary"]) == {written.vocabulary()}, AGAIN
    assert own["measured_on"].map(date.fromisoformat).nunique() == 1


def test_every_part_counts_the_adverts_it_holds(measured: pd.DataFrame) -> None:
    adverts = understanding.read()
    for part, unseen in (("unseen", True), ("seen", False)):
        whole = measured[(measured["part"] == part) & (measured["sector"] == "")]
        assert set(whole["adverts"]) == {str(sum(a.unseen == unseen for a in adverts))}
        assert {"mention F1", "duplicate pair F1", *understanding.MEASURES} == set(whole["measure"])


def test_a_sector_has_a_row_only_with_enough_to_count(measured: pd.DataFrame) -> None:
    sectors = measured[measured["sector"] != ""]
    assert set(sectors["sector"]) <= set(reference.read("sectors")["name"]) and len(sectors)
    for row in sectors.to_dict("records"):
        assert int(row["n"]) >= (30 if row["measure"] in written.OF_MENTIONS else 10) and int(row["adverts"]) >= 5, row


def test_intervals_contain_what_was_measured(kept: pd.DataFrame) -> None:
    bounded = kept[kept["low"].notna()]
    assert ((bounded["low"] <= bounded["value"]) & (bounded["value"] <= bounded["high"])).all()
    assert bounded[["low", "value", "high"]].stack().between(0, 1).all()


@pytest.mark.parametrize(("value", "n"), [(1.0, 14), (0.0, 14), (1.0, 200)])
def test_adverts_that_all_agree_leave_doubt_that_shrinks_with_their_number(value: float, n: int) -> None:
    low, high = understanding.bounded(value, value, value, n)
    assert low <= value <= high and 0 < high - low < 3 / n


def test_measuring_again_gives_the_same_rows(measured: pd.DataFrame) -> None:
    again = written.table(*understanding.run(), date(2026, 2, 1))
    pd.testing.assert_frame_equal(measured.drop(columns="measured_on"), again.drop(columns="measured_on"))
    assert set(again["measured_on"]) == {"2026-02-01"}


def test_the_documentation_shows_the_kept_figures(kept: pd.DataFrame) -> None:
    assert written.block(kept) in written.DOC.read_text(encoding="utf-8"), AGAIN


def test_writing_keeps_the_rankings_that_were_measured_elsewhere(measured: pd.DataFrame, tmp_path: Path) -> None:
    csv, doc = tmp_path / "quality.csv", tmp_path / "doc.md"
    doc.write_text(f"before\n{written.BEGIN}\nold\n{written.END}\nafter\n", encoding="utf-8")
    ranking = dict.fromkeys(quality.COLUMNS, "") | {"part": "linking", "measure": "MELO MRR", "value": "0.6123", "n": "5000", "version": "0.1.0", "measured_on": "2026-01-30"}
    stale = ranking | {"part": "seen", "measure": "gone", "value": "0.1"}
    pd.DataFrame([stale, ranking]).to_csv(csv, index=False)
    for _ in range(2):
        written.write(measured, csv, doc)
        rows = quality.read(csv)
        assert rows[rows["part"] == "linking"]["measure"].tolist() == ["MELO MRR"] and "gone" not in set(rows["measure"])
        assert len(rows) == len(measured) + 1
    text = doc.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text and "| MELO MRR | 0.61 |" in text


def test_a_document_without_marks_is_refused(measured: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "doc.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="quality"):
        written.write(measured, tmp_path / "quality.csv", tmp_path / "doc.md")
    assert not (tmp_path / "quality.csv").exists()
