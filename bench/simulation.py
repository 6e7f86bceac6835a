"""Do the intervals hold? python -m bench.simulation: regions with a known truth, through the rules that the marts use.

A region and sector has a true yearly demand and supply. Vacancies are a Poisson draw of the advertised part; CBS's totals lift them,
rounded as CBS rounds; graduates per programme, institution, sex and year are Poisson draws, 1 to 4 are masked; the share that
continues differs from the assumed one as its margin says; the crosswalks in use are readings of the true one, each with its own error.
How often does the 90% interval of ratio and gap contain the truth? And how many skills are called rising or falling where none is?
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.alignment import coverage, mismatch, noise, supply

YEARS = (2023, 2024, 2025)
SHARE, MARGIN = 0.4, 0.1  # continues in education; margin of 90%
VARIANTS = 4  # crosswalks in use, the first is the default


@dataclass(frozen=True)
class Setting:
    """What is uncertain in a simulation: names what differs from a plain count."""

    name: str
    masked: bool = True
    calibrated: bool = True
    crosswalk: float = 0.08  # standard error of a crosswalk, as a share of the demand
    margin: float = MARGIN


SETTINGS = (
    Setting("counts only", masked=False, calibrated=False, crosswalk=0.0, margin=0.0), Setting("and masked counts", calibrated=False, crosswalk=0.0, margin=0.0),
    Setting("and the share that continues", calibrated=False, crosswalk=0.0), Setting("and calibration", crosswalk=0.0), Setting("and crosswalks", crosswalk=0.08), Setting("crosswalks that differ much", crosswalk=0.25),
)


def world(count: int, setting: Setting, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows for mismatch.compare, truth with demand, supply) of `count` regions."""
    mean = np.exp(rng.uniform(np.log(15), np.log(900), count))
    factor = rng.uniform(0.8, 4.0, count) if setting.calibrated else np.ones(count)
    stock = np.maximum(rng.uniform(1000, 20_000, count), 1000.0)
    seen = factor * (1 + rng.uniform(-50, 50, (count, 4)).mean(axis=1) / stock) if setting.calibrated else factor
    n = rng.poisson(mean)
    readings = np.exp(rng.normal(0, setting.crosswalk, (count, VARIANTS))) if setting.crosswalk else np.ones((count, VARIANTS))
    demand = n[:, None] * seen[:, None] * readings
    demand_var = n * (seen * readings[:, 0]) ** 2
    leavers, true_supply = _graduates(count, setting, rng)
    by = ["region_code"]
    offered = supply.yearly_mean(supply.leaving(leavers, _progression(setting)), [YEARS[-1]], by).merge(
        noise.standard_error(supply.leaving(leavers, _progression(setting)), [YEARS[-1]], by), on=[*by, "period"])
    rows = pd.DataFrame({"region_code": range(count), "n": n, "demand": demand[:, 0], "demand_var": demand_var, "demand_alt_low": demand.min(axis=1), "demand_alt_high": demand.max(axis=1)})
    truth = pd.DataFrame({"region_code": range(count), "true_demand": mean * factor, "true_supply": true_supply})
    return rows.merge(offered, on="region_code"), truth


def _progression(setting: Setting) -> pd.DataFrame:
    return pd.DataFrame({"level": [2, 3, 4], "sector": supply.ALL, "basis": "simulated", "share": SHARE, "share_low": SHARE - setting.margin, "share_high": SHARE + setting.margin})


