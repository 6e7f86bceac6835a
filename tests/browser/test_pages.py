"""Every page in a real browser: no horizontal scroll, no word from the console, in both languages and on phone and desk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dashboard.conftest import address, reader  # noqa: F401 - fixtures
from tests.dashboard.shoot import browser, resize, wait_for_view

pytestmark = pytest.mark.browser
PRESENT = bool(shutil.which("chromium") and shutil.which("chromedriver"))
PAGES = ("/", "/?sector=zorg", "/skills", "/skills?programme=25655", "/skills?programme=25287&region=NL01", "/programmes", "/programmes?sector=techniek&level=3", "/programme?programme=25655", "/regions?compare=AM18,PV23", "/vacancies", "/vacancies?q=lasser", "/data",
         "/?region=AM99&nonsense=1", "/nergens", "/?publication=20200101-000000-00000000", "/skills?programme=99999")


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    if not PRESENT:
        if os.environ.get("REQUIRE_BROWSER_TESTS"):
            pytest.fail("chromium and chromedriver must be here (REQUIRE_BROWSER_TESTS is set)")
        pytest.skip("chromium and chromedriver are not installed here")
    made = browser()
    yield made
    made.quit()


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_no_horizontal_scroll_and_no_word_from_the_console(driver: Any, address: str, path: str, size: tuple[int, int]) -> None:  # noqa: F811
    resize(driver, *size)
    driver.get_log("browser")
    driver.get(address + path + ("&" if "?" in path else "?") + ("lang=en" if size[0] < 600 else "lang=nl"))
    wait_for_view(driver)
    width, inside = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= inside, f"{path} is {width} wide in {inside}"
    said = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert not said
    assert driver.execute_script("return document.querySelectorAll('h1').length") == 1
    assert "Traceback" not in driver.page_source


@pytest.mark.parametrize("path", ["/?region=AM99", "/skills?programme=99999", "/nergens", "/?publication=20200101-000000-00000000"])
def test_what_does_not_exist_is_said_with_a_way_back(driver: Any, address: str, path: str) -> None:  # noqa: F811
    resize(driver, 1440, 900)
    driver.get(address + path)
    wait_for_view(driver)
    links = driver.execute_script("return [...document.querySelectorAll('.notice a, .message-page a')].length")
    assert links >= 1


def test_nothing_comes_from_another_host(driver: Any, address: str) -> None:  # noqa: F811
    driver.get(address + "/programmes")
    wait_for_view(driver)
    hosts = set(driver.execute_script("return performance.getEntriesByType('resource').map(e => new URL(e.name).host)"))
    assert hosts == {address.removeprefix("http://")}




