"""The Skills page: what is covered and not, in words that never say "not needed", and the school's own curriculum."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import requests

from dashboard import curricula, state
from dashboard.i18n import read_texts
from dashboard.picture import picture_of, programmes_of, subject_of
from dashboard.view import Views
from etl.alignment import coverage
from warehouse import asking_skills
from warehouse.publications import Publications
from warehouse.queries import NATIONAL, Reader

Show = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def busy(reader: Reader) -> str:
    """A programme with many vacancies in the country and gaps."""
    grid = reader.programme_grid(NATIONAL, reader.info.latest_period)
    return str(grid[grid["coverage"].between(0.2, 0.8)].sort_values("coverage_n", ascending=False).iloc[0]["crebo"])


def picture(reader: Reader, busy: str, **changes: Any) -> Any:
    selection = state.Selection(page="skills", region=NATIONAL, period=reader.info.latest_period, programme=busy, **changes)
    from dashboard.i18n import translator
    subject = subject_of(reader, selection, translator("nl"))
    assert subject is not None
    return picture_of(reader, selection, subject)


def leaf(view: dict[str, Any], name: str) -> str:
    return str(view["leaves"][name]["props"]["html"])


def own(busy: str, *skills: str, how: str = "taught") -> dict[str, Any]:
    return {"name": "Jaar 1", "programme": busy, "skills": [{"skill_id": s, "how": how, "sentence": f"Wij leren {n}.", "start": 10, "end": 11} for n, s in enumerate(skills)]}


def test_the_figures_of_the_page_are_those_of_the_marts(reader: Reader, busy: str) -> None:
    made = picture(reader, busy)
    grid = reader.programme_grid(NATIONAL, reader.info.latest_period).set_index("crebo").loc[busy]
    assert made.without == pytest.approx((grid["coverage"], grid["coverage_low"], grid["coverage_high"]))
    assert made.covered == pytest.approx(made.without) and made.n == grid["coverage_n"]


def test_covered_partly_and_not_are_told_by_a_word_and_add_up(reader: Reader, show: Show, busy: str) -> None:
    made = picture(reader, busy)
    assert set(made.rows["cover"]) <= {"covered", "partly", "not"}
    assert (made.rows["covered"] == (made.rows["cover"] == "covered")).all()
    taught = set(reader.programme_skills(busy)["skill_id"])
    assert all((row.skill_id in taught) == (row.cover == "covered") for row in made.rows.itertuples())
    assert all(row.near_skill in taught for row in made.rows[made.rows["cover"] == "partly"].itertuples())
    chart = leaf(show(f"/skills?programme={busy}&region=NL01"), "skills-chart")
    assert len(re.findall(r"</i>(?:gedekt|deels|niet gevonden)</span>", chart)) == len(re.findall("skill-row", chart))


def test_every_gap_is_listed_and_none_is_taught_or_near(reader: Reader, show: Show, busy: str) -> None:
    made = picture(reader, busy)
    listed = leaf(show(f"/skills?programme={busy}&region=NL01"), "skills-gaps")
    assert len(made.gaps()) and all(label.replace("&", "&amp;").replace("'", "&#x27;") in listed for label in made.gaps()["label_nl"])
    assert (made.gaps()["asked"] >= 3).all()


def test_hardly_asked_needs_an_upper_bound_that_is_low_and_enough_vacancies(reader: Reader, busy: str) -> None:
    made = picture(reader, busy)
    assert (made.rare()["share_high"] < 0.10).all()
    few = replace(made, n=made.rare_needs() - 1, rows=made.rows.head(0))
    enough = replace(made, n=made.rare_needs(), rows=made.rows.head(0))
    assert few.rare().empty and len(enough.rare()) == len(enough.taught)


def test_not_mentioned_is_never_called_not_needed() -> None:
    for lang, words in (("nl", ("niet nodig", "overbodig", "onnodig")), ("en", ("not needed", "unnecessary", "superfluous"))):
        for key, text in read_texts(lang).items():
            if key.startswith("skills.") and any(word in text.lower() for word in words):
                assert re.search(r"(betekent niet:? niet nodig|niet hetzelfde als: niet nodig|does not mean: not needed|not the same as: not needed)", text), key


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_page_without_data_says_so_and_why(show: Show, reader: Reader, lang: str) -> None:
    grid = reader.programme_grid("AM36", reader.info.latest_period)
    quiet = next(r["crebo"] for r in grid.to_dict("records") if (reader.subject("AM36", reader.info.latest_period, "programme", r["crebo"]) or 0) < 10 and len(reader.programme_occupations(r["crebo"])))
    text = leaf(show(f"/skills?programme={quiet}&lang={lang}"), "skills-empty")
    assert "n &lt; 10" in text and "region=NL01" in text
    unlinked = next((c for c in reader.programmes()["crebo"] if reader.programme_occupations(c).empty), None)
    if unlinked:
        assert read_texts(lang)["skills.unlinked_title"] in leaf(show(f"/skills?programme={unlinked}&lang={lang}"), "skills-empty")


def test_a_programme_whose_skills_are_unknown_has_no_coverage_and_says_why(small_year: Publications, reader: Reader, busy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = reader.skills(NATIONAL, reader.info.latest_period, "programme", busy).assign(cover=None, covered=None, near_skill=None)
    monkeypatch.setattr(Reader, "skills", lambda *_: rows)
    monkeypatch.setattr(Reader, "programme_skills", lambda self, _: self.skill_labels().head(0))
    made = picture(reader, busy)
    assert made.without is None and made.covered is None and not made.known
    with_own = picture(reader, busy, own=curricula.given(own(busy, rows.iloc[0]["skill_id"])))
    assert with_own.without is None and with_own.covered is not None and with_own.covered[0] > 0


def test_a_skill_shows_sentences_with_the_mention_marked_employers_from_three_and_what_is_not_known(reader: Reader, show: Show, busy: str) -> None:
    skill = picture(reader, busy).rows.iloc[0]["skill_id"]
    card = leaf(show(f"/skills?programme={busy}&region=NL01&skill={skill.removeprefix(state.ESCO['skill'])}"), "skills-evidence")
    assert "<mark>" in card and "klopt dit niet?" in card and "/vacancies?" in card
    assert "CompetentNL" in card, "electives are missing, and the page says why"


def test_employers_and_months_are_those_of_the_adverts(reader: Reader, busy: str) -> None:
    period, uris = reader.info.latest_period, list(reader.programme_occupations(busy)["occupation_uri"])
    top = picture(reader, busy).rows.iloc[0]
    named = asking_skills.employers(reader, NATIONAL, uris, top["skill_id"], period, 50)
    assert (named["n"] >= asking_skills.LEAST_NAMED).all() and named["n"].sum() <= top["asked"]
    assert asking_skills.months(reader, NATIONAL, uris, top["skill_id"], period)["n"].sum() == top["asked"]
    regional = [asking_skills.months(reader, region, uris, top["skill_id"], period)["n"].sum() for region in reader.regions()["code"]]
    assert sum(regional) <= top["asked"]


def test_a_curriculum_of_the_browser_changes_the_page_and_is_kept_nowhere(small_year: Publications, reader: Reader, busy: str) -> None:
    gaps = picture(reader, busy).gaps()
    views = Views(small_year, state.Defaults(), dict)
    made = views.make("/skills", f"?programme={busy}&region=NL01", own(busy, *gaps["skill_id"].head(2)))
    assert not made.keep
    text = leaf(json.loads(made.document), "skills-own")
    assert "Wij leren" in text and "Gedekt met lesplan" in text
    assert "Wij leren" not in views.make("/skills", f"?programme={busy}&region=NL01").document.decode()
    other = json.loads(views.make("/skills", f"?programme={next(c for c in reader.programmes()['crebo'] if c != busy)}&region=NL01", own(busy, gaps.iloc[0]["skill_id"])).document)
    assert "Wij leren" not in json.dumps(other), "it belongs to one programme"


@pytest.mark.parametrize("broken", [{"name": 1}, "x", 7, [1], {"name": "a", "programme": "25287", "skills": [{"skill_id": "<script>"}]}])
def test_a_broken_curriculum_of_the_browser_is_left_out(small_year: Publications, busy: str, broken: Any) -> None:
    document = Views(small_year, state.Defaults(), dict).make("/skills", f"?programme={busy}&region=NL01", broken).document
    assert b"skills-chart" in document and b"<script>" not in document


def test_what_a_curriculum_says_cannot_smuggle_in_markup(small_year: Publications, reader: Reader, busy: str) -> None:
    sent = own(busy, picture(reader, busy).gaps().iloc[0]["skill_id"])
    sent["name"], sent["skills"][0]["sentence"] = "<img src=x>", "Wij leren <script>alert(1)</script>."
    document = Views(small_year, state.Defaults(), dict).make("/skills", f"?programme={busy}&region=NL01", sent).document.decode()
    assert "<script>" not in document and "<img" not in document


@pytest.fixture
def emptied(small_year: Publications) -> Iterator[None]:
    yield
    for kept in curricula.store(small_year.root).list():
        curricula.store(small_year.root).delete(kept.id)


def test_reading_keeping_showing_and_deleting_over_the_wire(address: str, reader: Reader, busy: str, show: Show, small_year: Publications, emptied: None) -> None:
    gap = picture(reader, busy).gaps().iloc[0]
    answer = requests.post(f"{address}/api/v1/curriculum", data=f"Studenten leren {gap['label_nl']}.".encode(), headers={"content-type": "application/octet-stream", "x-file-name": "les%20plan.txt"}, timeout=30)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert gap["skill_id"] in [row["skill_id"] for row in answer.json()["skills"]]
    assert not curricula.store(small_year.root).list(), "reading keeps nothing"
    kept = requests.post(f"{address}/api/v1/curricula", json={"name": "Team A", "programme": busy, "skills": answer.json()["skills"]}, timeout=20)
    assert kept.status_code == 201
    identifier = kept.json()["curriculum"]["id"]
    text = leaf(show(f"/skills?programme={busy}&region=NL01&curriculum={identifier}"), "skills-own")
    assert "Team A" in text and "Gedekt met lesplan" in text
    assert requests.delete(f"{address}/api/v1/curricula/{identifier}", timeout=20).status_code == 200
    assert requests.delete(f"{address}/api/v1/curricula/{identifier}", timeout=20).status_code == 404
    assert "Team A" not in json.dumps(show(f"/skills?programme={busy}&region=NL01&curriculum={identifier}"))


@pytest.mark.parametrize(("headers", "status"), [
    ({"content-type": "text/plain"}, 415), ({"content-type": "application/octet-stream", "origin": "http://elders.example"}, 403),
    ({"content-type": "application/octet-stream", "sec-fetch-site": "cross-site"}, 403), ({"content-type": "application/octet-stream", "x-file-name": "oud.doc"}, 400)])
def test_a_foreign_or_wrong_request_is_refused(address: str, headers: dict[str, str], status: int) -> None:
    answer = requests.post(f"{address}/api/v1/curriculum", data=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, headers=headers, timeout=20)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["code"] == "old_word"


def test_what_is_larger_than_five_megabytes_is_refused_with_its_code(address: str) -> None:
    answer = requests.post(f"{address}/api/v1/curriculum", data=b"a" * (curricula.MOST_BYTES + 1), headers={"content-type": "application/octet-stream"}, timeout=20)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


def test_every_reason_why_a_file_cannot_be_read_has_words() -> None:
    from etl import curriculum
    raised = set(re.findall(r'Unreadable\(\s*"(\w+)"|"(\w+)" if ', Path(curriculum.__file__).read_text(encoding="utf-8")))
    assert {code for pair in raised for code in pair if code} <= set(curricula.CODES)


def test_programmes_can_be_found_from_the_page(show: Show, reader: Reader) -> None:
    found = leaf(show("/skills?q=lasser"), "skills-found")
    assert "programme=25287" in found and "q=" not in found
    assert "xqzwv" in leaf(show("/skills?q=xqzwv"), "skills-found")
    assert programmes_of(reader) is programmes_of(reader)


def test_the_marts_keep_what_rises_and_falls_with_its_p_value(reader: Reader) -> None:
    from sqlalchemy import select

    from warehouse import schema as s
    rows: pd.DataFrame = reader.ask(("all skills",), select(s.mart_skill))
    changed = rows[rows["trend"].isin(["rising", "falling"])]
    assert (changed["trend_p"] <= coverage.FALSE_DISCOVERIES).all() and rows.loc[rows["trend"] == "unknown", "trend_p"].isna().all()
    up, down = changed[changed["trend"] == "rising"], changed[changed["trend"] == "falling"]
    assert (up["share_low"] > up["share_previous_high"]).all() and (down["share_high"] < down["share_previous_low"]).all()
    assert (rows["asked"] > 0).all() or set(rows.loc[rows["asked"] == 0, "trend"]) == {"falling"}
