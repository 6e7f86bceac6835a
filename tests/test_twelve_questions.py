"""The twelve questions of a demanding planner (issue 4), each answered on the demonstration year by what stands on the pages, and on real files where there are any.

Other tests prove the parts; this file alone must be enough to trust the whole: figures are worked out again here by hand from the
files as they came.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from sqlalchemy import select

import dashboard
from connectors.base import FetchContext
from connectors.demo.renumbered import RENUMBERED
from connectors.http import HttpClient
from connectors.sbb import CreboList
from dashboard import areas, formats, state
from dashboard.components.cards import Context
from dashboard.components.programme_demand import demand_lines
from dashboard.exports import csv_bytes
from dashboard.i18n import read_texts, translator
from dashboard.pages import programme as dossier
from dashboard.picture import programmes_of
from dashboard.view import Views
from etl.alignment import area, coverage, lineage, mismatch, signals
from etl.alignment.official import CLASS_OF
from etl.settings import Settings
from tests.connectors.test_crosswalk_lists import NOW
from tests.etl.test_supply_year import PATHWAY, bounds, lines, taught
from warehouse import asking_official, asking_supply
from warehouse import schema as s
from warehouse.publications import Publications
from warehouse.queries import NATIONAL, Reader

__all__ = ["taught"]  # a fixture: who teaches what where, by hand from the offer
Taught = dict[tuple[str, str], dict[str, set[str]]]
Show = Callable[[str], str]
YEAR = 2025
BROKEN = re.compile(r"(?<![\w-])(nan|NaN|None(?!\.)|NaT|inf|<NA>)(?![\w-])")  # "None." is an English sentence


@pytest.fixture(scope="module")
def reader(small_year: Publications) -> Reader:
    """Answers from the small demonstration year."""
    return small_year.reader()


def html_of(views: Views, address: str) -> str:
    """Everything a page says, as markup: text of its leaves and the cells of its grids."""
    path, mark, query = address.partition("?")
    document = json.loads(views.make(path, mark + query).document)
    assert document["page"] != "message", f"{address} failed"
    parts = []
    for leaf in document["leaves"].values():
        props = leaf["props"]
        parts += [props.get("html", ""), json.dumps(props.get("rowData", ""), ensure_ascii=False)]
    return " ".join(parts)


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("&#x27;", "'").replace("&lt;", "<").replace("&amp;", "&").split())


@pytest.fixture(scope="module")
def markup(small_year: Publications) -> Show:
    """The markup of the page at an address."""
    views = Views(small_year, state.Defaults(), dict)
    return lambda address: html_of(views, address)


@pytest.fixture(scope="module")
def text(markup: Show) -> Show:
    """What the page at an address says."""
    return lambda address: plain(markup(address))


def cells(markup: str, caption: str) -> list[list[str]]:
    """The body of the first table with this caption, as text."""
    table = next(t for t in re.findall(r"<table.*?</table>", markup, re.DOTALL) if caption in t.split("</caption>")[0])
    body = table.split("<tbody>")[1]
    return [[plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)]


def changed(publications: Publications, folder: Path, *statements: str) -> Publications:
    """A copy of the publication in which something is otherwise, for pages that must cope with it."""
    target = folder / "publications"
    target.mkdir(parents=True)
    source = publications.folder / f"{publications.current_id()}.duckdb"
    copy = shutil.copy(source, target / source.name)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    manifest = json.loads(source.with_suffix(".json").read_text()) | {"size": Path(copy).stat().st_size}
    Path(copy).with_suffix(".json").write_text(json.dumps(manifest))
    (folder / "current.json").write_text(json.dumps({"id": source.stem}))
    return Publications(folder)


# --- 1 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("source", "begins", "before", "measure"), [("duo-students", "03", "", "students"), ("duo-graduates", "ged", "DIP", "graduates")])
def test_question_1_students_and_graduates_per_crebo_and_location_equal_the_source_to_the_unit(
    reader: Reader, small_settings: Settings, taught: Taught, source: str, begins: str, before: str, measure: str,
) -> None:
    by_hand: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in lines(small_settings, source, begins):
        low, high = bounds(row[f"{before}MAN{YEAR}"], row[f"{before}VROUW{YEAR}"])
        who = row["INSTELLINGSCODE"], row["ERKENDE OPLEIDING CODE"]
        for region in (*taught[who], NATIONAL) if high else ():
            total = by_hand[(region, who[1])]
            total[0], total[1] = total[0] + low, total[1] + high
            places[(region, who[1])] |= taught[who].get(region, set())
    t, shown = translator("nl"), 0
    for region in (*reader.regions()["code"], NATIONAL):
        found = {r["crebo"]: r for r in reader.programme_grid(region, YEAR).to_dict("records")}
        expected = {crebo: tuple(total) for (where, crebo), total in by_hand.items() if where == region}
        got = {crebo: (int(r[f"{measure}_low"]), int(r[f"{measure}_high"])) for crebo, r in found.items() if not formats.is_absent(r[f"{measure}_low"])}
        assert got == expected, region
        assert all(set(found[crebo]["places"].split("|")) == places[(region, crebo)] for crebo in expected if region != NATIONAL)
        shown += len(expected)
    assert shown > 500 and any(low != high for low, high in by_hand.values())
    for region, crebo in sorted(by_hand)[::300]:  # and so it is printed
        selection = state.parse("/programme", f"?programme={crebo}&region={region}", reader)[0]
        joined = {r["period"]: r for r in dossier.series(Context(reader, selection, t), [])}[YEAR]
        assert (joined[f"{measure}_low"], joined[f"{measure}_high"]) == tuple(by_hand[(region, crebo)])


def test_question_1_the_page_prints_duos_number_with_its_mask(markup: Show, small_settings: Settings) -> None:
    rows = [r for r in lines(small_settings, "duo-students", "03") if r["ERKENDE OPLEIDING CODE"] == "25655"]
    for pathway in ("bol", "bbl"):
        own = [bounds(r[f"MAN{YEAR}"], r[f"VROUW{YEAR}"]) for r in rows if PATHWAY[r["LEERWEG"]] == pathway]
        printed = formats.count(sum(low for low, _ in own), sum(high for _, high in own), "nl")
        assert f"{pathway} {printed}" in plain(markup("/programme?programme=25655&region=NL01"))


# --- 2 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("said", "crebo"), [("lasser", "25287"), ("verpleegkunde niveau 4", "25655"), ("vrachtwagenchauffeur", "27042"), ("25655", "25655")])
def test_question_2_known_cases_are_found_by_everyday_names_and_read_sensibly(text: Show, reader: Reader, said: str, crebo: str) -> None:
    assert crebo in programmes_of(reader).find(said)
    read = text(f"/programme?programme={crebo}&region=NL01")
    found = reader.programme(crebo)
    assert found is not None and found["name"] in read and f"niveau {found['level']}" in read and f"crebo {crebo}" in read
    for label in reader.programme_occupations(crebo)["label_nl"]:
        assert str(label).capitalize() in read
    for number in range(1, 6):
        assert f" {number}. " in read, "the five questions in their order"
    assert re.search(r"n (=|<) \d", read) and "Bron:" in read and f"Periode: {YEAR}" in read and "Publicatie:" in read and "verzonnen" in read
    assert read.count("Niet bekend") >= 5, "and what is not known"


# --- 3 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("old", "new", "since"), [(old, new, since) for old, (new, since) in RENUMBERED.items()])
def test_question_3_the_series_runs_on_through_a_change_of_code(markup: Show, reader: Reader, small_settings: Settings, old: str, new: str, since: int) -> None:
    by_hand: dict[int, list[int]] = {year: [0, 0] for year in range(2021, 2026)}
    codes: dict[int, set[str]] = {year: set() for year in by_hand}
    for row in lines(small_settings, "duo-students", "03"):
        for year in by_hand if row["ERKENDE OPLEIDING CODE"] in (old, new) else ():
            low, high = bounds(row[f"MAN{year}"], row[f"VROUW{year}"])
            by_hand[year][0], by_hand[year][1] = by_hand[year][0] + low, by_hand[year][1] + high
            codes[year] |= {row["ERKENDE OPLEIDING CODE"]} if high else set()
    shown = cells(markup(f"/programme?programme={new}&region=NL01"), "Door de jaren heen")
    assert [int(row[0]) for row in shown] == sorted(by_hand)
    for row in shown:
        year = int(row[0])
        assert row[2] == formats.count(*by_hand[year], "nl")
        assert codes[year] == {old if year < since else new} and row[1].split()[0] in codes[year]
        assert ("eerdere code" in row[1]) == (year < since), "the row says which code it was"
    gone = markup(f"/programme?programme={old}&region=NL01")
    assert f"programme={new}" in gone, "an old link leads on"


def test_question_3_on_the_real_lists_of_2014_and_2015_no_series_loses_anybody(real_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "crebo"
    folder.mkdir()
    for name in ("crebo_2014_oud.csv", "crebo_hks_2015.csv"):
        shutil.copy(real_data / "nl/sbb" / name, folder / name)
    source = CreboList(tmp_path)
    links = lineage.from_lists(pd.DataFrame(source.parse(list(source.fetch(FetchContext(HttpClient([]), NOW)))).records["qualification"])).links
    to = lineage.successor_of(links)
    assert len(to) > 270
    counts = pd.DataFrame([(code, year, 10, 13) for code in sorted({*to, *to.values()}) for year in (2014, 2015)], columns=["crebo", "year", "low", "high"])
    made = lineage.chain(counts, links)
    assert made["low"].sum() == counts["low"].sum() and made["high"].sum() == counts["high"].sum() and not set(made["crebo"]) & set(to)


# --- 4 --------------------------------------------------------------------------------------------------------
def test_question_4_demand_reconciles_in_every_region_and_year_under_every_crosswalk(reader: Reader) -> None:
    v, a = s.mart_variant, s.mart_area_demand
    variants = reader.ask("variants of sectors", select(v).where(v.c.subject_kind == "sector"))
    atoms = reader.ask("atoms", select(a))
    weights = reader.ask("links", select(s.crosswalk_variant))
    for region in (*reader.regions()["code"], NATIONAL):
        for period in reader.periods():
            total, sectors = reader.region_total(region, period), reader.mismatch(region, period)
            assert total is not None and sectors["n"].sum() + sectors["experienced"].sum() + total["unmapped_demand"] == total["total_demand"]
            own = variants[(variants["region_code"] == region) & (variants["period"] == period)]
            for _, rows in own.groupby("variant"):
                assert rows["demand_raw"].sum() == pytest.approx(sectors["n"].sum()) and rows["demand"].sum() == pytest.approx(sectors["demand"].sum())
            here = atoms[(atoms["period"] == period) & ((atoms["region_code"] == region) | (region == NATIONAL))]
            for _, links in weights.groupby("variant"):
                share = here["occupation_uri"].map(links.groupby("occupation_uri")["weight"].sum()).fillna(0.0)
                assert (share <= 1 + 1e-6).all()
                apportioned, rest = (here["n"] * share).sum(), (here["n"] * (1 - share)).sum()
                assert apportioned + rest == pytest.approx(sectors["n"].sum()) and rest >= -1e-6
            share = here["occupation_uri"].map(weights[weights["variant"] == "combined"].groupby("occupation_uri")["weight"].sum()).fillna(0.0)
            programmes = reader.ask(("raw", region, period), select(s.mart_programme.c.demand_raw).where(s.mart_programme.c.region_code == region, s.mart_programme.c.period == period))["demand_raw"].sum()
            assert programmes == pytest.approx((here["n"] * share).sum()) and sectors["apportioned"].sum() == pytest.approx(programmes)
    assert set(variants["variant"]) == set(area.CROSSWALKS)


@pytest.mark.parametrize("counted", ["", "&demand=raw", "&crosswalk=even", "&crosswalk=by_graduates&demand=raw", "&crosswalk=text&supply=living", "&near=1"])
def test_question_4_the_lines_of_a_dossier_add_up_to_its_figure(small_year: Publications, counted: str) -> None:
    seen = 0
    for region in ("AM36", "NL01", "GM0193,GM0166"):
        base = small_year.reader()
        for crebo in base.programmes()["crebo"][::6]:
            query = f"?programme={crebo}&region={region}{counted}"
            reader = areas.of_address(base, query, state.Defaults())
            selection = state.parse("/programme", query, reader)[0]
            row = next((r for r in reader.programme_years(selection.region, crebo).to_dict("records") if r["period"] == YEAR), None)
            if row is None or row["demand"] != row["demand"]:
                continue
            made = demand_lines(reader, selection)
            assert made["demand"].sum() == pytest.approx(row["demand"], abs=1e-6), query
            if "crosswalk" not in counted:
                assert made["n"].sum() == row["n"] and made["experienced"].sum() == row["experienced"]
            seen += bool(len(made))
    assert seen > 30


def test_question_4_a_repost_counts_once(reader: Reader) -> None:
    v = s.vacancy.c
    rows = reader.ask("numbered", select(v.source_id, v.vacancy_id, v.duplicate_group, v.counts, v.region_code, v.year, v.duplicates))
    rows["number"] = rows["source_id"].str.extract(r"(\d+)$")[0].astype(int)
    by = rows.set_index("number")
    numbers = set(by.index)
    # The demonstration writes a vacancy's second advert under the next number, and then leaves one number out.
    pairs = [n for n in sorted(numbers) if n + 1 in numbers and n + 2 not in numbers and n + 3 in numbers]
    together = [n for n in pairs if by.loc[n, "duplicate_group"] == by.loc[n + 1, "duplicate_group"]]
    assert len(pairs) > 300 and len(together) > 0.97 * len(pairs)
    groups = rows.groupby("duplicate_group").agg(counts=("counts", "sum"), size=("number", "size"), others=("duplicates", "max"))
    assert groups["counts"].eq(1).all() and (groups["others"] == groups["size"] - 1).all()
    alone = [n for n in together if groups.loc[by.loc[n, "duplicate_group"], "size"] == 2]
    assert len(alone) > 300 and by.loc[alone, "counts"].sum() + by.loc[[n + 1 for n in alone], "counts"].sum() == len(alone)
    for (region, year), own in rows.dropna(subset=["region_code"]).groupby(["region_code", "year"]):
        total = reader.region_total(region, int(year))
        assert total is not None and total["total_demand"] == own["counts"].sum() and total["adverts"] == len(own)
    assert reader.region_totals(NATIONAL)["total_demand"].sum() == rows["duplicate_group"].nunique(), "over all years, a repost in the next year included"


# --- 5 --------------------------------------------------------------------------------------------------------
def test_question_5_the_main_site_and_the_place_of_the_lessons_are_told_apart(text: Show, reader: Reader, small_settings: Settings, taught: Taught) -> None:
    heads = {r["INSTELLINGSCODE"]: r["PLAATSNAAM"] for r in lines(small_settings, "duo-institutions", "inst")}
    offered = {(r["ONDERWIJSLOCATIECODE"].partition("X")[0], r["ERKENDEOPLEIDINGSCODE"]) for r in lines(small_settings, "duo-offer", "mbo_")}
    names = dict(reader.ask("names", select(s.institution.c.code, s.institution.c.name)).itertuples(index=False))
    students = {(r["INSTELLINGSCODE"], r["ERKENDE OPLEIDING CODE"]) for r in lines(small_settings, "duo-students", "03") if bounds(r[f"MAN{YEAR}"], r[f"VROUW{YEAR}"])[1]}
    away = [(who, region, towns) for who, by_region in sorted(taught.items()) for region, towns in by_region.items()
            if who in offered & students and heads[who[0]].title() not in {t.title() for t in towns}]
    assert len(away) > 20
    for (institution, crebo), region, towns in away[:: len(away) // 6]:
        card = text(f"/programme?programme={crebo}&region={region}").split("4. Wie biedt het nog meer aan")[1].split("5. Leren gediplomeerden door")[0]
        assert names[institution] in card and all(town in card for town in towns)
    rows = reader.ask("basis", select(s.mart_programme_institution.c.location_basis, s.mart_programme_institution.c.institution_code, s.mart_programme_institution.c.crebo).where(s.mart_programme_institution.c.year == YEAR).distinct())
    assert set(rows["location_basis"]) <= {"offer", "head office"}
    assert all((basis == "offer") == ((institution, crebo) in offered) for basis, institution, crebo in rows.itertuples(index=False))


# --- 6 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_question_6_the_direction_of_every_indicator_is_printed_wherever_it_is_shown(markup: Show, reader: Reader, lang: str) -> None:
    known = asking_official.indicators(reader).set_index("key")
    seen = set()
    for crebo in ("25287", "25655", "25290"):
        shown = asking_official.official_of(reader, "AM36", YEAR, "programme", crebo)
        page = markup(f"/programme?programme={crebo}&lang={lang}")
        for key in shown["indicator"]:
            assert known.loc[key, f"direction_{lang}"] in plain(page), key
            seen.add(key)
        texts = read_texts(lang)
        assert texts["programme.ratio_direction"] in page or "too_little_data" in page
    assert seen == set(known.index), "all of them"
    grid = plain(markup(f"/programmes?lang={lang}"))
    assert all(direction in grid for direction in known[f"direction_{lang}"])


def test_question_6_colours_never_turn(reader: Reader) -> None:
    assert (CLASS_OF["tight"], CLASS_OF["slack"]) == ("shortage", "surplus")
    css = (Path(dashboard.__file__).parents[1] / "assets/10-tokens.css").read_text()

    def is_orange(hex_code: str) -> bool:
        red, green, blue = (int(hex_code[i:i + 2], 16) for i in (1, 3, 5))
        return red > green > blue

    oranges, blues = re.findall(r"--shortage: (#\w{6})", css), re.findall(r"--surplus: (#\w{6})", css)
    assert len(oranges) == len(blues) == 2, "light and dark"
    assert all(is_orange(c) for c in oranges) and all(int(c[5:7], 16) > int(c[3:5], 16) > int(c[1:3], 16) for c in blues)
    rows = asking_official.official_rows(reader, "programme")
    rows = rows[rows["value"].notna() & (rows["figures"] == 1) & rows["reading"].isin(["tight", "slack"])]
    middle = rows.groupby(["indicator", "reading"])["value"].mean().unstack()
    assert middle.loc["roa-ita", "tight"] < middle.loc["roa-ita", "slack"], "low is tight"
    uwv = asking_official.official_rows(reader, "sector")
    uwv = uwv[(uwv["indicator"] == "uwv-tension") & uwv["reading"].isin(["tight", "slack"])]
    assert uwv.loc[uwv["reading"] == "tight", "value_high"].min() > uwv.loc[uwv["reading"] == "slack", "value_low"].max() or set(uwv["reading"]) == {"tight"}, "high is tight"


# --- 7 --------------------------------------------------------------------------------------------------------
def test_question_7_nine_stays_quiet_and_ten_may_speak(text: Show, reader: Reader) -> None:
    rows = pd.DataFrame({"n": [9, 10], "demand": [90.0, 90.0], "supply_low": [20.0, 20.0], "supply": [20.0, 20.0], "supply_high": [20.0, 20.0]})
    made = mismatch.compare(rows)
    assert made["class"].tolist() == ["too_little_data", "shortage"] and made.loc[0, ["ratio", "gap", "ratio_low", "gap_high"]].isna().all()
    assert made.loc[1, "ratio"] == pytest.approx(4.5) and mismatch.compare(rows.assign(n=10, supply_high=9.9))["class"].eq("too_little_data").all()
    assert formats.sample(9, "nl") == "n < 10" and formats.sample(10, "nl") == "n = 10"
    assert coverage.MIN_N == 10
    assert signals.changes([9, 10, 0], [0.0, 0.0, 9.0]) == [None, "demand_up", None]
    everything = reader.ask("quiet", select(s.mart_programme))
    few = everything[everything["n"] < 10]
    assert len(few) > 100 and few["class"].eq("too_little_data").all() and few[["ratio", "ratio_low", "gap", "gap_high"]].isna().all().all()
    now = everything[(everything["period"] == YEAR) & (everything["providers"] > 0)]
    nine, ten = now[now["n"] == 9].iloc[0], now[(now["n"] == 10) & (now["supply_high"] >= 10)].iloc[0]
    for row in (nine, ten):
        need = text(f"/programme?programme={row['crebo']}&region={row['region_code']}").split("3. Is er regionale behoefte")[1].split("4. Wie biedt het nog meer aan")[0]
        assert ("Minder dan 10 vacatures: geen uitspraak" in need) == (row["n"] == 9)
        assert ("Verhouding " in need.split("Basis:")[0]) == (row["n"] == 10)


# --- 8 --------------------------------------------------------------------------------------------------------
def test_question_8_those_who_continue_in_education_are_subtracted_from_supply(reader: Reader, text: Show, small_settings: Settings) -> None:
    shares = {(int(r["level"]), r["sector"]): r for r in asking_supply.progression(reader).to_dict("records")}
    by_hand: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    sector = dict(reader.programmes()[["crebo", "sector"]].itertuples(index=False))
    for row in lines(small_settings, "duo-graduates", "ged"):
        code = RENUMBERED.get(row["ERKENDE OPLEIDING CODE"], (row["ERKENDE OPLEIDING CODE"],))[0]
        share = shares.get((int(row["NIVEAU"]), sector[code]), shares[(int(row["NIVEAU"]), "*")])
        for year in (2023, 2024, 2025):
            low, high = bounds(row[f"DIPMAN{year}"], row[f"DIPVROUW{year}"])
            for position, part in enumerate((low * (1 - share["share_high"]), (low + high) / 2 * (1 - share["share"]), high * (1 - share["share_low"]), (low + high) / 2)):
                by_hand[code][position] += part / 3
    grid = reader.programme_grid(NATIONAL, YEAR).set_index("crebo")
    for code, (low, middle, high, gross) in by_hand.items():
        assert grid.loc[code, ["supply_low", "supply", "supply_high"]].tolist() == pytest.approx([low, middle, high]), code
        assert middle < gross or gross == 0
    read = text("/programme?programme=25655&region=NL01")
    assert "5. Leren gediplomeerden door?" in read and "In de uitstroom is dat deel eraf" in read and "Deel dat doorleert" in read


# --- 9 --------------------------------------------------------------------------------------------------------
def test_question_9_disagreement_with_official_figures_is_shown_with_a_reason(markup: Show, reader: Reader) -> None:
    rows = asking_official.official_rows(reader, "programme")
    against = rows[(rows["agreement"] == "opposite") & (rows["period"] == YEAR)].drop_duplicates(["indicator", "subject"])
    assert len(against)
    known = asking_official.indicators(reader).set_index("key")
    for row in against.head(8).to_dict("records"):
        for lang in ("nl", "en"):
            texts = read_texts(lang)
            card = plain(markup(f"/programme?programme={row['subject']}&region={row['region_code']}&lang={lang}"))
            assert texts["programme.signal_opposite"].format(name=known.loc[row["indicator"], f"name_{lang}"]) in card
            assert row["reasons"] and all(texts[f"official.reason_{code}"] in card for code in row["reasons"].split("|"))
            assert known.loc[row["indicator"], f"direction_{lang}"] in card


# --- 10 -------------------------------------------------------------------------------------------------------
NOT_NEEDED = {"nl": r"niet nodig|overbodig|onnodig|kan weg|geschrapt|schrappen", "en": r"not needed|unneeded|unnecessary|superfluous|redundant|can be dropped|obsolete"}
ALLOWED = {"nl": r"(?:is niet|is geen|betekent niet|niet hetzelfde als): niet nodig|wat niet nodig is", "en": r"(?:does not mean|not the same as|is not):? not needed|what is not needed"}  # denied, or said by an advert itself


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_question_10_not_mentioned_is_never_called_not_needed(markup: Show, reader: Reader, lang: str) -> None:
    spoken = dict(read_texts(lang))
    spoken |= {a: plain(markup(a)) for a in (f"/skills?programme=25655&region=NL01&lang={lang}", f"/programme?programme=25287&region=NL01&lang={lang}", f"/programmes?region=NL01&lang={lang}")}
    denied = 0
    for key, said in spoken.items():
        rest = re.sub(ALLOWED[lang], "", said.lower())
        assert not re.search(NOT_NEEDED[lang], rest), (key, re.search(rf".{{0,60}}({NOT_NEEDED[lang]}).{{0,20}}", rest))
        denied += rest != said.lower()
    assert denied >= 3, "and it is said in so many words that it is not"


# --- 11 -------------------------------------------------------------------------------------------------------
NONE_OF = "UPDATE source_info SET rows = 0 WHERE key LIKE '{}%'"
LACKING = {
    "uwv": (["DELETE FROM mart_official WHERE indicator = 'uwv-tension'", "DELETE FROM official_indicator WHERE indicator = 'uwv-tension'", NONE_OF.format("uwv")], "/programme?programme=25655&region=NL01", "Geen UWV-cijfers geladen"),
    "all official figures": (["DELETE FROM mart_official", "DELETE FROM official_indicator", *(NONE_OF.format(k) for k in ("uwv", "sbb-prospects", "roa", "cbs-leavers"))], "/programme?programme=25655&region=NL01", "Er zijn geen cijfers over geladen"),
    "homes": ([f"UPDATE {table} SET supply_living_low = NULL, supply_living = NULL, supply_living_high = NULL" for table in ("mart_programme", "mart_mismatch", "mart_region")] + ["DELETE FROM mart_home", "DELETE FROM mart_area_home"], "/programme?programme=25655&region=NL01", "bestand 11 van DUO"),
    "graduates": (["UPDATE mart_programme SET supply_low = NULL, supply = NULL, supply_high = NULL, supply_se = NULL, ratio = NULL, ratio_low = NULL, ratio_high = NULL, gap = NULL, gap_low = NULL, gap_high = NULL, graduates_low = NULL, "
                   "graduates_high = NULL, supply_living_low = NULL, supply_living = NULL, supply_living_high = NULL, class = 'too_little_data', reason = 'supply unknown', signals = ''"], "/programme?programme=25655&region=NL01", "De uitstroom is onbekend"),
    "crosswalk": (["DELETE FROM programme_occupation WHERE crebo = '25655'", "DELETE FROM crosswalk_variant WHERE crebo = '25655'", "DELETE FROM mart_variant WHERE subject = '25655'",
                   "UPDATE mart_programme SET n = 0, demand = NULL, demand_low = NULL, demand_high = NULL, demand_raw = NULL, ratio = NULL, ratio_low = NULL, ratio_high = NULL, gap = NULL, gap_low = NULL, gap_high = NULL, "
                   "class = 'too_little_data', reason = 'no occupation linked', signals = '' WHERE crebo = '25655'"], "/programme?programme=25655&region=NL01", "nog geen beroep gekoppeld"),
    "lineage": (["DELETE FROM programme_lineage"], "/programme?programme=27042&region=NL01", "Geen eerdere of latere crebocode bekend"),
    "skills": (["DELETE FROM mart_skill", "DELETE FROM mart_subject"], "/skills?programme=25655&region=NL01", "n < 10"),
}


@pytest.mark.parametrize("what", sorted(LACKING))
def test_question_11_a_page_that_lacks_data_says_so_and_why(small_year: Publications, tmp_path: Path, what: str) -> None:
    statements, address, said = LACKING[what]
    views = Views(changed(small_year, tmp_path / "data", *statements), state.Defaults(), dict)
    read = plain(html_of(views, address))
    assert said in read and said not in plain(html_of(Views(small_year, state.Defaults(), dict), address)), "it says so, and only then"
    assert not BROKEN.search(read)
    for other in ("/?region=NL01", "/programmes?region=NL01", "/skills?programme=25655", "/programme?programme=25655&lang=en", "/vacancies", "/data"):
        assert not BROKEN.search(plain(html_of(views, other))), other


# --- 12 -------------------------------------------------------------------------------------------------------
def test_question_12_the_same_link_shows_the_same_numbers_with_the_same_publication_tomorrow_and_elsewhere(small_year: Publications, tmp_path: Path) -> None:
    publications = changed(small_year, tmp_path / "data")
    first = str(publications.current_id())
    addresses = [f"{path}?region=AM36&programme=25655&publication={first}" for path in ("/programme", "/skills")] + [f"{path}?region=AM36&publication={first}" for path in ("/", "/programmes")]
    today = [html_of(Views(publications, state.Defaults(), dict), a) for a in addresses]
    second = "20991231-235959-00000001"
    newer = publications.folder / f"{second}.duckdb"
    shutil.copy(publications.folder / f"{first}.duckdb", newer)
    with duckdb.connect(str(newer)) as connection:
        connection.execute(f"UPDATE publication_info SET id = '{second}', created_at = created_at + INTERVAL 1 DAY")
        for table in ("mart_programme", "mart_mismatch"):
            connection.execute(f"UPDATE {table} SET demand = demand * 3, n = n * 3")
    manifest = json.loads((publications.folder / f"{first}.json").read_text()) | {"id": second, "size": newer.stat().st_size}
    newer.with_suffix(".json").write_text(json.dumps(manifest))
    publications.pointer.write_text(json.dumps({"id": second}))
    elsewhere = Publications(publications.root)  # another process, or a copy of the folder on another machine
    assert elsewhere.current_id() == second
    assert [html_of(Views(elsewhere, state.Defaults(), dict), a) for a in addresses] == today, "byte for byte"
    assert html_of(Views(elsewhere, state.Defaults(), dict), "/programmes?region=AM36") != today[3], "the current one is another"


def test_question_12_the_download_and_the_print_hold_what_the_screen_shows(small_year: Publications, reader: Reader) -> None:
    t = translator("nl")
    address = f"/programme?programme=25287&region=NL01&publication={reader.info.id}"
    selection = state.parse("/programme", address.partition("?")[2], reader)[0]
    frames = dossier.tables(reader, selection, t)
    rows = list(csv.DictReader(io.StringIO(csv_bytes(frames["crosswalk"], {"publication": reader.info.id}).decode("utf-8-sig"))))
    shown = cells(html_of(Views(small_year, state.Defaults(), dict), address), "Waar de vraag uit bestaat")
    assert [[formats.number(float(r["n"]), "nl"), formats.number(float(r["demand"]), "nl", 1)] for r in rows] == [[r[1], r[4]] for r in shown[:-1]]
    assert shown[-1][4] == formats.number(sum(float(r["demand"]) for r in rows), "nl", 1) and {r["publication"] for r in rows} == {reader.info.id}
    script = (Path(dashboard.__file__).parents[1] / "assets/regiokoers.js").read_text()
    assert "beforeprint" in script and "details.on-paper" in script, "what is folded is opened for paper"
    assert html_of(Views(small_year, state.Defaults(), dict), address).count("on-paper") >= 2


# --- all of it ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("region", "lang", "more", "step"), [("AM36", "nl", "", 5), ("NL01", "en", "", 7), ("PV23", "nl", "&supply=living&demand=raw", 9)])
def test_no_dossier_fails_or_prints_what_is_no_number(markup: Show, reader: Reader, region: str, lang: str, more: str, step: int) -> None:
    for crebo in reader.programmes()["crebo"][::step]:
        address = f"/programme?programme={crebo}&region={region}&lang={lang}{more}"
        found = BROKEN.search(plain(markup(address)))
        assert not found, (address, found)


@pytest.mark.parametrize("address", ["/", "/programmes", "/skills?programme=25655", "/vacancies", "/data", "/selection"])
def test_no_page_fails_or_prints_what_is_no_number_in_any_region(markup: Show, reader: Reader, address: str) -> None:
    for region in ("AM36", "NL01", "AM01", "PV23", "GM0193,GM0166"):
        for lang in ("nl", "en"):
            read = plain(markup(f"{address}{'&' if '?' in address else '?'}region={region}&lang={lang}"))
            assert read and not BROKEN.search(read), (address, region, BROKEN.search(read))
