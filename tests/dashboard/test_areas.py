"""Any set of municipalities is answered for as if it were a region, with the numbers a load would have given."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import requests
from sqlalchemy import select

from dashboard import areas, state
from dashboard.areas import AreaReader
from etl import quality
from etl.alignment.area import CROSSWALKS, Count
from etl.settings import Settings
from warehouse import reference
from warehouse import schema as s
from warehouse.publications import Publications
from warehouse.queries import NATIONAL, Reader
from warehouse.selections import Selections
from warehouse.work import WorkDatabase

Show = Callable[[str], dict[str, Any]]
ZWOLLE, DEVENTER, KAMPEN = "GM0193", "GM0150", "GM0166"


def html(view: dict[str, Any]) -> str:
    return " ".join(leaf["props"].get("html", "") for leaf in view["leaves"].values()) + " ".join(p.get("html", "") for p in view["shell"].values())


@pytest.fixture(scope="session")
def zwolle(reader: Reader) -> AreaReader:
    """The municipalities of Regio Zwolle as if somebody had chosen them."""
    found = areas.resolve(reader, "AM36", False, Selections("/nowhere"))
    assert found and len(found.members) == 16
    return AreaReader(reader, replace(found, key="own"))


def same(ours: pd.DataFrame, theirs: pd.DataFrame, keys: list[str]) -> None:
    ours, theirs = (f.drop(columns=["region_code"], errors="ignore").sort_values(keys).reset_index(drop=True) for f in (ours, theirs))
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, check_exact=False, rtol=1e-7)


# --- the same numbers as a load gives -----------------------------------------------------------------------------
def test_the_municipalities_of_a_region_are_that_region_to_the_last_number(reader: Reader, zwolle: AreaReader) -> None:
    for period in reader.periods():
        same(zwolle.mismatch("own", period), reader.mismatch("AM36", period), ["sector"])
        same(zwolle.unmapped("own", period), reader.unmapped("AM36", period), ["reason"])
    period = reader.info.latest_period
    same(zwolle.region_totals("own"), reader.region_totals("AM36"), ["period"])
    same(zwolle.demand_months("own"), reader.demand_months("AM36"), ["month"])
    same(zwolle.demand_months("own", "zorg"), reader.demand_months("AM36", "zorg"), ["month"])
    same(zwolle.municipality_demand("own", period), reader.municipality_demand("AM36", period), ["municipality_code"])
    same(zwolle.programme_grid("own", period), reader.programme_grid("AM36", period), ["crebo"])
    same(zwolle.programme_grid("own", period, "zorg", 4, "bbl"), reader.programme_grid("AM36", period, "zorg", 4, "bbl"), ["crebo"])
    same(zwolle.programme_years("own", "25655"), reader.programme_years("AM36", "25655"), ["period"])
    same(zwolle.programme_institutions("own", "25655"), reader.programme_institutions("AM36", "25655"), ["year", "institution_code", "pathway"])
    same(zwolle.skills("own", period, "programme", "25655"), reader.skills("AM36", period, "programme", "25655"), ["skill_id"])
    assert zwolle.subject("own", period, "programme", "25655") == reader.subject("AM36", period, "programme", "25655")
    assert zwolle.vacancies("own", q="lasser")[1] == reader.vacancies("AM36", q="lasser")[1]
    same(zwolle.vacancies("own", period=period)[0], reader.vacancies("AM36", period=period)[0], ["vacancy_id"])


@pytest.mark.parametrize("table", ["mart_signal", "mart_variant", "mart_skill", "mart_subject"])
def test_questions_of_other_modules_get_the_area_too(reader: Reader, zwolle: AreaReader, table: str) -> None:
    t = s.metadata.tables[table]
    keys = [name for name in t.info["key"] if name != "region_code"]
    same(zwolle.ask(("t", table), select(t).where(t.c.region_code == "own")), reader.ask(("t", table), select(t).where(t.c.region_code == "AM36")), keys)


def test_the_regions_of_the_publication_keep_their_own_answers(reader: Reader, zwolle: AreaReader) -> None:
    period = reader.info.latest_period
    for region in (NATIONAL, "AM36", "AM05"):
        same(zwolle.mismatch(region, period), reader.mismatch(region, period), ["sector"])
    same(zwolle.matrix(period).assign(code=zwolle.matrix(period)["region_code"]), reader.matrix(period).assign(code=reader.matrix(period)["region_code"]), ["code", "sector"])
    assert zwolle.vacancies(NATIONAL, period=period)[1] == reader.vacancies(NATIONAL, period=period)[1]


def test_all_municipalities_together_are_the_resolved_part_of_the_country(reader: Reader) -> None:
    found = areas.Area("all", "all", "municipalities", tuple(reader.municipality_names()))
    own, period = AreaReader(reader, found), reader.info.latest_period
    country, all_of_it = reader.region_total(NATIONAL, period), own.region_total("all", period)
    assert country and all_of_it and all_of_it["supply"] == pytest.approx(country["supply"])
    assert all_of_it["total_demand"] == sum(reader.region_total(code, period)["total_demand"] for code in reader.regions()["code"])  # type: ignore[index]


def test_evidence_is_of_the_chosen_municipalities(reader: Reader) -> None:
    key = f"{DEVENTER},{KAMPEN},{ZWOLLE}"
    own = areas.located(reader, key)
    uris = list(reader.programme_occupations("25655")["occupation_uri"])
    skill = reader.skills("AM36", reader.info.latest_period, "programme", "25655")["skill_id"].iloc[0]
    found = own.evidence(key, uris, skill, 5)
    assert len(found)
    for row in found.to_dict("records"):
        vacancy = reader.vacancy(str(row["vacancy_id"]))
        assert vacancy and vacancy["municipality_code"] in key and row["sentence"][row["start"]:row["end"]]


# --- which municipalities -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("region", "kind", "count", "name"), [
    ("PV23", "province", 25, "Overijssel (PV)"), ("CR10", "corop", 8, "Noord-Overijssel (CR)"), (f"{ZWOLLE},{DEVENTER}", "municipalities", 2, "Deventer, Zwolle"),
])
def test_an_address_names_provinces_corop_regions_and_municipalities(reader: Reader, region: str, kind: str, count: int, name: str) -> None:
    own = areas.located(reader, region)
    assert isinstance(own, AreaReader) and own.area
    assert (own.area.kind, len(own.area.members), own.region_names()[own.area.key]) == (kind, count, name)


@pytest.mark.parametrize("region", ["PV99", "CR99", "GM9999", f"{ZWOLLE},GM9999", "eigen-nergens", "AM04@2015", "onzin", ",".join(f"GM{i:04d}" for i in range(70))])
def test_what_does_not_exist_is_no_area_and_the_page_says_so(reader: Reader, show: Show, region: str) -> None:
    assert areas.located(reader, region) is reader
    view = show(f"/?region={region}")
    assert "bestaat niet" in view["shell"]["shell-notice"]["html"] and "Regio Zwolle" in view["title"]


def test_the_order_of_municipalities_does_not_matter(reader: Reader) -> None:
    assert areas.located(reader, f"{ZWOLLE},{DEVENTER}") is areas.located(reader, f"{DEVENTER},{ZWOLLE},{DEVENTER}")


def test_every_municipality_of_the_country_is_in_one_region_of_every_scheme(reader: Reader) -> None:
    for scheme, count in (("arbeidsmarktregio", 35), ("province", 12), ("corop", 40)):
        link = s.municipality_region.c
        rows = reader.ask(("rows", scheme), select(link.municipality_code, link.region_code).where(link.scheme == scheme, link.year == reader.info.boundary_year))
        assert len(rows) == rows["municipality_code"].nunique() == len(reader.municipality_names()) and rows["region_code"].nunique() == count
        assert len(areas.regions_of(reader, scheme)) == count


def test_neighbours_of_a_region_are_whole_regions_and_of_a_selection_municipalities(reader: Reader) -> None:
    near = areas.located(reader, "AM36", near=True)
    assert isinstance(near, AreaReader) and near.area
    assert {"AM36", "AM05", "AM06"} <= set(near.regions_in)
    assert sum(r["municipalities"] for r in reader.regions().to_dict("records") if r["code"] in near.regions_in) == len(near.area.members)
    own = areas.located(reader, ZWOLLE, near=True)
    assert isinstance(own, AreaReader) and own.area and {KAMPEN, "GM0148", "GM0244"} <= set(own.area.members) and DEVENTER not in own.area.members


def test_borders_are_shared_both_ways_and_the_islands_have_none(reader: Reader) -> None:
    names = reader.municipality_names()
    touching = areas.neighbours()
    assert set(touching) <= set(names) and all(a in touching[b] for a, found in touching.items() for b in found)
    assert {names[code] for code in set(names) - set(touching)} == {"Texel", "Vlieland", "Terschelling", "Ameland", "Schiermonnikoog"}


# --- other years --------------------------------------------------------------------------------------------------
CHANGES = reference.read("municipality_changes").to_dict("records")


def test_municipalities_are_followed_through_mergers_and_unknown_ones_are_named() -> None:
    present = set(reference.read("municipalities")["code"])
    now, lost, split = areas.followed(["GM0193", "GM0398", "GM0416", "GM0140", "GM0001"], 2015, CHANGES, present)
    assert now == {"GM0193", "GM1980", "GM0080", "GM1900", "GM1949"}
    assert (lost, split) == (["GM0001"], ["GM0140"])
    assert areas.followed(["GM0398"], 2022, CHANGES, present) == (set(), ["GM0398"], []), "a change before the year of the list is none of it"


def test_every_change_leads_to_a_municipality_of_today() -> None:
    present = dict(zip(*[reference.read("municipalities")[c] for c in ("code", "name")], strict=True))
    for row in CHANGES:
        assert row["old_code"] not in present and present[row["new_code"]] == row["new_name"] and row["source"], row
    parts = [row["old_code"] for row in CHANGES if row["share"] == "part"]
    assert all(parts.count(code) > 1 for code in parts) and len({row["old_code"] for row in CHANGES if row["share"] == "whole"} & set(parts)) == 0


@pytest.fixture
def with_2015(reader: Reader, tmp_path: Path) -> Iterator[Reader]:
    """The same publication, in which a region of 2015 was loaded too."""
    (tmp_path / "publications").mkdir()
    path = tmp_path / "publications" / reader.path.name
    shutil.copy(reader.path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO region VALUES ('AM04', 'arbeidsmarktregio', 2015, 'IJsselvechtstreek')")
        for code, name in (("GM0193", "Zwolle"), ("GM0119", "Meppel"), ("GM0246", "Heerde"), ("GM0140", "Littenseradiel"), ("GM0001", "Nergenshuizen")):
            connection.execute("INSERT INTO municipality VALUES (?, 2015, ?, 'PV23', 'Overijssel')", [code, name])
            connection.execute("INSERT INTO municipality_region VALUES (?, 'arbeidsmarktregio', 2015, 'AM04')", [code])
    yield Reader(path)


def test_a_region_of_another_year_is_shown_with_the_municipalities_of_today(with_2015: Reader) -> None:
    own = areas.located(with_2015, "AM04@2015")
    assert isinstance(own, AreaReader) and own.area
    assert own.area.name == "IJsselvechtstreek (2015)" and {"GM0193", "GM0119", "GM0246", "GM1900"} <= set(own.area.members)
    assert (own.area.unresolved, own.area.split) == (("Nergenshuizen",), ("Littenseradiel",))
    total = own.region_total("AM04@2015", own.info.latest_period)
    assert total and total["total_demand"] > 0


# --- counted in another way ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [Count("living"), Count(demand="raw"), *(Count(crosswalk=name) for name in CROSSWALKS[1:]), Count("living", "raw", "even")])
def test_every_way_of_counting_adds_up_to_the_same_vacancies(reader: Reader, count: Count) -> None:
    period = reader.info.latest_period
    for region in ("AM36", NATIONAL, f"{ZWOLLE},{DEVENTER}"):
        own, plain = areas.located(reader, region, count=count), areas.located(reader, region)
        key = getattr(plain, "key", "") or region
        ours, theirs = own.mismatch(key, period), plain.mismatch(key, period)
        value = "n" if count.demand == "raw" else "demand"
        assert ours["demand"].sum() == pytest.approx(theirs[value].sum())
        assert ours["n"].tolist() == theirs["n"].tolist() and ours["experienced"].tolist() == theirs["experienced"].tolist()
        assert ours["supply"].tolist() == pytest.approx(theirs["supply_living" if count.supply == "living" else "supply"].tolist())
        grid = own.programme_grid(key, period)
        assert 0 < grid["demand"].sum() <= ours["demand"].sum() + 1e-6
        quiet = ours["class"] == "too_little_data"
        assert ours.loc[quiet, "ratio"].isna().all() and ours.loc[~quiet, "ratio"].notna().all()
        told = ours["signals"].map(lambda codes: {c for c in codes.split("|") if c in ("shortage", "surplus")})
        assert told.tolist() == [{c} & {"shortage", "surplus"} for c in ours["class"]]


def test_where_they_live_the_regions_and_the_rest_are_the_country(reader: Reader) -> None:
    period = reader.info.latest_period
    own = areas.located(reader, "AM36", count=Count("living"))
    regions = [own.region_total(code, period) for code in reader.regions()["code"]]
    country = own.region_total(NATIONAL, period)
    assert country and sum(r["supply"] for r in regions if r) <= country["supply"] + 1e-6


# --- on the pages -------------------------------------------------------------------------------------------------
def test_every_page_works_for_a_selection_in_both_languages_and_says_what_it_is(show: Show) -> None:
    for page, extra in (("/", ""), ("/skills", "&programme=25655"), ("/programmes", ""), ("/programme", "&programme=25655"), ("/vacancies", ""), ("/data", ""), ("/selection", "")):
        for lang, words in (("nl", "eigen selectie van gemeenten"), ("en", "own selection of municipalities")):
            view = show(f"{page}?region={ZWOLLE},{DEVENTER},{KAMPEN}{extra}&lang={lang}")
            text = html(view)
            assert view["page"] == page.strip("/") or page == "/", page
            assert words in text and "Deventer, Kampen, Zwolle" in text
            assert ("UWV-, SBB-" if lang == "nl" else "no UWV, SBB") in text, "what is not there is said"


def test_the_tree_is_the_same_for_a_selection_and_for_another_count(show: Show) -> None:
    assert len({show(address)["signature"] for address in ("/", f"/?region={ZWOLLE},{DEVENTER}", "/?near=1", "/?supply=living", "/?region=PV23&crosswalk=even")}) == 1


def test_links_keep_the_selection_its_neighbours_and_the_count(show: Show) -> None:
    rail = show(f"/?region={DEVENTER},{ZWOLLE}&near=1&supply=living")["shell"]["shell-rail"]["html"]
    assert f"/programmes?region={DEVENTER},{ZWOLLE}&amp;near=1&amp;supply=living" in rail and f"/vacancies?region={DEVENTER},{ZWOLLE}&amp;near=1" in rail


def test_another_count_is_said_in_words_and_the_usual_one_is_a_click_away(show: Show) -> None:
    plain, other = show("/"), show("/?supply=living&demand=raw")
    assert "Anders geteld" not in html(plain)
    notice = other["shell"]["shell-notice"]["html"]
    assert "waar ze wonen" in notice and "niet gewogen" in notice and 'href="/"' in notice
    assert "gewogen naar de totalen" in plain["leaves"]["how-counted"]["props"]["html"]


def test_a_wrong_way_of_counting_is_named(show: Show) -> None:
    view = show("/?supply=nowhere")
    assert "nowhere" in view["shell"]["shell-notice"]["html"] and "Anders geteld" not in html(view)


def test_a_programme_shows_its_usual_reach(show: Show, reader: Reader) -> None:
    by_level = {level: next(r["crebo"] for r in reader.programmes().to_dict("records") if r["level"] == level) for level in (2, 4)}
    assert "de regio zelf" in show(f"/programme?programme={by_level[2]}")["leaves"]["programme-reach"]["props"]["html"]
    far = show("/programme?programme=25655")["leaves"]["programme-reach"]["props"]["html"]
    assert "aangrenzende regio" in far and "Regio Zwolle en buren" in far


def test_one_programme_within_reach_is_what_the_whole_area_says(reader: Reader) -> None:
    period = reader.info.latest_period
    found = areas.within_reach(reader, "AM36", "25655", 4, period)
    whole = areas.located(reader, "AM36", near=True)
    row = whole.programme_years("AM36+", "25655").set_index("period").loc[period]
    assert found.row and found.area
    for name in ("n", "demand", "demand_low", "supply", "supply_high", "ratio", "providers"):
        assert found.row[name] == pytest.approx(row[name], nan_ok=True), name


# --- saved --------------------------------------------------------------------------------------------------------
class Client:
    """Requests to the running dashboard."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, timeout=30)

    def post(self, path: str, **what: Any) -> requests.Response:
        return requests.post(self.address + path, timeout=30, **what)

    def delete(self, path: str) -> requests.Response:
        return requests.delete(self.address + path, timeout=30)


