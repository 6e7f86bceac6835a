"""Where the invented students live: around the places where their institution teaches, some in regions next to it, a few abroad.

Rows in the form of DUO's file 11; per institution, pathway and year they add up to the students of the students file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from connectors.demo.world import SIZES, STUDENT_YEARS, Institution, World

HEADER = ["INSTELLINGSCODE", "INSTELLINGSNAAM", "SOORT INSTELLING", "PLAATSNAAM INSTELLING", "WOONPROVINCIE", "WOONGEMEENTE", "LEEFTIJDSCATEGORIE", "LEERWEG",
          *(f"JAAR_{year}" for year in STUDENT_YEARS)]
AGES: Mapping[str, Mapping[str, float]] = {"BBL": {"18": 0.2, "20 TM 22": 0.35, "23 EN OUDER": 0.45}, "BOLVT": {"17": 0.3, "18": 0.32, "20 TM 22": 0.38}}
# Labour-market regions that touch each other (map of CBS Gebieden 2026), read from one side.
NEXT_TO: Mapping[str, str] = {
    "AM01": "AM02 AM03", "AM02": "AM01 AM03 AM11 AM36", "AM03": "AM01 AM02 AM05 AM36", "AM05": "AM03 AM06 AM09 AM36", "AM06": "AM05 AM07 AM09 AM11 AM36 AM38", "AM07": "AM06 AM08 AM09 AM10 AM38",
    "AM08": "AM07 AM10 AM27 AM29", "AM09": "AM05 AM06 AM07", "AM10": "AM07 AM08 AM27 AM35 AM38", "AM11": "AM02 AM06 AM12 AM36", "AM12": "AM11 AM13 AM14 AM18", "AM13": "AM12 AM14 AM20 AM35 AM38",
    "AM14": "AM06 AM12 AM13 AM38", "AM15": "AM17 AM37", "AM17": "AM15 AM18 AM37", "AM18": "AM12 AM17 AM19 AM37", "AM19": "AM18 AM20 AM21 AM34 AM37", "AM20": "AM13 AM19 AM22 AM34", "AM21": "AM19 AM22 AM34",
    "AM22": "AM20 AM21 AM23 AM34", "AM23": "AM22 AM25 AM35", "AM24": "AM25", "AM25": "AM23 AM24 AM26", "AM26": "AM25 AM27 AM28", "AM27": "AM08 AM10 AM26 AM28 AM32", "AM28": "AM26 AM27 AM32 AM33",
    "AM29": "AM08 AM32 AM33", "AM30": "AM33", "AM32": "AM27 AM28 AM29 AM33", "AM33": "AM28 AM29 AM30 AM32", "AM34": "AM19 AM20 AM21 AM22", "AM35": "AM10 AM13 AM23", "AM36": "AM02 AM03 AM05 AM06 AM11",
    "AM37": "AM15 AM17 AM18 AM19", "AM38": "AM06 AM07 AM10 AM13 AM14",
}
# Province and town abroad as written; Hasselt lies in Zwartewaterland too, but the province says which one.
ABROAD: Mapping[str, tuple[str, str]] = {
    "AM01": ("DUITSLAND", "LEER"), "AM03": ("DUITSLAND", "NORDHORN"), "AM05": ("DUITSLAND", "GRONAU"), "AM08": ("DUITSLAND", "KLEVE"), "AM09": ("DUITSLAND", "BOCHOLT"), "AM29": ("DUITSLAND", "STRAELEN"),
    "AM30": ("BELGIE", "HASSELT"), "AM33": ("BELGIE", "MAASEIK"), "AM24": ("BELGIE", "GENT"), "AM25": ("BELGIE", "ANTWERPEN"), "AM26": ("BELGIE", "TURNHOUT"), "AM28": ("BELGIE", "LOMMEL"),
}
OWN, REGION, AROUND, BORDER, UNKNOWN = 0.42, 0.40, 0.165, 0.01, 0.005  # shares: teaching towns, their regions, regions next to them, abroad, not known
LARGEST = 10  # municipalities of the own region that students come from, besides the teaching towns


def rows(world: World, students: Mapping[tuple[str, int, str], int], offer: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    """Rows under HEADER, not masked yet. `students`: (institution, year, leerweg) -> students; `offer`: rows of the offer file."""
    rng = Random(world.seed + 11)
    municipalities = {r["code"]: r for r in world.lists.municipalities}
    taught: dict[str, dict[str, float]] = {}
    for line in offer:
        code, _, town = str(line[12]).partition("X")
        towns = taught.setdefault(code, {})
        towns[f"GM{town}"] = towns.get(f"GM{town}", 0.0) + 1.0
    for institution in world.institutions:
        places = {municipalities[code]["code"]: n for code, n in sorted(taught.get(institution.code, {institution.municipality["code"]: 1.0}).items())}
        for leerweg, ages in AGES.items():
            totals = [students.get((institution.code, year, leerweg), 0) for year in STUDENT_YEARS]
            if not any(totals):
                continue
            homes = _weights(world, municipalities, institution, places, rng)
            people = [divided(total, list(homes.values())) for total in totals]
            for position, (province, name) in enumerate(homes):
                counts = [divided(year[position], list(ages.values())) for year in people]
                for number, age in enumerate(ages):
                    cells = [own[number] for own in counts]
                    if any(cells):
                        yield [institution.code, institution.name, institution.kind, institution.municipality["name"].upper(), province, name, age, leerweg, *cells]


def _weights(world: World, municipalities: Mapping[str, Mapping[str, str]], institution: Institution, places: Mapping[str, float], rng: Random) -> dict[tuple[str, str], float]:
    """(province, municipality) as written -> share of the students."""
    regions = sorted({municipalities[code]["region_code"] for code in places})
    parts: list[tuple[float, dict[str, float]]] = [(OWN, dict(places))]
    own = [r for region in regions for r in world.by_region[region][:LARGEST + len(places)] if r["code"] not in places]
    near = [r for name in sorted({n for region in regions for n in NEXT_TO[region].split()} - set(regions)) for r in world.by_region[name][:2]]
    wide = 1.6 if institution.kind == "BER" else 1.0  # people travel further to a school of one trade
    for share, found in ((REGION, own), (AROUND * wide, near)):
        parts.append((share, {r["code"]: SIZES.get(r["name"], 1.0) ** 0.7 * (0.6 + 0.8 * rng.random()) for r in found}))
    shares: dict[tuple[str, str], float] = {}
    for share, weights in parts:
        for code, weight in weights.items():
            written = as_written(municipalities[code])
            shares[written] = shares.get(written, 0.0) + share * weight / sum(weights.values())
    foreign = next((ABROAD[r] for r in regions if r in ABROAD), ("OVERIG BUITENLAND", "OVERIG BUITENLAND"))
    shares[foreign] = BORDER if foreign[0] != "OVERIG BUITENLAND" else BORDER / 5
    shares[("ONBEKEND", "ONBEKEND")] = UNKNOWN
    return shares


def as_written(municipality: Mapping[str, str]) -> tuple[str, str]:
    """(province, municipality) in DUO's capitals: no accents, no brackets, no apostrophe in front ("S GRAVENHAGE", "BERGEN")."""
    name = municipality["name"].split(" (")[0].replace("'s-", "s ").replace("'", "")
    return plain(municipality["province"]), plain(name)


def plain(text: str) -> str:
    """Capitals without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()


def divided(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    whole = sum(weights)
    exact = [total * w / whole for w in weights]
    made = [int(e) for e in exact]
    for i in sorted(range(len(exact)), key=lambda i: (made[i] - exact[i], i))[:total - sum(made)]:
        made[i] += 1
    return made
