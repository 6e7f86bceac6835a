"""Take a screenshot of a page with headless Chromium and print what the console said."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--disable-dev-shm-usage")


def browser(width: int = 1440, height: int = 900) -> webdriver.Chrome:
    """A fresh headless Chromium whose page is exactly this large, phone widths too."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    resize(driver, width, height)
    return driver


def resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Make the page exactly this large."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def wait_for_view(driver: webdriver.Chrome, seconds: float = 15) -> None:
    """Until a view is on the screen and its figures are drawn."""
    until = time.monotonic() + seconds
    script = """const g = [...document.querySelectorAll('.dash-graph')];
        return !!document.documentElement.dataset.view && !document.getElementById('skeleton') &&
          !document.querySelector('._dash-loading-callback') && g.every(x => x.querySelector('.main-svg'))"""
    while time.monotonic() < until:
        if driver.execute_script(script):
            return
        time.sleep(0.05)
    raise TimeoutError("the page did not become ready")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--full", action="store_true", help="the whole page instead of the first screen")
    chosen = parser.parse_args()
    width, height = (int(part) for part in chosen.size.split("x"))
    driver = browser(width, height)
    try:
        driver.get(chosen.url + ("&" if "?" in chosen.url else "?") + f"theme={chosen.theme}")
        wait_for_view(driver)
        time.sleep(0.4)
        if chosen.full:
            resize(driver, width, driver.execute_script("return document.documentElement.scrollHeight"))
            time.sleep(0.4)
        driver.save_screenshot(str(chosen.file))
        for entry in driver.get_log("browser"):
            print(entry["level"], entry["message"][:300])
        print("scroll width", driver.execute_script("return document.documentElement.scrollWidth"), "of", width)
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
