"""The teacher's path in a real browser: find the programme, see the gaps, read the evidence, print one A4; at most five clicks."""

from __future__ import annotations

import base64
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By

from tests.dashboard.conftest import address, reader  # noqa: F401 - fixtures
from tests.dashboard.shoot import browser, resize, wait_for_view

pytestmark = pytest.mark.browser
PRESENT = bool(shutil.which("chromium") and shutil.which("chromedriver"))


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    if not PRESENT:
        if os.environ.get("REQUIRE_BROWSER_TESTS"):
            pytest.fail("chromium and chromedriver must be here (REQUIRE_BROWSER_TESTS is set)")
        pytest.skip("chromium and chromedriver are not installed here")
    made = browser()
    yield made
    made.quit()


def until(check: Callable[[], Any], seconds: float = 15) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def found(driver: Any, selector: str) -> Any:
    return until(lambda: next(iter(driver.find_elements(By.CSS_SELECTOR, selector)), None))


def printed(driver: Any) -> PdfReader:
    made = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
    return PdfReader(io.BytesIO(base64.b64decode(made["data"])))


def test_a_teacher_finds_sees_reads_and_prints_in_at_most_five_clicks(driver: Any, address: str) -> None:  # noqa: F811
    resize(driver, 1440, 900)
    driver.get(address + "/?region=NL01")
    wait_for_view(driver)
    driver.execute_script("window.clicks = 0; window.printed = 0; window.print = () => { window.printed += 1 }; addEventListener('click', e => { if (e.isTrusted) window.clicks += 1 }, true)")
    found(driver, '.rail a[href^="/skills"]').click()
    field = found(driver, "input[type=search]")
    field.click()
    field.send_keys("lasser niveau 3")
    found(driver, '#skills-found a[href*="25287"]').click()
    gaps = found(driver, "#skills-gaps .link-list a")
    gaps.click()
    found(driver, "#skills-evidence mark")
    driver.execute_script("scrollTo(0, 0)")
    found(driver, '[data-action="print"]').click()
    assert driver.execute_script("return [window.printed, window.clicks]") == [1, 5]
    assert not [e for e in driver.get_log("browser") if e["level"] == "SEVERE"]


@pytest.mark.parametrize("path", ["/skills?programme=25287&region=NL01", "/skills?programme=25655&region=NL01&lang=en", "/skills?programme=25806&region=NL01", "/skills?programme=25332&region=NL01&theme=dark",
                                  "/skills?occupation=7aedaa07-3884-4c5b-88f9-80997b2aa54b&region=NL01"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_sheet_is_exactly_one_a4_and_says_where_it_comes_from(driver: Any, address: str, reader: Any, path: str, width: int) -> None:  # noqa: F811
    resize(driver, width, 900)
    driver.get(address + path)
    wait_for_view(driver)
    sheet = printed(driver)
    text = " ".join(sheet.pages[0].extract_text().split())
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert "n = " in text and reader.info.id[:8] in text and "Demonstrati" in text and time.strftime("%Y") in text
    assert "Gevraagd, niet" in text or "not found in the programme" in text or "occupation=" in path


def test_the_sheet_stands_in_black_and_white(driver: Any, address: str) -> None:  # noqa: F811
    resize(driver, 1440, 900)
    driver.get(address + "/skills?programme=25287&region=NL01&theme=dark")
    wait_for_view(driver)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        colours = driver.execute_script("""return [...new Set([...document.querySelectorAll('.sheet-page, .sheet-page *')].filter(e => e.offsetParent)
            .flatMap(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]))]""")
        hidden = driver.execute_script("return [...document.querySelectorAll('.rail, .topbar, .grid, .controls')].every(e => !e.offsetParent)")
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    grey = [c for c in colours if len(set(c[c.index("(") + 1:-1].split(", ")[:3])) == 1]
    assert colours and colours == grey and hidden


def test_a_pasted_curriculum_changes_the_coverage_lasts_for_the_session_and_can_be_cleared(driver: Any, address: str) -> None:  # noqa: F811
    resize(driver, 1440, 900)
    driver.get(address + "/skills?programme=25287&region=NL01")
    wait_for_view(driver)
    gap = found(driver, "#skills-gaps .link-list a").text
    found(driver, "#skills-own summary").click()
    found(driver, "#skills-own textarea").send_keys(f"Studenten leren {gap.lower()}.")
    found(driver, "#skills-own [type=submit]").click()
    until(lambda: driver.find_elements(By.CSS_SELECTOR, "#skills-own .with-without"))
    assert gap not in found(driver, "#skills-gaps").text
    assert "curriculum" not in driver.current_url
    driver.refresh()
    wait_for_view(driver)
    until(lambda: driver.find_elements(By.CSS_SELECTOR, "#skills-own .with-without"))
    found(driver, '[data-action="curriculum-clear"]').click()
    until(lambda: gap in found(driver, "#skills-gaps").text)
    assert driver.execute_script("return Object.values(sessionStorage).join('').includes('Studenten')") is False


def test_a_file_that_cannot_be_read_is_named_in_words(driver: Any, address: str, tmp_path: Any) -> None:  # noqa: F811
    old = tmp_path / "lesplan.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900)
    driver.get(address + "/skills?programme=25287&region=NL01")
    wait_for_view(driver)
    found(driver, "#skills-own summary").click()
    found(driver, "#skills-own input[type=file]").send_keys(str(old))
    found(driver, "#skills-own [type=submit]").click()
    assert until(lambda: ".docx" in found(driver, "#skills-own .form-error").text)