@pytest.fixture
def client(small_year: Publications, address: str) -> Iterator[Client]:
    yield Client(address)
    for key in list(areas.saved_in(small_year.root).read()):
        areas.saved_in(small_year.root).delete(key)


def test_a_selection_is_saved_shown_renamed_and_deleted(client: Client, show: Show) -> None:
    made = client.post("/api/v1/selections", json={"name": "Rond de IJssel", "municipalities": [ZWOLLE, DEVENTER, KAMPEN]})
    assert made.status_code == 201 and made.json()["selection"]["key"] == "eigen-rond-de-ijssel"
    view = show("/?region=eigen-rond-de-ijssel")
    assert "Rond de IJssel" in view["title"]
    plain = show(f"/?region={ZWOLLE},{DEVENTER},{KAMPEN}")
    for leaf in ("mismatch-rows", "trend-figure"):
        assert json.dumps(view["leaves"][leaf]).replace("eigen-rond-de-ijssel", "X") == json.dumps(plain["leaves"][leaf]).replace(f"{DEVENTER},{KAMPEN},{ZWOLLE}", "X"), "the same municipalities, the same numbers"
    groups = view["shell"][state_key("region")]["data"]
    assert any(item["value"] == "eigen-rond-de-ijssel" for group in groups for item in group["items"])
    assert client.post("/api/v1/selections/eigen-rond-de-ijssel", json={"name": "IJssel"}).status_code == 200
    assert "IJssel" in show("/?region=eigen-rond-de-ijssel")["title"]
    assert client.delete("/api/v1/selections/eigen-rond-de-ijssel").status_code == 200
    assert "bestaat niet" in show("/?region=eigen-rond-de-ijssel")["shell"]["shell-notice"]["html"]


