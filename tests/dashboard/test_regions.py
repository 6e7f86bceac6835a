"""The page about regions: what it says equals the rows it stands on, other regions stand beside it, and what lacks is said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import requests

from dashboard import formats, state
from dashboard.figures.spark import HEIGHT, spark_path
from dashboard.i18n import Translator
from dashboard.pages import regions
from dashboard.specialised import picture
from etl.alignment import specialisation as rules
from warehouse import asking_regions, asking_signals
from warehouse.queries import NATIONAL, Reader

Show = Callable[[str], dict[str, Any]]


def text(view: dict[str, Any], leaf: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", view["leaves"][leaf]["props"]["html"]))


def summed(reader: Reader, region: str, branch: str, period: str = "2025JJ00") -> float:
    """Jobs (x 1,000) of a region as the sum of what the table has for its municipalities."""
    jobs, inside = asking_regions.jobs(reader), asking_regions.members(reader, "arbeidsmarktregio")
    codes = set(inside.loc[inside["region_code"] == region, "part_code"])
    return float(jobs[jobs["part_code"].isin(codes) & (jobs["branch"] == branch) & (jobs["period"] == period)]["value"].sum())


def test_the_quotient_on_the_page_follows_from_the_rows_of_cbs(reader: Reader, show: Show) -> None:
    jobs = asking_regions.jobs(reader).set_index(["part_code", "branch", "period"])["value"]
    total = asking_regions.total(reader)
    seen = picture(reader, "AM36", 2025).of("AM36").set_index("branch")
    sure = seen[(seen["hidden"] == 0) & (seen["kind"] != "quiet")]
    assert len(sure) > 5
    page = text(show("/regions"), "lq-rows")
    for branch in sure.index:
        expected = summed(reader, "AM36", branch) / summed(reader, "AM36", total) / (jobs[(NATIONAL, branch, "2025JJ00")] / jobs[(NATIONAL, total, "2025JJ00")])
        assert sure.loc[branch, "lq"] == pytest.approx(expected) and formats.number(expected, "nl", 2) in page
    assert formats.number(round(summed(reader, "AM36", total), 1) * 1000, "nl") in text(show("/regions"), "regions-title-block")


def test_every_worked_formula_gives_the_number_it_explains(show: Show) -> None:
    html = show("/regions?lang=en")["leaves"]["lq-rows"]["props"]["html"]
    worked = re.findall(r'made-filled">\(([\d,]+) ÷ ([\d,]+)\) ÷ \(([\d,]+) ÷ ([\d,]+)\) = ([\d.]+)', html)
    assert len(worked) > 8
    for *parts, shown in worked:
        here, all_here, there, all_there = (float(p.replace(",", "")) for p in parts)
        assert here / all_here / (there / all_there) == pytest.approx(float(shown), abs=0.0051)


def test_small_changes_look_small() -> None:
    heights = [float(y) for y in re.findall(r" ([\d.]+)", spark_path([1.0, 1.02, 1.0], least=0.2))]
    assert max(heights) - min(heights) == pytest.approx((HEIGHT - 4) / 10, abs=0.11) and spark_path([1.0, 1.5], least=0.2) == spark_path([1.0, 1.5])


def test_labour_market_regions_add_up_to_the_country(reader: Reader) -> None:
    total = asking_regions.total(reader)
    every = sum(summed(reader, code, total) for code in reader.regions()["code"])
    jobs = asking_regions.jobs(reader)
    country = jobs[(jobs["part_code"] == NATIONAL) & (jobs["branch"] == total) & (jobs["period"] == "2025JJ00")]["value"].iloc[0]
    assert abs(every - country) <= 342 * rules.ROUNDING


def test_the_country_is_one_and_is_not_compared_with_itself(reader: Reader, show: Show) -> None:
    rows = picture(reader, NATIONAL, 2025).of(NATIONAL)
    assert set(rows[["lq", "lq_low", "lq_high"]].to_numpy().ravel()) == {1.0}
    assert "lq-rows" not in show("/regions?region=NL01")["leaves"]


@pytest.mark.parametrize("address", ["/regions?region=PV23", "/regions?region=CR10&lang=en", "/regions?region=GM0193,GM0150", "/regions?near=1", "/regions?supply=living&compare=PV23", "/regions?period=2023"])
def test_it_works_for_regions_of_every_kind(show: Show, address: str) -> None:
    view = show(address)
    assert {"lq-rows", "alike-list", "side-by-side", "region-signals"} <= set(view["leaves"]) and "regions-basis" not in view["leaves"]


def test_a_province_is_cbs_own_figure_and_is_alike_to_provinces(reader: Reader) -> None:
    seen = picture(reader, "PV23", 2025)
    jobs = asking_regions.jobs(reader)
    own = jobs[(jobs["part_code"] == "PV23") & (jobs["period"] == "2025JJ00")].set_index("branch")["value"]
    assert seen.of("PV23").set_index("branch")["value"].to_dict() == own.drop(asking_regions.total(reader)).to_dict() and set(seen.of("PV23")["parts"]) == {1}
    assert len(seen.near) == 3 and all(code.startswith("PV") for code in seen.near["region_code"])


def test_without_jobs_it_counts_vacancies_and_says_so(reader: Reader, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    without = asking_regions.jobs(SimpleNamespace(_present=lambda name: frozenset()))
    assert without.empty
    monkeypatch.setattr(asking_regions, "jobs", lambda reader: without)
    view = show("/regions?region=AM36&lang=en")
    assert "From vacancies, not from jobs." in text(view, "regions-basis") and "were not loaded" in text(view, "regions-basis")
    seen = picture(reader, "AM36", 2025)
    rows, own = seen.of("AM36").set_index("branch"), reader.mismatch("AM36", 2025).set_index("sector")
    assert (rows["value"] == own["n"] + own["experienced"]).all() and rows["share"].sum() == pytest.approx(1.0)
    for branch, row in rows.iterrows():
        assert (row["kind"] == "quiet") == (row["value"] < rules.LEAST_COUNT), branch


def test_a_year_before_the_first_jobs_is_counted_from_vacancies(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = asking_regions.jobs(reader)
    monkeypatch.setattr(asking_regions, "jobs", lambda reader: jobs)
    assert picture(reader, "AM36", 2024).period == 2024 and picture(reader, "AM36", 2030).period == 2025
    assert (picture(reader, "AM36", 2022).basis, picture(reader, "AM36", 2022).why) == ("vacancies", "no_year")


def test_at_most_three_regions_stand_beside_it_and_an_old_address_with_one_still_works(reader: Reader, show: Show) -> None:
    for given, kept, wrong in (("AM18", "AM18", 0), ("AM18,PV23,CR10", "AM18,PV23,CR10", 0), ("AM18,AM18", "AM18", 0), ("AM01,AM02,AM03,AM05", None, 1), ("AM18,XX", None, 1)):
        selection, problems = state.parse("/regions", f"?compare={given}", reader)
        assert (selection.compare, len(problems)) == (kept, wrong)
        assert state.to_url(selection) == ("/regions" if kept is None else f"/regions?compare={kept}")
    head = show("/regions?compare=AM18,PV23")["leaves"]["side-by-side"]["props"]["html"]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', head) == ["Sector", "Regio Zwolle", "Groot Amsterdam", "Overijssel (PV)", "Nederland"]


def test_side_by_side_shows_each_regions_own_class_and_interval(reader: Reader, show: Show, t: Translator) -> None:
    page = text(show("/regions?compare=AM18"), "side-by-side")
    for code in ("AM36", "AM18", NATIONAL):
        for row in reader.mismatch(code, 2025).to_dict("records"):
            assert t(f"terms.class_{row['class']}") in page
            if row["class"] != "too_little_data":
                assert formats.interval(row["ratio_low"], row["ratio_high"], "nl", 1) in page


def test_the_strongest_signals_are_those_of_the_mart(reader: Reader, show: Show) -> None:
    found = asking_signals.signals(reader, "AM36", 2025)
    assert len(found) > 3 and list(found["strength"]) == sorted(found["strength"], reverse=True)
    found = found.head(3)
    subjects = re.findall(r"<li><p><a [^>]*>([^<]+)</a>", show("/regions")["leaves"]["region-signals"]["props"]["html"])
    assert [subject.split(" (")[0] for subject in subjects[:3]] == list(found["name_nl"])


def test_the_downloads_hold_the_rows_of_the_page(reader: Reader, address: str, t: Translator) -> None:
    made = regions.tables(reader, state.parse("/regions", "?compare=AM18", reader)[0], t)
    assert set(made) == {"specialisation", "alike", "compare", "signals"} and set(made["compare"]["region_code"]) == {"AM36", "AM18", NATIONAL}
    for figure, frame in made.items():
        answer = requests.get(f"{address}/export.csv?figure={figure}&page=regions&compare=AM18", timeout=20)
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) == len(frame) and rows[0]["source"] and rows[0]["publication"] == reader.info.id, figure
        assert requests.get(f"{address}/export.xlsx?figure={figure}&page=regions&compare=AM18", timeout=20).status_code == 200
    shown = made["specialisation"]
    assert isinstance(shown, pd.DataFrame) and set(shown["region_code"]) == {"AM36", "AM18", NATIONAL}


def test_many_and_few_are_told_apart_without_colour(reader: Reader, show: Show) -> None:
    html = show("/regions")["leaves"]["lq-rows"]["props"]["html"]
    kinds = picture(reader, "AM36", 2025).of("AM36")["kind"].value_counts()
    assert html.count("naar verhouding veel") == kinds.get("many", 0) and html.count("naar verhouding weinig") == kinds.get("few", 0)
    assert "class-shortage" not in html and "class-surplus" not in html
