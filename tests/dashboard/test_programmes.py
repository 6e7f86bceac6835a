"""The planner's pages: figures equal DUO's to the unit, directions are printed, colours never turn, disagreement comes with its reason."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
import requests
from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from dashboard import state
from dashboard.components.blocks import box
from dashboard.components.cards import Context
from dashboard.exports import meaning_of, xlsx_bytes
from dashboard.i18n import Translator, translator
from dashboard.pages import programme as dossier
from dashboard.pages import programmes
from dashboard.view import split
from etl.alignment.official import CLASS_OF
from etl.rawstore import RawStore
from etl.settings import Settings
from tests.dashboard.shoot import browser, resize, wait_for_view
from warehouse import asking_official, asking_programmes
from warehouse.publications import Publications
from warehouse.queries import Reader

Show = Callable[[str], dict[str, Any]]


def html(view: dict[str, Any]) -> str:
    return " ".join(leaf["props"].get("html", "") for leaf in view["leaves"].values())


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def raw_counts(settings: Settings, source: str, name: str, columns: tuple[str, str]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(institution, crebo, leerweg) -> bounds of men and women of 2025, straight from DUO's CSV: -1 is 1 to 4."""
    raw = next(r for r in RawStore(settings.data).raws(source) if name in r.name)
    made: dict[tuple[str, str, str], tuple[int, int]] = {}
    for row in csv.DictReader(io.StringIO(raw.content.decode("utf-8-sig"))):
        values = [int(row[c]) for c in columns]
        key = (row["INSTELLINGSCODE"], row["ERKENDE OPLEIDING CODE"], {"BBL": "bbl"}.get(row["LEERWEG"], "bol"))
        before = made.get(key, (0, 0))
        made[key] = (before[0] + sum(1 if v == -1 else v for v in values), before[1] + sum(4 if v == -1 else v for v in values))
    return made


def test_students_and_graduates_of_every_programme_and_institution_equal_duo_to_the_unit(small_year: Publications, small_settings: Settings, reader: Reader) -> None:
    students = raw_counts(small_settings, "duo-students", "03", ("MAN2025", "VROUW2025"))
    diplomas = raw_counts(small_settings, "duo-graduates", "gediplomeerden", ("DIPMAN2025", "DIPVROUW2025"))
    t = translator("nl")
    seen = 0
    for institution in asking_programmes.institutions(reader)["institution_code"]:
        selection = state.parse("/programmes", f"?region=NL01&institution={institution}", reader)[0]
        for row in programmes.grid_rows(Context(reader, selection, t)):
            for pathway in ("bol", "bbl"):
                bounds = row[f"students_{pathway}_low"], row[f"students_{pathway}_high"]
                assert bounds == students.get((institution, row["crebo"], pathway), (None, None)) or (bounds == (None, None) and students[(institution, row["crebo"], pathway)] == (0, 0)), (institution, row["crebo"], pathway)
                seen += bounds != (None, None)
            expected = [v for (i, c, _), v in diplomas.items() if (i, c) == (institution, row["crebo"]) and v[1]]
            wanted = (sum(a for a, _ in expected), sum(b for _, b in expected)) if expected else (None, None)
            assert (row["graduates_low"], row["graduates_high"]) == wanted, (institution, row["crebo"])
    assert seen == sum(v[1] > 0 for v in students.values()), "every row of the file is on the page"


def test_a_masked_number_is_an_interval_on_the_screen_and_never_a_number(reader: Reader, t: Translator) -> None:
    selection = state.parse("/programmes", "?region=NL01", reader)[0]
    rows = programmes.grid_rows(Context(reader, selection, t))
    masked = [r for r in rows if r["students_bol_low"] != r["students_bol_high"]]
    assert masked
    leaves: dict[str, Any] = {}
    split(box(*programmes.render(reader, selection, t)), leaves)
    grid = leaves["programmes-grid"]["props"]["rowData"]
    shown = {cell["crebo"]: cell["bol_text"] for cell in grid}
    assert all("–" in shown[r["crebo"]] and shown[r["crebo"]] != "–" for r in masked)


