"""Curricula that are kept: read back whole, deleted for good, and never trusted."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from warehouse import curricula
from warehouse.curricula import Curricula, CurriculaFull, UnknownCurriculum

ROW = {"skill_id": "rk:bhv", "how": "taught", "sentence": "Wij geven BHV.", "start": 10, "end": 13}


def asked(**changes: Any) -> dict[str, Any]:
    return {"name": "Lesplan jaar 1", "programme": "25287", "skills": [ROW], **changes}


def test_a_kept_curriculum_comes_back_and_belongs_to_its_programme(tmp_path: Path) -> None:
    made = Curricula(tmp_path).add(asked())
    again = Curricula(tmp_path)
    assert again.get(made.id) == made and made.taught == ["rk:bhv"]
    assert again.list("25287") == [made] and again.list("25655") == []


def test_deleting_leaves_nothing_behind(tmp_path: Path) -> None:
    kept = Curricula(tmp_path)
    made = kept.add(asked())
    before = kept.stamp()
    kept.delete(made.id)
    assert kept.get(made.id) is None and kept.stamp() != before
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with pytest.raises(UnknownCurriculum):
        kept.delete(made.id)


@pytest.mark.parametrize("identifier", ["../corrections", "", "a" * 15, "/etc/passwd"])
def test_an_id_is_never_a_path(tmp_path: Path, identifier: str) -> None:
    (tmp_path / "corrections.json").write_text("{}")
    with pytest.raises(UnknownCurriculum):
        Curricula(tmp_path).delete(identifier)
    assert (tmp_path / "corrections.json").exists()


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"name": "x" * 81}, {"name": 3}, {"programme": "lasser"}, {"programme": None}, {"skills": None}, {"skills": "rk:bhv"}, {"skills": [1]}, {"skills": [{**ROW, "how": "wellicht"}]},
    {"skills": [{**ROW, "end": 99}]}, {"skills": [{**ROW, "start": -1}]}, {"skills": [{**ROW, "start": "0"}]}, {"skills": [{**ROW, "sentence": "x" * 5000}]}, {"skills": [ROW] * 2001}, {"id": "../x"}])
def test_what_has_another_form_is_refused_and_nothing_is_written(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Curricula(tmp_path).add(asked(**wrong))
    assert not list(tmp_path.rglob("*.json"))


def test_a_spoiled_file_is_left_out_and_counted(tmp_path: Path) -> None:
    kept = Curricula(tmp_path)
    made = kept.add(asked())
    (kept.folder / "ffffffffffffffff.json").write_text("{", encoding="utf-8")
    (kept.folder / "eeeeeeeeeeeeeeee.json").write_text(json.dumps(asked()), encoding="utf-8")
    assert [c.id for c in Curricula(tmp_path).list()] == [made.id] and Curricula(tmp_path).unreadable() == 2


def test_many_can_keep_at_the_same_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda i: Curricula(tmp_path).add(asked(name=f"plan {i}")), range(24)))
    assert {c.id for c in Curricula(tmp_path).list()} == {c.id for c in made}


def test_a_full_folder_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curricula, "MOST_KEPT", 1)
    kept = Curricula(tmp_path)
    kept.add(asked())
    with pytest.raises(CurriculaFull):
        kept.add(asked())
