"""Coverage over the 243 real crebos with CompetentNL skills, against what the demonstration year asks for in their occupations.

The outcome is read through in docs/methodology.md ("Coverage"): CompetentNL names 112 broad capabilities and some 220 fields of
knowledge where adverts ask for specific things, so that coverage by name is low and says little by itself.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from etl.alignment import coverage, nearness
from etl.curriculum import named_in
from etl.enrich.vocabulary import Vocabulary
from warehouse import schema as s
from warehouse.publications import Publications
from warehouse.queries import NATIONAL

pytestmark = pytest.mark.real
RANK = re.compile(r"^(?:allround|eerste|vakkracht|zelfstandig werkend|zelfstandig|gespecialiseerd|assistent|leidinggevend|technisch specialist|gezel|basis)\s+", re.IGNORECASE)


def competentnl(folder: Path) -> pd.DataFrame:
    """crebo, beroep_label, skill_label, skill_uri of the direct matches."""
    rows = pd.read_csv(folder / "nl/sbb/crebo_skills_flat.csv", dtype=str)
    return rows[rows["match_methode"] == "crebo-direct"].drop_duplicates(["crebo", "skill_uri"])


def subjects_of(names: pd.Series, crosswalk: set[str], vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """crebo -> (subject kind, subject): the programme itself where the crosswalk knows it, else the occupation that its name is a title of."""
    found: dict[str, tuple[str, str]] = {}
    for crebo, name in names.items():
        if crebo in crosswalk:
            found[str(crebo)] = ("programme", str(crebo))
            continue
        for title in (name, RANK.sub("", name), *re.split(r"\s*/\s*-?", RANK.sub("", name))):
            uri = (vocabulary.titles.find(title, "")[0] or "").rpartition("|")[2]
            if uri in vocabulary.classified:
                found[str(crebo)] = ("occupation", uri)
                break
    return found


def measured(folder: Path, publications: Publications) -> pd.DataFrame:
    """crebo, name, subject, n, coverage with bounds, covered, partly (numbers of skills) and shipped (the coverage by the shipped list)."""
    reader, vocabulary = publications.reader(), Vocabulary.shipped()
    listed = competentnl(folder)
    period = reader.info.latest_period
    crosswalk = reader.ask(("real", "crosswalk"), select(s.programme_occupation))
    marts = reader.ask(("real", "skills"), select(s.mart_skill).where(s.mart_skill.c.region_code == NATIONAL, s.mart_skill.c.period == period, s.mart_skill.c.asked > 0))
    totals = reader.ask(("real", "subjects"), select(s.mart_subject).where(s.mart_subject.c.region_code == NATIONAL, s.mart_subject.c.period == period)).set_index(["subject_kind", "subject"])["n"]
    labels = {skill: names[0] for skill, names in reader.skill_names().items()}
    theirs = dict(zip(listed["skill_uri"], listed["skill_label"].str.strip(), strict=True))
    by_name = {label.lower(): skill for skill, label in labels.items()}
    same = {uri: {n.skill_id for n in named_in(label, vocabulary)} | ({by_name[label.lower()]} if label.lower() in by_name else set()) for uri, label in theirs.items()}
    near = pd.concat([nearness.near_pairs({**labels, **theirs}, pd.DataFrame({"skill_id": [], "broader_id": []}, dtype=str)), reader.ask(("real", "near"), select(s.skill_near))]).drop_duplicates()
    names = listed.drop_duplicates("crebo").set_index("crebo")["beroep_label"]
    rows = []
    for crebo, (kind, subject) in subjects_of(names, set(crosswalk["crebo"]), vocabulary).items():
        asked = marts[(marts["subject_kind"] == kind) & (marts["subject"] == subject)]
        n = int(totals.get((kind, subject), 0))
        if n < coverage.MIN_N or asked.empty:
            continue
        uris = listed.loc[listed["crebo"] == crebo, "skill_uri"]
        taught = sorted(set(uris) | {skill for uri in uris for skill in same[uri]})
        kinds = coverage.kinds(asked.assign(subject=crebo)[["subject", "skill_id"]], pd.DataFrame({"subject": crebo, "skill_id": taught}), near)
        own = asked.drop(columns=["cover"]).assign(subject=crebo, n=n).merge(kinds, on=["subject", "skill_id"])
        made = coverage.coverage(own, ["subject"]).iloc[0]
        shipped = coverage.coverage(asked.assign(n=n), ["subject"])["coverage"].iloc[0] if kind == "programme" and asked["cover"].notna().all() else float("nan")
        rows.append((crebo, names[crebo], kind, n, made["coverage"], made["coverage_low"], made["coverage_high"], int((own["cover"] == "covered").sum()), int((own["cover"] == "partly").sum()), shipped))
    return pd.DataFrame(rows, columns=["crebo", "name", "kind", "n", "coverage", "low", "high", "covered", "partly", "shipped"])


def test_all_crebos_are_read_and_those_that_can_be_compared_have_sound_figures(real_data: Path, small_year: Publications) -> None:
    listed = competentnl(real_data)
    assert listed["crebo"].nunique() == 243 and listed["crebo"].str.fullmatch(r"\d{5}").all()
    made = measured(real_data, small_year)
    assert len(made) >= 60 and made["crebo"].is_unique
    assert (made["low"] <= made["coverage"]).all() and (made["coverage"] <= made["high"]).all() and made["coverage"].between(0, 1).all()
    assert (made["covered"] + made["partly"] > 0).mean() > 0.7


def test_lists_of_broad_capabilities_cover_far_less_by_name_than_lists_of_skills(real_data: Path, small_year: Publications) -> None:
    both = measured(real_data, small_year).dropna(subset=["shipped"])
    assert len(both) >= 15
    assert both["coverage"].median() < both["shipped"].median() / 2
