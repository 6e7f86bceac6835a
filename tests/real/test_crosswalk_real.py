"""Crosswalk and lineage on real lists: 243 qualifications of CompetentNL against ESCO, and the crebo lists of 2014 and 2015.

The figures are those of docs/methodology.md, as lower (and for errors upper) bounds: fewer sensible links must fail.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from connectors.base import FetchContext
from connectors.http import HttpClient
from connectors.sbb import CreboList
from etl import crosswalks
from etl.alignment import crosswalk, lineage
from etl.enrich.vocabulary import own_titles
from tests.connectors.test_crosswalk_lists import NOW
from warehouse import reference

pytestmark = pytest.mark.real
# Best links of the 243 that were read and found wrong (what is meant is in docs/methodology.md).
WRONG = {"25575", "25731", "25741", "25832", "25835"}


@pytest.fixture(scope="module")
def esco(real_data: Path) -> pd.DataFrame:
    """The 3,039 occupations of ESCO 1.2 as table occupation."""
    dutch = pd.read_csv(real_data / "esco/v1.2_occupations_nl.csv", dtype=str)
    english = pd.read_csv(real_data / "esco/v1.2.0_occupations_en.csv", dtype=str).set_index("conceptUri")["preferredLabel"]
    return pd.DataFrame({"uri": dutch["conceptUri"], "isco4": dutch["iscoGroup"], "label_nl": dutch["preferredLabel"], "label_en": dutch["conceptUri"].map(english),
                         "alt_labels_nl": dutch["altLabels"].str.replace("\n", "|"), "alt_labels_en": None})


@pytest.fixture(scope="module")
def matcher(esco: pd.DataFrame) -> crosswalks.NameMatcher:
    return crosswalks.NameMatcher(esco, list(own_titles(reference.read("occupations"), reference.read("titles"))))


@pytest.fixture(scope="module")
def skills(real_data: Path) -> pd.DataFrame:
    """Rows of the 243 qualifications that CompetentNL itself describes: crebo, beroep_label (the qualification), skill_label."""
    rows = pd.read_csv(real_data / "nl/sbb/crebo_skills_flat.csv", dtype=str)
    return rows[rows["match_methode"] == "crebo-direct"]


@pytest.fixture(scope="module")
def named(matcher: crosswalks.NameMatcher, skills: pd.DataFrame) -> pd.DataFrame:
    return matcher.programmes(skills.drop_duplicates("crebo")[["crebo", "beroep_label"]].rename(columns={"beroep_label": "name"}).assign(level=3))


def best(links: pd.DataFrame) -> dict[str, str]:
    top = links.sort_values("confidence", ascending=False).drop_duplicates("crebo")
    return dict(zip(top["crebo"], top["occupation_uri"], strict=True))


def test_half_of_the_243_qualifications_are_linked_and_few_of_those_wrongly(named: pd.DataFrame, skills: pd.DataFrame, esco: pd.DataFrame) -> None:
    assert skills["crebo"].nunique() == 243
    found = best(crosswalk.text_links(named))
    labels = esco.set_index("uri")["label_nl"]
    said = {crebo: labels[uri] for crebo, uri in found.items()}
    assert 120 <= len(found) <= 150
    for crebo, label in {"25180": "kok", "25641": "kapper", "25829": "timmerman", "25650": "apothekersassistent", "25998": "ict application developer", "27042": "vrachtwagenchauffeur",
                         "25696": "kinderverzorgster", "25891": "mechatronicus", "25969": "audicien", "25714": "voertuiglakker"}.items():
        assert said[crebo] == label
    for crebo in ("25646", "25684", "25705", "25740", "25802", "27047"):  # too wide, in other words than ESCO's, or a letter: better no link than a wrong one
        assert crebo not in found


def test_no_link_that_was_read_and_found_wrong_is_more_than_a_doubtful_one(named: pd.DataFrame) -> None:
    links = crosswalk.text_links(named).sort_values("confidence", ascending=False).drop_duplicates("crebo").set_index("crebo")["confidence"]
    assert links.reindex(sorted(WRONG)).fillna(0).max() < 0.8 and links.drop(list(WRONG & set(links.index))).median() > 0.8


def test_our_own_list_and_the_match_of_names_agree_mostly(matcher: crosswalks.NameMatcher, esco: pd.DataFrame) -> None:
    programmes = reference.read("programmes").astype({"level": int})
    own = reference.read("programme_occupations").groupby("crebo")["esco_uri"].agg(set)
    found = {crebo: uri for crebo, uri in best(crosswalk.text_links(matcher.programmes(programmes))).items() if crebo in own.index}
    isco = esco.set_index("uri")["isco4"].to_dict()
    same = sum(uri in own[crebo] for crebo, uri in found.items())
    group = sum(isco.get(uri) in {isco.get(other) for other in own[crebo]} for crebo, uri in found.items())
    assert len(found) >= 120 and same / len(found) >= 0.73 and group / len(found) >= 0.85


def test_skills_of_competentnl_hardly_help_because_they_are_no_skills_of_esco(real_data: Path, named: pd.DataFrame, skills: pd.DataFrame) -> None:
    labels = pd.read_csv(real_data / "esco/skill_labels_nl.csv", dtype=str)
    relations = pd.read_csv(real_data / "esco/derived_v1.2.0_occupation_skill_relations_labels.csv.gz", dtype=str)
    asked = pd.DataFrame({"occupation_uri": relations["occ"], "skill": "http://data.europa.eu/esco/skill/" + relations["id"], "relation": relations["t"].map({"e": "essential", "o": "optional"})})
    uri = dict(zip(labels["label_nl"].map(lineage.plain), labels["esco_uri"], strict=True))
    taught = pd.DataFrame({"crebo": skills["crebo"], "skill": skills["skill_label"].map(lineage.plain).map(uri)}).dropna()
    assert skills["skill_label"].nunique() == 332 and taught["skill"].nunique() == 32
    shared = crosswalk.shared_skills(taught, asked)
    assert shared["shared"].between(0, 1).all()
    without, with_skills = best(crosswalk.text_links(named)), best(crosswalk.text_links(named, shared))
    assert set(without) <= set(with_skills) and sum(without[c] != with_skills[c] for c in without) <= 3


def test_official_names_of_occupations_in_a_list_find_their_esco_occupation(esco: pd.DataFrame, matcher: crosswalks.NameMatcher) -> None:
    names = crosswalk.Names.of(esco, list(own_titles(reference.read("occupations"), reference.read("titles"))))
    rows = pd.DataFrame([{"crebo": "25287", "origin": crosswalk.OFFICIAL, "occupation_name": name, "occupation_uri": None, "weight": None, "list_name": "l.csv"}
                         for name in ("Lasser", "Timmerman", "Doktersassistent", "Verzorgende", "Vrachtwagenchauffeur", "Hovenier", "Zzyzx")])
    links, missed = crosswalk.listed_links(rows, names, matcher.near(rows["occupation_name"]))
    assert len(links) >= 5 and "Zzyzx" in set(missed["occupation_name"]) and (links["confidence"] >= 0.5).all()


# --- lineage --------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def found(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> lineage.Lineage:
    """Lineage of the lists of 2014 and 2015, dropped as an operator would."""
    folder = tmp_path_factory.mktemp("drop") / "crebo"
    folder.mkdir()
    for name in ("crebo_2014_oud.csv", "crebo_hks_2015.csv"):
        (folder / name).write_bytes((real_data / "nl/sbb" / name).read_bytes())
    source = CreboList(folder.parent)
    parsed = source.parse(list(source.fetch(FetchContext(HttpClient([]), NOW))))
    rows = pd.DataFrame(parsed.records["qualification"])
    assert len(rows) == 690 + 470
    return lineage.from_lists(rows)


def test_of_the_690_codes_of_2014_some_281_go_on_in_2015_and_none_is_guessed(found: lineage.Lineage) -> None:
    per = found.links.groupby("relation")["predecessor"].nunique()
    assert per[lineage.ONE] >= 235 and per[lineage.MERGED] >= 40 and per[lineage.AMBIGUOUS] <= 12
    assert found.links["predecessor"].nunique() + len(found.unmatched) == 690
    assert found.links.loc[found.links["basis"] == "name level dossier", "predecessor"].nunique() >= 85


@pytest.mark.parametrize(("old", "new"), [("95030", "25225"), ("92640", "25498"), ("95391", "25151"), ("94373", "25318"), ("95709", "25189"), ("95321", "25189")])
def test_known_successors_are_found(found: lineage.Lineage, old: str, new: str) -> None:
    assert lineage.successor_of(found.links)[old] == new


@pytest.mark.parametrize("old", ["95768", "97796", "95772", "95774", "93741"])
def test_entree_codes_that_exist_twice_are_kept_as_ambiguous(found: lineage.Lineage, old: str) -> None:
    assert set(found.links.loc[found.links["predecessor"] == old, "relation"]) == {lineage.AMBIGUOUS} and old not in lineage.successor_of(found.links)


def test_a_series_over_2014_and_2015_runs_on_and_loses_nobody(found: lineage.Lineage) -> None:
    old = sorted(lineage.successor_of(found.links))
    counts = pd.DataFrame([(code, 2014, 10, 13) for code in [*old, "95768"]] + [(code, 2015, 11, 11) for code in sorted(set(lineage.successor_of(found.links).values()))], columns=["crebo", "year", "low", "high"])
    made = lineage.chain(counts, found.links)
    assert made["low"].sum() == counts["low"].sum() and made["high"].sum() == counts["high"].sum()
    both = made.groupby("crebo")["year"].nunique()
    assert (both == 2).sum() == len(set(lineage.successor_of(found.links).values())) and "95768" in set(made["crebo"])
