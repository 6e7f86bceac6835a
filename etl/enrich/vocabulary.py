"""What the enrichment knows: places, titles, skills, and the sector of every occupation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from etl.enrich import starters
from etl.enrich.occupation import TitleIndex, simplified
from etl.enrich.place import Gazetteer
from etl.enrich.skills import SkillMatcher
from warehouse import reference

# ESCO's preferred labels are read as forms too: of several words, or of one word that is long enough and not generic.
HBO = 5  # level_min of occupations that ask hbo or wo
ISCO = "isco:"  # a known title that names a unit group but no single occupation goes by this and the code
MIN_PHRASE_LETTERS, MIN_WORD_LETTERS = 9, 6
# Preferred labels that adverts use in another or a wider sense.
GENERIC = frozenset({
    "afbakenen", "arbeidsmarkt", "beursgang", "bevalling", "boekingen", "bouwproducten", "camera's", "camera’s", "communicatie", "dansen", "doorkiezen", "ecologie", "economie", "edelstenen", "effecten",
    "elektriciteit", "energie", "explosieven", "fabrieksapparatuur", "filosofie", "geschiedenis", "grammatica", "groovy", "hulpmiddelen", "improviseren", "kansspelen", "kantoormaterialen", "kiezen",
    "kieswet", "kledingmaten", "klemmen", "kraamtijd", "lichaamstaal", "literatuur", "logistiek", "management", "marktprijs", "mastering", "meststoffen", "noodgevallen", "ontmanteling",
    "opslagactiviteiten", "optiek", "oracle", "ordehandhaving", "organisatiestructuur", "patenten", "plaatsen", "printplaten", "productkennis", "psychiatrie", "recreatieactiviteiten", "reflectie",
    "reserveren", "revalidatie", "scheepvaart", "scratch", "sensoren", "skiën", "smetten", "spelling", "sportregels", "swift", "tabaksproducten", "theologie", "trainen", "veiligheidsrisico's",
    "veiligheidsrisico’s", "vinylplaten", "voeding", "voedingsmiddelen", "volksgezondheid", "waterdruk", "zingen", "zoekmachines", "zwaarlijvigheid", "zwangerschap", "zwemmen",
})


@dataclass(frozen=True)
class Skill:
    """What a skill is called, and its kind."""

    label_nl: str
    kind: str


@dataclass
class Vocabulary:
    """Everything `understand` needs, built once and handed to every process."""

    gazetteer: Gazetteer
    region_of: dict[str, str]
    titles: TitleIndex
    isco: dict[str, str]
    unit_of_title: dict[str, str]  # simplified title -> unit group, where the title says more than its occupation
    sector_of: dict[str, str]
    level_min: dict[str, int]
    has_programme: set[str]
    matcher: SkillMatcher
    skills: dict[str, Skill]
    levels: dict[str, tuple[int, int]]
    sector_names: dict[str, str]
    sector_by_isco: dict[str, str]
    starter_rules: tuple[starters.Rule, ...]
    classified: set[str]

    def level_asked(self, level: str, known: str | None) -> str:
        """A requested level, with plain "mbo" read as the level that the occupation usually asks (4 when that is not known)."""
        if level != "mbo":
            return level
        low, high = self.levels.get(known or "", (4, 4))
        return f"mbo{min(max(low, min(high, 4)), 4)}"

    def unit_group(self, named: str, known: str | None) -> str | None:
        """ISCO-08 unit group of a known title that was read as `known`: of the title itself where it is listed, else of the occupation."""
        return (self.unit_of_title.get(named) or self.isco.get(known) or None) if known else None

    def sector_of_isco(self, isco: str | None) -> str | None:
        """The sector of a unit group, by the longest listed begin of its code; None when none is known."""
        return next((self.sector_by_isco[isco[:size]] for size in (4, 3, 2) if isco[:size] in self.sector_by_isco), None) if isco else None

    @classmethod
    def shipped(cls) -> Vocabulary:
        """From the lists that the product ships, without anything loaded."""
        towns = reference.read("municipalities")
        none = pd.DataFrame(columns=["uri", "isco4", "label_nl", "label_en", "alt_labels_nl", "alt_labels_en", "kind"])
        links = towns.rename(columns={"code": "municipality_code"})[["municipality_code", "region_code"]]
        return cls.from_tables({"occupation": none, "esco_skill": none, "municipality": towns, "municipality_region": links, **shipped_lists()})

    @classmethod
    def from_tables(cls, tables: Mapping[str, pd.DataFrame]) -> Vocabulary:
        """From the warehouse tables municipality, municipality_region (one scheme, one year), occupation and esco_skill (both may
        be empty) and the frames ref_occupations, ref_titles, ref_skills, ref_places, ref_sectors, ref_isco_sectors, ref_starters and ref_programme_occupations."""
        tables = {name: table.astype(object) for name, table in tables.items()}  # rows are walked over: much faster than over Arrow's columns
        occupations, shipped, regions = tables["occupation"], tables["ref_occupations"], tables["municipality_region"]
        linked = set(tables["ref_programme_occupations"]["esco_uri"].astype(str))
        isco = dict(zip(occupations["uri"].astype(str), occupations["isco4"].fillna("").astype(str), strict=True))
        isco |= dict(zip(shipped["esco_uri"].astype(str), shipped["isco4"].astype(str), strict=True))
        titles = tables["ref_titles"]
        isco |= {unit_title(r): str(r.isco4) for r in titles.itertuples()}
        levels = {str(r.esco_uri): (int(str(r.level_min)), int(str(r.level_max))) for r in shipped.itertuples()}
        levels |= {unit_title(r): (int(str(r.level_min)), int(str(r.level_max))) for r in titles.itertuples()}
        sectors = _sectors(shipped, isco, linked)
        return cls(
            gazetteer=gazetteer_of(tables),
            region_of=dict(zip(regions["municipality_code"].astype(str), regions["region_code"].astype(str), strict=True)),
            titles=TitleIndex.build(own_titles(shipped, titles), esco_titles(occupations)), isco=isco, unit_of_title=_units(titles), sector_of=sectors,
            level_min={known: low for known, (low, _) in levels.items() if low >= HBO or not known.startswith(ISCO)}, has_programme=linked, matcher=SkillMatcher(*_forms(tables), _soft(tables), _studied(tables)),
            skills=_skills(tables), levels=levels, sector_names=dict(zip(tables["ref_sectors"]["code"], tables["ref_sectors"]["name"], strict=True)),
            starter_rules=starters.rules_of(tables["ref_starters"].to_dict("records")),
            sector_by_isco=_majority(shipped, isco) | dict(zip(tables["ref_isco_sectors"]["isco"], tables["ref_isco_sectors"]["sector"], strict=True)), classified=set(occupations["uri"].astype(str)) | set(shipped["esco_uri"].astype(str)),
        )


def shipped_lists() -> dict[str, pd.DataFrame]:
    """The reference lists that `from_tables` needs, by the names it knows them by."""
    return {f"ref_{name}": reference.read(name) for name in ("occupations", "titles", "skills", "places", "sectors", "isco_sectors", "starters", "programme_occupations")}


def gazetteer_of(tables: Mapping[str, pd.DataFrame]) -> Gazetteer:
    """Places and municipalities, from the tables municipality and ref_places."""
    gazetteer = Gazetteer()
    for row in tables["municipality"].itertuples():
        gazetteer.add(str(row.name), str(row.code), own=True)
        gazetteer.province_of[str(row.code)] = str(row.province_code)
    for row in tables["ref_places"].itertuples():
        if row.municipality_code in gazetteer.province_of:
            gazetteer.add(str(row.place), str(row.municipality_code))
    return gazetteer


def _skills(tables: Mapping[str, pd.DataFrame]) -> dict[str, Skill]:
    found = {str(r.uri): Skill(str(r.label_nl), "knowledge" if str(r.kind).startswith("knowledge") else "skill") for r in tables["esco_skill"].itertuples()}
    return found | {str(r.skill_id): Skill(str(r.label_nl), str(r.kind)) for r in tables["ref_skills"].itertuples()}


def _majority(shipped: pd.DataFrame, isco: Mapping[str, str]) -> dict[str, str]:
    """Sector of most shipped mbo occupations, by unit group (four digits) and minor group (three)."""
    votes: dict[str, Counter[str]] = {}
    for row in shipped.itertuples():
        if int(str(row.level_min)) < HBO:
            for length in (4, 3):
                votes.setdefault(isco.get(str(row.esco_uri), "")[:length], Counter())[str(row.sector)] += 1
    return {code: min(found.items(), key=lambda kv: (-kv[1], kv[0]))[0] for code, found in votes.items()}


def own_titles(shipped: pd.DataFrame, titles: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Titles of the shipped lists: those written for an occupation, labels that are nobody's title, then titles of unit groups."""
    taken = {title.lower() for titles in shipped["titles"] for title in str(titles).split("|")}
    for row in shipped.itertuples():
        for title in str(row.titles).split("|"):
            yield title, str(row.esco_uri)
        for label in (str(row.label_nl), str(row.label_en)):
            if label.lower() not in taken:
                yield label, str(row.esco_uri)
    taken |= {simplified(title) for title in taken} | {simplified(str(label)) for label in [*shipped["label_nl"], *shipped["label_en"]]}
    own = set(shipped["esco_uri"])
    for row in titles.itertuples():
        if simplified(str(row.title)) not in taken:
            yield str(row.title), str(row.esco_uri) if row.esco_uri in own else unit_title(row)


