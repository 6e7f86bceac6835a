"""Filling crosswalk, its variants, overrides and lineage: reads the work database and the shipped lists, the rules are in etl/alignment.

Name matching (programme -> occupation) uses what reads vacancy titles (TitleIndex) and what ranks names (Ranker); both know
compounds and stems, so that "Allround lasser" finds "lasser" and "Software developer" "ict application developer".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import func, select

from etl.alignment import crosswalk, lineage
from etl.enrich.linking import Ranker, concept
from etl.enrich.occupation import TitleIndex, simplified
from etl.enrich.vocabulary import ISCO, esco_titles, own_titles
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase

BEST_SCORE = 8.15  # of a name of an occupation with itself: the sum of the Ranker's weights
CANDIDATES = 6  # occupations looked at per programme
TITLE_SHARE, RANK_SHARE = 0.90, 0.95  # how far a title found, or a name ranked, is believed by itself
UNSHARED = 0.5  # taken off a ranked name of which no part is in common
AGREED = 0.6  # how far a title that names the unit group strengthens a ranked name of that group
LITTLE, RELATED = 0.35, 0.30  # ... if it accounts for this much of the name, and the ranked name has this score by itself
# Words of a qualification's name that say how far someone has come, not what the work is.
GRADES = frozenset({"allround", "basis", "eerste", "zelfstandig", "werkend", "gespecialiseerd", "vakbekwaam", "vakexpert", "vakkracht", "aankomend", "gezel", "mbo", "junior", "uitvoerend", "meewerkend"})
# ISCO major group -> factor for a programme of level 1-2, 3 and 4: managers and academics are not what level 2 trains for.
PLAUSIBLE: Mapping[str, tuple[float, float, float]] = {"0": (1, 1, 1), "1": (.7, .8, .9), "2": (.75, .85, .92), "3": (.9, 1, 1), "9": (1, .9, .8)}
_BRACKETS = re.compile(r"\(.*?\)")
_LEVEL = re.compile(r"\s+(?:niveau\s*)?[1-4]\s*$")


@dataclass(frozen=True)
class Crosswalk:
    """Frames of the tables programme_occupation, crosswalk_variant, crosswalk_override, crosswalk_missed and programme_lineage."""

    links: pd.DataFrame
    variants: pd.DataFrame
    overrides: pd.DataFrame
    missed: pd.DataFrame
    lineage: pd.DataFrame


def fill(work: WorkDatabase, today: date) -> None:
    """Replace the five tables; reference tables programme and occupation and the staged lists must be there."""
    made = build(work, today)
    work.replace(s.programme_occupation, made.links)
    work.replace(s.crosswalk_variant, made.variants)
    work.replace(s.crosswalk_override, made.overrides)
    work.replace(s.crosswalk_missed, made.missed)
    work.replace(s.programme_lineage, made.lineage)


def build(work: WorkDatabase, today: date) -> Crosswalk:
    """The crosswalk of the staged records; `today` decides which overrides hold."""
    programmes = work.frame(select(s.programme).order_by(s.programme.c.crebo))
    occupations = work.frame(select(s.occupation).order_by(s.occupation.c.uri))
    before = lineage_of(work, programmes).links
    known, gone = set(programmes["crebo"]), set(lineage.successor_of(before))
    taught = (taught_now(work) or known) - gone
    titles = list(own_titles(reference.read("occupations"), reference.read("titles")))
    matcher = NameMatcher(occupations, titles)
    lines, listed = work.frame(select(s.crosswalk_line)), work.frame(select(s.crebo_occupation))
    names = crosswalk.Names.of(occupations, titles) if len(lines) or len(listed) else crosswalk.Names(frozenset())
    overrides = crosswalk.read_lines(lines, known, names, today)
    near = matcher.near(name for name in sorted(set(listed["occupation_name"])) if not names.find(name)[0])
    from_lists, missed = crosswalk.listed_links(listed, names, near)
    own = crosswalk.shipped_links(reference.read("programme_occupations"))
    text = crosswalk.text_links(matcher.programmes(programmes[programmes["crebo"].isin(taught)]), crosswalk.shared_skills(*_skills(work)))
    everything = pd.concat([part for part in (crosswalk.override_links(overrides), from_lists, own, text) if len(part)], ignore_index=True)
    links = crosswalk.combine(crosswalk.inherited(everything, before, taught), taught)
    return Crosswalk(links, crosswalk.variants(links, text, national_leavers(work, before), taught), overrides, missed, before)


def taught_now(work: WorkDatabase) -> set[str]:
    """Codes with students in the last year of DUO's files, or on offer; empty when nothing of DUO is there.

    The shipped list and DUO's files hold codes that nobody can choose any more: they answer no demand.
    """
    e, o = s.enrolment.c, s.offer.c
    students = work.frame(select(e.crebo, func.max(e.year).label("year")).group_by(e.crebo))
    return {*students.loc[students["year"] == students["year"].max(), "crebo"], *work.frame(select(o.crebo).distinct())["crebo"]}


def lineage_of(work: WorkDatabase, programmes: pd.DataFrame) -> lineage.Lineage:
    """From the official lists first, then from the years of DUO's files, before which the codes of the shipped list stand."""
    lists = work.frame(select(s.qualification).order_by(s.qualification.c.list_name, s.qualification.c.crebo))
    found = [lineage.from_lists(lists)] if len(lists) else []
    shipped = programmes[["crebo", "name", "level", "sector_name"]].rename(columns={"sector_name": "sector"})
    for table, high in ((s.enrolment, s.enrolment.c.students_high), (s.graduates, s.graduates.c.graduates_high)):
        c = table.c
        counts = work.frame(
            select(c.crebo, c.year, func.max(c.crebo_name).label("name"), func.max(c.level).label("level"), func.max(c.sector).label("sector"), func.sum(high).label("count"))
            .group_by(c.crebo, c.year))
        if len(counts):
            earlier = shipped[~shipped["crebo"].isin(counts["crebo"])].assign(year=int(counts["year"].min()) - 1, count=1)
            found.append(lineage.from_years(pd.concat([counts, earlier], ignore_index=True)))
    return lineage.together(*found)


