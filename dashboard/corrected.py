"""Adverts as they are now: what was read, with what people corrected since. Pages and the API show it at once.

Figures are those of the publication and follow with the next load; an address with a publication in it shows that
publication as it was made.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.corrections import (
    APPLIED,
    COLUMN_OF,
    UNCHANGED,
    Correction,
    Corrections,
    apply_to,
    as_read,
    settled,
    skills_of,
)
from warehouse.queries import Reader

WAITING, WITHDRAWN = "next load", "withdrawn"


@lru_cache(maxsize=8)
def store(folder: Path) -> Corrections:
    """The corrections of a data folder."""
    return Corrections(folder)


def store_of(reader: Reader) -> Corrections:
    """The corrections of the data folder that a publication stands in."""
    return store(reader.path.parents[1])


def advert(reader: Reader, vacancy_id: str) -> dict[str, Any] | None:
    """Reader.vacancy with what holds applied, and: `read` (the advert before that), `corrections` (those that hold, newest
    first), `pending` (whether the publication was made with others), `skills` [(id, Dutch, English name)]."""
    found = reader.vacancy(vacancy_id)
    if found is None:
        return None
    held = settled(store_of(reader).read().of.get(vacancy_id, ()))
    before = _named(reader, as_read(found, found["published"]), found)
    made = _named(reader, apply_to(before, held), found)
    made["read"], made["corrections"] = before, held[::-1]
    made["pending"] = {c.id for c in held} != {row["correction_id"] for row in found["published"]}
    return made


def as_published(reader: Reader, vacancy_id: str) -> dict[str, Any] | None:
    """The same, as it was when the publication was made: nothing of what people said since."""
    found = reader.vacancy(vacancy_id)
    if found is None:
        return None
    held = [
        Correction(r["correction_id"], vacancy_id, r["field"], r["old_value"], r["new_value"], "", r["created_at"])
        for r in found["published"] if r["outcome"] in (APPLIED, UNCHANGED)]
    before, made = _named(reader, as_read(found, found["published"]), found), _named(reader, found, found)
    return {**made, "read": before, "corrections": held[::-1], "pending": False}


def _named(reader: Reader, made: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
    """An advert with the names that go with its codes; what was concluded from other codes is left open."""
    labels = reader.skill_names()
    if made["occupation_uri"] != published["occupation_uri"]:
        made |= {"occupation_confidence": None, "second_nl": None, "second_en": None}
    if made["occupation_uri"] != published["occupation_uri"] or made["level"] != published["level"]:
        made |= {"sector": None, "unmapped_reason": None}
    made["occupation_nl"], made["occupation_en"] = reader.occupation_names().get(made["occupation_uri"] or "", (None, None))
    made["municipality"] = reader.municipality_names().get(made["municipality_code"] or "")
    made["mentions"] = [{**m, **dict(zip(("label_nl", "label_en", "kind"), labels[m["skill_id"]], strict=True))} for m in made["mentions"] if m["skill_id"] in labels]
    made["skills"] = [(skill, *labels[skill][:2]) for skill in skills_of(made) if skill in labels]
    return made


def adverts(reader: Reader, found: pd.DataFrame) -> pd.DataFrame:
    """A list of adverts (columns of Reader.vacancies) with what holds applied and a column corrected_at: the ISO time of the
    latest correction that holds, empty without one. Which adverts are found and in what order stays the publication's."""
    made = found.copy()
    made["corrected_at"] = ""
    touched = set(store_of(reader).read().of) | set(reader.published_corrections())
    for index, vacancy_id in made["vacancy_id"].items():
        now = advert(reader, vacancy_id) if vacancy_id in touched else None
        if now is None:
            continue
        values = {name: now[name] for name in ("municipality", "occupation_nl", "occupation_en", "level")}
        values |= {"skills_nl": "|".join(s[1] for s in now["skills"]), "skills_en": "|".join(s[2] for s in now["skills"])}
        values["corrected_at"] = max((c.created_at for c in now["corrections"]), default="")
        if now["read"]["occupation_uri"] != now["occupation_uri"] and now["pending"]:
            values["sector"] = None
        for name, value in values.items():
            made[name] = made[name].astype(object)
            made.loc[index, name] = value
    return made


def outcomes(reader: Reader) -> dict[str, str]:
    """Correction id -> what became of it in this publication: applied, unchanged, no vacancy or unknown value."""
    return {row["correction_id"]: row["outcome"] for rows in reader.published_corrections().values() for row in rows}


def table(reader: Reader) -> pd.DataFrame:
    """All corrections, oldest first: id, vacancy, field, old, old_name, new, new_name (Dutch), note, created_at, withdrawn,
    outcome (that of the publication; "next load" while it waits for one, "withdrawn" when it was taken back)."""
    became = outcomes(reader)
    rows = [
        (c.id, c.vacancy_id, c.field, c.old, name(reader, c.field, c.old, "nl"), c.new, name(reader, c.field, c.new, "nl"), c.note, c.created_at, c.withdrawn,
         WITHDRAWN if c.withdrawn else became.get(c.id, WAITING)) for c in store_of(reader).read().corrections]
    return pd.DataFrame(rows, columns=["id", "vacancy", "field", "old", "old_name", "new", "new_name", "note", "created_at", "withdrawn", "outcome"], dtype=object)


def name(reader: Reader, field: str, value: str | None, lang: str) -> str | None:
    """What a corrected value is called; None for no value, the code itself when it is not known here (any more)."""
    if value is None or field == "level":
        return value
    position = 0 if lang == "nl" else 1
    if field == "place":
        return reader.municipality_names().get(value, value)
    names: dict[str, Any] = reader.occupation_names() if field == "occupation" else reader.skill_names()
    return str(names[value][position]) if value in names else value


def wrong_value(reader: Reader, shown: dict[str, Any], field: str, old: str | None, new: str | None) -> tuple[str, str] | None:
    """(parameter, sentence) when a correction of the advert as shown makes no sense; None when it does."""
    present = [skill for skill, *_ in shown["skills"]]
    if field == "skill":
        if old is not None and old not in present:
            return "old", "the vacancy has no such skill"
        if new is not None and new not in reader.skill_names():
            return "new", "unknown skill"
        return ("new", "the vacancy has this skill already") if new in present and new is not None else None
    known: Any = {"occupation": reader.occupation_names(), "place": reader.municipality_names()}.get(field)
    if known is not None and new is not None and new not in known:
        return "new", f"unknown {'occupation' if field == 'occupation' else 'municipality'}"
    return ("new", "the vacancy says so already") if new == shown[COLUMN_OF[field]] else None


__all__ = ["Correction", "advert", "adverts", "name", "outcomes", "store", "store_of", "table", "wrong_value"]