def state_key(name: str) -> str:
    from dashboard.shell import state_key as key

    return key({"type": "select", "name": name})


@pytest.mark.parametrize(("body", "status", "parameter"), [
    ({"name": "a", "municipalities": ["GM9999"]}, 404, "municipalities"), ({"name": "", "municipalities": [ZWOLLE]}, 400, "name"), ({"name": "a"}, 400, "body"),
    ({"name": "a", "municipalities": ZWOLLE}, 400, "municipalities"), ({"name": 3, "municipalities": [ZWOLLE]}, 400, "name"), ({"name": "a", "municipalities": []}, 400, "name"),
])
def test_what_is_wrong_with_a_selection_is_named(client: Client, body: dict[str, Any], status: int, parameter: str) -> None:
    answer = client.post("/api/v1/selections", json=body)
    assert (answer.status_code, answer.json()["parameter"]) == (status, parameter)


def test_another_site_cannot_save_here(client: Client) -> None:
    answer = client.post("/api/v1/selections", json={"name": "a", "municipalities": [ZWOLLE]}, headers={"origin": "https://elders.example"})
    assert answer.status_code == 403


def test_the_api_and_exports_answer_for_an_area(client: Client, reader: Reader) -> None:
    found = client.get(f"/api/v1/mismatch?region={ZWOLLE},{DEVENTER}").json()
    assert found["region"] == f"{DEVENTER},{ZWOLLE}" and found["total_demand"] == sum(r["n"] for r in found["rows"]) + found["unmapped_demand"] + sum(
        areas.located(reader, f"{ZWOLLE},{DEVENTER}").mismatch(f"{DEVENTER},{ZWOLLE}", reader.info.latest_period)["experienced"])
    text = client.get(f"/export.csv?page=overview&figure=mismatch&region={ZWOLLE},{DEVENTER}&supply=living").content.decode("utf-8-sig")
    assert "counted" in text.splitlines()[0] and "waar ze wonen" in text.splitlines()[1]


