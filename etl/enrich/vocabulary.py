"""What the enrichment knows: places, titles, skills, and the sector of every occupation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from etl.enrich.occupation import TitleIndex
from etl.enrich.place import Gazetteer
from etl.enrich.skills import SkillMatcher

# ESCO's preferred labels are read as forms too: of several words, or of one word that is long enough and not generic.
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


@dataclass
class Vocabulary:
    """Everything `understand` needs, built once and handed to every process."""

    gazetteer: Gazetteer
    region_of: dict[str, str]
    titles: TitleIndex
    isco: dict[str, str]
    sector_of: dict[str, str]
    level_min: dict[str, int]
    has_programme: set[str]
    matcher: SkillMatcher

    @classmethod
    def from_tables(cls, tables: Mapping[str, pd.DataFrame]) -> Vocabulary:
        """From the warehouse tables municipality, municipality_region (one scheme, one year), occupation and esco_skill (both may
        be empty) and the frames ref_occupations, ref_skills, ref_places and ref_programme_occupations."""
        occupations, shipped, regions = tables["occupation"], tables["ref_occupations"], tables["municipality_region"]
        linked = set(tables["ref_programme_occupations"]["esco_uri"].astype(str))
        isco = dict(zip(occupations["uri"].astype(str), occupations["isco4"].fillna("").astype(str), strict=True))
        isco |= dict(zip(shipped["esco_uri"].astype(str), shipped["isco4"].astype(str), strict=True))
        return cls(
            gazetteer=gazetteer_of(tables),
            region_of=dict(zip(regions["municipality_code"].astype(str), regions["region_code"].astype(str), strict=True)),
            titles=TitleIndex.build(_own_titles(shipped), _esco_titles(occupations)), isco=isco, sector_of=_sectors(shipped, isco, linked),
            level_min={str(r.esco_uri): int(str(r.level_min)) for r in shipped.itertuples()}, has_programme=linked, matcher=SkillMatcher(_forms(tables)),
        )


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


def _own_titles(shipped: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Titles of the shipped list: those written for it, and labels that are nobody's title."""
    taken = {title.lower() for titles in shipped["titles"] for title in str(titles).split("|")}
    for row in shipped.itertuples():
        for title in str(row.titles).split("|"):
            yield title, str(row.esco_uri)
        for label in (str(row.label_nl), str(row.label_en)):
            if label.lower() not in taken:
                yield label, str(row.esco_uri)


def _esco_titles(occupations: pd.DataFrame) -> Iterator[tuple[str, str]]:
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


def _forms(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Surface form -> skill: the hand-kept forms first, then ESCO's preferred Dutch labels (its alternative labels halve precision)."""
    forms: dict[str, str] = {}
    for row in tables["ref_skills"].itertuples():
        for form in [*str(row.forms).split("|"), str(row.label_nl)]:
            if form.strip() and "(" not in form:
                forms.setdefault(form.strip(), str(row.skill_id))
    known = {form.lower() for form in forms}
    for row in tables["esco_skill"].itertuples():
        label = str(row.label_nl).split(" (")[0].strip()
        if label.lower() not in known and _is_form(label):
            known.add(label.lower())
            forms[label] = str(row.uri)
    return forms


def _is_form(label: str) -> bool:
    if " " in label:
        return len(label) >= MIN_PHRASE_LETTERS
    return len(label) >= MIN_WORD_LETTERS and label.lower() not in GENERIC and not label.lower().endswith(("sector", "markt"))
