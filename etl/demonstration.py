"""Loading the demonstration year: write its files once, serve them on loopback, and let the ordinary loader read them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import connectors.demo
from connectors.demo.files import SEED, is_written, write_year
from connectors.demo.server import serving
from connectors.demo.world import Lists
from etl.pipeline import Loader
from etl.reporting import Progress, silent
from etl.settings import Settings
from warehouse import reference

# Where each source's paths begin on the demonstration server; sources without an entry are off.
PATHS = {
    "cbs-regions": "/odata/v1/CBS", "cbs-open-vacancies": "/odata/v1/CBS", "cbs-vacancy-flow": "/odata/v1/CBS", "cbs-benefits": "/odata/v1/CBS", "cbs-jobs": "/odata/v1/CBS",
    "cbs-leavers": "/odata/v1/CBS", "roa-ita": "", "sbb-prospects": "",
    "duo-students": "", "duo-graduates": "", "duo-homes": "", "duo-offer": "", "duo-institutions": "", "esco": "", "uwv-tension": "", "vacancy-export": "",
    "jobposting-werkenvoornederland": "",
}
OFF = ["pdok-borders", "progression", "sbb-crebo", "duo-crebo-occupations"]


def lists() -> Lists:
    """The reference rows the generator works from."""
    folder = Path(connectors.demo.__file__).parent

    def own(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def shipped(name: str) -> list[dict[str, str]]:
        return [{str(k): str(v) for k, v in row.items()} for row in reference.read(name).to_dict("records")]

    return Lists(
        municipalities=shipped("municipalities"), places=shipped("places"), sectors=shipped("sectors"), programmes=shipped("programmes"),
        occupations=shipped("occupations"), skills=shipped("skills"), occupation_skills=shipped("occupation_skills"),
        programme_occupations=shipped("programme_occupations"), programme_skills=shipped("programme_skills"), employers=own("employers"), tasks=own("tasks"), corop=own("corop"))


@contextmanager
def loader_for(settings: Settings, progress: Progress = silent, *, seed: int = SEED) -> Iterator[Loader]:
    """A loader for these settings; in demonstration mode its sources are served for the time of the block."""
    if settings.general.mode != "demo":
        yield Loader(settings, progress=progress)
        return
    folder, vacancies = settings.data / "sources", settings.sources.demo_vacancies
    if not is_written(folder, vacancies=vacancies, seed=seed):
        folder.parent.mkdir(parents=True, exist_ok=True)
        write_year(folder, lists(), vacancies=vacancies, seed=seed, progress=lambda step, done, total: progress(step, done, total))
    with serving(folder) as origin:
        demo = settings.model_copy(update={"sources": settings.sources.model_copy(update={
            "base_urls": {key: origin + path for key, path in PATHS.items()}, "off": sorted({*settings.sources.off, *OFF}), "older_region_years": [], "sites": []})})
        yield Loader(demo, progress=progress)
