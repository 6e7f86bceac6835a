"""Questions about requested skills beyond the marts: sentences, employers and months of one skill, titles of programmes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import func, select, true

from warehouse import schema as s
from warehouse.queries import NATIONAL, Reader

LEAST_NAMED = 3  # vacancies of an employer below which it is not named


def employers(reader: Reader, region: str, occupation_uris: Sequence[str], skill_id: str, period: int, limit: int = 6) -> pd.DataFrame:
    """Employers that ask for a skill most: employer, n (vacancies, duplicates once); only with LEAST_NAMED or more."""
    v = s.vacancy.c
    statement = (
        select(v.employer, func.count().label("n")).where(*_asking(region, occupation_uris, skill_id, period), v.employer.is_not(None))
        .group_by(v.employer).having(func.count() >= LEAST_NAMED).order_by(func.count().desc(), v.employer).limit(limit))
    return reader.ask(("employers", region, tuple(occupation_uris), skill_id, period, limit), statement)


def months(reader: Reader, region: str, occupation_uris: Sequence[str], skill_id: str, period: int) -> pd.DataFrame:
    """Vacancies that ask for a skill by month of a year: month (1-12), n; months without any are left out."""
    v = s.vacancy.c
    statement = select(v.month, func.count().label("n")).where(*_asking(region, occupation_uris, skill_id, period)).group_by(v.month).order_by(v.month)
    return reader.ask(("months", region, tuple(occupation_uris), skill_id, period), statement)


def _asking(region: str, occupation_uris: Sequence[str], skill_id: str, period: int) -> list[Any]:
    v, m = s.vacancy.c, s.vacancy_skill
    asked = select(m.c.vacancy_id).where(m.c.skill_id == skill_id)
    where = [v.counts == true(), v.language != "other", v.occupation_uri.in_(list(occupation_uris)), v.year == period]
    if region != NATIONAL:
        asked = asked.where(m.c.region_code == region)
        where.append(v.region_code == region)
    return [*where, v.vacancy_id.in_(asked)]


def programme_titles(reader: Reader) -> pd.DataFrame:
    """What the occupations of a programme are called: crebo, weight, label_nl, label_en, alt_labels_nl (joined by |, may be null)."""
    t, o = s.programme_occupation, s.occupation
    statement = select(t.c.crebo, t.c.weight, o.c.label_nl, o.c.label_en, o.c.alt_labels_nl).join(o, o.c.uri == t.c.occupation_uri).order_by(t.c.crebo, o.c.uri)
    return reader.ask(("programme_titles",), statement)


def near_skills(reader: Reader) -> pd.DataFrame:
    """Skills near each other: skill_id, near_id; empty for a publication from before they were kept."""
    if not reader._present("skill_near"):
        return pd.DataFrame({"skill_id": [], "near_id": []}, dtype=str)
    return reader.ask(("near_skills",), select(s.skill_near))
