"""Coverage and change of requested skills: bounds, monotony, and hardly ever a change where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from etl.alignment import coverage, nearness

NOTHING_NEAR = pd.DataFrame({"skill_id": [], "near_id": []}, dtype=str)
SKILLS = [f"s{i}" for i in range(12)]
ASKED = st.lists(st.tuples(st.sampled_from(SKILLS), st.integers(1, 40)), min_size=1, max_size=12, unique_by=lambda pair: pair[0])
TAUGHT = st.sets(st.sampled_from(SKILLS))
NEAR = st.lists(st.tuples(st.sampled_from(SKILLS), st.sampled_from(SKILLS)), max_size=8)


def covered(asked: list[tuple[str, int]], taught: set[str], near: list[tuple[str, str]], passing: set[str] = frozenset()) -> pd.Series:  # type: ignore[assignment]
    rows = coverage.shares(pd.DataFrame({"subject": "p", "skill_id": [s for s, _ in asked], "asked": [k for _, k in asked], "n": 40}))
    listed = [("p", s, coverage.TAUGHT) for s in sorted(taught)] + [("p", s, coverage.PASSING) for s in sorted(passing - taught)] + [("p", "elsewhere", coverage.TAUGHT)]
    kinds = coverage.kinds(rows, pd.DataFrame(listed, columns=["subject", "skill_id", "how"]), pd.DataFrame(near, columns=["skill_id", "near_id"], dtype=object))
    return coverage.coverage(rows.merge(kinds, on=["subject", "skill_id"]), ["subject"]).iloc[0]


@settings(max_examples=60, deadline=None)
@given(ASKED, TAUGHT, NEAR, TAUGHT)
def test_coverage_lies_between_zero_and_one_and_inside_its_interval(asked: list[tuple[str, int]], taught: set[str], near: list[tuple[str, str]], passing: set[str]) -> None:
    made = covered(asked, taught, near, passing)
    assert 0 <= made["coverage_low"] <= made["coverage"] <= made["coverage_high"] <= 1


@settings(max_examples=60, deadline=None)
@given(ASKED, TAUGHT, NEAR, st.sampled_from(SKILLS))
def test_teaching_one_skill_more_never_lowers_coverage(asked: list[tuple[str, int]], taught: set[str], near: list[tuple[str, str]], more: str) -> None:
    assert covered(asked, taught | {more}, near)["coverage"] >= covered(asked, taught, near)["coverage"] - 1e-12


@settings(max_examples=60, deadline=None)
@given(ASKED, TAUGHT, TAUGHT, NEAR)
def test_a_curriculum_never_covers_less_than_the_qualification_alone(asked: list[tuple[str, int]], taught: set[str], own: set[str], near: list[tuple[str, str]]) -> None:
    ids = pd.Series([s for s, _ in asked])
    before = pd.Series([coverage.COVERED if s in taught else coverage.NOT for s in ids])
    after = coverage.with_curriculum(before, ids, own, set(), pd.DataFrame(near, columns=["skill_id", "near_id"], dtype=object))
    assert (coverage.weight(after) >= coverage.weight(before)).all()
    assert all(kind == coverage.COVERED for skill, kind in zip(ids, after, strict=True) if skill in taught | own)


def test_coverage_weighs_skills_by_how_often_they_are_asked_and_partly_counts_half() -> None:
    assert covered([("s1", 30), ("s2", 10)], {"s1"}, [])["coverage"] == pytest.approx(0.75)
    assert covered([("s1", 30), ("s2", 10)], {"s1"}, [("s2", "s1")])["coverage"] == pytest.approx(0.875)
    assert covered([("s1", 30), ("s2", 10)], {"s1"}, [], {"s2"})["coverage"] == pytest.approx(0.875), "named in passing"


def test_a_programme_of_which_nothing_is_known_has_no_kinds_of_cover() -> None:
    made = coverage.kinds(pd.DataFrame({"subject": ["known", "unknown"], "skill_id": ["s1", "s1"]}), pd.DataFrame({"subject": ["known"], "skill_id": ["s2"]}), NOTHING_NEAR)
    assert made[["subject", "cover"]].to_numpy().tolist() == [["known", "not"]], "not mentioned is not: not taught"


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 400), st.integers(10, 400), st.floats(0, 1), st.floats(0, 1))
def test_small_counts_are_tested_exactly(n1: int, n2: int, share1: float, share2: float) -> None:
    a, b = round(share1 * n1), round(share2 * n2)
    p = float(coverage.two_shares([a], [n1], [b], [n2])[0])
    law = stats.hypergeom(n1 + n2, a + b, n1)
    exact = min(1.0, 2 * min(law.cdf(a), law.sf(a - 1)))
    smallest = min(n1, n2) * min(a + b, n1 + n2 - a - b) / (n1 + n2)
    assert 0 <= p <= 1
    assert p == pytest.approx(exact, abs=1e-8 if smallest < coverage.EXACT_BELOW else 0.06)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_discoveries_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    expected = stats.false_discovery_control(p) <= coverage.FALSE_DISCOVERIES * (1 + 1e-12)
    found = coverage.discoveries(p, np.zeros(len(p)))
    close = np.isclose(stats.false_discovery_control(p), coverage.FALSE_DISCOVERIES)
    assert (found == expected)[~close].all()


def test_families_do_not_share_their_discoveries_and_no_test_is_no_discovery() -> None:
    found = coverage.discoveries([0.001, 0.9, 0.06, 0.9, np.nan], [1, 1, 2, 2, 1])
    assert found.tolist() == [True, False, False, False, False]


def years(counts: dict[str, tuple[int, int]], n: tuple[int, int] = (100, 100)) -> pd.DataFrame:
    rows = [("p", skill, 2024 + at, asked[at], n[at]) for skill, asked in counts.items() for at in (0, 1) if asked[at]]
    return coverage.shares(pd.DataFrame(rows, columns=["subject", "skill_id", "period", "asked", "n"]))


def subjects(n: tuple[int, int] = (100, 100)) -> pd.DataFrame:
    return pd.DataFrame({"subject": ["p", "p"], "period": [2024, 2025], "n": n})


def test_rising_and_falling_need_both_the_test_and_intervals_that_part() -> None:
    made = coverage.trend(years({"up": (10, 60), "same": (10, 14), "down": (50, 5)}), ["subject", "skill_id"], subjects()).set_index(["skill_id", "period"])
    assert made["trend"].to_dict() == {
        ("up", 2024): "unknown", ("up", 2025): "rising", ("same", 2024): "unknown", ("same", 2025): "steady", ("down", 2024): "unknown", ("down", 2025): "falling"}
    assert made.loc[("up", 2025), "trend_p"] < 0.001 and np.isnan(made.loc[("up", 2024), "trend_p"])


def test_a_change_that_would_count_alone_does_not_among_many() -> None:
    alone = {"hit": (12, 27)}
    many = alone | {f"s{i}": (15, 15) for i in range(60)}
    flags = [coverage.trend(years(counts), ["subject", "skill_id"], subjects()).query("skill_id == 'hit' and period == 2025")["trend"].iloc[0] for counts in (alone, many)]
    assert flags == ["rising", "steady"]


def test_what_was_asked_in_one_year_only_counts_as_zero_in_the_other() -> None:
    made = coverage.trend(years({"new": (0, 40), "gone": (40, 0), "rare": (1, 0)}), ["subject", "skill_id"], subjects()).set_index(["skill_id", "period"])
    assert made.loc[("new", 2025), "share_previous"] == 0 and made.loc[("new", 2025), "trend"] == "rising"
    assert made.loc[("gone", 2025), "asked"] == 0 and made.loc[("gone", 2025), "trend"] == "falling"
    assert ("rare", 2025) not in made.index, "a skill that nobody asks for is listed only when it fell"


def test_too_few_vacancies_the_year_before_is_no_comparison() -> None:
    rows = years({"s": (0, 40)}, (9, 100))
    assert coverage.trend(rows, ["subject", "skill_id"], subjects((9, 100)))["trend"].tolist() == ["unknown"]


def test_where_nothing_changed_at_most_the_stated_share_of_subjects_has_a_change() -> None:
    random = np.random.default_rng(20261121)
    rows, totals = [], []
    for subject in range(600):
        n = random.integers(10, 250, 2)
        shares = random.beta(0.6, 4, 40)
        for at in (0, 1):
            totals.append((subject, 2024 + at, n[at]))
            rows += [(subject, skill, 2024 + at, asked, n[at]) for skill, asked in enumerate(random.binomial(n[at], shares)) if asked]
    frame = coverage.shares(pd.DataFrame(rows, columns=["subject", "skill_id", "period", "asked", "n"]))
    made = coverage.trend(frame, ["subject", "skill_id"], pd.DataFrame(totals, columns=["subject", "period", "n"]))
    flagged = made[made["trend"].isin(["rising", "falling"])]["subject"].nunique()
    assert flagged / 600 <= coverage.FALSE_DISCOVERIES


def test_real_changes_among_many_skills_are_still_found() -> None:
    counts = {f"s{i}": (30, 30) for i in range(40)} | {"up": (20, 90), "down": (90, 20)}
    made = coverage.trend(years(counts, (200, 200)), ["subject", "skill_id"], subjects((200, 200)))
    assert set(made[made["trend"].isin(["rising", "falling"])]["skill_id"]) == {"up", "down"}


@pytest.mark.parametrize(("one", "other"), [
    ("TIG-lassen", "Lassen (algemeen)"), ("Schilderwerk", "Schilderwerk voorbereiden (schuren)"), ("Brillen monteren", "Brillen verkopen"), ("CNC-frezen", "CNC-programmeren"),
    ("Administratie", "Personeelsadministratie"), ("Plantaardig koken", "Koken")])
def test_skills_named_by_the_same_thing_are_near(one: str, other: str) -> None:
    made = nearness.near_pairs({"a": one, "b": other}, pd.DataFrame({"skill_id": [], "broader_id": []}, dtype=str))
    assert sorted(zip(made["skill_id"], made["near_id"], strict=True)) == [("a", "b"), ("b", "a")]


@pytest.mark.parametrize(("one", "other"), [
    ("Machines onderhouden", "Tuinen onderhouden"), ("Klanten adviseren over verf", "Adviseren over beleggen"), ("Medische apparatuur gebruiken", "Medische teksten schrijven"), ("Leidinggeven", "Voeding geven")])
def test_sharing_only_what_is_done_is_not_near(one: str, other: str) -> None:
    assert nearness.near_pairs({"a": one, "b": other}, pd.DataFrame({"skill_id": [], "broader_id": []}, dtype=str)).empty


def test_broader_skills_and_children_of_one_are_near_but_not_those_of_a_whole_field() -> None:
    labels = {"java": "Java", "php": "PHP", "code": "Programmeren"} | {f"w{i}": f"Ding{i}" for i in range(12)}
    up = [("java", "code"), ("php", "code"), *((f"w{i}", "unlabelled") for i in range(12))]
    made = nearness.near_pairs(labels, pd.DataFrame(up, columns=["skill_id", "broader_id"]))
    assert {("java", "code"), ("code", "java"), ("java", "php")} <= set(zip(made["skill_id"], made["near_id"], strict=True))
    assert not made["skill_id"].str.startswith("w").any()
