"""Saved selections: their municipalities never change, their names may, and a damaged file is never written over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.selections import MOST, Selections, SelectionsDamaged, UnknownSelection


def test_a_selection_comes_back_under_its_key(tmp_path: Path) -> None:
    made = Selections(tmp_path).add("  Salland & omstreken ", ["GM0177", "GM0150", "GM0150"])
    assert (made.key, made.name, made.municipalities) == ("eigen-salland-omstreken", "Salland & omstreken", ("GM0150", "GM0177"))
    assert dict(Selections(tmp_path).read()) == {made.key: made}


def test_renaming_keeps_key_and_municipalities(tmp_path: Path) -> None:
    store = Selections(tmp_path)
    made = store.add("Salland", ["GM0177"])
    again = store.rename(made.key, "Rond Raalte")
    assert (again.key, again.name, again.municipalities) == (made.key, "Rond Raalte", made.municipalities)
    assert store.add("Salland", ["GM0150"]).key == "eigen-salland-2"


def test_a_name_means_one_selection(tmp_path: Path) -> None:
    store = Selections(tmp_path)
    first = store.add("Salland", ["GM0177"])
    assert store.add("salland", ["GM0177"]) == first
    with pytest.raises(ValueError, match="in use"):
        store.add("Salland", ["GM0150"])
    other = store.add("Vechtdal", ["GM0160"])
    with pytest.raises(ValueError, match="in use"):
        store.rename(other.key, "SALLAND")


@pytest.mark.parametrize(("name", "codes"), [("", ["GM0150"]), ("x" * 61, ["GM0150"]), ("a", []), ("a", ["0150"]), ("a", [f"GM{i:04d}" for i in range(MOST + 1)])])
def test_a_wrong_form_is_refused(tmp_path: Path, name: str, codes: list[str]) -> None:
    with pytest.raises(ValueError):
        Selections(tmp_path).add(name, codes)
    assert not Selections(tmp_path).path.exists()


def test_what_is_deleted_is_gone(tmp_path: Path) -> None:
    store = Selections(tmp_path)
    made = store.add("Salland", ["GM0177"])
    store.delete(made.key)
    assert not store.read()
    with pytest.raises(UnknownSelection):
        store.delete(made.key)


def test_a_damaged_file_shows_nothing_and_is_left_as_it_is(tmp_path: Path) -> None:
    store = Selections(tmp_path)
    store.path.write_text("{half", encoding="utf-8")
    assert not store.read()
    with pytest.raises(SelectionsDamaged, match=r"selections\.json"):
        store.add("Salland", ["GM0177"])
    assert store.path.read_text(encoding="utf-8") == "{half"


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: Selections(tmp_path).add(f"Gebied {i}", [f"GM{i:04d}"]), range(24)))
    assert len(Selections(tmp_path).read()) == 24