def _graduates(count: int, setting: Setting, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    programmes = rng.integers(3, 16, count)
    region = np.repeat(np.arange(count), programmes)
    yearly = np.exp(rng.uniform(np.log(2), np.log(60), len(region)))
    level = rng.choice([2, 3, 4], len(region))
    per_level = rng.normal(SHARE, setting.margin / 1.6449, (count, 5))
    women = rng.uniform(0.1, 0.9, len(region))
    parts, leaves = [], np.zeros(count)
    np.add.at(leaves, region, yearly * (1 - per_level[region, level]))
    for year in YEARS:
        for share in (women, 1 - women):
            found = rng.poisson(yearly * share)
            hidden = (found >= 1) & (found <= 4) & setting.masked
            parts.append(pd.DataFrame({"region_code": region, "level": level, "year": year, "graduates_low": np.where(hidden, 1, found), "graduates_high": np.where(hidden, 4, found), "share_in_region": 1.0, "sector_code": None}))
    return pd.concat(parts, ignore_index=True), leaves


def covered(count: int, setting: Setting, seed: int) -> dict[str, float]:
    """Share of the intervals that contain the truth, of rows that are shown, and what the classes said."""
    rows, truth = world(count, setting, np.random.default_rng(seed))
    made = mismatch.compare(rows).merge(truth, on="region_code")
    made = made[made["class"] != "too_little_data"]
    ratio, gap = made["true_demand"] / made["true_supply"], made["true_demand"] - made["true_supply"]
    wrong = ((made["class"] == "shortage") & (ratio < mismatch.DEFAULT.shortage)) | ((made["class"] == "surplus") & (ratio > mismatch.DEFAULT.surplus))
    clear = made["class"].isin(["shortage", "surplus"])
    return {"shown": len(made), "ratio": float(((made["ratio_low"] <= ratio) & (ratio <= made["ratio_high"])).mean()), "gap": float(((made["gap_low"] <= gap) & (gap <= made["gap_high"])).mean()),
            "clear": float(clear.mean()), "wrong": float(wrong[clear].mean())}


def trends(subjects: int, seed: int, skills: int = 40) -> dict[str, float]:
    """Skills of many subjects in two years, half of the subjects without any change, a fifth of the skills of the others doubled,
    tripled or their inverse: share of the first half with a flag, mean share of false flags in the second, and how many true ones are found."""
    rng = np.random.default_rng(seed)
    n = np.exp(rng.uniform(np.log(20), np.log(800), (subjects, 2))).astype(int)
    before = rng.beta(0.8, 4.0, (subjects, skills)) * 0.9
    changes = (rng.random((subjects, skills)) < 0.2) & (np.arange(subjects) % 2 == 1)[:, None]
    after = np.where(changes, np.clip(before * rng.choice([1 / 3, 1 / 2, 2, 3], (subjects, skills)), 0, 0.95), before)
    asked = np.stack([rng.binomial(n[:, :1], before), rng.binomial(n[:, 1:], after)])
    frame = pd.DataFrame({"subject": np.tile(np.repeat(np.arange(subjects), skills), 2), "skill_id": np.tile(np.arange(skills), 2 * subjects), "period": np.repeat([2024, 2025], subjects * skills),
                          "asked": asked.reshape(-1), "n": np.concatenate([np.repeat(n[:, year], skills) for year in (0, 1)])})
    known = pd.DataFrame({"subject": np.tile(np.arange(subjects), 2), "period": np.repeat([2024, 2025], subjects), "n": n.T.reshape(-1)})
    made = coverage.trend(coverage.shares(frame[frame["asked"] > 0]), ["subject", "skill_id"], known)
    made = made[made["period"] == 2025]
    made["flag"], made["true"] = made["trend"].isin(["rising", "falling"]), changes[made["subject"], made["skill_id"]]
    found = made.groupby("subject").agg(flags=("flag", "sum"), right=("flag", lambda f: int((f & made.loc[f.index, "true"]).sum())))
    still, moving = found[found.index % 2 == 0], found[found.index % 2 == 1]
    false = ((moving["flags"] - moving["right"]) / moving["flags"].clip(lower=1)).mean()
    return {"subjects": subjects, "still": float((still["flags"] > 0).mean()), "false": float(false), "found": float(moving["right"].sum() / changes.sum())}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--regions", type=int, default=6000)
    chosen = parser.parse_args()
    for setting in SETTINGS:
        found = covered(chosen.regions, setting, 11)
        print(f"simulation: {setting.name}: the truth is in {found['ratio']:.1%} of the 90% intervals of the ratio and {found['gap']:.1%} of the gap ({found['shown']:,} regions); "
              f"{found['clear']:.0%} get a clear class, {found['wrong']:.1%} of these wrongly")
    found = trends(2000, 11)
    print(f"simulation: skills, {found['subjects']:,.0f} subjects of 40: {found['still']:.1%} of the subjects in which nothing changed get a skill called rising or falling, and {found['false']:.1%} of the skills so called "
          f"elsewhere did not change (stated: at most {coverage.FALSE_DISCOVERIES:.0%}); {found['found']:.0%} of the true changes are found")


if __name__ == "__main__":
    main()
