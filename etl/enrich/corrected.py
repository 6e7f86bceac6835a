"""What people corrected, applied to what was read: vacancies, mentions, and a row per correction that says what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from etl.enrich import Understood
from etl.enrich.sector import LEARNING_PLACE, sector_of
from etl.enrich.vocabulary import ISCO, Vocabulary
from warehouse.corrections import APPLIED, COLUMN_OF, UNCHANGED, Correction, apply_to, settled, skills_of

RESOLVED = "resolved"  # status of a place that a person chose
NO_VACANCY, UNKNOWN_VALUE = "no vacancy", "unknown value"
ROWS = ["correction_id", "vacancy_id", "field", "old_value", "new_value", "start", "end", "required", "outcome", "created_at"]
TOUCHED = ("occupation_uri", "occupation_second", "isco4", "occupation_confidence", "municipality_code", "region_code", "place_status", "level", "sector", "unmapped_reason", "skill_ids")


def corrected(understood: Understood, corrections: Iterable[Correction], vocabulary: Vocabulary | None) -> tuple[Understood, pd.DataFrame]:
    """What was read with what holds of `corrections` applied, and rows of table vacancy_correction, one per correction that holds.

    The vocabulary is only needed where there are any.
    Duplicates stay grouped as they were read; the sector follows from the corrected occupation and level by the ordinary rule.
    """
    held = settled(corrections)
    assert vocabulary is not None or not held
    vacancies = understood.vacancies
    wanted = {int(c.vacancy_id) for c in held}
    at = {int(v): i for i, v in vacancies["vacancy_id"][vacancies["vacancy_id"].isin(wanted)].items()}
    mentions = _mentions(understood.mentions, wanted)
    adverts = {v: {str(k): _plain(x) for k, x in vacancies.loc[i].items()} for v, i in at.items()}
    rows, gone = [], set()
    added: list[dict[str, Any]] = []
    for c in held:
        v = int(c.vacancy_id)
        old, outcome = _outcome(c, adverts.get(v), vocabulary)
        place = (None, None, None)
        if outcome == APPLIED:
            adverts[v] = _followed(c, adverts[v], apply_to(adverts[v], [c]), vocabulary)
            if c.field == "skill" and c.old:
                gone.add((v, c.old))
                place = mentions.get((v, c.old), place)
            elif c.field == "skill":
                added.append({"vacancy_id": v, "skill_id": c.new, "start": -1, "end": -1, "required": True})
        rows.append((c.id, v, c.field, old, c.new, *place, outcome, c.created_at))
    applied = pd.DataFrame(rows, columns=ROWS).astype({"start": "Int64", "end": "Int64", "required": "boolean"})
    changed = {v for v, outcome in zip(applied["vacancy_id"], applied["outcome"], strict=True) if outcome == APPLIED}
    return (_with(understood, {v: adverts[v] for v in changed}, at, gone, added) if changed else understood), applied


def _outcome(c: Correction, advert: Mapping[str, Any] | None, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """(what was read, what becomes of the correction)."""
    if advert is None:
        return c.old, NO_VACANCY
    if c.field == "skill":
        skill = c.old or c.new or ""
        present = skill in skills_of(advert)
        if skill not in vocabulary.skills:
            return c.old, UNKNOWN_VALUE
        return c.old, APPLIED if present == bool(c.old) else UNCHANGED
    known = {"occupation": vocabulary.classified, "place": vocabulary.region_of, "level": {c.new}}[c.field]
    old = advert[COLUMN_OF[c.field]]
    if c.new is not None and c.new not in known:
        return old, UNKNOWN_VALUE
    return old, UNCHANGED if old == c.new else APPLIED


def _followed(c: Correction, before: Mapping[str, Any], advert: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The corrected advert with what follows from it: unit group, region, sector."""
    if c.field == "place":
        return {**advert, "region_code": vocabulary.region_of[str(c.new)], "place_status": RESOLVED}
    if c.field == "skill":
        return advert
    if c.field == "occupation":
        advert |= {"isco4": vocabulary.isco.get(c.new or "") or None, "occupation_confidence": None, "occupation_second": None}
    known = advert["occupation_uri"] or next((k for k in vocabulary.isco if advert["isco4"] and k.startswith(ISCO + advert["isco4"])), None)
    advert["sector"], advert["unmapped_reason"] = sector_of(
        known, advert["level"], before["unmapped_reason"] == LEARNING_PLACE,
        sectors=vocabulary.sector_of, level_min=vocabulary.level_min, has_programme=vocabulary.has_programme)
    return advert


def _with(understood: Understood, adverts: Mapping[int, Mapping[str, Any]], at: Mapping[int, Any], gone: set[tuple[int, str]], added: list[dict[str, Any]]) -> Understood:
    vacancies = understood.vacancies.copy(deep=False)
    for name in TOUCHED:
        values = vacancies[name].astype(object)
        for v, advert in adverts.items():
            values.at[at[v]] = advert[name]
        vacancies[name] = values.astype(vacancies[name].dtype)
    region = {v: advert["region_code"] for v, advert in adverts.items()}
    mentions, ignored = _placed(understood.mentions, region), _placed(understood.ignored, region)
    if gone:
        mentions = mentions[[(v, s) not in gone for v, s in zip(mentions["vacancy_id"], mentions["skill_id"], strict=True)]]
    if added:
        more = pd.DataFrame([{**row, "region_code": region[row["vacancy_id"]]} for row in added])[list(mentions.columns)]
        mentions = pd.concat([mentions, more], ignore_index=True)
    return replace(understood, vacancies=vacancies, mentions=mentions, ignored=ignored)


def _placed(rows: pd.DataFrame, region: Mapping[int, str | None]) -> pd.DataFrame:
    """Rows about adverts with the region that those have now."""
    touched = rows["vacancy_id"].isin(list(region))
    if not touched.any():
        return rows
    return rows.assign(region_code=rows["region_code"].astype(object).where(~touched, rows["vacancy_id"].map(region).astype(object)))


def _mentions(mentions: pd.DataFrame, wanted: set[int]) -> dict[tuple[int, str], tuple[int, int, bool]]:
    """(vacancy, skill) -> (start, end, required) in the wanted vacancies."""
    found = mentions[mentions["vacancy_id"].isin(wanted)]
    return {(int(r.vacancy_id), str(r.skill_id)): (int(r.start), int(r.end), bool(r.required)) for r in found.itertuples()}  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value
