"""In a real browser: choose municipalities by name, save them, and find the same numbers again in another browser."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from dashboard.areas import saved_in
from tests.dashboard.shoot import browser, resize, wait_for_view
from warehouse.publications import Publications

pytestmark = pytest.mark.browser
if not (shutil.which("chromium") and shutil.which("chromedriver")) and not os.environ.get("REQUIRE_BROWSER_TESTS"):
    pytest.skip("chromium and chromedriver are not installed here", allow_module_level=True)


@pytest.fixture
def browsers(small_year: Publications) -> Iterator[Callable[[], Any]]:
    made: list[Any] = []

    def fresh() -> Any:
        made.append(browser())
        resize(made[-1], 1440, 900)
        return made[-1]
    yield fresh
    for driver in made:
        driver.quit()
    for key in list(saved_in(small_year.root).read()):
        saved_in(small_year.root).delete(key)


def until(check: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if check():
                return True
        except StaleElementReferenceException:  # the view changed under our hands: look again
            pass
        time.sleep(0.05)
    return False


def shows(driver: Any, path: str) -> bool:
    return until(lambda: driver.execute_script("return document.documentElement.dataset.view") == path)


def figures(driver: Any) -> str:
    return str(driver.execute_script("return [...document.querySelectorAll('.stats, #mismatch-rows')].map(e => e.innerText).join(' | ')"))


def chosen(driver: Any, name: str) -> bool:
    """Choose a municipality by typing its name."""
    many = driver.find_element(By.CSS_SELECTOR, ".select-many input")
    many.click()
    many.send_keys(name, Keys.ARROW_DOWN, Keys.ENTER)
    return True


def console(driver: Any) -> list[str]:
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def test_three_municipalities_are_chosen_saved_and_found_again_with_the_same_numbers(browsers: Callable[[], Any], address: str) -> None:
    d = browsers()
    d.get(address + "/?sector=zorg")
    wait_for_view(d)
    field = d.find_element(By.CSS_SELECTOR, ".topbar .select input")
    field.click()
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("selectie maken", Keys.ARROW_DOWN, Keys.ENTER)
    assert until(lambda: d.execute_script("return location.pathname") == "/selection")
    assert until(lambda: bool(d.find_elements(By.CSS_SELECTOR, ".select-many input")))
    for name in ("Zwolle", "Deventer", "Kampen"):
        assert until(lambda: chosen(d, name)), name  # noqa: B023
        assert until(lambda: name in d.find_element(By.CSS_SELECTOR, ".select-many").text), name  # noqa: B023
    assert until(lambda: "3 gemeenten" in d.find_element(By.TAG_NAME, "h1").text)
    d.find_element(By.TAG_NAME, "h1").click()
    name = d.find_element(By.CSS_SELECTOR, 'form[data-form="selection"] input[name="name"]')
    name.send_keys("Rond de IJssel", Keys.ENTER)
    assert until(lambda: "region=eigen-rond-de-ijssel" in d.execute_script("return location.search"))
    assert until(lambda: "Rond de IJssel" in d.find_element(By.CSS_SELECTOR, ".eyebrow").text)
    link, seen = d.current_url, figures(d)
    assert "Handel" in seen
    assert console(d) == []

    other = browsers()
    other.get(link)
    wait_for_view(other)
    assert until(lambda: figures(other) == seen), (seen, figures(other))
    assert other.find_element(By.CSS_SELECTOR, ".topbar .select input").get_attribute("value") == "Rond de IJssel"
    other.get(address + "/?region=GM0193,GM0150,GM0166")
    wait_for_view(other)
    assert until(lambda: figures(other) == seen), "saved or written out, the numbers are the same"
    assert console(other) == []


def test_how_is_counted_changes_in_two_clicks_and_goes_back_in_one(browsers: Callable[[], Any], address: str) -> None:
    d = browsers()
    d.get(address + "/")
    wait_for_view(d)
    before = figures(d)
    d.find_element(By.CSS_SELECTOR, "#count-details > summary").click()
    d.find_element(By.CSS_SELECTOR, '#how-counted a[href="/?supply=living"]').click()
    assert shows(d, "/?supply=living") and until(lambda: figures(d) != before)
    assert "Anders geteld" in d.find_element(By.CSS_SELECTOR, ".area-notice").text
    d.find_element(By.CSS_SELECTOR, '.area-notice a[href="/"]').click()
    assert shows(d, "/") and until(lambda: figures(d) == before)
    assert console(d) == []