def test_filters_are_in_the_address_and_an_institution_narrows_the_students(reader: Reader, t: Translator) -> None:
    every = programmes.grid_rows(Context(reader, state.parse("/programmes", "", reader)[0], t))
    code = asking_programmes.institutions(reader, "AM36")["institution_code"].iloc[0]
    own = programmes.grid_rows(Context(reader, state.parse("/programmes", f"?institution={code}", reader)[0], t))
    assert 0 < len(own) < len(every)
    found = programmes.grid_rows(Context(reader, state.parse("/programmes", "?q=VERPLEEG", reader)[0], t))
    assert found and all("verpleeg" in r["name"].lower() for r in found)
    assert state.parse("/programmes", "?institution=XXXX", reader)[1][0].parameter == "institution"


@pytest.mark.parametrize(("word", "crebo"), [("lasser", "25287"), ("verpleegkunde niveau 4", "25655"), ("25655", "25655")])
def test_known_cases_are_found_by_name_and_read_sensibly(show: Show, reader: Reader, t: Translator, word: str, crebo: str) -> None:
    found = programmes.grid_rows(Context(reader, state.parse("/programmes", f"?q={word}", reader)[0], t))
    assert crebo in [r["crebo"] for r in found]
    text = plain(html(show(f"/programme?programme={crebo}")))
    for number in range(1, 6):
        assert f" {number}. " in text
    assert text.count("Niet bekend") >= 5, "every question says what is not known"
    assert "nan" not in text.lower().split() and "None" not in text.split()


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("crebo", ["25287", "25655", "25290"])
def test_the_direction_of_every_indicator_is_printed_where_it_is_shown(show: Show, reader: Reader, crebo: str, lang: str) -> None:
    indicators = asking_official.indicators(reader).set_index("key")
    text = html(show(f"/programme?programme={crebo}&lang={lang}"))
    shown = asking_official.official_of(reader, "AM36", 2025, "programme", crebo)["indicator"]
    assert len(shown) >= 3
    for key in shown:
        assert text.count(indicators.loc[key, f"direction_{lang}"].replace("&", "&amp;")) >= 2, "in the table and in how it was made"
    grid = show(f"/programmes?lang={lang}")
    headings = [c["headerName"] for g in grid["leaves"]["programmes-grid"]["props"]["columnDefs"] for c in g["children"]]
    for direction in indicators[f"direction_{lang}"]:
        assert any(direction in heading for heading in headings)
        assert direction in html(grid)


def test_shortage_is_orange_and_surplus_blue_whatever_the_direction(show: Show, reader: Reader) -> None:
    cells = {c["crebo"]: c for c in show("/programmes?region=NL01")["leaves"]["programmes-grid"]["props"]["rowData"]}
    rows = asking_official.official_of(reader, "NL01", 2025, "programme")
    told = {"tight": 0, "slack": 0}
    for row in rows.to_dict("records"):
        if row["subject"] in cells:
            assert cells[row["subject"]][f"{row['indicator']}_class"] == CLASS_OF[row["reading"]]
            if row["reading"] in told:
                told[row["reading"]] += 1
                low_is_tight = row["indicator"] == "roa-ita"
                if low_is_tight:
                    assert (row["value"] <= 1.0) == (row["reading"] == "tight")
                elif row["indicator"] == "uwv-tension":
                    assert (row["value_high"] >= 1.5) if row["reading"] == "tight" else (row["value_low"] < 0.67)
    assert min(told.values()) > 0