def test_an_address_goes_to_a_selection_and_back(reader: Reader) -> None:
    own = areas.of_address(reader, f"?region={ZWOLLE},{DEVENTER}&near=1&crosswalk=even", state.Defaults())
    selection, problems = state.parse("/programmes", f"?region={ZWOLLE},{DEVENTER}&near=1&crosswalk=even", own)
    assert not problems and selection.near and selection.crosswalk == "even"
    assert state.to_url(selection) == f"/programmes?region={DEVENTER},{ZWOLLE}&near=1&crosswalk=even"
    assert state.to_url(selection, near=False, crosswalk=None) == f"/programmes?region={DEVENTER},{ZWOLLE}"


# --- checked before publishing ------------------------------------------------------------------------------------
def test_municipalities_that_do_not_add_up_stop_publishing(small_year: Publications, small_settings: Settings, tmp_path: Path) -> None:
    shutil.copy(small_settings.data / "work.duckdb", tmp_path / "work.duckdb")
    with WorkDatabase(tmp_path / "work.duckdb") as work:
        assert quality.municipalities_add_up(work) is None
        for change, named in (("UPDATE mart_area_demand SET n = n + 1 WHERE rowid = (SELECT min(rowid) FROM mart_area_demand WHERE municipality_code IS NOT NULL)", "n of"), ("UPDATE mart_area_supply SET share_in_area = share_in_area / 2", "supply_low"),
                              ("UPDATE mart_area_month SET n = n + 1 WHERE rowid = (SELECT min(rowid) FROM mart_area_month WHERE municipality_code IS NOT NULL)", "vacancies")):
            with pytest.raises(ZeroDivisionError), work.transaction():
                work.connection.execute(change)
                assert named in (quality.municipalities_add_up(work) or "")
                raise ZeroDivisionError
