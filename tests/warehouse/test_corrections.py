"""Corrections: kept whole by many writers, bad lines counted, the last word holds, and applying them can be taken back."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from warehouse import corrections as c
from warehouse.corrections import Corrections, UnknownCorrection, apply_to, as_read, fingerprint, settled

ADVERT: dict[str, Any] = {
    "occupation_uri": "o:1", "municipality_code": "GM0193", "level": "mbo3", "skill_ids": "s:1|s:2",
    "mentions": [{"skill_id": "s:1", "start": 4, "end": 9, "required": True}, {"skill_id": "s:2", "start": 20, "end": 25, "required": False}],
}


def test_what_was_added_is_read_back_and_withdrawn_stays_in_the_file(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    assert store.read().corrections == () and store.stamp() == ""
    made = store.add("12", "skill", "s:1", None, "“lasrobot” is hier een merk\n")
    assert Corrections(tmp_path).read().active == (made,) == store.read().of["12"]
    gone = store.withdraw(made.id)
    assert store.read().active == () and store.read().corrections == (gone,) and gone.withdrawn
    assert len((tmp_path / "corrections.jsonl").read_text().splitlines()) == 2
    with pytest.raises(UnknownCorrection):
        store.withdraw(made.id)
    with pytest.raises(UnknownCorrection):
        Corrections(tmp_path / "none").withdraw(made.id)


def test_saying_the_same_twice_is_one_correction_but_not_after_it_was_withdrawn(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    first = store.add("12", "level", "mbo3", "mbo4")
    assert store.add("12", "level", "mbo4", "mbo4").id == first.id and len(store.read().corrections) == 1
    store.withdraw(first.id)
    assert store.add("12", "level", "mbo3", "mbo4").id != first.id


def test_adding_a_skill_after_it_was_taken_away_is_another_correction(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    store.add("12", "skill", "s:1", None)
    store.add("12", "skill", None, "s:1")
    assert [x.new for x in settled(store.read().corrections)] == ["s:1"]
    assert apply_to(ADVERT, store.read().corrections)["skill_ids"] == "s:1|s:2"


@pytest.mark.parametrize("line", [
    "{", "[]", "1", '"x"', "null", '{"event": "correction"}', '{"event": "withdrawn", "id": "0000000000000000", "at": "2026-01-01"}', '{"event": "withdrawn", "id": ["x"], "at": 1}', "\x00\x01", "[" * 5000,
    json.dumps({"event": "correction", "id": "0" * 16, "vacancy_id": "x", "field": "level", "old": None, "new": "mbo1", "note": "", "created_at": "2026-01-01"}),
    json.dumps({"event": "correction", "id": "0" * 16, "vacancy_id": "1", "field": "level", "old": None, "new": "mbo9", "note": "", "created_at": "2026-01-01"}),
    json.dumps({"event": "correction", "id": "0" * 16, "vacancy_id": "1", "field": "level", "old": None, "new": "mbo1", "note": "", "created_at": "gisteren"}),
    json.dumps({"event": "other", "id": "0" * 16, "vacancy_id": "1", "field": "level", "old": None, "new": "mbo1", "note": "", "created_at": "2026-01-01"}),
])
def test_a_line_that_is_no_event_is_counted_and_the_rest_is_read(tmp_path: Path, line: str) -> None:
    store = Corrections(tmp_path)
    made = store.add("12", "level", None, "mbo1")
    with store.path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    later = store.add("12", "place", None, "GM0193")
    kept = Corrections(tmp_path).read()
    assert kept.active == (made, later) and kept.bad_lines == 1


def test_a_half_written_last_line_costs_only_itself(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    store.add("12", "level", None, "mbo1")
    whole = store.path.read_bytes()
    store.path.write_bytes(whole + whole[: len(whole) // 2])
    store.add("13", "level", None, "mbo2")
    kept = store.read()
    assert [x.vacancy_id for x in kept.active] == ["12", "13"] and kept.bad_lines == 1


@pytest.mark.parametrize(("what", "old", "new", "note"), [
    ("salary", None, "x", ""), ("skill", None, None, ""), ("skill", "a", "b", ""), ("level", None, "mbo5", ""), ("place", "GM0193", None, ""), ("level", None, "mbo1", "x" * 501), ("occupation", None, "x" * 301, ""), ("occupation", None, "", ""),
])
def test_a_wrong_form_is_refused_and_nothing_is_written(tmp_path: Path, what: str, old: str | None, new: str | None, note: str) -> None:
    store = Corrections(tmp_path)
    with pytest.raises(ValueError, match=r"\w"):
        store.add("12", what, old, new, note)
    assert not store.path.exists()


def test_a_full_file_takes_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Corrections(tmp_path)
    store.add("12", "level", None, "mbo1")
    monkeypatch.setattr(c, "MOST_BYTES", 10)
    with pytest.raises(c.CorrectionsFull):
        store.add("12", "level", None, "mbo2")
    assert len(store.read().active) == 1


def _write(folder: Path, first: int, count: int) -> None:
    store = Corrections(folder)
    for number in range(first, first + count):
        made = store.add(str(number), "level", None, "mbo1", "n" * 400)
        if number % 2:
            store.withdraw(made.id)


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, 1000 * n, 40)) for n in range(1, 4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert Corrections(tmp_path).read().bad_lines == 0  # a reader never sees half a line
    kept = Corrections(tmp_path).read()
    assert [w.exitcode for w in writers] == [0, 0, 0]
    assert len(kept.corrections) == 120 and len(kept.active) == 60 and kept.bad_lines == 0


def test_the_last_word_holds_and_undoing_it_gives_the_word_before(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    store.add("12", "occupation", "o:1", "o:2")
    second = store.add("12", "occupation", "o:2", "o:3")
    assert apply_to(ADVERT, store.read().corrections)["occupation_uri"] == "o:3"
    store.withdraw(second.id)
    assert apply_to(ADVERT, store.read().corrections)["occupation_uri"] == "o:2"


def test_applying_changes_a_copy_and_twice_is_once(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    for args in (("skill", "s:1", None), ("skill", None, "s:3"), ("place", "GM0193", "GM0166"), ("level", "mbo3", "hbo"), ("occupation", "o:1", None)):
        store.add("12", *args)
    once = apply_to(ADVERT, store.read().corrections)
    assert once == apply_to(once, store.read().corrections)
    assert (once["skill_ids"], once["municipality_code"], once["level"], once["occupation_uri"]) == ("s:2|s:3", "GM0166", "hbo", None)
    assert [m["skill_id"] for m in once["mentions"]] == ["s:2"] and ADVERT["skill_ids"] == "s:1|s:2" and len(ADVERT["mentions"]) == 2


def test_a_published_correction_can_be_taken_back_to_what_was_read() -> None:
    published = [
        {"field": "skill", "old_value": "s:1", "new_value": None, "start": 4, "end": 9, "required": True, "outcome": "applied"},
        {"field": "skill", "old_value": None, "new_value": "s:3", "start": None, "end": None, "required": None, "outcome": "applied"},
        {"field": "level", "old_value": "mbo3", "new_value": "hbo", "start": None, "end": None, "required": None, "outcome": "applied"},
        {"field": "place", "old_value": "GM0001", "new_value": "GM0193", "start": None, "end": None, "required": None, "outcome": "unchanged"},
    ]
    now = {**ADVERT, "level": "hbo", "skill_ids": "s:2|s:3", "mentions": ADVERT["mentions"][1:]}
    back = as_read(now, published)
    assert back["level"] == "mbo3" and back["municipality_code"] == "GM0193" and set(back["skill_ids"].split("|")) == {"s:1", "s:2"}
    assert back["mentions"] == ADVERT["mentions"]


def test_the_fingerprint_follows_what_holds_not_the_notes_or_the_past(tmp_path: Path) -> None:
    store = Corrections(tmp_path)
    assert fingerprint(store.read().corrections) == ""
    made = store.add("12", "level", None, "mbo1", "omdat")
    with_one = fingerprint(store.read().corrections)
    other = store.add("13", "level", None, "mbo1")
    assert with_one and fingerprint(store.read().corrections) != with_one
    store.withdraw(other.id)
    assert fingerprint(store.read().corrections) == with_one
    store.withdraw(made.id)
    assert fingerprint(store.read().corrections) == ""
