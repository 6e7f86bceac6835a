"""The crosswalk of a whole work database: which origin wins, what a renumbered programme keeps, and how fast it is made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from connectors.demo.renumbered import RENUMBERED, renumbered
from etl import crosswalks, quality
from etl.alignment import crosswalk, lineage
from etl.enrich.vocabulary import own_titles
from etl.settings import Settings
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase

TODAY = date(2026, 11, 1)
WELDER = "http://data.europa.eu/esco/occupation/7aedaa07-3884-4c5b-88f9-80997b2aa54b"
BASIC, ALLROUND = "25290", "25287"


@pytest.fixture
def work(small_year: object, small_settings: Settings, tmp_path: Path) -> Iterator[WorkDatabase]:
    """A copy of the small year's work database, so that a test may add records."""
    shutil.copy(small_settings.data / "work.duckdb", tmp_path / "work.duckdb")
    with WorkDatabase(tmp_path / "work.duckdb") as opened:
        yield opened


def say(work: WorkDatabase, **values: object) -> None:
    line = {"crebo": ALLROUND, "occupation": "lasser", "weight": 0.8, "institution": None, "reason": "zo is het hier", "author": "J. de Wit", "valid_from": date(2026, 8, 1),
            "file": "a.csv", "line": 2, "sha256": "cd" * 32, "file_date": date(2026, 9, 1), **values}
    work.add_staged("crosswalk-overrides", s.crosswalk_line, pd.DataFrame([line]))


def listed(work: WorkDatabase, origin: str, crebo: str, name: str) -> None:
    work.add_staged(origin, s.crebo_occupation, pd.DataFrame([{"crebo": crebo, "origin": origin, "occupation_name": name, "occupation_uri": None, "weight": None, "programme_name": None, "list_name": "l.csv"}]))


def test_the_demonstration_year_uses_the_shipped_list_and_every_variant_reconciles(work: WorkDatabase) -> None:
    made = crosswalks.build(work, TODAY)
    assert set(made.links["origin"]) <= {crosswalk.SHIPPED, crosswalk.TEXT} and (made.links["origin"] == crosswalk.SHIPPED).mean() > 0.9
    assert made.links["confidence"].between(0, 1).all() and all(json.loads(note)["how"] for note in made.links["note"])
    assert (made.variants.groupby(["variant", "occupation_uri"])["weight"].sum() <= 1 + 1e-6).all()
    assert set(made.variants["variant"]) == set(crosswalk.VARIANTS)
    assert set(made.variants["crebo"]) <= crosswalks.taught_now(work)
    same = made.variants[made.variants["variant"] == "combined"].merge(made.links, on=["crebo", "occupation_uri"])
    assert len(same) == len(made.links) and (same["weight_x"] == same["weight_y"]).all()


def test_an_institutions_word_goes_before_the_official_list_and_that_before_ours(work: WorkDatabase) -> None:
    listed(work, crosswalk.OFFICIAL, ALLROUND, "kok")
    official = crosswalks.build(work, TODAY).links.set_index("crebo")
    assert set(official.loc[[ALLROUND], "origin"]) == {crosswalk.OFFICIAL} and set(official.loc[[BASIC], "origin"]) == {crosswalk.SHIPPED}
    say(work)
    made = crosswalks.build(work, TODAY)
    own = made.links[made.links["crebo"] == ALLROUND]
    assert own[["occupation_uri", "weight", "origin", "confidence"]].to_numpy().tolist() == [[WELDER, 0.8, crosswalk.OVERRIDE, 1.0]]
    assert made.links.loc[(made.links["occupation_uri"] == WELDER) & (made.links["crebo"] != ALLROUND), "weight"].sum() <= 0.2 + 1e-9
    assert made.overrides[["outcome", "why"]].to_numpy().tolist() == [["applied", None]]


def test_competentnl_stands_below_our_list_and_above_the_match_of_names(work: WorkDatabase) -> None:
    entree = "25254"  # Assistent logistiek: not in our list, known by its name
    assert entree in crosswalks.taught_now(work)
    listed(work, crosswalk.COMPETENTNL, ALLROUND, "kok")
    listed(work, crosswalk.COMPETENTNL, entree, "magazijnmedewerker")
    made = crosswalks.build(work, TODAY).links
    assert set(made.loc[made["crebo"] == ALLROUND, "origin"]) == {crosswalk.SHIPPED}
    assert set(made.loc[made["crebo"] == entree, "origin"]) == {crosswalk.COMPETENTNL}


def test_a_wrong_line_is_published_with_its_reason_and_changes_nothing(work: WorkDatabase) -> None:
    before = crosswalks.build(work, TODAY).links
    say(work, occupation="tovenaar")
    made = crosswalks.build(work, TODAY)
    assert made.overrides["outcome"].tolist() == ["rejected"] and "unknown occupation" in made.overrides["why"].iloc[0]
    pd.testing.assert_frame_equal(before, made.links)


def test_a_renumbered_programme_has_its_demand_under_the_code_of_today(work: WorkDatabase) -> None:
    made = crosswalks.build(work, TODAY)
    chauffeur = made.lineage.set_index("predecessor").loc["25364"]
    assert (chauffeur["crebo"], chauffeur["relation"], chauffeur["since"]) == ("27042", lineage.ONE, 2023)
    assert "25364" not in set(made.links["crebo"]) | set(made.variants["crebo"]) and "27042" in set(made.links["crebo"])


