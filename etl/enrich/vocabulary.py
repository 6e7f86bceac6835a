"""What the enrichment knows: places, titles, skills, and the sector of every occupation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from etl.enrich.occupation import TitleIndex
from etl.enrich.place import Gazetteer, key
from etl.enrich.skills import SkillMatcher

MIN_ESCO_LETTERS = 9


@dataclass
class Vocabulary:
    """Everything `understand` needs, built once per process."""

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
        """From the warehouse tables municipality, municipality_region, occupation, esco_skill and the ref_* frames."""
        occupations, shipped = tables["occupation"], tables["ref_occupations"]
        linked = set(tables["ref_programme_occupations"]["esco_uri"])
        isco = dict(zip(occupations["uri"], occupations["isco4"].fillna(""), strict=True)) | dict(zip(shipped["esco_uri"], shipped["isco4"], strict=True))
        return cls(
            gazetteer=gazetteer_of(tables), region_of=dict(zip(tables["municipality_region"]["municipality_code"], tables["municipality_region"]["region_code"], strict=True)),
            titles=TitleIndex.build(_titles(occupations, shipped)), isco=isco, sector_of=_sectors(shipped, isco, linked),
            level_min={r.esco_uri: int(r.level_min) for r in shipped.itertuples()}, has_programme=linked, matcher=SkillMatcher(_forms(tables)),
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
    gazetteer.region_names = {key(name) for name in ("Twente", "Achterhoek", "Veluwe", "Salland", "Randstad", "Gooi en Vechtstreek", "Nederland")}
    return gazetteer


def _titles(occupations: pd.DataFrame, shipped: pd.DataFrame) -> dict[str, str]:
    named: dict[str, str] = {}
    for row in shipped.itertuples():
        for title in [*str(row.titles).split("|"), str(row.label_nl), str(row.label_en)]:
            if title:
                named.setdefault(title.lower(), str(row.esco_uri))
    for row in occupations.itertuples():
        for text in (row.label_nl, row.label_en, row.alt_labels_nl, row.alt_labels_en):
            for title in str(text).split("|") if isinstance(text, str) else ():
                for variant in title.split("/") if " " not in title else (title,):
                    if len(variant) > 3:
                        named.setdefault(variant.strip().lower(), str(row.uri))
    return named


def _sectors(shipped: pd.DataFrame, isco: Mapping[str, str], linked: set[str]) -> dict[str, str]:
    """Sector per occupation: the shipped one, otherwise that of most shipped occupations in the same ISCO group."""
    sector_of = {str(r.esco_uri): str(r.sector) for r in shipped.itertuples()}
    votes: dict[str, Counter[str]] = {}
    for uri, sector in sector_of.items():
        if uri in linked:
            for length in (4, 3):
                votes.setdefault(isco.get(uri, "")[:length], Counter())[sector] += 1
    for uri, code in isco.items():
        if uri not in sector_of:
            for length in (4, 3):
                found = votes.get(code[:length]) if len(code) >= length else None
                if found:
                    sector_of[uri] = sorted(found.items(), key=lambda kv: (-kv[1], kv[0]))[0][0]
                    break
    return sector_of


def _forms(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in tables["ref_skills"].itertuples():
        for form in [*str(row.forms).split("|"), str(row.label_nl)]:
            if form and "(" not in form:
                forms.setdefault(form, str(row.skill_id))
    for row in tables["esco_skill"].itertuples():
        label = str(row.label_nl)
        if len(label) >= MIN_ESCO_LETTERS and len(label.split()) > 1 and label.lower() not in forms:
            forms.setdefault(label, str(row.uri))
    return forms