def test_a_figure_that_contradicts_ours_is_a_signal_with_its_reason(show: Show, reader: Reader) -> None:
    rows = asking_official.official_rows(reader, "programme")
    against = rows[(rows["agreement"] == "opposite") & rows["reasons"].ne("")]
    assert len(against), "the demonstration year holds deliberate disagreements"
    row = against.iloc[0]
    text = plain(html(show(f"/programme?programme={row['subject']}&region={row['region_code']}")))
    assert "spreekt ons beeld tegen" in text and "Waarom het kan verschillen" in text
    cell = next(c for c in show(f"/programmes?region={row['region_code']}")["leaves"]["programmes-grid"]["props"]["rowData"] if c["crebo"] == row["subject"])
    assert cell[f"{row['indicator']}_differs"] and "officieel cijfer spreekt ons tegen" in cell["signals"]


@pytest.mark.parametrize(("low", "high", "said"), [(3, 17, "certain"), (3, 18, "possible"), (17, 17, "certain"), (18, 18, "no"), (20, 40, "no")])
def test_a_signal_of_18_holds_only_when_the_upper_bound_does(low: int, high: int, said: str) -> None:
    assert dossier.below(low, high, 18) == said


def test_a_page_that_lacks_a_source_says_so(show: Show, reader: Reader) -> None:
    text = plain(html(show("/programmes")))
    assert "Instroom" in text and "niet geladen" in text
    absent = next(c for c in reader.programmes()["crebo"] if reader.programme_years("AM36", c).empty)
    assert "Geen gegevens in deze regio" in plain(html(show(f"/programme?programme={absent}")))


# --- downloads ------------------------------------------------------------------------------------------------------
def test_the_workbook_holds_exactly_what_is_shown_with_types_units_and_source(address: str, reader: Reader, t: Translator, small_year: Publications) -> None:
    query = f"sector=zorg&level=4&publication={small_year.current_id()}"
    rows = programmes.grid_rows(Context(reader, state.parse("/programmes", query, reader)[0], t))
    got = requests.get(f"{address}/export.xlsx?page=programmes&figure=programmes&{query}", timeout=30)
    assert got.status_code == 200 and got.headers["content-disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(got.content))
    sheet, about = book.worksheets
    headings = [c.value for c in sheet[1]]
    lines = [dict(zip(headings, [c.value for c in line], strict=True)) for line in sheet.iter_rows(min_row=2)]
    assert [line["Crebo"] for line in lines] == [r["crebo"] for r in rows]
    for line, row in zip(lines, rows, strict=True):
        assert (line["Studenten bol (ondergrens)"], line["Studenten bol (bovengrens)"]) == (row["students_bol_low"], row["students_bol_high"])
        assert line["Vraag"] is None or line["Vraag"] == pytest.approx(row["demand"])
    text = " ".join(str(c.value) for line in about.iter_rows() for c in line if c.value)
    assert str(small_year.current_id()) in text and "DUO" in text and "personen per jaar" in text and "laag = goed voor gediplomeerden" in text and "Demonstratiegegevens" in text
    plain_text = requests.get(f"{address}/export.csv?page=programmes&figure=programmes&{query}", timeout=30)
    assert list(pd.read_csv(io.BytesIO(plain_text.content), dtype={"crebo": str})["crebo"]) == [r["crebo"] for r in rows]


def test_a_workbook_runs_nothing_and_keeps_numbers_as_numbers(t: Translator) -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(pd.DataFrame({"a": ["=1+1", "\x00+x", None], "demand": [1.5, -2.0, float("nan")], "n": [1, 2, 3]}), t, {"Bron": "=cmd()"})))
    cells = [[c.value for c in line] for line in book.worksheets[0].iter_rows(min_row=2)]
    assert cells == [["'=1+1", 1.5, 1], ["+x", -2, 2], [None, None, 3]] or cells[1][0] == "'+x"
    assert not [c for sheet in book.worksheets for line in sheet.iter_rows() for c in line if c.data_type == "f"]
    assert meaning_of("demand")[0] and meaning_of("nonsense") == ("", "")


@pytest.mark.parametrize("figure", ["years", "providers", "crosswalk", "official"])
def test_every_table_of_the_dossier_can_be_downloaded(address: str, figure: str) -> None:
    for ending in ("csv", "xlsx"):
        assert requests.get(f"{address}/export.{ending}?page=programme&figure={figure}&programme=25655", timeout=30).status_code == 200