def test_supply_of_a_renumbered_programme_is_a_mean_of_all_its_years(work: WorkDatabase) -> None:
    m, g = s.mart_programme.c, s.graduates.c
    supply = work.frame(select(m.period, m.supply).where(m.crebo == "27042", m.region_code == "NL01")).set_index("period")["supply"]
    graduates = work.frame(select(g.crebo, g.year, g.graduates_low).where(g.crebo.in_(["25364", "27042"])))
    assert set(graduates.loc[graduates["crebo"] == "25364", "year"]) == {2021, 2022} and set(graduates.loc[graduates["crebo"] == "27042", "year"]) == {2023, 2024, 2025}
    assert supply[2023] > 0.5 * supply[2025]  # with the last year alone it would be about a third
    assert work.frame(select(m.crebo).where(m.crebo == "25364")).empty


def test_renumbering_moves_people_and_loses_none() -> None:
    counts = {("9A", "25364", "BBL"): {"MAN": [1, 2, 3]}, ("9A", "27042", "BBL"): {"MAN": [10, 20, 30], "VROUW": [1, 1, 1]}, ("9A", "25001", "BOL"): {"MAN": [5, 5, 5]}}
    made = renumbered(counts, (2022, 2023, 2024))
    assert made == {("9A", "25001", "BOL"): {"MAN": [5, 5, 5]}, ("9A", "25364", "BBL"): {"MAN": [11, 0, 0], "VROUW": [1, 0, 0]}, ("9A", "27042", "BBL"): {"MAN": [0, 22, 33], "VROUW": [0, 1, 1]}}
    assert set(RENUMBERED) == {"25364", "25400"}


def test_checks_name_rejected_lines_unknown_occupations_and_a_crosswalk_that_divides_too_much(work: WorkDatabase) -> None:
    assert quality.crosswalks_divide(work) is None and quality.override_lines_are_used(work) is None and quality.listed_occupations_are_known(work) is None
    say(work, weight=0.5, occupation="tovenaar")
    listed(work, crosswalk.OFFICIAL, ALLROUND, "tovenaar")
    crosswalks.fill(work, TODAY)
    assert "a.csv line 2: unknown occupation" in str(quality.override_lines_are_used(work)) and "1 of 1 rows" in str(quality.listed_occupations_are_known(work))
    links = work.frame(select(s.crosswalk_variant))
    work.replace(s.crosswalk_variant, pd.concat([links, links.head(1).assign(crebo="99999", weight=0.9)]))
    assert "sums above 1" in str(quality.crosswalks_divide(work)) and "1 links of programmes that do not exist" in str(quality.crosswalks_divide(work))


# --- names ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def matcher() -> crosswalks.NameMatcher:
    shipped = reference.read("occupations")
    occupations = pd.DataFrame({"uri": shipped["esco_uri"], "isco4": shipped["isco4"], "label_nl": shipped["label_nl"], "label_en": shipped["label_en"], "alt_labels_nl": shipped["titles"], "alt_labels_en": None})
    return crosswalks.NameMatcher(occupations, list(own_titles(shipped, reference.read("titles"))))


@pytest.mark.parametrize(("name", "level", "label"), [
    ("Allround lasser", 3, "lasser"), ("Verzorgende IG", 3, "verzorgende"), ("Applicatieontwikkelaar", 4, "software developer"), ("Software developer", 4, "software developer"),
    ("Betontimmerman", 2, "timmerman"), ("Doktersassistent", 4, "doktersassistent"), ("Eerste monteur mechatronica", 3, "monteur mechatronica")])
def test_a_qualification_is_linked_to_the_occupation_of_its_name(matcher: crosswalks.NameMatcher, name: str, level: int, label: str) -> None:
    named = matcher.programmes(pd.DataFrame([{"crebo": "25001", "name": name, "level": level}]))
    links = crosswalk.text_links(named).sort_values("confidence", ascending=False)
    labels = reference.read("occupations").set_index("esco_uri")["label_nl"]
    assert label in labels[links["occupation_uri"].iloc[0]]


@pytest.mark.parametrize("name", ["Vakexpert", "Leidinggevende van een team/afdeling/project", "Operator C", "Musicalperformer", "?", ""])
def test_a_name_that_says_too_little_is_not_linked(matcher: crosswalks.NameMatcher, name: str) -> None:
    assert crosswalk.text_links(matcher.programmes(pd.DataFrame([{"crebo": "25001", "name": name, "level": 3}]))).empty


def test_a_manager_is_not_what_level_two_trains_for(matcher: crosswalks.NameMatcher) -> None:
    scores = {level: matcher.programmes(pd.DataFrame([{"crebo": "25001", "name": "Manager verkoop", "level": level}])).set_index("occupation_uri")["score"] for level in (2, 4)}
    managers = [uri for uri in scores[4].index if matcher.isco[uri].startswith("1")]
    assert managers and all(scores[2][uri] < scores[4][uri] for uri in managers)
