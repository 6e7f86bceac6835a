"""Programmes of the demonstration that got another code on the way: one code until a year, another from then on, as in DUO's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Earlier code -> (code of today, first year of it). The pairs are real (SBB crebolijst 2015 and CompetentNL, same name and level); the year is invented.
RENUMBERED: Mapping[str, tuple[str, int]] = {"25364": ("27042", 2023), "25400": ("25641", 2023)}

Counts = dict[tuple[str, str, str], dict[str, list[int]]]  # (institution, crebo, leerweg) -> sex -> number per year


def renumbered(counts: Counts, years: Sequence[int]) -> Counts:
    """The same people, under the code that held in each year."""
    begin = dict(RENUMBERED.values())
    before = {new: old for old, (new, _) in RENUMBERED.items()}
    made: Counts = {}
    for (institution, crebo, leerweg), by_sex in sorted(counts.items()):
        new = RENUMBERED[crebo][0] if crebo in RENUMBERED else crebo
        for sex, values in by_sex.items():
            for position, (year, value) in enumerate(zip(years, values, strict=True)):
                code = before[new] if new in before and year < begin[new] else new
                row = made.setdefault((institution, code, leerweg), {}).setdefault(sex, [0] * len(years))
                row[position] += value
    return dict(sorted(made.items()))
