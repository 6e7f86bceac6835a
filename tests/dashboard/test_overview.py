"""The overview says what the data say: only clear classes are named, sums add up, the screen equals the download."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from typing import Any

import pytest

from dashboard import areas, formats, state
from dashboard.components import sector_numbers as numbers
from dashboard.components.cards import Context
from dashboard.components.mismatch_rows import reason_text
from dashboard.components.signals import (
    Signal,
    all_signals,
    leaning,
    missing,
    of_rows,
    signal_item,
    strongest,
)
from dashboard.components.tables import rows_of
from dashboard.components.tile_map import steps
from dashboard.figures.trend import monthly
from dashboard.i18n import Translator, translator
from dashboard.limits import limits_of
from dashboard.pages import overview
from etl.alignment.signals import CODES
from etl.alignment.thresholds import DEFAULT as LIMITS
from etl.alignment.thresholds import Limits
from warehouse import asking_official, asking_signals, asking_supply
from warehouse.queries import Reader

Show = Callable[[str], dict[str, Any]]


def row(sector: str, kind: str, ratio: tuple[float, float, float] | None, gap: tuple[float, float, float] | None, signals: str = "", **more: Any) -> dict[str, Any]:
    low, mid, high = ratio or (float("nan"),) * 3
    a, b, c = gap or (float("nan"),) * 3
    return {"sector": sector, "class": kind, "ratio_low": low, "ratio": mid, "ratio_high": high, "gap_low": a, "gap": b, "gap_high": c, "signals": signals,
            "short_nl": sector.title(), "short_en": sector.title(), "demand": 100, "n": 100, "demand_previous": None, **more}


SHORT = row("zorg", "shortage", (1.4, 2.0, 3.0), (40, 90, 150), "shortage")
OVER = row("zakelijk", "surplus", (0.3, 0.5, 0.7), (-200, -120, -60), "surplus")
EDGE = row("techniek", "borderline", (1.1, 1.9, 3.7), (30, 148, 240))
WIDE = row("handel", "borderline", (0.7, 1.0, 1.4), (-130, -10, 100))
QUIET = row("ict", "too_little_data", None, None)


def test_the_conclusion_names_only_what_is_clear(t: Translator) -> None:
    assert "Zorg" in overview.conclusion([SHORT, EDGE, QUIET], t) and "Techniek" not in overview.conclusion([SHORT, EDGE, QUIET], t)
    assert overview.conclusion([EDGE, WIDE, QUIET], t) == t("overview.conclusion_none")
    both = overview.conclusion([SHORT, OVER, WIDE], t)
    assert "Zorg" in both and "Zakelijk" in both


# --- signals --------------------------------------------------------------------------------------------------------
def at(reader: Reader, address: str) -> Context:
    """The context of an address, as the page gets it."""
    there = areas.of_address(reader, address, state.Defaults())
    selection, _ = state.parse("/", address, there)
    return Context(there, selection, translator(selection.lang))


def sector_rows(context: Context) -> list[dict[str, Any]]:
    return rows_of(context.reader.mismatch(context.selection.region, context.selection.period))


def test_signals_come_in_order_of_certainty_and_size(reader: Reader, t: Translator) -> None:
    grown = row("voedsel", "balance", (0.9, 1.0, 1.1), (-5, 0, 5), "demand_up", n=150, demand_previous=90)
    rows = [WIDE, EDGE, grown, SHORT, OVER, QUIET]
    assert [s.code for s in strongest([*of_rows(rows, t), *leaning(at(reader, ""), rows, LIMITS)])] == ["surplus", "shortage", "demand_up", "leans_shortage"]


def test_a_borderline_sector_whose_interval_covers_both_sides_is_no_signal(reader: Reader, t: Translator) -> None:
    assert of_rows([WIDE, QUIET], t) == [] and leaning(at(reader, ""), [WIDE, QUIET], LIMITS) == []


def test_leaning_follows_the_thresholds_of_the_publication(reader: Reader) -> None:
    assert [s.code for s in leaning(at(reader, ""), [EDGE], LIMITS)] == ["leans_shortage"]
    assert leaning(at(reader, ""), [EDGE], Limits(shortage=2.0)) == [] and leaning(at(reader, ""), [EDGE], Limits(surplus=1.2)) == []


def signal(code: str, subject: str, strength: float, kind: str = "programme", **values: Any) -> Signal:
    return Signal(code, kind, subject, subject.title(), values, strength)


@pytest.mark.parametrize(("found", "expected"), [
    ([signal("shortage", f"s{i}", 110 - i, "sector") for i in range(9)], ["s0", "s1", "s2", "s3", "s4"]),
    ([*(signal("shortage", f"s{i}", 110 - i, "sector") for i in range(9)), signal("demand_up", "up", 50), signal("leans_surplus", "l", 3, "sector"), signal("few_students", "f", 20)], ["s0", "s1", "up", "l", "f"]),
    ([signal("few_students", f"f{i}", 20, national_high=40 - i) for i in range(9)], ["f8", "f7"]),
    ([*(signal("few_students", f"f{i}", 20) for i in range(4)), *(signal("small_providers", f"p{i}", 25) for i in range(4)), signal("skills_uncovered", "u", 16)], ["p0", "p1", "f0", "f1", "u"]),
    ([signal("leans_shortage", "edge", 900, "sector"), signal("surplus", "clear", 101, "sector")], ["clear", "edge"]),
])
def test_five_signals_are_not_five_of_a_kind_while_there_are_others(found: list[Signal], expected: list[str]) -> None:
    assert [s.subject for s in strongest(found)] == expected


def test_signals_are_those_that_the_publication_keeps(reader: Reader) -> None:
    context = at(reader, "")
    listed = asking_signals.signals(reader, "AM36", context.selection.period)
    assert len(listed) and set(listed["code"]) <= set(CODES) and listed["strength"].is_monotonic_decreasing
    assert not listed["name_nl"].isna().any() and not listed["name_en"].isna().any()
    told = {(s.kind, s.subject, s.code) for s in all_signals(context, sector_rows(context)) if s.code in CODES}
    assert told == set(zip(listed["subject_kind"], listed["subject"], listed["code"], strict=True))
    assert missing(context) == []


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("code", [*CODES, "leans_shortage", "leans_surplus"])
def test_every_code_has_a_sentence_a_rule_figures_and_other_explanations(reader: Reader, code: str, lang: str) -> None:
    context = at(reader, f"?lang={lang}")
    values = {"n": 73, "n_previous": 40, "demand": 225.0, "demand_low": 185.0, "demand_high": 272.0, "supply": 140.0, "supply_low": 88.0, "supply_high": 189.0, "ratio": 1.61, "ratio_low": 1.27,
              "ratio_high": 2.04, "gap": 86.0, "gap_low": 41.0, "gap_high": 136.0, "students_low": 10, "students_high": 14, "students_previous_low": 20, "students_previous_high": 24,
              "providers": 2, "smallest_high": 9, "national_high": 31, "coverage": 0.4, "skills": list(reader.skill_names())[:2], "count": 2}
    for kind, subject in (("sector", "techniek"), ("programme", "25655")):
        html = signal_item(context, Signal(code, kind, subject, "Naam", values, 1.0, 3), sector_rows(context))
        assert "{" not in html and "–)" not in html and html.count("<li>") - 1 in (2, 3)
        assert ("/programme?" in html) == (kind == "programme")


def test_the_threshold_in_the_rule_is_the_publications(reader: Reader) -> None:
    context = at(reader, "")
    limits, rows = limits_of(reader), sector_rows(context)
    html = "".join(signal_item(context, s, rows) for s in all_signals(context, rows) if s.code in ("shortage", "surplus"))
    assert html and all(formats.number(value, "nl", 2) in html for value in (limits.surplus, limits.shortage))


def test_a_signal_about_demand_holds_counts_against_counts(reader: Reader) -> None:
    t, given = translator("nl"), row("zorg", "balance", (0.9, 1.0, 1.1), (-5, 0, 5), "demand_up", n=150, demand_previous=90, factor_basis="margins")
    html = signal_item(at(reader, ""), of_rows([{**given, "demand": 400}], t)[0], [given])
    assert "Geteld: van 90 vacatures" in html and "naar 150 in" in html and "400" not in html


def test_an_official_figure_that_says_the_opposite_is_a_signal_with_its_reasons(reader: Reader) -> None:
    everything = asking_official.official_rows(reader, "sector")
    against = [(r, s) for r, s, a in zip(everything["region_code"], everything["subject"], everything["agreement"], strict=True) if a == "opposite"]
    assert against
    context = at(reader, f"?region={against[0][0]}")
    found = [s for s in all_signals(context, sector_rows(context)) if s.code == "official_opposite"]
    assert {s.subject for s in found} == {s for r, s in against if r == against[0][0]}
    html = signal_item(context, found[0], sector_rows(context))
    reasons = [context.t(f"official.reason_{code}") for code in found[0].values["official"]["reasons"].split("|")]
    assert all(reason[1:] in html for reason in reasons) and "spreekt tegen" in html


def test_own_areas_and_other_counts_say_what_is_missing(reader: Reader) -> None:
    area, raw = at(reader, "?region=GM0193,GM0150"), at(reader, "?demand=raw")
    assert len(missing(area)) == 2 and len(missing(raw)) == 1
    for context in (area, raw):
        rows = sector_rows(context)
        clear = {r["sector"] for r in rows if r["class"] in ("shortage", "surplus")}
        assert {s.subject for s in all_signals(context, rows) if s.code in ("shortage", "surplus")} == clear


def test_a_region_without_signals_says_so(show: Show, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "all_signals", lambda context, rows: [])
    context = at(reader, "")
    card = overview._signals_card(context, sector_rows(context))
    assert context.t("overview.no_signals") in str(card)


# --- counted and estimated ------------------------------------------------------------------------------------------
def printed(html: str) -> str:
    """What a reader sees of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_sums_that_a_number_shows_can_be_done_again(reader: Reader, lang: str) -> None:
    """factor x counted, demand / supply and demand - supply, as printed, give the printed number, in every region and sector."""
    for region in reader.region_names():
        context = at(reader, f"?region={region}&lang={lang}")
        for r in sector_rows(context):
            if r["factor_basis"] != "none":
                a, b, c = worked(numbers.demand_explained(context, r), "×", lang)
                assert a == r["n"] and round(a * b + 1e-9) == c == round(r["demand"] + 1e-9), (region, r["sector"])
            if not formats.is_absent(r["ratio"]):
                a, b, c = worked(numbers.ratio_explained(context, r), "÷", lang)
                assert abs(a / b - c) <= 0.0501 + 0.06 * a / b / b, (region, r["sector"])
                a, b, c = worked(numbers.gap_explained(context, r), formats.MINUS, lang)
                assert abs(a - b - c) <= 0.61, (region, r["sector"])


