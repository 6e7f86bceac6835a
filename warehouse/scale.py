"""Filling the work database with synthetic vacancies at the size of a country's decade, for the benchmarks only."""

from __future__ import annotations

import pandas as pd

from warehouse.work import WorkDatabase

DRAWS = 1 << 16


def fill(work: WorkDatabase, vacancies: int, draws: pd.DataFrame, skills: pd.DataFrame, mentions: int = 8) -> None:
    """Replace vacancy and vacancy_skill by `vacancies` rows and `mentions` times as many.

    `draws`: DRAWS rows (region_code, municipality_code, occupation_uri, isco4, sector, unmapped_reason, year) from which
    every vacancy takes one; `skills`: occupation_uri, skill_id, at least `mentions` per occupation.
    """
    connection = work.connection
    numbered = draws.reset_index(drop=True).assign(draw=lambda f: f.index)
    own = skills.assign(k=skills.groupby("occupation_uri").cumcount(), m=skills.groupby("occupation_uri")["skill_id"].transform("count"))
    connection.register("_draws", numbered)
    connection.register("_skills", own)
    connection.execute("CREATE OR REPLACE TEMP TABLE _d AS SELECT * FROM _draws")
    connection.execute("CREATE OR REPLACE TEMP TABLE _s AS SELECT * FROM _skills")
    connection.execute("DELETE FROM vacancy")
    connection.execute("DELETE FROM vacancy_skill")
    connection.execute("DELETE FROM vacancy_ignored")
    connection.execute(
        f"""
        INSERT INTO vacancy BY NAME
        SELECT i AS vacancy_id, 'scale' AS source, i::VARCHAR AS source_id, d.region_code, d.municipality_code, 'x' AS place_text, 'resolved' AS place_status,
               first_seen, first_seen AS last_seen, year(first_seen) AS year, month(first_seen) AS month, 'Vacature ' || (i % 5000) AS title,
               'Je werkt zelfstandig en je kent je vak.' AS text, 'Werkgever ' || (i % 9000) AS employer, NULL AS url, 'nl' AS language,
               d.occupation_uri, d.isco4, 1.0 AS occupation_confidence, 'mbo' AS level, 32 AS hours_min, 40 AS hours_max, d.sector, d.unmapped_reason, i % 6 <> 0 AS starters, 'otherwise' AS starters_rule,
               CASE WHEN i % 12 = 0 THEN i - 1 ELSE i END AS duplicate_group, i % 12 <> 0 AS counts, (i % 12 IN (0, 11))::INTEGER AS duplicates,
               l.skill_ids
        FROM (SELECT i, (hash(i) % {DRAWS})::BIGINT AS draw, (hash(i * 7 + 1) % 365)::INTEGER AS day FROM range(1, {int(vacancies) + 1}) t(i)) v
        JOIN _d d ON d.draw = v.draw
        JOIN (SELECT occupation_uri, string_agg(skill_id, '|') AS skill_ids FROM _s WHERE k < 8 GROUP BY occupation_uri) l ON l.occupation_uri = d.occupation_uri, LATERAL (SELECT (make_date(d.year, 1, 1) + v.day)::DATE AS first_seen)
        """)  # noqa: S608
    connection.execute(
        f"""
        INSERT INTO vacancy_skill BY NAME
        SELECT v.vacancy_id, v.region_code, s.skill_id, 9 AS start, 20 AS "end", true AS required
        FROM vacancy v JOIN _s s ON s.occupation_uri = v.occupation_uri AND (s.k + v.vacancy_id) % s.m < {int(mentions)}
        """)  # noqa: S608
    connection.unregister("_draws")
    connection.unregister("_skills")