# --- in a browser ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        if os.environ.get("REQUIRE_BROWSER_TESTS"):
            pytest.fail("chromium and chromedriver must be here (REQUIRE_BROWSER_TESTS is set)")
        pytest.skip("chromium and chromedriver are not installed here")
    made = browser()
    yield made
    made.quit()


def open_page(driver: Any, address: str) -> None:
    driver.get(address)
    wait_for_view(driver)


def until(driver: Any, script: str) -> Any:
    import time

    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found := driver.execute_script(f"return {script}"):
            return found
        time.sleep(0.05)
    raise AssertionError(script)


@pytest.mark.browser
def test_a_planner_goes_from_the_flagged_sector_to_the_source_in_at_most_five_clicks(driver: Any, address: str) -> None:
    resize(driver, 1440, 900)
    open_page(driver, address + "/?region=NL01")
    clicks = 0

    def click(selector: str, then: str) -> None:
        nonlocal clicks
        until(driver, f"document.querySelector({selector!r})")
        element = driver.find_element(By.CSS_SELECTOR, selector)
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        clicks += 1
        until(driver, then)

    click('#mismatch-rows a[href*="sector=zorg"]', "document.documentElement.dataset.view.includes('sector=zorg')")
    click('.rail a[href^="/programmes"]', "document.documentElement.dataset.page === 'programmes' && document.querySelector('#programmes-grid a.dossier')")
    assert "sector=zorg" in driver.current_url, "the sector comes along"
    click("#programmes-grid a.dossier", "document.documentElement.dataset.page === 'programme' && document.querySelector('#question-3')")
    click("#question-3 .explain-number", "document.querySelector('.made:popover-open')")
    opened = driver.find_element(By.CSS_SELECTOR, ".made:popover-open").text
    assert "vacatures" in opened.lower() and "Publicatie" in opened
    click(".made:popover-open a[href^='/data']", "document.documentElement.dataset.page === 'data'")
    assert clicks <= 5


@pytest.mark.browser
def test_the_grid_is_used_with_the_keyboard_and_keeps_its_columns(driver: Any, address: str) -> None:
    resize(driver, 1440, 900)
    open_page(driver, address + "/programmes?sector=techniek")
    until(driver, "document.querySelectorAll('#programmes-grid .ag-row').length > 3 && window.dash_ag_grid && dash_ag_grid.getApi('programmes-grid')")
    assert driver.execute_script("return [...document.querySelectorAll('#programmes-grid .ag-pinned-left-cols-container .ag-row:first-child .ag-cell')].length || document.querySelectorAll('#programmes-grid .ag-cell.ag-cell-last-left-pinned').length") > 0
    driver.execute_script("const api = dash_ag_grid.getApi('programmes-grid'); api.setColumnWidths([{key: 'demand', newWidth: 222}], true, 'uiColumnResized'); api.setFocusedCell(0, 'level')")
    driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    second = driver.execute_script("const f = dash_ag_grid.getApi('programmes-grid').getFocusedCell(); return dash_ag_grid.getApi('programmes-grid').getDisplayedRowAtIndex(f.rowIndex).data.crebo")
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    until(driver, "document.documentElement.dataset.page === 'programme'")
    assert f"programme={second}" in driver.current_url
    driver.back()
    until(driver, "document.documentElement.dataset.page === 'programmes' && document.querySelector('#programmes-grid .ag-row') && dash_ag_grid.getApi('programmes-grid')")
    until(driver, "dash_ag_grid.getApi('programmes-grid').getColumn('demand').getActualWidth() === 222")
    driver.find_element(By.CSS_SELECTOR, "[data-action='columns']").click()
    until(driver, "dash_ag_grid.getApi('programmes-grid').getColumn('demand').getActualWidth() !== 222")
    said = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert not said
