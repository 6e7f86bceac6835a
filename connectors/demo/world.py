"""The invented world: how many vacancies and graduates there are, where, and what is asked. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

YEARS = (2023, 2024, 2025)
STUDENT_YEARS = (2021, 2022, 2023, 2024, 2025)
HOME = "AM36"
# Weight of larger municipalities (rough size of their labour market; all others are 1).
SIZES: Mapping[str, float] = {
    "Amsterdam": 30, "Rotterdam": 22, "'s-Gravenhage": 18, "Utrecht": 14, "Eindhoven": 9, "Groningen": 9, "Tilburg": 8, "Almere": 8, "Breda": 7, "Nijmegen": 7, "Apeldoorn": 6,
    "Arnhem": 6, "Haarlem": 6, "Enschede": 6, "Amersfoort": 6, "Zaanstad": 5, "Haarlemmermeer": 6, "'s-Hertogenbosch": 6, "Zwolle": 8, "Leiden": 5, "Zoetermeer": 4, "Leeuwarden": 5,
    "Maastricht": 4, "Dordrecht": 4, "Ede": 4, "Emmen": 3, "Westland": 4, "Delft": 3, "Venlo": 4, "Deventer": 3.5, "Helmond": 3, "Hilversum": 3, "Heerlen": 3, "Oss": 3, "Hengelo": 3,
    "Amstelveen": 3, "Roosendaal": 3, "Lelystad": 2.5, "Gouda": 2.5, "Hoorn": 2.5, "Almelo": 2.5, "Assen": 2.5, "Hardenberg": 2.2, "Kampen": 2.2, "Meppel": 1.8, "Hoogeveen": 2,
    "Doetinchem": 2.2, "Terneuzen": 2, "Middelburg": 2, "Goes": 2, "Roermond": 2.5, "Sittard-Geleen": 3, "Gorinchem": 2, "Tiel": 2, "Steenwijkerland": 1.6, "Raalte": 1.4, "Harderwijk": 2,
    "Súdwest-Fryslân": 2.5, "Smallingerland": 2.2, "Heerenveen": 2.2, "Alkmaar": 3, "Zeist": 2.5, "Veenendaal": 2.2, "Nieuwegein": 2.2, "Velsen": 2.2, "Purmerend": 2.4,
}
SECTOR_SHARE = {"zorg": .22, "techniek": .20, "mobiliteit": .14, "handel": .14, "zakelijk": .12, "voedsel": .09, "ict": .055, "vakmanschap": .035}
TIGHTNESS = {"techniek": 2.1, "zorg": 1.9, "mobiliteit": 1.35, "voedsel": 1.05, "vakmanschap": 0.95, "handel": 0.85, "zakelijk": 0.62, "ict": 0.55}
# Part of the vacancies of a sector that somebody advertises where we read it: CBS counts the others too.
ADVERTISED = {"ict": .45, "zakelijk": .38, "zorg": .33, "techniek": .30, "handel": .28, "mobiliteit": .26, "voedsel": .24, "vakmanschap": .20}
PROGRESSION = {1: 0.55, 2: 0.45, 3: 0.35, 4: 0.40}
INSTITUTIONS = (
    "Noorderkwartier College", "Wâldkant Opleidingen", "Drents Vakcollege", "IJsselrijk College", "Hanzeboog Opleidingen", "Groenlanden College", "Twentehof", "Veluwerand College", "Rijnboog Opleidingen",
    "Waalkade College", "Hamaland Opleidingen", "Betuwe Vakschool", "Polderlicht College", "Vechtgooi", "Domplein Opleidingen", "Keistad College", "Kaasmarkt College", "Duinrand Opleidingen", "Zaanwerf",
    "Amstelhoven College", "Leidse Poort", "Goudse Gracht College", "Residentie Opleidingen", "Maashaven College", "Merwekade", "Zeeuwse Stroom College", "Markiezaten", "Heikant College", "Meierijstroom",
    "Lichtstad Opleidingen", "Peelland College", "Maasduinen", "Mergelhof College", "Valleihof", "Roerdal College", "Lingestad", "Oostlandcollege", "Vakschool De Smederij", "Bakkerij & Horeca Vakschool",
    "Scheepvaart Vakcollege Delta", "Kunst & Media Vakschool", "Zorgacademie Oost", "Bouwmensen Vakcollege", "Handelscollege West", "Groene Vakschool Zuid", "Technisch Vakcollege Noord", "Metropool College",
    "Havenstad Opleidingen", "Brabantse Poort", "Stadhouder College", "Westfrisia College", "Gelderse Hof", "IJmondcollege", "Zuiderlicht Opleidingen", "Oranje Vakschool",
)


@dataclass(frozen=True)
class Lists:
    """The shipped reference rows (as read from CSV, all text)."""

    municipalities: Sequence[Mapping[str, str]]
    places: Sequence[Mapping[str, str]]
    sectors: Sequence[Mapping[str, str]]
    programmes: Sequence[Mapping[str, str]]
    occupations: Sequence[Mapping[str, str]]
    skills: Sequence[Mapping[str, str]]
    occupation_skills: Sequence[Mapping[str, str]]
    programme_occupations: Sequence[Mapping[str, str]]
    programme_skills: Sequence[Mapping[str, str]]
    employers: Sequence[Mapping[str, str]]
    tasks: Sequence[Mapping[str, str]]
    corop: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Institution:
    """An invented institution: code, name, kind, head office municipality and region, sectors it teaches."""

    code: str
    name: str
    kind: str
    municipality: Mapping[str, str]
    sectors: frozenset[str]
    weight: float


@dataclass
class World:
    """Everything drawn from the seed before files are written."""

    lists: Lists
    seed: int
    vacancies: int
    rng: Random = field(init=False)
    by_region: dict[str, list[Mapping[str, str]]] = field(init=False, default_factory=dict)
    institutions: list[Institution] = field(init=False, default_factory=list)
    tightness: dict[tuple[str, str], float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        for row in self.lists.municipalities:
            self.by_region.setdefault(row["region_code"], []).append(row)
        for rows in self.by_region.values():
            rows.sort(key=lambda r: (-SIZES.get(r["name"], 1.0), r["code"]))
        self.regions = sorted(self.by_region)
        for region in self.regions:
            for sector, base in TIGHTNESS.items():
                self.tightness[(region, sector)] = base * 2.718281828 ** self.rng.gauss(0, 0.28)
        for sector, value in (("techniek", 2.6), ("zorg", 2.3), ("ict", 0.42), ("zakelijk", 0.5), ("voedsel", 1.0), ("mobiliteit", 1.5), ("handel", 0.9)):
            self.tightness[(HOME, sector)] = value
        self._found_institutions()

    def region_weight(self, region: str) -> float:
        """Share of the country's vacancies in a region (the demonstration region in depth)."""
        own = sum(SIZES.get(r["name"], 1.0) for r in self.by_region[region]) ** 0.75
        return own * (5.0 if region == HOME else 1.0)

    def _found_institutions(self) -> None:
        sectors = frozenset(SECTOR_SHARE)
        special = {37: {"techniek"}, 38: {"voedsel"}, 39: {"mobiliteit"}, 40: {"ict"}, 41: {"zorg"}, 42: {"techniek"}, 43: {"handel", "zakelijk"}, 44: {"voedsel"}, 45: {"techniek", "mobiliteit"}}
        order = ["AM01", "AM02", "AM03", "AM36", "AM36", "AM36", "AM05", "AM06", "AM07", "AM08", "AM09", "AM10", "AM11", "AM12", "AM13", "AM14", "AM15", "AM37", "AM17", "AM18", "AM19", "AM20", "AM21", "AM22",
                 "AM23", "AM24", "AM25", "AM26", "AM27", "AM28", "AM32", "AM29", "AM30", "AM38", "AM33", "AM35", "AM34", "AM05", "AM36", "AM22", "AM18", "AM36", "AM13", "AM21", "AM28", "AM01", "AM18", "AM22", "AM26",
                 "AM21", "AM15", "AM07", "AM37", "AM30", "AM13"]
        for number, (name, region) in enumerate(zip(INSTITUTIONS, order, strict=True)):
            towns = self.by_region[region]
            town = towns[min(number % 3, len(towns) - 1)] if number in special or number in (4, 5) else towns[0]
            kept = frozenset(special.get(number, sectors)) if number != 5 else frozenset({"voedsel", "vakmanschap"})
            self.institutions.append(Institution(f"9{number // 10}{'ABCDEFGHJK'[number % 10]}D", name, "BER" if number in special or number == 5 else "ROC", town, kept, 0.5 if number in special else 1.0))

    def recent_skills(self) -> dict[str, set[str]]:
        """Skills per occupation that none of its programmes covers: recent ones, whose demand grows."""
        covers: dict[str, set[str]] = {}
        for row in self.lists.programme_skills:
            covers.setdefault(row["crebo"], set()).add(row["skill_id"])
        taught: dict[str, set[str]] = {}
        for row in self.lists.programme_occupations:
            taught.setdefault(row["esco_uri"], set()).update(covers.get(row["crebo"], set()))
        return {row["esco_uri"]: {r["skill_id"] for r in self.lists.occupation_skills if r["esco_uri"] == row["esco_uri"]} - taught.get(row["esco_uri"], set())
                for row in self.lists.occupations}

    def demand(self) -> list[tuple[str, str, int, int]]:
        """(region, occupation URI, year, vacancies), reposts not included."""
        rng = Random(self.seed + 1)
        total_weight = sum(self.region_weight(r) for r in self.regions)
        occupations: dict[str, list[tuple[Mapping[str, str], float]]] = {}
        for row in self.lists.occupations:
            weight = 0.22 if int(row["level_min"]) >= 5 else 0.5 + rng.random() ** 2 * 2.2
            occupations.setdefault(row["sector"], []).append((row, weight))
        growth = {row["esco_uri"]: rng.choice((0.88, 0.95, 1.0, 1.0, 1.05, 1.14)) for row in self.lists.occupations}
        rows = []
        for region in self.regions:
            for sector, share in SECTOR_SHARE.items():
                own = share * (0.75 + rng.random() * 0.5)
                weights = [w * (0.6 + rng.random() * 0.8) for _, w in occupations[sector]]
                for (row, _), weight in zip(occupations[sector], weights, strict=True):
                    yearly = self.vacancies / len(YEARS) * self.region_weight(region) / total_weight * own * weight / sum(weights)
                    for position, year in enumerate(YEARS):
                        expected = yearly * growth[row["esco_uri"]] ** (position - 1)
                        rows.append((region, row["esco_uri"], year, poisson(expected, rng)))
        return rows

    def official(self, demand: Sequence[tuple[str, str, int, int]]) -> dict[tuple[str, str, int], float]:
        """(province code, sector, year) -> vacancies that arise, advertised where we read or not."""
        sector = {row["esco_uri"]: row["sector"] for row in self.lists.occupations}
        parts: dict[str, dict[str, float]] = {}
        for region, towns in self.by_region.items():
            weight = sum(SIZES.get(r["name"], 1.0) for r in towns)
            for row in towns:
                parts.setdefault(region, {}).setdefault(row["province_code"], 0.0)
                parts[region][row["province_code"]] += SIZES.get(row["name"], 1.0) / weight
        made: dict[tuple[str, str, int], float] = {}
        for region, uri, year, count in demand:
            for province, part in parts[region].items():
                key = (province, sector[uri], year)
                made[key] = made.get(key, 0.0) + count * part / ADVERTISED[sector[uri]]
        return made

    def graduates(self, demand: Sequence[tuple[str, str, int, int]]) -> dict[tuple[str, str, str, str], list[int]]:
        """(institution code, crebo, leerweg, sex) -> diplomas per STUDENT_YEARS: such that supply meets demand / tightness."""
        rng = Random(self.seed + 2)
        occupations = {row["esco_uri"]: row for row in self.lists.occupations}
        links: dict[str, list[tuple[str, float]]] = {}
        for row in self.lists.programme_occupations:
            links.setdefault(row["esco_uri"], []).append((row["crebo"], float(row["weight"])))
        wanted: dict[tuple[str, str], float] = {}
        for region, uri, year, count in demand:
            if year == YEARS[-1] and uri in links:
                sector = occupations[uri]["sector"]
                total = sum(w for _, w in links[uri])
                for crebo, weight in links[uri]:
                    key = (region, crebo)
                    wanted[key] = wanted.get(key, 0.0) + count / ADVERTISED[sector] * weight / total / self.tightness[(region, sector)]
        programmes = {row["crebo"]: row for row in self.lists.programmes}
        sector_of = {row["name"]: row["code"] for row in self.lists.sectors}
        made: dict[tuple[str, str, str, str], list[int]] = {}
        for (region, crebo), supply in sorted(wanted.items()):
            row = programmes[crebo]
            level, sector = int(row["level"]), sector_of[row["sector"]]
            own = [i for i in self.institutions if i.municipality["region_code"] == region and sector in i.sectors]
            if not own or supply < 0.6:
                continue
            chosen = [i for i in own if rng.random() < 0.5] or [own[0]]
            if supply < 12:  # a small programme has one provider here, so that masking leaves something to see
                chosen = chosen[:1]
            gross = supply / (1 - PROGRESSION[level])
            drift = rng.choice((0.9, 0.96, 1.0, 1.03, 1.08))
            women = {"zorg": 0.83, "techniek": 0.08, "mobiliteit": 0.14, "ict": 0.2, "handel": 0.5, "zakelijk": 0.52, "voedsel": 0.48, "vakmanschap": 0.72}[sector]
            for institution in chosen:
                share = institution.weight / sum(i.weight for i in chosen)
                pathways = [p for p in row["pathways"].split("|") if p] or ["BOL"]
                if supply < 15:
                    pathways = pathways[:1]
                for pathway in pathways:
                    part = {1: 1.0, 2: 0.62 if pathway == "BOL" else 0.38}[len(pathways)]
                    leerweg = "BBL" if pathway == "BBL" else "BOLVT"
                    for sex, fraction in (("MAN", 1 - women), ("VROUW", women)):
                        made[(institution.code, crebo, leerweg, sex)] = [
                            poisson(gross * share * part * fraction * drift ** (k - 4), rng) for k in range(len(STUDENT_YEARS))]
        for row in self.lists.programmes:
            if row["sector"] == "Entree":
                for institution in (i for i in self.institutions if i.kind == "ROC" and rng.random() < 0.5):
                    for sex in ("MAN", "VROUW"):
                        made[(institution.code, row["crebo"], "BOLVT", sex)] = [poisson(9, rng) for _ in STUDENT_YEARS]
        return made


def poisson(mean: float, rng: Random) -> int:
    """A Poisson draw (Knuth for small means, rounded normal for large ones)."""
    if mean <= 0:
        return 0
    if mean > 60:
        return max(0, round(rng.gauss(mean, mean ** 0.5)))
    limit, k, product = 2.718281828459045 ** -mean, 0, rng.random()
    while product > limit:
        k += 1
        product *= rng.random()
    return k


def day_in(year: int, rng: Random) -> date:
    """A day of a year; fewer adverts in summer and around the turn of the year."""
    while True:
        day = date(year, 1, 1) + timedelta(days=rng.randrange(365))
        if rng.random() < (0.62 if day.month in (7, 8, 12) else 1.0):
            return day
