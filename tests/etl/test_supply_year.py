"""The demonstration year against its own files, added up by hand: students and graduates per programme and place, supply, homes."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from connectors.demo.renumbered import RENUMBERED
from etl import living
from etl.alignment import area
from etl.derive import _complete_homes, _complete_progression
from etl.enrich.place import Gazetteer
from etl.locations import teaching_places, town
from etl.rawstore import RawStore
from etl.settings import Settings
from warehouse import asking_supply, reference
from warehouse import schema as s
from warehouse.publications import Publications
from warehouse.queries import NATIONAL, Reader
from warehouse.work import WorkDatabase

YEARS = range(2021, 2026)
PATHWAY = {"BOLVT": "bol", "BBL": "bbl"}


def lines(settings: Settings, source: str, begins: str) -> Iterator[dict[str, str]]:
    """Rows of a file as it came."""
    raw = next(r for r in RawStore(settings.data).raws(source) if r.name.startswith(begins) and r.name.endswith(".csv"))
    yield from csv.DictReader(io.StringIO(raw.content.decode("utf-8-sig")))


def bounds(*cells: str) -> tuple[int, int]:
    return sum(1 if c == "-1" else int(c) for c in cells), sum(4 if c == "-1" else int(c) for c in cells)


@pytest.fixture(scope="module")
def reader(small_year: Publications) -> Reader:
    return small_year.reader()


@pytest.fixture(scope="module")
def taught(small_settings: Settings) -> dict[tuple[str, str], dict[str, set[str]]]:
    """(institution, crebo) -> region -> towns, from the codes in the offer; the head office where nothing is on offer."""
    region = {r.code: r.region_code for r in reference.read("municipalities").itertuples()}
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in lines(small_settings, "duo-offer", "mbo_"):
        institution, _, municipality = row["ONDERWIJSLOCATIECODE"].partition("X")
        found[(institution, row["ERKENDEOPLEIDINGSCODE"])][region[f"GM{municipality}"]].add(town(row["PLAATSNAAM"]))
    heads = {r["INSTELLINGSCODE"]: (region[f"GM{r['GEMEENTENUMMER']}"], town(r["PLAATSNAAM"])) for r in lines(small_settings, "duo-institutions", "inst")}
    for row in lines(small_settings, "duo-students", "03"):
        key = (row["INSTELLINGSCODE"], row["ERKENDE OPLEIDING CODE"])
        today = (key[0], RENUMBERED[key[1]][0]) if key[1] in RENUMBERED else key
        if key not in found:  # an earlier code is taught where its code of today is
            found[key] = found[today] if today in found else {heads[key[0]][0]: {heads[key[0]][1]}}
    return found


@pytest.mark.parametrize(("source", "begins", "before", "measure"), [("duo-students", "03", "", "students"), ("duo-graduates", "ged", "DIP", "graduates")])
def test_students_and_graduates_per_programme_and_place_equal_the_source_to_the_unit(
    reader: Reader, small_settings: Settings, taught: dict[tuple[str, str], dict[str, set[str]]], source: str, begins: str, before: str, measure: str,
) -> None:
    expected: dict[tuple[str, int, str, str, str], tuple[int, int]] = {}
    by_programme: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in lines(small_settings, source, begins):
        for year in YEARS:
            low, high = bounds(row[f"{before}MAN{year}"], row[f"{before}VROUW{year}"])
            if high:
                key = (row["INSTELLINGSCODE"], row["ERKENDE OPLEIDING CODE"])
                for region in (*taught[key], NATIONAL):
                    expected[(region, year, key[1], key[0], PATHWAY[row["LEERWEG"]])] = low, high
                    total = by_programme[(region, year, key[1])]
                    total[0], total[1] = total[0] + low, total[1] + high
    columns = ["region_code", "year", "crebo", "institution_code", "pathway"]
    i, p = s.mart_programme_institution, s.mart_programme
    shown = reader.ask(("parts", measure), i.select().with_only_columns(*(i.c[c] for c in columns), i.c[f"{measure}_low"], i.c[f"{measure}_high"])).dropna()
    found = {tuple(r[:5]): (int(r[5]), int(r[6])) for r in shown.itertuples(index=False)}
    assert found == expected and len(found) > 1000
    shown = reader.ask(("totals", measure), p.select().with_only_columns(p.c.region_code, p.c.period, p.c.crebo, p.c[f"{measure}_low"], p.c[f"{measure}_high"])).dropna()
    years = set(shown["period"])
    assert {tuple(r[:3]): [int(r[3]), int(r[4])] for r in shown.itertuples(index=False)} == {k: v for k, v in by_programme.items() if k[1] in years}


def test_the_places_are_those_of_the_lessons_and_not_the_head_office(reader: Reader, small_settings: Settings, taught: dict[tuple[str, str], dict[str, set[str]]]) -> None:
    i = s.mart_programme_institution
    shown = reader.ask("places", i.select().where(i.c.region_code != NATIONAL))
    heads = {r["INSTELLINGSCODE"]: town(r["PLAATSNAAM"]) for r in lines(small_settings, "duo-institutions", "inst")}
    elsewhere = branches = 0
    for row in shown.drop_duplicates(["region_code", "institution_code", "crebo"]).itertuples():
        towns = taught[(row.institution_code, row.crebo)]
        assert set(row.places.split("|")) == towns[row.region_code]
        assert row.share_in_region == pytest.approx(1 / len(towns))
        elsewhere += heads[row.institution_code] not in towns[row.region_code]
        branches += all(heads[row.institution_code] not in own for own in towns.values())
    assert elsewhere > branches > 5  # taught in a region without the head office; taught nowhere near it


def test_a_programme_taught_only_in_another_town_does_not_count_at_the_head_office() -> None:
    gazetteer = Gazetteer()
    for code, name in (("GM0193", "Zwolle"), ("GM0150", "Deventer"), ("GM0166", "Kampen")):
        gazetteer.add(name, code, own=True)
    offer = pd.DataFrame({"institution_name": ["Stichting Hanzeboog"] * 2, "crebo": ["25655", "25180"], "place": ["DEVENTER", "KAMPEN"]})
    institutions = pd.DataFrame({"code": ["90AD"], "name": ["Hanzeboog"], "municipality_code": ["GM0193"], "place": ["ZWOLLE"]})
    known = pd.DataFrame({"institution_code": ["90AD"] * 3, "institution_name": ["Hanzeboog"] * 3, "crebo": ["25655", "25180", "25290"]})
    made = teaching_places(offer, institutions, known, gazetteer, {"GM0193": "AM36", "GM0150": "AM06", "GM0166": "AM36"})
    assert {(r.crebo, r.region_code, r.places, r.basis) for r in made.itertuples()} == {
        ("25655", "AM06", "Deventer", "offer"), ("25180", "AM36", "Kampen", "offer"), ("25290", "AM36", "Zwolle", "head office")}


@pytest.mark.parametrize(("written", "shown"), [("HENGELO OV", "Hengelo"), ("'S-HERTOGENBOSCH", "'s-Hertogenbosch"), ("ALPHEN AAN DEN RIJN", "Alphen aan den Rijn"), ("Zwolle", "Zwolle"), ("BERGEN OP ZOOM", "Bergen op Zoom")])
def test_a_town_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert town(written) == shown


def test_supply_is_graduates_without_those_who_continue_over_three_years(reader: Reader, small_settings: Settings, taught: dict[tuple[str, str], dict[str, set[str]]]) -> None:
    stays = {str(r["level"]): (1 - r["share_high"], 1 - r["share"], 1 - r["share_low"]) for r in asking_supply.progression(reader).to_dict("records")}
    supply = defaultdict(lambda: [0.0, 0.0, 0.0])
    gross = 0.0
    for row in lines(small_settings, "duo-graduates", "ged"):
        code = row["ERKENDE OPLEIDING CODE"]
        regions = taught[(row["INSTELLINGSCODE"], RENUMBERED[code][0] if code in RENUMBERED else code)]  # the mean runs on through a change of code
        for year in (2023, 2024, 2025):
            low, high = bounds(row[f"DIPMAN{year}"], row[f"DIPVROUW{year}"])
            gross += (low + high) / 2 / 3
            for region in regions:
                for position, count in enumerate((low, (low + high) / 2, high)):
                    part = count * stays[row["NIVEAU"]][position] / 3
                    supply[region][position] += part / len(regions)
                    supply[NATIONAL][position] += part / len(regions)
    for region in [*reader.regions()["code"], NATIONAL]:
        total = reader.region_total(region, 2025)
        assert total is not None
        if region in supply:
            assert (total["supply_low"], total["supply"], total["supply_high"]) == pytest.approx(tuple(supply[region]))
            assert {part.split(":")[0] for part in total["supply_note"].split("|")} <= {"published", "partly assumed"}
    assert supply[NATIONAL][1] < 0.7 * gross


# --- homes ----------------------------------------------------------------------------------------------------
def test_the_file_of_homes_adds_up_to_the_students_of_the_pathway(small_settings: Settings) -> None:
    homes: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in lines(small_settings, "duo-homes", "11"):
        for year in YEARS:
            low, high = bounds(row[f"JAAR_{year}"])
            kept = homes[(row["INSTELLINGSCODE"], year, row["LEERWEG"])]
            kept[0], kept[1] = kept[0] + low, kept[1] + high
    totals = {(r["INSTELLINGSCODE"], int(r["JAAR"]), p): bounds(r[p]) for r in lines(small_settings, "duo-students", "01") for p in PATHWAY}
    for key, (low, high) in totals.items():
        assert homes[key][0] <= high and low <= homes[key][1], key
    assert sum(high for _, high in totals.values()) > 10_000


def test_regions_abroad_and_unknown_add_up_to_the_supply_of_the_country(reader: Reader) -> None:
    h = s.mart_home
    for period in reader.periods():
        country = reader.region_total(NATIONAL, period)
        assert country is not None and country["supply_living"] == pytest.approx(country["supply"]) and country["supply_living_low"] == pytest.approx(country["supply_low"])
        regions = [reader.region_total(code, period) or {} for code in reader.regions()["code"]]
        outside = reader.ask(("outside", period), h.select().where(h.c.period == period, h.c.home_code.in_(["abroad", "unknown"])))["supply"].sum()
        assert 0 < outside < 0.06 * country["supply"]
        assert sum(r["supply_living"] for r in regions) + outside == pytest.approx(country["supply"])
        for total in regions:
            cells = reader.mismatch(total["region_code"], period)
            assert cells["supply_living"].notna().all() and cells["supply_living"].sum() <= total["supply_living"] + 1e-9
            assert (cells["supply_living_low"] <= cells["supply_living"]).all() and (cells["supply_living"] <= cells["supply_living_high"]).all()
        p = s.mart_programme
        rows = reader.ask(("living", period), p.select().where(p.c.period == period))
        assert rows[rows["region_code"] == NATIONAL]["supply_living"].sum() == pytest.approx(country["supply"])
        for total in regions:
            assert rows[rows["region_code"] == total["region_code"]]["supply_living"].sum() == pytest.approx(total["supply_living"])


def test_most_people_live_where_they_learn_and_some_next_to_it(reader: Reader) -> None:
    made = asking_supply.homes_of(reader, "AM36", 2025)
    total = reader.region_total("AM36", 2025)
    assert total is not None and made["supply"].sum() == pytest.approx(total["supply"])
    assert made["share"].sum() == pytest.approx(1.0) and made["share"].is_monotonic_decreasing
    assert (made["share_low"] <= made["share"]).all() and (made["share"] <= made["share_high"]).all()
    assert made.iloc[0]["home_code"] == "AM36" and 0.6 < made.iloc[0]["share"] < 0.95
    assert {"AM02", "AM03", "AM05", "AM06", "AM11", "abroad", "unknown"} <= set(made["home_code"])


def test_who_teaches_the_people_of_a_region_is_the_reverse_of_where_they_live(reader: Reader) -> None:
    made = asking_supply.taught_by(reader, "AM36", 2025)
    total = reader.region_total("AM36", 2025)
    assert total is not None and made["supply"].sum() == pytest.approx(total["supply_living"])
    assert made["institution_name"].notna().all() and made.iloc[0]["region_code"] == "AM36" and set(made["region_code"]) > {"AM36"}
    back = sum(asking_supply.homes_of(reader, region, 2025).query("home_code == 'AM36'")["supply"].sum() for region in reader.regions()["code"])
    assert back == pytest.approx(made["supply"].sum())


def test_few_leavers_get_no_shares(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    total = asking_supply.homes_of(reader, "AM36", 2025)["supply"].sum()
    for least, quiet in ((total - 1, False), (total + 1, True)):
        monkeypatch.setattr(asking_supply, "LEAST", least)
        made = asking_supply.homes_of(reader, "AM36", 2025)
        assert made[["share_low", "share", "share_high"]].isna().all(axis=None) == quiet and made["supply"].notna().all()
    assert asking_supply.homes_of(reader, "AM36", 1999).empty and asking_supply.taught_by(reader, "AM36", 1999).empty


def test_totals_that_would_give_masked_counts_away_are_not_in_publications(reader: Reader) -> None:
    assert not {"enrolment_pathway", "home_students"} & set(s.PUBLISHED)
    checks = reader.checks().set_index("name")["passed"]
    assert checks[["masked counts stay masked", "leavers by home add up to the country", "students by programme add up to the pathways", "most homes are resolved"]].all()


# --- without the files ----------------------------------------------------------------------------------------
def test_without_the_file_of_homes_nothing_is_said_about_where_people_live(tmp_path: Path) -> None:
    with WorkDatabase(tmp_path / "w.duckdb") as work:
        _complete_homes(work)
        found = living.homes(work, pd.DataFrame(), 2026)
    made = area.with_living(pd.DataFrame({"region_code": ["AM36"], "period": [2025]}), found, [])
    assert made[list(area.LIVING)].isna().all(axis=None) and living.by_institution(found, [2025]).empty


def test_own_figures_of_the_operator_go_before_the_shipped_ones(tmp_path: Path) -> None:
    own = pd.DataFrame([{"level": 4, "sector": "ict", "share": 0.6, "share_low": 0.5, "share_high": 0.7, "basis": "own file", "source": "CBS 84553NED"},
                        {"level": 2, "sector": "*", "share": 0.5, "share_low": 0.5, "share_high": 0.5, "basis": "own file", "source": "DUO"}])
    with WorkDatabase(tmp_path / "w.duckdb") as work:
        work.add_staged("progression", s.progression, own)
        for _ in range(2):  # a second time changes nothing
            _complete_progression(work)
        made = work.frame(s.progression.select())
    found = {(r.level, r.sector): r.basis for r in made.itertuples()}
    assert len(made) == 5 and found == {(4, "ict"): "own file", (2, "*"): "own file", (1, "*"): "partly assumed", (3, "*"): "partly assumed", (4, "*"): "published"}