def national_leavers(work: WorkDatabase, before: pd.DataFrame) -> dict[str, float]:
    """Crebo -> diplomas a year in the country, mean of the last three years, middle of the masked bounds, predecessors included."""
    g = s.graduates.c
    rows = lineage.carried(work.frame(select(g.crebo, g.year, func.sum(g.graduates_low + g.graduates_high).label("twice")).group_by(g.crebo, g.year)), before)
    last = rows[rows["year"] > rows["year"].max() - 3]
    years = max(last["year"].nunique(), 1)
    return {str(code): float(total) / 2 / years for code, total in last.groupby("crebo")["twice"].sum().items()}


def _skills(work: WorkDatabase) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(crebo, skill), (occupation_uri, skill, relation): what programmes teach and ESCO relates to occupations."""
    p, o = s.programme_skill.c, s.occupation_skill.c
    return (work.frame(select(p.crebo, p.skill_id.label("skill"))),
            work.frame(select(o.occupation_uri, o.skill_uri.label("skill"), o.relation)))


class NameMatcher:
    """Finds the occupations whose names agree with a name, with a score of 0-1."""

    def __init__(self, occupations: pd.DataFrame, own: Iterable[tuple[str, str]]) -> None:
        self.isco = dict(zip(occupations["uri"], occupations["isco4"].fillna(""), strict=True))
        self.titles = TitleIndex.build(own, esco_titles(occupations))
        corpus = [(f"{row.uri}_nl_{n}", name) for row in occupations.itertuples() for n, name in enumerate(_names(row)) if name]
        self.names: dict[str, list[str]] = {}
        for identifier, name in corpus:
            self.names.setdefault(concept(identifier), []).append(name)
        self.ranker = Ranker(corpus, "occupations", "nl") if corpus else None

    def near(self, names: Iterable[str]) -> dict[str, tuple[str, float]]:
        """Name -> (the occupation that fits best, score) for those that fit well enough (crosswalk.ENOUGH)."""
        asked = list(names)
        found = self._scored(asked)
        best = {name: max(scores.items(), key=lambda kv: (kv[1][0], kv[0])) for name, scores in zip(asked, found, strict=True) if scores}
        return {name: (uri, score) for name, (uri, (score, _)) in best.items() if score >= crosswalk.ENOUGH}

    def programmes(self, programmes: pd.DataFrame) -> pd.DataFrame:
        """Candidates per programme (crebo, name, level): crebo, occupation_uri, score, found."""
        rows = []
        asked = [_LEVEL.sub("", _BRACKETS.sub(" ", name)).strip() or name for name in programmes["name"]]
        for crebo, level, scores in zip(programmes["crebo"], programmes["level"], self._scored(asked), strict=True):
            for uri, (score, found) in scores.items():
                factors = PLAUSIBLE.get(self.isco.get(uri, "")[:1], (1.0, 1.0, 1.0))
                rows.append((crebo, uri, round(score * factors[max(int(level), 2) - 2], 4), found))
        return pd.DataFrame(rows, columns=["crebo", "occupation_uri", "score", "found"])

    def _scored(self, names: list[str]) -> list[dict[str, tuple[float, str]]]:
        """Per name: occupation -> (score, the name it was found by)."""
        ranked = self.ranker.rank(names, CANDIDATES, workers=1) if self.ranker and names else iter([[]] * len(names))
        return [self._score(name, [(concept(line), min(value / BEST_SCORE, 1.0)) for line, value in found]) for name, found in zip(names, ranked, strict=True)]

    def _score(self, name: str, ranked: list[tuple[str, float]]) -> dict[str, tuple[float, str]]:
        known, sure, title = self.titles.find(name)
        unit, _, own = (known or "").removeprefix(ISCO).partition("|") if (known or "").startswith(ISCO) else ("", "", known or "")
        unit = unit or self.isco.get(own, "")
        told = covered(name, title) if title else 0.0  # "eerste monteur" says little of an "eerste monteur laagspanningsdistributie"
        sure *= TITLE_SHARE * (0.5 + 0.5 * told)
        made = {}
        for uri, value in ranked:
            share, closest = self._shared(name, uri)
            value *= RANK_SHARE * (1 - UNSHARED * (1 - share))
            if unit and told >= LITTLE and self.isco.get(uri) == unit and value >= RELATED:  # two ways of reading agree on the unit group
                value = 1 - (1 - value) * (1 - AGREED * sure)
            made[uri] = (value, closest)
        if own in self.isco:
            value = made.get(own, (0.0, ""))[0]
            made[own] = (max(sure, value), title)
        return made


    def _shared(self, name: str, uri: str) -> tuple[float, str]:
        """(share of the parts of a name, words of grade left out, that the best name of an occupation has too; that name)."""
        assert self.ranker is not None
        wanted = self.ranker.words.parts(" ".join(word for word in simplified(name).split() if word not in GRADES) or name)
        best = max(self.names[uri], key=lambda other: (len(set(wanted) & set(self.ranker.words.parts(other))), -len(other)))  # type: ignore[union-attr]
        return len(set(wanted) & set(self.ranker.words.parts(best))) / max(len(set(wanted)), 1), best


def covered(name: str, title: str) -> float:
    """Share of the letters of a name, words of grade left out, that the title found in it accounts for."""
    words = [word for word in simplified(name).split() if word not in GRADES and len(word) > 2]
    known = simplified(title).split()
    total = sum(map(len, words))
    got = sum(len(word) for word in words if any(word == k or word.endswith(k) for k in known))
    return got / total if total else 1.0


def _names(row: object) -> list[str]:
    label, others = row.label_nl, row.alt_labels_nl  # type: ignore[attr-defined]
    return [label, *(others.split("|") if isinstance(others, str) else ())]