def worked(html: str, sign: str, lang: str) -> tuple[float, float, float]:
    """The numbers of the filled-in formula a <sign> b = c."""
    line = re.search(rf'made-filled">([^<]*) {sign} ([^<]*) = ([^<]*)</span>', html)
    assert line, html
    point, group = (",", ".") if lang == "nl" else (".", ",")
    a, b, c = (float(text.replace(formats.MINUS, "-").replace("+", "").replace(group, "").replace(point, ".")) for text in line.groups())
    return a, b, c


def test_the_rows_print_what_the_reader_answers(reader: Reader) -> None:
    context = at(reader, "")
    for r in sector_rows(context):
        assert f"{formats.number(r['demand'], 'nl')}<br><small>{formats.number(r['n'], 'nl')} geteld</small>" in numbers.demand_explained(context, r)
        assert formats.interval(r["supply_low"], r["supply_high"], "nl") in numbers.supply_explained(context, r)
        assert formats.interval(r["demand_alt_low"], r["demand_alt_high"], "nl") in numbers.demand_explained(context, r)


def test_counted_and_estimated_are_named_wherever_both_are(show: Show) -> None:
    for lang, counted, estimated in (("nl", "geteld", "geschat"), ("en", "counted", "estimated")):
        leaves = {key: printed(leaf["props"].get("html", "")) for key, leaf in show(f"/?lang={lang}")["leaves"].items()}
        assert counted in leaves["overview-title-block"].lower() and counted in leaves["mismatch-sum"]
        for name in ("mismatch-head", "mismatch-rows", "mismatch-foot", "map-head", "matrix-table", "mismatch-sum", "signals-list"):
            assert estimated in leaves[name], (lang, name)
        assert counted in leaves["trend-head"] and estimated not in leaves["trend-head"]


