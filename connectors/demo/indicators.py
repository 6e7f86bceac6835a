"""Official indicators of the demonstration year in their publishers' forms, in line with the invented tightness of regions and
sectors, apart from a few deliberate disagreements (see DEVIATIONS) such as the real ones have.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from connectors.demo.world import World

QUARTERS = ("2023KW04", "2024KW04", "2025KW04")
# Occupation groups (BRC 2014) per sector; the number is how the group differs from its sector.
GROUPS: Mapping[str, Mapping[str, float]] = {
    "techniek": {"Lassers en plaatwerkers": 1.2, "Elektriciens en elektronicamonteurs": 1.4, "Timmerlieden": 1.0}, "zorg": {"Verpleegkundigen (mbo)": 1.2, "Verzorgenden": 1.1, "Leidsters kinderopvang en onderwijsassistenten": 0.8},
    "ict": {"Gebruikersondersteuning ICT": 1.0, "Databank- en netwerkspecialisten": 1.3}, "zakelijk": {"Administratief medewerkers": 0.8, "Beveiligingspersoneel": 1.4},
    "handel": {"Verkoopmedewerkers detailhandel": 0.9, "Kassamedewerkers": 0.7}, "mobiliteit": {"Vrachtwagenchauffeurs": 1.2, "Automonteurs": 1.3},
    "voedsel": {"Koks": 1.3, "Hoveniers, tuinders en kwekers": 1.0}, "vakmanschap": {"Kappers en schoonheidsspecialisten": 0.8},
}
FIELDS: Mapping[str, str] = {
    "techniek": "07 Techniek, industrie en bouwkunde", "zorg": "09 Gezondheidszorg en welzijn", "ict": "06 Informatica", "zakelijk": "04 Recht, administratie, handel en zakelijke dienstverlening",
    "voedsel": "08 Landbouw, diergeneeskunde en -verzorging", "mobiliteit": "10 Dienstverlening",
}
TYPES: Mapping[str, str] = {
    "techniek": "mbo techniek", "zorg": "mbo zorg en welzijn", "ict": "mbo ict en creatieve industrie", "zakelijk": "mbo zakelijke dienstverlening", "handel": "mbo handel",
    "mobiliteit": "mbo mobiliteit en logistiek", "voedsel": "mbo voedsel en groen", "vakmanschap": "mbo specialistisch vakmanschap",
}
# Deliberate disagreements with what the vacancies of the invented world say: (indicator, sector) -> factor on the tightness.
# UWV counts all levels, and ict is tight because of hbo and wo; ROA looks six years ahead, when business services are short and trade is not.
DEVIATIONS: Mapping[tuple[str, str], float] = {("uwv", "ict"): 4.5, ("roa", "zakelijk"): 2.2, ("roa", "handel"): 0.55, ("cbs", "voedsel"): 1.6}
CONTRARY = 5  # of every so many programmes SBB expects the opposite of what vacancies say now
UWV_DEFINITION = "openstaande vacatures / personen met een kortdurende (< 6 maanden) WW-uitkering"


def write_indicators(folder: Path, world: World, table: Callable[..., None]) -> None:
    """UWV, ROA and SBB as dropped files, CBS 85696NED as a table of OData v4, written by `table` (connectors/demo/files.py)."""
    rng = Random(f"{world.seed} indicators")
    uwv(folder, world, rng)
    roa(folder, world, rng)
    sbb(folder, world, rng)
    cbs_leavers(folder, world, rng, table)


def national(world: World, sector: str) -> float:
    """Tightness of a sector in the country: the mean over regions, weighted by their size."""
    weights = {r: world.region_weight(r) for r in world.regions}
    return sum(world.tightness[(r, sector)] * w for r, w in weights.items()) / sum(weights.values())


def _dropped(folder: Path, place: str, name: str, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    root = folder / place
    root.mkdir(parents=True, exist_ok=True)
    text = "\r\n".join(";".join(line) for line in [header, *lines])
    (root / name).write_bytes(("\ufeff" + text + "\r\n").encode("utf-8"))
    (root / "index.json").write_bytes(json.dumps({"files": [name]}).encode("utf-8"))


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def uwv(folder: Path, world: World, rng: Random) -> None:
    """Tension per occupation group and region, and for the country, three years."""
    names = {r["region_code"]: r["region"] for r in world.lists.municipalities}
    lines = []
    for region in [*world.regions, "NL01"]:
        for sector, groups in GROUPS.items():
            tightness = (national(world, sector) if region == "NL01" else world.tightness[(region, sector)]) * DEVIATIONS.get(("uwv", sector), 1.0)
            for group, factor in groups.items():
                for k, quarter in enumerate(QUARTERS):
                    value = tightness * 1.4 * factor * (0.94 + 0.03 * k) * 2.718281828 ** rng.gauss(0, 0.08)
                    lines.append([names.get(region, "Nederland"), group, quarter, _decimal(value), UWV_DEFINITION])
    _dropped(folder, "uwv", "spanningsindicator-kw4.csv", ["Arbeidsmarktregio", "Beroepsgroep", "Kwartaal", "Spanningsindicator", "Definitie"], lines)


def roa(folder: Path, world: World, rng: Random) -> None:
    """ITA per type of education and level, for the country, to 2030: supply / demand, so low where people are scarce."""
    lines = []
    sector_names = {r["code"]: r["name"] for r in world.lists.sectors}
    for sector, name in TYPES.items():
        for level in ("2", "3", "4"):
            value = 1.04 * (national(world, sector) * DEVIATIONS.get(("roa", sector), 1.0)) ** -0.28 * 2.718281828 ** rng.gauss(0, 0.015)
            lines.append([f"{name} {level}", level, _decimal(value), "2030", sector_names[sector]])
    _dropped(folder, "roa", "ita-2030.csv", ["Opleidingstype", "Niveau", "ITA", "Periode", "Sectorkamer"], lines)


def sbb(folder: Path, world: World, rng: Random) -> None:
    """Chance of work per qualification and region and for the country, in SBB's signs; a cell is empty where SBB knows nothing."""
    names = {r["region_code"]: r["region"] for r in world.lists.municipalities}
    sector_of = {row["name"]: row["code"] for row in world.lists.sectors}
    lines = []
    for number, row in enumerate(world.lists.programmes):
        sector = sector_of.get(row["sector"])
        if sector is None:
            continue
        turned = -1.0 if number % CONTRARY == 0 else 1.0
        own = 2.718281828 ** rng.gauss(0, 0.2)
        for region in [*world.regions, "NL01"]:
            tightness = (national(world, sector) if region == "NL01" else world.tightness[(region, sector)]) ** turned * own * 2.718281828 ** rng.gauss(0, 0.12)
            sign = next(s for bound, s in ((1.7, "++"), (1.2, "+"), (0.85, "="), (0.6, "-"), (0.0, "--")) if tightness >= bound)
            lines.append([row["crebo"], names.get(region, "Nederland"), "" if rng.random() < 0.06 else sign, "2025", row["level"]])
    _dropped(folder, "sbb-kans", "kans-op-werk-2025.csv", ["Crebo", "Arbeidsmarktregio", "Kans op werk", "Peiljaar", "Niveau"], lines)