def _units(titles: pd.DataFrame) -> dict[str, str]:
    """Simplified title -> unit group of the titles that have one."""
    found: dict[str, set[str]] = {}
    for row in titles.itertuples():
        found.setdefault(simplified(str(row.title)), set()).add(str(row.isco4))
    return {title: codes.pop() for title, codes in found.items() if len(codes) == 1}


def unit_title(row: Any) -> str:
    """What a title of the list of unit groups is known as: isco:7212, with the ESCO occupation behind a bar where there is one."""
    return f"{ISCO}{row.isco4}|{row.esco_uri}" if row.esco_uri else f"{ISCO}{row.isco4}"


def esco_titles(occupations: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Preferred and alternative labels in Dutch and English, both forms of 'kapper/kapster'."""
    for row in occupations.itertuples():
        for text in (row.label_nl, row.label_en, row.alt_labels_nl, row.alt_labels_en):
            for title in text.split("|") if isinstance(text, str) else ():
                for variant in title.split("/") if " " not in title.strip() else (title,):
                    if len(variant.strip()) > 3:
                        yield variant, str(row.uri)


def _sectors(shipped: pd.DataFrame, isco: Mapping[str, str], linked: set[str]) -> dict[str, str]:
    """Sector per occupation: the shipped one, otherwise that of most shipped occupations (with a programme) in the same ISCO group."""
    sector_of = {str(r.esco_uri): str(r.sector) for r in shipped.itertuples()}
    votes: dict[str, Counter[str]] = {}
    for uri, sector in sector_of.items():
        if uri in linked:
            for length in (4, 3):
                votes.setdefault(isco.get(uri, "")[:length], Counter())[sector] += 1
    for uri, code in isco.items():
        if uri not in sector_of:
            found = next((votes[code[:length]] for length in (4, 3) if len(code) >= length and code[:length] in votes), None)
            if found:
                sector_of[uri] = min(found.items(), key=lambda kv: (-kv[1], kv[0]))[0]
    return sector_of


def _forms(tables: Mapping[str, pd.DataFrame]) -> tuple[dict[str, str], dict[str, str]]:
    """Surface form -> skill: the hand-kept forms, and apart from them ESCO's preferred Dutch labels (alternative ones halve precision)."""
    own: dict[str, str] = {}
    for row in tables["ref_skills"].itertuples():
        for form in [*str(row.forms).split("|"), str(row.label_nl)]:
            if form.strip(" ~") and "(" not in form:
                own.setdefault(form.strip(" ~"), str(row.skill_id))
    known = {form.lower() for form in own}
    wide: dict[str, str] = {}
    for row in tables["esco_skill"].itertuples():
        label = str(row.label_nl).split(" (")[0].strip()
        if label.lower() not in known and _is_form(label):
            known.add(label.lower())
            wide[label] = str(row.uri)
    return own, wide


def _soft(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Forms that the list marks with ~: ordinary words as well, which name a skill only where something is asked."""
    return frozenset(form[1:].lower() for forms in tables["ref_skills"]["forms"] for form in str(forms).split("|") if form.startswith("~"))


def _studied(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Skills whose names are names of studies too: knowledge and skills, no certificates, tools or attitudes."""
    skills = tables["ref_skills"]
    return frozenset(skills.loc[skills["kind"].isin(["knowledge", "skill"]), "skill_id"].astype(str))


def _is_form(label: str) -> bool:
    if " " in label:
        return len(label) >= MIN_PHRASE_LETTERS
    return len(label) >= MIN_WORD_LETTERS and label.lower() not in GENERIC and not label.lower().endswith(("sector", "markt"))
