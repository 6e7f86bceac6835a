"""Real ESCO files through the connector, as an archive the operator dropped (over HTTP: test_real_files.py)."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import esco
from connectors.base import FetchContext, Parsed
from connectors.http import HttpClient
from etl.staging import to_frames

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def dropped(folder: Path, members: dict[str, Path]) -> Parsed:
    """Zip the files as ESCO does, drop the archives and load them."""
    (folder / "esco").mkdir()
    for language in ("nl", "en"):
        with zipfile.ZipFile(folder / "esco" / f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in members.items():
                if name.endswith(f"_{language}.csv"):
                    archive.write(path, name)
    source = esco.Esco("v1.2.0", folder)
    parsed = source.parse(list(source.fetch(FetchContext(HttpClient([]), NOW))))
    _, refused = to_frames(parsed.records, source.tables)
    assert not refused
    return parsed


def test_all_3039_dutch_occupations_load_from_a_dropped_archive(real_data: Path, tmp_path: Path) -> None:
    parsed = dropped(tmp_path, {"occupations_nl.csv": real_data / "esco/v1.2_occupations_nl.csv", "occupations_en.csv": real_data / "esco/v1.2.0_occupations_en.csv"})
    rows = parsed.records["occupation"]
    assert len(rows) == 3039 and len({r["uri"] for r in rows}) == 3039 and not parsed.rejects
    assert all(r["isco4"] and r["isco4"].isdigit() and len(r["isco4"]) == 4 for r in rows)
    assert not [r for r in rows if "\n" in (r["alt_labels_nl"] or "") or " | " in (r["alt_labels_nl"] or "")]
    assert sum(bool(r["alt_labels_nl"]) for r in rows) > 2000


def test_no_alternative_label_of_the_file_is_lost(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "esco/v1.2_occupations_nl.csv"
    parsed = dropped(tmp_path, {"occupations_nl.csv": path})
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = {r["conceptUri"]: {line.strip() for line in r["altLabels"].splitlines() if line.strip()} for r in csv.DictReader(file)}
    for row in parsed.records["occupation"]:
        assert set(filter(None, (row["alt_labels_nl"] or "").split("|"))) == written[row["uri"]], row["label_nl"]


@pytest.mark.parametrize("collection", ["ict", "language", "transversal"])
def test_real_skills_with_labels_between_bars_load(real_data: Path, tmp_path: Path, collection: str) -> None:
    path = real_data / f"esco/v1.0.8_{collection}SkillsCollection_nl.csv"
    parsed = dropped(tmp_path, {"occupations_nl.csv": real_data / "esco/v1.2_occupations_nl.csv", "skills_nl.csv": path})
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = {r["conceptUri"] for r in csv.DictReader(file)}
    rows = parsed.records["esco_skill"]
    assert {r["uri"] for r in rows} == written and not parsed.rejects
    assert not [r for r in rows if " | " in (r["alt_labels_nl"] or "")] and {r["kind"] for r in rows} <= {"knowledge", "skill/competence", None}