def cbs_leavers(folder: Path, world: World, rng: Random, table: Callable[..., None]) -> None:
    """85696NED: leavers with a diploma per field, level and school year, a year after leaving; numbers in tens."""
    periods = {f"{y}SJ00": {"Title": f"{y}/'{(y + 1) % 100:02d}", "Status": "Voorlopig" if y == 2022 else "Definitief"} for y in (2020, 2021, 2022)}
    fields = {"T001072": "Totaal", **{f"F{k:02d}": title for k, title in enumerate(FIELDS.values())}}
    leavers = {"A1": "Totaal uitstromers mbo", "A2": "Met diploma", **{f"A{level + 2}": f"Met diploma: niveau {level}" for level in (2, 3, 4)}, "A9": "Zonder diploma"}
    positions = {"B0": "Totaal", "B1": "Met werk, zonder uitkering", "B2": "Met werk, met uitkering", "B3": "Zonder werk, met uitkering", "B4": "Zonder werk, zonder uitkering",
                 "B5": "Terug in onderwijs", "B6": "Onbekend: niet in BRP"}
    people: dict[tuple[str, str, str], list[int]] = {}
    for k, sector in enumerate(FIELDS):
        tightness = national(world, sector) * DEVIATIONS.get(("cbs", sector), 1.0)
        for level in (2, 3, 4):
            for period in periods:
                share = min(0.97, 0.72 + 0.045 * level + 0.22 * (tightness - 1) / (tightness + 1) + rng.gauss(0, 0.006))
                everyone, school, lost = 4000 + 900 * level, (0.42, 0.34, 0.38)[level - 2], 0.012
                base = everyone * (1 - school - lost)
                work = base * share
                people[(f"F{k:02d}", f"A{level + 2}", period)] = [
                    10 * round(v / 10) for v in (everyone, work * 0.95, work * 0.05, (base - work) * 0.45, (base - work) * 0.55, everyone * school, everyone * lost)]
    for period in periods:
        for field in [f"F{k:02d}" for k in range(len(FIELDS))]:
            people[(field, "A2", period)] = [sum(v) for v in zip(*(people[(field, f"A{level + 2}", period)] for level in (2, 3, 4)), strict=True)]
        for group in ("A2", "A4", "A5", "A6"):
            people[("T001072", group, period)] = [sum(v) for v in zip(*(people[(f"F{k:02d}", group, period)] for k in range(len(FIELDS))), strict=True)]
    rows: list[dict[str, Any]] = []
    for (field, group, period), counts in sorted(people.items()):
        for code, value in zip(positions, counts, strict=True):
            rows.append({"Id": len(rows), "Measure": "M1", "ValueAttribute": "None", "Value": float(value), "StringValue": None, "Geslacht": "T001038", "Persoonskenmerken": "10000",
                         "UitstromersMboMetEnZonderDiploma": group, "Arbeidsmarktpositie": code, "Studierichting": field, "Peilmoment": "P1", "Perioden": period})
    def titled(codes: Mapping[str, str]) -> dict[str, dict[str, str]]:
        return {code: {"Title": title} for code, title in codes.items()}

    table(folder, "85696NED", "Uitstromers mbo; arbeidsmarktpositie na verlaten onderwijs", {
        "Geslacht": titled({"T001038": "Totaal", "3000": "Mannen", "4000": "Vrouwen"}), "Persoonskenmerken": titled({"10000": "Totaal"}), "UitstromersMboMetEnZonderDiploma": titled(leavers),
        "Arbeidsmarktpositie": titled(positions), "Studierichting": titled(fields), "Peilmoment": titled({"P0": "Direct na verlaten onderwijs", "P1": "1 jaar na verlaten onderwijs"}), "Perioden": periods,
    }, [{"Identifier": "M1", "Title": "Uitstromers mbo", "Unit": "aantal", "Decimals": 0}], rows)
