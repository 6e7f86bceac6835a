"""From staged records to what pages ask: reference tables, understood vacancies, marts."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pandas as pd
from sqlalchemy import select

from connectors.duo import Homes
from etl import crosswalks
from etl.alignment import nearness, supply
from etl.alignment.thresholds import DEFAULT, Limits
from etl.enrich import Recipe, Understood, understand
from etl.enrich.corrected import corrected
from etl.enrich.vocabulary import gazetteer_of, shipped_lists
from etl.locations import home_places
from etl.marts import build_marts
from etl.official import build_indicators
from etl.reporting import Progress, silent
from etl.status import now
from warehouse import reference
from warehouse import schema as s
from warehouse.corrections import Correction
from warehouse.work import WorkDatabase

REFERENCE = "reference"


def derive(work: WorkDatabase, *, workers: int = 0, progress: Progress = silent, corrections: Sequence[Correction] = (), limits: Limits = DEFAULT) -> None:
    """Rebuild everything that follows from the staged tables (layers reference, enriched and mart), from `corrections` and `limits`."""
    progress("Naslaglijsten")
    build_reference(work)
    progress("Vacatures lezen")
    recipe = Recipe(vocabulary_tables(work))
    understood, applied = corrected(read_adverts(work, recipe, workers, progress), corrections, recipe.make() if corrections else None)
    with work.transaction():
        work.replace(s.vacancy, understood.vacancies)
        work.replace(s.vacancy_skill, understood.mentions)
        work.replace(s.vacancy_ignored, understood.ignored)
        work.replace(s.vacancy_correction, applied)
    progress("Marts")
    build_marts(work, progress, limits)


def read_adverts(work: WorkDatabase, vocabulary: Recipe, workers: int, progress: Progress) -> Understood:
    """All staged adverts, understood."""
    adverts = work.frame(select(s.advert))
    count = workers or min(os.cpu_count() or 1, 4)
    return understand(
        adverts, vocabulary, workers=count if len(adverts) > 2000 else 1,
        progress=lambda done, total: progress("Vacatures lezen", done, total),
    )


def vocabulary_tables(work: WorkDatabase) -> dict[str, pd.DataFrame]:
    """The tables a Vocabulary is made of: staged areas and ESCO, and the shipped lists."""
    link, linked, shipped = s.municipality_region, s.programme_occupation.c, shipped_lists()
    year = _latest_year(work)
    return {
        "municipality": work.frame(select(s.municipality).where(s.municipality.c.year == year)),
        "municipality_region": work.frame(select(link).where(link.c.scheme == "arbeidsmarktregio", link.c.year == year)),
        "occupation": work.frame(select(s.occupation)),
        "esco_skill": work.frame(select(s.esco_skill)),
        **shipped,
        "ref_programme_occupations": pd.concat([shipped["ref_programme_occupations"][["crebo", "esco_uri"]], work.frame(select(linked.crebo, linked.occupation_uri.label("esco_uri")))]),
    }


def build_reference(work: WorkDatabase) -> None:
    """Fill sector, programme, skill, programme_skill and the crosswalk; complete occupation with the shipped list."""
    with work.transaction():
        sectors = reference.read("sectors").astype({"position": int}).drop(columns=["source"])
        work.replace(s.sector, sectors)
        work.replace(s.programme, programmes(work, sectors))
        build_indicators(work)
        known = skills(work)
        work.replace(s.skill, known)
        work.replace(s.skill_near, near_skills(work, known))
        _complete_occupations(work)
        taught = reference.read("programme_skills")
        taught["origin"] = "shipped list"
        work.replace(s.programme_skill, taught[["crebo", "skill_id", "origin"]].drop_duplicates(["crebo", "skill_id"]))
        _complete_homes(work)
        _complete_progression(work)
        crosswalks.fill(work, now().date())


def programmes(work: WorkDatabase, sectors: pd.DataFrame) -> pd.DataFrame:
    """All programmes of DUO's files (latest name wins) and the shipped list; columns of table programme."""
    codes = dict(zip(sectors["name"], sectors["code"], strict=True))
    shipped = reference.read("programmes").astype({"level": int}).rename(columns={"sector": "sector_name"})
    parts = [shipped[["crebo", "name", "level", "sector_name", "main_group", "dossier"]].assign(year=0)]
    for table in (s.enrolment, s.graduates):
        c = table.c
        found = work.frame(select(c.crebo, c.crebo_name.label("name"), c.level, c.sector.label("sector_name"), c.main_group, c.year).distinct())
        parts.append(found.assign(dossier=None))
    together = pd.concat(parts, ignore_index=True).sort_values(["crebo", "year", "name"])
    dossiers = shipped[shipped["dossier"] != ""].drop_duplicates("crebo").set_index("crebo")["dossier"]
    latest = together.drop_duplicates("crebo", keep="last").copy()
    latest["dossier"] = latest["crebo"].map(dossiers)
    latest["sector"] = latest["sector_name"].map(codes)
    return latest[["crebo", "name", "level", "sector", "sector_name", "main_group", "dossier"]]


