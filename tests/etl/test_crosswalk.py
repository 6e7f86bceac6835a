"""The crosswalk: precedence of origins, sums per occupation, overrides line by line, and nothing invented."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.alignment import crosswalk, lineage

PROGRAMMES = ["25001", "25002", "25003", "25004"]
OCCUPATIONS = ["o:1", "o:2", "o:3"]
LINKS = st.lists(st.fixed_dictionaries({
    "crebo": st.sampled_from([*PROGRAMMES, "99999"]), "occupation_uri": st.sampled_from(OCCUPATIONS), "weight": st.floats(0, 1),
    "origin": st.sampled_from(crosswalk.ORIGINS), "confidence": st.floats(0, 1), "note": st.just('{"how": "shipped"}')}), max_size=40)


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=crosswalk.COLUMNS)


def link(crebo: str, uri: str, weight: float = 1.0, origin: str = crosswalk.SHIPPED, confidence: float = 0.8) -> dict[str, Any]:
    return {"crebo": crebo, "occupation_uri": uri, "weight": weight, "origin": origin, "confidence": confidence, "note": '{"how": "shipped"}'}


@settings(deadline=None)
@given(LINKS)
def test_weights_of_an_occupation_never_exceed_one_and_are_never_negative(rows: list[dict[str, Any]]) -> None:
    made = crosswalk.combine(frame(rows), PROGRAMMES)
    assert (made["weight"] > 0).all() and (made["weight"] <= 1).all()
    assert (made.groupby("occupation_uri")["weight"].sum() <= 1 + 1e-6).all()
    assert not made.duplicated(["crebo", "occupation_uri"]).any()


@settings(deadline=None)
@given(LINKS)
def test_combining_invents_no_link_and_names_no_programme_that_does_not_exist(rows: list[dict[str, Any]]) -> None:
    made = crosswalk.combine(frame(rows), PROGRAMMES)
    given_links = {(r["crebo"], r["occupation_uri"], r["origin"]) for r in rows}
    assert set(zip(made["crebo"], made["occupation_uri"], made["origin"], strict=True)) <= given_links
    assert set(made["crebo"]) <= set(PROGRAMMES)


@settings(deadline=None)
@given(LINKS)
def test_a_programme_has_the_links_of_its_highest_origin_only(rows: list[dict[str, Any]]) -> None:
    made = crosswalk.combine(frame(rows), PROGRAMMES)
    for crebo, chosen in made.groupby("crebo"):
        best = min((r["origin"] for r in rows if r["crebo"] == crebo), key=crosswalk.ORIGINS.index)
        assert set(chosen["origin"]) == {best}


@settings(deadline=None)
@given(LINKS)
def test_an_override_stands_exactly_unless_the_overrides_alone_want_more_than_there_is(rows: list[dict[str, Any]]) -> None:
    made = crosswalk.combine(frame(rows), PROGRAMMES)
    said: dict[tuple[str, str], float] = {}
    for r in rows:
        if r["origin"] == crosswalk.OVERRIDE and r["crebo"] in PROGRAMMES:
            key = (r["crebo"], r["occupation_uri"])
            said[key] = max(said.get(key, 0.0), r["weight"])
    claimed = {uri: sum(w for (_, u), w in said.items() if u == uri) for uri in OCCUPATIONS}
    got = made.set_index(["crebo", "occupation_uri"])["weight"].to_dict()
    for (crebo, uri), weight in said.items():
        assert got.get((crebo, uri), 0.0) == pytest.approx(weight / max(claimed[uri], 1.0), abs=1e-8)


@settings(deadline=None)
@given(LINKS, st.dictionaries(st.sampled_from(PROGRAMMES), st.floats(0, 1000)))
def test_every_variant_sums_to_at_most_one_and_divides_what_is_linked(rows: list[dict[str, Any]], leavers: dict[str, float]) -> None:
    combined = crosswalk.combine(frame(rows), PROGRAMMES)
    text = frame([r | {"origin": crosswalk.TEXT} for r in rows if r["origin"] == crosswalk.TEXT])
    made = crosswalk.variants(combined, text, leavers, PROGRAMMES)
    sums = made.groupby(["variant", "occupation_uri"])["weight"].sum()
    assert (sums <= 1 + 1e-6).all() and set(made["crebo"]) <= set(PROGRAMMES) and set(made["variant"]) <= set(crosswalk.VARIANTS)
    linked = combined.groupby("occupation_uri")["weight"].sum()
    for variant in ("combined", "even", "by_graduates"):
        for uri, total in linked.items():
            assert sums.get((variant, uri), 0.0) == pytest.approx(total, abs=1e-6)


def test_even_and_by_graduates_divide_an_occupation_as_they_say() -> None:
    combined = crosswalk.combine(frame([link("25001", "o:1", 0.9), link("25002", "o:1", 0.3)]), PROGRAMMES)
    made = crosswalk.variants(combined, frame([]), {"25001": 30.0, "25002": 90.0}, PROGRAMMES).set_index(["variant", "crebo"])["weight"]
    assert made["combined", "25001"] == pytest.approx(0.75) and made["even", "25001"] == pytest.approx(0.5) and made["by_graduates", "25002"] == pytest.approx(0.75)


def test_by_graduates_is_even_where_nobody_graduates() -> None:
    combined = crosswalk.combine(frame([link("25001", "o:1"), link("25002", "o:1")]), PROGRAMMES)
    made = crosswalk.variants(combined, frame([]), {"25003": 5.0}, PROGRAMMES).set_index(["variant", "crebo"])["weight"]
    assert made["by_graduates", "25001"] == made["by_graduates", "25002"] == 0.5


def test_what_no_programme_answers_stays_with_no_programme() -> None:
    made = crosswalk.combine(frame([link("25001", "o:1", 0.4)]), PROGRAMMES)
    assert made["weight"].tolist() == [0.4]
    assert crosswalk.unlinked_share(made, ["o:1", "o:2"]).to_dict() == {"o:1": 0.6, "o:2": 1.0}


def test_others_divide_what_an_override_leaves() -> None:
    made = crosswalk.combine(frame([link("25001", "o:1", 0.7, crosswalk.OVERRIDE), link("25002", "o:1"), link("25003", "o:1")]), PROGRAMMES).set_index("crebo")["weight"]
    assert made.to_dict() == pytest.approx({"25001": 0.7, "25002": 0.15, "25003": 0.15})


def test_an_override_of_nought_takes_a_link_away() -> None:
    made = crosswalk.combine(frame([link("25001", "o:1", 0.0, crosswalk.OVERRIDE), link("25001", "o:1"), link("25001", "o:2")]), PROGRAMMES)
    assert made.empty


def test_overrides_that_want_more_than_there_is_are_divided_and_say_so() -> None:
    made = crosswalk.combine(frame([link("25001", "o:1", 0.9, crosswalk.OVERRIDE), link("25002", "o:1", 0.9, crosswalk.OVERRIDE), link("25003", "o:1")]), PROGRAMMES)
    assert made["weight"].tolist() == [0.5, 0.5] and all(json.loads(note)["claimed"] == 1.8 for note in made["note"])


# --- names and lists ------------------------------------------------------------------------------------------
OURS = pd.DataFrame([
    {"uri": "http://data.europa.eu/esco/occupation/1", "label_nl": "lasser", "label_en": "welder", "alt_labels_nl": "constructielasser|smid", "alt_labels_en": None},
    {"uri": "http://data.europa.eu/esco/occupation/2", "label_nl": "acteur/actrice", "label_en": "actor", "alt_labels_nl": None, "alt_labels_en": None},
    {"uri": "http://data.europa.eu/esco/occupation/3", "label_nl": "hoefsmid", "label_en": "farrier", "alt_labels_nl": "smid", "alt_labels_en": None},
])
NAMES = crosswalk.Names.of(OURS, [("tig-lasser", "http://data.europa.eu/esco/occupation/1"), ("piloot", "http://elsewhere")])
ONE, TWO, THREE = OURS["uri"]


@pytest.mark.parametrize(("written", "uris", "how"), [
    ("Lasser", (ONE,), crosswalk.PREFERRED), ("TIG lasser", (ONE,), crosswalk.OWN), ("actrice", (TWO,), crosswalk.PREFERRED), ("constructie-lasser", (), ""),
    ("smid", (ONE, THREE), crosswalk.ALTERNATIVE), (TWO, (TWO,), "address"), ("piloot", (), ""), ("", (), "")])
def test_an_occupation_is_found_by_its_address_or_any_of_its_names(written: str, uris: tuple[str, ...], how: str) -> None:
    assert NAMES.find(written) == (uris, how)


def listed(**values: Any) -> pd.DataFrame:
    return pd.DataFrame([{"crebo": "25001", "origin": crosswalk.OFFICIAL, "occupation_name": "lasser", "occupation_uri": None, "weight": None, "programme_name": None, "list_name": "lijst.csv", **values}])


def test_a_listed_name_of_several_occupations_is_not_guessed() -> None:
    links, missed = crosswalk.listed_links(listed(occupation_name="smid"), NAMES, {})
    assert links.empty and list(missed.columns) == crosswalk.MISSED and missed["why"].tolist() == ["several occupations go by this name"]


def test_a_listed_name_that_is_only_near_has_less_confidence() -> None:
    exact, _ = crosswalk.listed_links(listed(), NAMES, {})
    near, _ = crosswalk.listed_links(listed(occupation_name="lasser staal"), NAMES, {"lasser staal": (ONE, 0.7)})
    assert exact["confidence"].iloc[0] == 0.95 and near["confidence"].iloc[0] == pytest.approx(0.665)
    assert near["occupation_uri"].tolist() == [ONE] and near["weight"].tolist() == [1.0]


def test_rare_essential_skills_weigh_more_than_common_optional_ones_and_one_skill_says_little() -> None:
    occupation_skills = pd.DataFrame([("o:1", "a", "essential"), ("o:1", "b", "optional"), ("o:2", "b", "essential"), ("o:2", "c", "essential"), ("o:3", "b", "optional")], columns=["occupation_uri", "skill", "relation"])
    taught = pd.DataFrame([("25001", "a"), ("25001", "b"), ("25002", "c")], columns=["crebo", "skill"])
    made = crosswalk.shared_skills(taught, occupation_skills).set_index(["crebo", "occupation_uri"])
    assert made.loc[("25001", "o:1"), "shared"] == pytest.approx(0.5)  # all of it, but only two skills: 2 / (2 + 2)
    assert made.loc[("25001", "o:1"), "shared"] > made.loc[("25001", "o:2"), "shared"] and made["shared"].between(0, 1).all()
    assert crosswalk.shared_skills(taught.head(0), occupation_skills).empty


def test_skills_in_common_make_a_doubtful_name_a_link_and_a_low_score_none() -> None:
    named = pd.DataFrame([("25001", "o:1", 0.55, "lasser"), ("25001", "o:2", 0.50, "bankwerker"), ("25002", "o:1", 0.40, "lasser")], columns=["crebo", "occupation_uri", "score", "found"])
    assert crosswalk.text_links(named).empty
    skills = pd.DataFrame([("25001", "o:1", 0.6, 7)], columns=["crebo", "occupation_uri", "shared", "n"])
    made = crosswalk.text_links(named, skills)
    assert made[["crebo", "occupation_uri"]].to_numpy().tolist() == [["25001", "o:1"]]
    assert made["confidence"].iloc[0] == made["weight"].iloc[0] == pytest.approx(0.55 + 0.45 * 0.35 * 0.6, abs=1e-3) and json.loads(made["note"].iloc[0])["skills"] == 7


# --- earlier codes --------------------------------------------------------------------------------------------
def before(*pairs: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"crebo": new, "predecessor": old, "relation": relation, "basis": "name level", "why": None, "others": None, "source": "x", "confidence": 0.9, "since": 2023}
                         for old, new, relation in pairs], columns=lineage.COLUMNS)


def test_a_later_code_takes_over_the_links_of_the_earlier_one_also_through_two_steps() -> None:
    made = crosswalk.inherited(frame([link("20001", "o:1")]), before(("20001", "20002", lineage.ONE), ("20002", "25001", lineage.ONE)), ["25001"])
    assert made[["crebo", "occupation_uri"]].to_numpy().tolist() == [["25001", "o:1"]]
    assert made["confidence"].iloc[0] == pytest.approx(0.8 * 0.9 * 0.9, abs=2e-3) and json.loads(made["note"].iloc[0])["earlier"] == "20002"


def test_a_later_code_with_links_of_its_own_keeps_them_and_the_earlier_one_has_none() -> None:
    made = crosswalk.inherited(frame([link("20001", "o:1"), link("25001", "o:2")]), before(("20001", "25001", lineage.ONE)), ["25001"])
    assert made[["crebo", "occupation_uri"]].to_numpy().tolist() == [["25001", "o:2"]]


def test_an_ambiguous_predecessor_passes_nothing_on_and_one_whose_successor_is_not_taught_keeps_its_links() -> None:
    made = crosswalk.inherited(frame([link("20001", "o:1"), link("20009", "o:2")]), before(("20001", "25001", lineage.AMBIGUOUS), ("20009", "29999", lineage.ONE)), ["25001", "20009"])
    assert set(made["crebo"]) >= {"20001", "20009"} and "25001" not in set(made["crebo"])


# --- overrides ------------------------------------------------------------------------------------------------
def line(number: int, **values: Any) -> dict[str, Any]:
    return {"crebo": "25001", "occupation": "lasser", "weight": 0.5, "institution": None, "reason": "eigen onderzoek", "author": "J. de Wit", "valid_from": date(2026, 8, 1),
            "file": "a.csv", "line": number, "sha256": "ab" * 32, "file_date": date(2026, 9, 1), **values}


def read(*lines: dict[str, Any], today: date = date(2026, 11, 1)) -> pd.DataFrame:
    return crosswalk.read_lines(pd.DataFrame(lines), PROGRAMMES, NAMES, today)


@pytest.mark.parametrize(("wrong", "said"), [
    ({"crebo": "88888"}, "unknown programme"), ({"occupation": "tovenaar"}, "unknown occupation"), ({"occupation": "smid"}, "unclear occupation: 2"),
    ({"weight": 1.5}, "not between 0 and 1"), ({"weight": -0.1}, "not between 0 and 1")])
def test_a_wrong_line_is_rejected_with_its_reason_and_the_others_stand(wrong: dict[str, Any], said: str) -> None:
    made = read(line(2, **wrong), line(3, crebo="25002"))
    assert made["outcome"].tolist() == ["rejected", "applied"] and said in made["why"].iloc[0]


def test_a_double_line_is_rejected_naming_the_first() -> None:
    made = read(line(2), line(3, weight=0.9), line(2, file="b.csv"))
    assert made["outcome"].tolist() == ["applied", "rejected", "rejected"] and "a.csv line 2" in made["why"].iloc[1]


def test_a_later_line_replaces_an_earlier_one_from_its_day_on() -> None:
    lines = (line(2), line(3, weight=0.9, valid_from=date(2026, 10, 1)), line(4, weight=0.2, valid_from=date(2027, 1, 1)))
    assert read(*lines)["outcome"].tolist() == ["replaced", "applied", "later"]
    assert read(*lines, today=date(2026, 9, 1))["outcome"].tolist() == ["applied", "later", "later"]
    assert read(*reversed(lines))["outcome"].tolist() == ["replaced", "applied", "later"]


def test_institutions_that_disagree_are_both_refused_and_those_that_agree_are_heard() -> None:
    assert read(line(2, institution="25PJ"), line(3, institution="25LH", weight=0.9))["outcome"].tolist() == ["rejected", "rejected"]
    agreed = read(line(2, institution="25PJ"), line(3, institution="25LH"))
    assert agreed["outcome"].tolist() == ["applied", "applied"] and len(crosswalk.override_links(agreed)) == 1


def test_the_version_of_the_file_goes_along_with_the_link() -> None:
    note = json.loads(crosswalk.override_links(read(line(2)))["note"].iloc[0])
    assert note == {"how": "override", "author": "J. de Wit", "reason": "eigen onderzoek", "file": "a.csv", "version": "abababab", "file_date": "2026-09-01", "valid_from": "2026-08-01"}
