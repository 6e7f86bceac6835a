"""In a real browser: nothing is rebuilt when the selection changes, back and forward work, and the console stays silent."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.dashboard.shoot import browser, resize, wait_for_view

pytestmark = pytest.mark.browser
if not (shutil.which("chromium") and shutil.which("chromedriver")) and not os.environ.get("REQUIRE_BROWSER_TESTS"):
    pytest.skip("chromium and chromedriver are not installed here", allow_module_level=True)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    made = browser()
    yield made
    made.quit()


@pytest.fixture
def opened(driver: Any, address: str) -> Callable[[str], Any]:
    def go(path: str) -> Any:
        resize(driver, 1440, 900)
        driver.get(address + path)
        wait_for_view(driver)
        driver.get_log("browser")
        return driver
    return go


def until(check: Callable[[], bool], seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.03)
    return False


def shows(driver: Any, path: str) -> bool:
    return until(lambda: driver.execute_script("return document.documentElement.dataset.view") == path)


def console(driver: Any) -> list[str]:
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def test_choosing_a_sector_changes_the_chart_in_place(opened: Callable[[str], Any]) -> None:
    d = opened("/")
    d.execute_script("document.querySelector('.dash-graph').dataset.mark = 'here'; window.scrollTo(0, 200)")
    link = d.find_element(By.CSS_SELECTOR, '#mismatch-rows a[href="/?sector=ict"]')
    link.send_keys(Keys.ENTER)
    assert shows(d, "/?sector=ict")
    assert d.execute_script("return document.querySelector('.dash-graph').dataset.mark") == "here"
    assert d.execute_script("return document.activeElement.getAttribute('aria-current')") == "true", "the keyboard stays where it was"
    assert d.execute_script("return window.scrollY") == 200
    assert console(d) == []


def test_back_and_forward_go_through_what_was_chosen(opened: Callable[[str], Any]) -> None:
    d = opened("/")
    d.find_element(By.CSS_SELECTOR, '#mismatch-rows a[href="/?sector=zorg"]').click()
    assert shows(d, "/?sector=zorg")
    d.find_element(By.CSS_SELECTOR, 'a[hreflang="en"]').click()
    assert shows(d, "/?sector=zorg&lang=en")
    assert d.execute_script("return document.documentElement.lang") == "en"
    d.back()
    assert shows(d, "/?sector=zorg")
    d.back()
    assert shows(d, "/")
    d.forward()
    assert shows(d, "/?sector=zorg")
    assert console(d) == []


def test_a_region_can_be_searched_and_chosen_with_the_keyboard(opened: Callable[[str], Any]) -> None:
    d = opened("/?sector=zorg")
    field = d.find_element(By.CSS_SELECTOR, ".topbar .select input")
    field.click()
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("Twent", Keys.ARROW_DOWN, Keys.ENTER)
    assert shows(d, "/?region=AM05&sector=zorg")
    assert "Twente" in d.find_element(By.CSS_SELECTOR, ".eyebrow").text
    d.back()
    assert shows(d, "/?sector=zorg")
    assert until(lambda: field.get_attribute("value") == "Regio Zwolle"), "the field follows the address"
    time.sleep(0.5)
    assert d.execute_script("return location.search") == "?sector=zorg", "and the address does not follow the field back"


def test_the_sector_field_of_the_trend_and_the_rows_agree(opened: Callable[[str], Any]) -> None:
    d = opened("/?sector=zorg")
    assert d.find_element(By.CSS_SELECTOR, "section[aria-labelledby=trend-title] input").get_attribute("value") == "Zorg en welzijn"
    d.find_element(By.CSS_SELECTOR, '#mismatch-rows a[href="/"]').click()
    assert shows(d, "/")
    assert until(lambda: d.find_element(By.CSS_SELECTOR, "section[aria-labelledby=trend-title] input").get_attribute("value") == "Alle vacatures")


def test_the_theme_changes_without_asking_the_server(opened: Callable[[str], Any]) -> None:
    d = opened("/")
    before = d.execute_script("return performance.getEntriesByType('resource').length")
    d.find_element(By.CSS_SELECTOR, '[data-value="dark"]').click()
    assert d.execute_script("return document.documentElement.dataset.theme") == "dark"
    assert d.execute_script("return performance.getEntriesByType('resource').length") == before
    dark = d.execute_script("return getComputedStyle(document.querySelector('.xtick text')).fill")
    d.find_element(By.CSS_SELECTOR, '[data-value="light"]').click()
    assert d.execute_script("return getComputedStyle(document.querySelector('.xtick text')).fill") != dark, "charts follow"


def test_another_page_starts_at_its_top_with_the_keyboard_in_it(opened: Callable[[str], Any]) -> None:
    d = opened("/?region=AM01")
    d.execute_script("window.scrollTo(0, 500)")
    d.find_element(By.CSS_SELECTOR, ".rail li:last-child a").click()
    assert shows(d, "/data?region=AM01")
    assert d.execute_script("return [window.scrollY, document.activeElement.id]") == [0, "main"]


@pytest.mark.parametrize("path", ["/", "/?region=NL01&lang=en", "/nowhere", "/?region=AM99&foo=1", "/?publication=20200101-000000-00000000"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_scrolls_sideways_and_the_console_is_silent(opened: Callable[[str], Any], driver: Any, address: str, path: str, width: int) -> None:
    resize(driver, width, 844)
    driver.get(address + path)
    wait_for_view(driver)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert console(driver) == []
    assert driver.find_elements(By.CSS_SELECTOR, "h1")


def test_nothing_jumps_while_the_page_arrives(opened: Callable[[str], Any]) -> None:
    d = opened("/")
    d.execute_script("""window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) window.shift += e.value }))
        .observe({type: 'layout-shift', buffered: true})""")
    time.sleep(0.3)
    assert d.execute_script("return window.shift") < 0.05


def test_landmarks_and_names_are_there_for_screen_readers(opened: Callable[[str], Any]) -> None:
    d = opened("/")
    for selector in ("nav", "main", "header", "h1", "a.skip"):
        assert d.find_elements(By.CSS_SELECTOR, selector), selector
    nameless = d.execute_script("""return [...document.querySelectorAll('a[href], button, input')].filter(e => e.offsetParent &&
        !(e.textContent.trim() || e.getAttribute('aria-label') || e.title || (e.id && document.querySelector(`label[for="${e.id}"]`)))).map(e => e.outerHTML.slice(0, 120))""")
    assert nameless == []