def test_not_weighted_is_called_counted_and_has_the_way_back(show: Show) -> None:
    leaves = show("/?demand=raw")["leaves"]
    assert "geschat" not in printed(leaves["mismatch-rows"]["props"]["html"]) and "geschat" not in printed(leaves["map-head"]["props"]["html"])
    line = leaves["mismatch-sum"]["props"]["html"]
    assert "niet naar CBS-totalen gewogen" in line and 'href="/"' in line
    assert 'href="/?demand=raw"' in show("/")["leaves"]["mismatch-sum"]["props"]["html"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_without_calibration_the_page_says_so_and_why_it_can_be(reader: Reader, lang: str) -> None:
    context = at(reader, f"?lang={lang}")
    rows = [{**r, "factor": 1.0, "factor_basis": "none", "factor_year": None, "demand": float(r["n"])} for r in sector_rows(context)]
    t = context.t
    line = printed(numbers.calibration_line(context, rows))
    assert t("made.line_none") in line and t("made.why_none") in line
    assert all(word not in printed(numbers.demand_explained(context, r)) for r in rows for word in ("geschat", "estimated", "×"))
    some = [{**rows[0], "n": 12}, *sector_rows(context)[1:]]
    assert t.pick(rows[0], "short") in printed(numbers.calibration_line(context, some)) and t("made.why_none") in printed(numbers.calibration_line(context, some))


def test_the_calibration_line_has_the_smallest_and_largest_factor(reader: Reader) -> None:
    context = at(reader, "")
    factors = [r["factor"] for r in sector_rows(context) if r["n"]]
    assert f"{formats.number(min(factors), 'nl', 1)} tot {formats.number(max(factors), 'nl', 1)}" in numbers.calibration_line(context, sector_rows(context))


def test_supply_says_who_continues_and_where_that_comes_from(show: Show, reader: Reader) -> None:
    head = printed(show("/")["leaves"]["overview-title-block"]["props"]["html"])
    for source in asking_supply.progression(reader)["source"]:
        assert " ".join(source.split()) in head
    context = at(reader, "")
    for level, share in zip(*(asking_supply.progression(reader)[c] for c in ("level", "share")), strict=True):
        assert f"mbo {level}" in numbers.supply_explained(context, sector_rows(context)[0]) and formats.share(share, "nl") in numbers.supply_explained(context, sector_rows(context)[0])


def test_what_a_number_opens_has_a_name_of_its_own(show: Show) -> None:
    html = "".join(leaf["props"].get("html", "") for leaf in show("/")["leaves"].values())
    names = re.findall(r'id="(made-[^"]+)"', html)
    opened = [name for name in names if not name.endswith("-title")]
    assert len(names) == len(set(names)) and len(opened) >= 3 + 8 * 2
    assert sorted(set(re.findall(r'popovertarget="([^"]+)"', html))) == sorted(opened)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_sum_on_the_page_reconciles_for_every_region(reader: Reader, lang: str) -> None:
    for region in reader.region_names():
        selection, _ = state.parse("/", f"?region={region}&lang={lang}", reader)
        rows, total = rows_of(reader.mismatch(region, selection.period)), reader.region_total(region, selection.period)
        assert total is not None
        assert sum(r["n"] + r["experienced"] for r in rows) + total["unmapped_demand"] == total["total_demand"], region
        shown = overview.reconciliation(Context(reader, selection, translator(lang)), rows, total)
        reasons = rows_of(reader.unmapped(region, selection.period))
        assert sum(r["demand"] for r in reasons) == total["unmapped_demand"], region
        assert shown.count("<li>") == len(reasons)


def test_the_mean_needs_twelve_months() -> None:
    rows = monthly([{"month": i, "demand": i} for i in range(14)])
    assert [r["mean"] for r in rows[:11]] == [None] * 11
    assert rows[11]["mean"] == sum(range(12)) / 12 and rows[13]["mean"] == sum(range(2, 14)) / 12


def test_a_month_without_vacancies_counts_as_zero_and_not_as_absent(reader: Reader, t: Translator) -> None:
    sparse = min(((region, sector) for region in reader.regions()["code"] for sector in reader.sectors()["code"]),
                 key=lambda pair: len(reader.demand_months(*pair)))
    assert len(reader.demand_months(*sparse)) < len(reader.demand_months("NL01"))
    selection, _ = state.parse("/", f"?region={sparse[0]}&sector={sparse[1]}", reader)
    rows = overview._months(Context(reader, selection, t))
    assert len(rows) == len(reader.demand_months("NL01"))
    assert sum(row["demand"] for row in rows) == reader.demand_months(*sparse)["demand"].sum()


def test_a_change_is_only_named_when_it_is_more_than_chance(t: Translator) -> None:
    def year(before: int, now: int) -> list[dict[str, Any]]:
        import datetime
        return [{"month": datetime.date(y, m, 1), "demand": n} for y, n in ((2024, before), (2025, now)) for m in range(1, 13)]

    assert "vrijwel gelijk" in overview.trend_sentence(year(100, 101), 2025, t)
    assert "groeit" in overview.trend_sentence(year(100, 130), 2025, t)
    assert "daalt" in overview.trend_sentence(year(100, 70), 2025, t)


def test_every_region_stands_on_the_map_and_in_the_matrix(show: Show, reader: Reader) -> None:
    view = show("/?sector=zorg")
    assert view["leaves"]["map-tiles"]["props"]["html"].count('class="tile ') == len(reader.regions())
    matrix = view["leaves"]["matrix-table"]["props"]["html"]
    assert matrix.count("<td ") == len(reader.regions()) * len(reader.sectors())
    assert all(name.replace("&", "&amp;") in matrix for name in reader.regions()["name"])


def test_colour_is_never_alone(show: Show) -> None:
    view = show("/?sector=zorg")
    for name in ("map-tiles", "matrix-table", "mismatch-rows"):
        text = view["leaves"][name]["props"]["html"]
        assert text.count('<i class="g"></i>') >= text.count('class="cell ') + text.count('class="tile class-') + text.count("sector-name")


def test_steps_split_the_ranking_in_quarters() -> None:
    found = steps({f"r{i:02d}": float(i) for i in range(35)})
    assert {found[f"r{i:02d}"] for i in range(9)} == {1} and found["r34"] == 4
    assert all(a <= b for a, b in pairwise(found[f"r{i:02d}"] for i in range(35)))


def test_choosing_a_sector_again_lets_go_of_it(show: Show) -> None:
    assert 'href="/?sector=zorg"' in show("/")["leaves"]["mismatch-rows"]["props"]["html"]
    assert 'href="/"' in show("/?sector=zorg")["leaves"]["mismatch-rows"]["props"]["html"]


@pytest.mark.parametrize("reason", ["n < 10", "supply unknown", "supply < 10", "supply can be zero", "incomplete year", "something new"])
def test_every_reason_for_silence_has_words(reason: str, t: Translator) -> None:
    assert reason_text(reason, t)


def test_the_download_holds_what_the_screen_shows(reader: Reader, t: Translator) -> None:
    selection, _ = state.parse("/", "?region=AM01&sector=techniek", reader)
    tables = overview.tables(reader, selection, t)
    assert set(tables) == {"mismatch", "map", "trend", "matrix"}
    assert set(tables["map"]["sector"]) == {"techniek"} and len(tables["map"]) == len(reader.regions())
    assert tables["trend"]["demand"].sum() == reader.demand_months("AM01", "techniek")["demand"].sum()
