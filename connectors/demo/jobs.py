"""CBS 83582NED of the demonstration year: jobs of employees in December by industry, for the country, provinces, COROP regions and
municipalities, as CBS has them. The mix of industries of a region follows the vacancies of the invented world; the size of regions is
theirs without the depth of the demonstration region, scaled to about 9 million jobs. Small cells of some municipalities are hidden, two at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from connectors.demo.world import SECTOR_SHARE, SIZES, World

JOBS_THOUSAND = 9000.0
JOB_YEARS = (2023, 2024, 2025)
TOTAL = "T001081"
HIDING = 0.12  # part of the municipalities with two hidden cells in a year


def write_jobs(folder: Path, world: World, table: Callable[..., None], industries: Mapping[str, Mapping[str, float]], titles: Mapping[str, str], provinces: Mapping[str, str]) -> None:
    """The table in the form of OData v4, written by `table` (connectors/demo/files.py)."""
    rng = Random(f"{world.seed} jobs")
    corop = {r["municipality_code"]: (r["code"], r["name"]) for r in world.lists.corop}
    regions = {"NL01": "Nederland", **provinces, **{code: f"{name} (CR)" for code, name in sorted(set(corop.values()))}}
    codes = [code for code in titles if code != TOTAL]
    cells: dict[tuple[str, int], dict[str, float]] = {}
    hidden: dict[tuple[str, int], set[str]] = {}
    mixes = mix(world)
    weights = {region: sum(SIZES.get(r["name"], 1.0) for r in rows) ** 0.75 for region, rows in world.by_region.items()}
    for region, towns in world.by_region.items():
        size = JOBS_THOUSAND * weights[region] / sum(weights.values())
        whole = sum(SIZES.get(r["name"], 1.0) for r in towns)
        drift = {sector: rng.gauss(0.008, 0.012) for sector in SECTOR_SHARE}
        for town in towns:
            own = size * SIZES.get(town["name"], 1.0) / whole
            tilt = {code: 2.718281828 ** rng.gauss(0, 0.35) for code in codes}
            for year in JOB_YEARS:
                jobs = dict.fromkeys(codes, 0.0)
                for sector, share in mixes[region].items():
                    grown = own * share * (1 + drift[sector]) ** (year - JOB_YEARS[0])
                    for code, part in industries[sector].items():
                        jobs[code] += grown * part * tilt[code]
                if rng.random() < HIDING:
                    hidden[(town["code"], year)] = set(sorted(codes, key=jobs.__getitem__)[:2])
                for area in (town["code"], town["province_code"], corop.get(town["code"], ("",))[0], "NL01"):
                    if area:
                        sums = cells.setdefault((area, year), dict.fromkeys(codes, 0.0))
                        for code, value in jobs.items():
                            sums[code] += value
                regions.setdefault(town["code"], town["name"])
    rows: list[dict[str, Any]] = []
    for area in regions:
        for year in JOB_YEARS:
            found = cells[(area, year)]
            for code in titles:
                shown = None if code in hidden.get((area, year), ()) else round(sum(found.values()) if code == TOTAL else found[code], 1)
                rows.append({"Id": len(rows), "Measure": "M1", "ValueAttribute": "None" if shown is not None else "Impossible", "Value": shown, "StringValue": None,
                             "BedrijfstakkenBranchesSBI2008": code, "RegioS": area.ljust(6), "Perioden": f"{year}JJ00"})
    periods = {f"{year}JJ00": {"Title": f"{year} december", "Status": "Voorlopig" if year == JOB_YEARS[-1] else "Definitief"} for year in JOB_YEARS}
    table(folder, "83582NED", "Banen van werknemers in december; economische activiteit (SBI2008), regio",
          {"BedrijfstakkenBranchesSBI2008": {code: {"Title": title} for code, title in titles.items()}, "RegioS": {code: {"Title": name} for code, name in regions.items()}, "Perioden": periods},
          [{"Identifier": "M1", "Title": "Banen van werknemers in december", "Unit": "x 1 000", "Decimals": 1}], rows)


def mix(world: World) -> dict[str, dict[str, float]]:
    """Region -> sector -> share of its vacancies, advertised where we read or not; drawn a little to the country's where they are few."""
    sector = {row["esco_uri"]: row["sector"] for row in world.lists.occupations}
    counted: dict[str, dict[str, float]] = {region: dict.fromkeys(SECTOR_SHARE, 0.0) for region in world.regions}
    for region, uri, _, count in world.demand():
        counted[region][sector[uri]] += count
    made = {}
    for region, counts in counted.items():
        total = sum(counts.values()) + 40
        made[region] = {s: (n + 40 * SECTOR_SHARE[s]) / total for s, n in counts.items()}
    return made
