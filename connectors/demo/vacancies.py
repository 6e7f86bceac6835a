"""The demonstration's vacancies as rows: drawn from the world, written by the writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from connectors.demo.adverts import Advert, Spec, Writer
from connectors.demo.world import SIZES, YEARS, World, day_in

AGENCIES = ("Werkwijzer Uitzendbureau", "Flexkracht Noordoost", "Talentbrug Detachering", "JobRijk", "Uitzendgroep De Schakel", "Vakmensen Direct", "Carrièreplein")
ODD_TITLES = ("Allrounder", "Duizendpoot", "Medewerker bijzondere projecten", "Aanpakker gezocht", "Teamversterker", "Vrijwilliger", "Manusje van alles", "Regelneef")
MULTI = {2: "MBO niveau 2", 3: "MBO niveau 3", 4: "MBO niveau 4"}
LAST_DAY = date(YEARS[-1], 12, 31)


@dataclass(frozen=True)
class Row:
    """A vacancy as an export or a page shows it."""

    number: int
    title: str
    description: str
    employer: str
    advertiser: str
    place: str
    province: str
    education: str
    hours: str
    published: date
    occupation: str
    sector: str


def rows(world: World, part: int = 0, parts: int = 1) -> Iterator[Row]:
    """The vacancies of every parts-th region with reposts and agency versions, in a fixed order; numbers do not overlap."""
    lists = world.lists
    rng = Random(world.seed + 3 + 1000 * part)
    regions = set(world.regions[part::parts])
    occupations = {r["esco_uri"]: r for r in lists.occupations}
    skill = {r["skill_id"]: (tuple(f for f in r["forms"].split("|") if f and not f.startswith("~")) or (r["label_nl"],), r["kind"]) for r in lists.skills}
    asked: dict[str, list[tuple[str, float]]] = {}
    for r in lists.occupation_skills:
        asked.setdefault(r["esco_uri"], []).append((r["skill_id"], float(r["weight"])))
    recent = world.recent_skills()
    tasks: dict[str, list[str]] = {}
    for r in lists.tasks:
        tasks.setdefault(r["esco_uri"], []).append(r["sentence"])
    employers: dict[str, list[str]] = {}
    for r in lists.employers:
        employers.setdefault(r["sector"], []).append(r["name"])
    villages: dict[str, list[str]] = {}
    for r in lists.places:
        villages.setdefault(r["municipality_code"], []).append(r["place"])
    branches = {s["code"]: s["short_nl"].lower() for s in lists.sectors}
    writer = Writer(tasks)
    number = part * 10_000_000
    for region, uri, year, count in world.demand():
        if region not in regions:
            continue
        row, towns = occupations[uri], world.by_region[region]
        weights = [SIZES.get(t["name"], 1.0) for t in towns]
        titles = row["titles"].split("|")
        for _ in range(count):
            town = rng.choices(towns, weights)[0]
            published = day_in(year, rng)
            chosen = _skills(asked.get(uri, ()), recent.get(uri, set()), skill, year, rng)
            place, shown = _place(town, villages, region, rng)
            spec = _spec(row, titles, branches[row["sector"]], employers[row["sector"]], place, chosen, rng)
            advert = writer.write(spec, rng)
            number += 1
            yield _row(number, spec, advert, shown, town, published)
            if rng.random() < 0.09:
                yield from _again(number, spec, advert, writer, shown, town, published, rng)
                number += 2
    own = sorted(regions)
    for _ in range(world.vacancies // 60 // parts):
        region = rng.choices(own, [world.region_weight(r) for r in own])[0]
        town = rng.choice(world.by_region[region])
        sector = rng.choice(sorted(employers))
        spec = Spec(rng.choice(ODD_TITLES), "", sector, rng.choice(employers[sector]), branches[sector], town["name"], "", "24 uur", ())
        number += 1
        yield _row(number, spec, writer.write(spec, rng), town["name"], town, day_in(rng.choice(YEARS), rng))


def _again(number: int, spec: Spec, advert: Advert, writer: Writer, shown: str, town: Mapping[str, str], published: date, rng: Random) -> Iterator[Row]:
    """One or two more adverts of the same vacancy."""
    later = min(published + timedelta(days=7 + rng.randrange(50)), date(published.year, 12, 31), LAST_DAY)
    agency = rng.random() < 0.4
    again = writer.rewrite(advert, rng, agency)
    other = Spec(**{**spec.__dict__, "agency": rng.choice(AGENCIES) if agency else spec.agency})
    yield _row(number + 1, other, again, shown, town, later)
    if rng.random() < 0.2:
        yield _row(number + 2, spec, writer.rewrite(advert, rng, False), shown, town, later)


def _skills(asked: object, recent: set[str], skill: Mapping[str, tuple[tuple[str, ...], str]], year: int, rng: Random) -> tuple[tuple[str, str, bool], ...]:
    chosen = []
    for identifier, weight in asked:  # type: ignore[attr-defined]
        chance = weight * ({2023: 0.55, 2024: 1.0, 2025: 1.5}[year] if identifier in recent else 1.0)
        if rng.random() < min(chance, 0.9):
            forms, kind = skill[identifier]
            form = forms[0] if rng.random() < 0.5 else rng.choice(forms)
            chosen.append((form, kind, rng.random() < 0.8))
    return tuple(chosen)


def _place(town: Mapping[str, str], villages: Mapping[str, list[str]], region: str, rng: Random) -> tuple[str, str]:
    """(place in the text, place as written in the field)."""
    name, own = town["name"], villages.get(town["code"], [])
    place = rng.choice(own) if own and rng.random() < 0.3 else name
    r = rng.random()
    if r < 0.015:
        return place, f"regio {place}"
    if r < 0.025:
        return place, f"{place} en omgeving"
    if r < 0.06:
        return place, f"{place} ({town['province']})"
    if r < 0.075:
        return place, place.upper()
    if r < 0.08:
        return place, "Thuiswerken"
    return place, place


def _spec(row: Mapping[str, str], titles: list[str], branch: str, employers: list[str], place: str, skills: tuple[tuple[str, str, bool], ...], rng: Random) -> Spec:
    low, high = int(row["level_min"]), int(row["level_max"])
    title = titles[0] if rng.random() < 0.35 else rng.choice(titles)
    if low >= 5:
        education = "HBO"
    else:
        level = low if rng.random() < 0.6 else min(high, 4)
        education = "" if rng.random() < 0.22 else (MULTI.get(level, "VMBO") if rng.random() < 0.7 else "MBO")
        if high >= 5 and rng.random() < 0.2:
            education = "HBO"
    learning = low < 5 and rng.random() < 0.015
    hours = rng.choice(("32-40 uur", "24-32 uur", "36 uur", "40 uur", "16-24 uur", "fulltime", "38 uur"))
    language = "en" if rng.random() < 0.035 else "de" if rng.random() < 0.003 else "nl"
    agency = rng.choice(AGENCIES) if rng.random() < 0.2 else None
    return Spec(f"leerling {title}" if learning else title, row["esco_uri"], row["sector"], rng.choice(employers), branch, place, education, hours, skills, language, agency, row["label_en"])


def _row(number: int, spec: Spec, advert: Advert, shown: str, town: Mapping[str, str], published: date) -> Row:
    return Row(number, advert.title, advert.description, spec.agency or spec.employer, "Uitzendbureau" if spec.agency else "Directe werkgever", shown, town["province"],
               spec.education, spec.hours, published, spec.title, spec.sector)