def skills(work: WorkDatabase) -> pd.DataFrame:
    """The shipped vocabulary first, then ESCO's own skills; columns of table skill."""
    shipped = reference.read("skills")[["skill_id", "label_nl", "label_en", "kind"]]
    e = s.esco_skill.c
    esco = work.frame(select(e.uri.label("skill_id"), e.label_nl, e.label_en, e.kind))
    esco["kind"] = esco["kind"].fillna("").map(lambda kind: "knowledge" if str(kind).startswith("knowledge") else "skill")
    esco["label_en"] = esco["label_en"].fillna(esco["label_nl"])
    return pd.concat([shipped, esco], ignore_index=True).drop_duplicates("skill_id")


def near_skills(work: WorkDatabase, known: pd.DataFrame) -> pd.DataFrame:
    """Skills near each other by ESCO's broader skills (loaded and shipped) and by their Dutch names; columns of skill_near."""
    b = s.skill_broader.c
    broader = pd.concat([work.frame(select(b.skill_uri.label("skill_id"), b.broader_uri.label("broader_id"))), reference.read("skill_broader")[["skill_id", "broader_id"]]], ignore_index=True)
    return nearness.near_pairs(dict(zip(known["skill_id"], known["label_nl"], strict=True)), broader)


def _complete_occupations(work: WorkDatabase) -> None:
    shipped = reference.read("occupations").rename(columns={"esco_uri": "uri"})
    work.drop_staged(REFERENCE, s.occupation)
    own = set(work.frame(select(s.occupation.c.uri))["uri"])
    missing = shipped[~shipped["uri"].isin(own)].drop_duplicates("uri")
    rows = missing.assign(alt_labels_nl=missing["titles"], alt_labels_en=None)[
        ["uri", "isco4", "label_nl", "label_en", "alt_labels_nl", "alt_labels_en"]]
    work.add_staged(REFERENCE, s.occupation, rows)


def _complete_homes(work: WorkDatabase) -> None:
    """Look up the names of home municipalities among those of the boundary year."""
    homes = work.frame(select(s.home_students))
    if len(homes):
        tables = {"municipality": work.frame(select(s.municipality).where(s.municipality.c.year == _latest_year(work))), "ref_places": reference.read("places")}
        work.drop_staged(Homes.key, s.home_students)
        work.add_staged(Homes.key, s.home_students, home_places(homes, gazetteer_of(tables)))


def _complete_progression(work: WorkDatabase) -> None:
    """The shipped shares of those who continue in education, where no dropped file gives another one."""
    work.drop_staged(REFERENCE, s.progression)
    own = work.frame(select(s.progression))
    work.add_staged(REFERENCE, s.progression, supply.remaining(own, shipped_progression()))


def shipped_progression() -> pd.DataFrame:
    """warehouse/reference/progression.csv, typed."""
    return reference.read("progression").astype({"level": int, "share": float, "share_low": float, "share_high": float})


def _latest_year(work: WorkDatabase) -> int:
    found = work.frame(select(s.municipality.c.year).order_by(s.municipality.c.year.desc()).limit(1))
    return int(found["year"].iloc[0]) if len(found) else 0

