"""Finding a programme by crebo or everyday name: "lasser", "verpleegkunde niveau 4", "ict beheer", typing errors tolerated.

Pure: names in, a ranked list of crebos out. A programme is known by its name, the titles of its occupations (those of the crosswalk), its
main group and its level. Each word of a query counts by how rare it is; a level in it goes before everything else that is equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import fuzz, process

NAME, TITLE, AREA = 1.0, 0.85, 0.35  # what a word counts for by where it stands
EXACT, BEGIN, PART, NEAR = 1.0, 0.9, 0.75, 0.7
LEAST_FOUND = 0.34  # share of the query's weight that must be found
LEAST_ALIKE = 78  # of 100; below this two words are no typing errors of each other
FEWEST_PART, SAME_BEGIN = 4, 6
LEVEL_FITS = 0.35  # what the level of a query adds, in shares of its words
_WORD = re.compile(r"[a-z0-9]+")
_LEVEL = re.compile(r"\b(?:niveau|niv|level|mbo|n)[\s-]*([1-4])\b")
SMALL_WORDS = frozenset({"de", "het", "een", "en", "of", "van", "in", "voor", "met", "op", "aan", "tot", "opleiding", "opleidingen", "mbo", "niveau", "level", "bol", "bbl", "worden", "the", "and", "for"})
# Everyday words for what the official names call otherwise; both sides count.
EVERYDAY: Mapping[str, str] = {
    "administratief": "administratie", "automonteur": "autotechnicus", "bakken": "bakker", "beheer": "beheerder", "bejaardenzorg": "verzorgende", "boa": "handhaver toezicht", "boekhouder": "administratie",
    "boekhouding": "administratie", "dieren": "dierverzorging", "heftruck": "logistiek", "horeca": "gastheer", "ict": "it", "juf": "onderwijsassistent", "kdv": "pedagogisch", "kinderopvang": "pedagogisch",
    "koken": "kok", "lassen": "lasser", "leraar": "instructeur leider", "loodgieter": "werktuigkundige", "magazijn": "logistiek", "makelaar": "makelaardij", "meester": "onderwijsassistent", "metselen": "metselaar",
    "ober": "gastheer", "ouderenzorg": "verzorgende", "paarden": "paardensport", "politie": "handhaver", "programmeren": "software developer", "programmeur": "software developer", "receptie": "receptionist",
    "schilderen": "schilder", "secretaresse": "secretary", "serveerster": "gastvrouw", "timmeren": "timmerman", "tuinman": "hovenier", "verkoopster": "verkoper", "verpleegkunde": "verpleegkundige",
    "vrachtwagen": "chauffeur wegvervoer", "vrachtwagenchauffeur": "chauffeur wegvervoer", "website": "software applicatie", "websites": "software applicatie", "winkel": "verkoper", "ziekenhuis": "verpleegkundige",
}


@dataclass(frozen=True)
class Known:
    """What one programme is known by: words with what they count for."""

    crebo: str
    name: str
    level: int
    words: Mapping[str, float]


class Programmes:
    """Programmes that can be searched; built once per publication."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = list(known)
        spread: dict[str, int] = {}
        for programme in self.known:
            for word in programme.words:
                spread[word] = spread.get(word, 0) + 1
        self._rare = {word: log(1 + len(self.known) / n) for word, n in spread.items()}
        self._words = sorted(spread)
        self._alike = lru_cache(2000)(self._alike_words)

    def find(self, query: str, limit: int = 8) -> list[str]:
        """Crebos that fit a query, best first; empty when nothing does."""
        folded = fold(query)
        levels = {int(level) for level in _LEVEL.findall(folded)}
        words = [w for w in _WORD.findall(_LEVEL.sub(" ", folded)) if w not in SMALL_WORDS]
        digits = next((w for w in words if w.isdigit() and len(w) >= 3), None)
        if digits:
            return [p.crebo for p in sorted(self.known, key=lambda p: (p.crebo != digits, p.crebo)) if p.crebo.startswith(digits)][:limit]
        if not words:
            return [p.crebo for p in sorted(self.known, key=lambda p: (p.name, p.crebo)) if p.level in levels][:limit]
        scores: dict[int, float] = {}
        whole = 0.0
        for word in words:
            alike = self._alike(word)
            weight = max((self._rare[w] * quality for w, quality in alike.items()), default=log(1 + len(self.known)))
            whole += weight
            for position, programme in enumerate(self.known):
                best = max((programme.words[w] * quality for w, quality in alike.items() if w in programme.words), default=0.0)
                if best:
                    scores[position] = scores.get(position, 0.0) + weight * best
        asked = " ".join(words)
        ranked = []
        for position, score in scores.items():
            programme = self.known[position]
            share = score / whole
            if share >= LEAST_FOUND:
                at_level = not levels or programme.level in levels
                alike_name = fuzz.token_set_ratio(asked, fold(programme.name)) / 100
                short = 1 / (1 + len(programme.name.split()))
                ranked.append((round(share + (LEVEL_FITS if levels and at_level else 0.0) + 0.12 * alike_name + 0.05 * short, 6), programme))
        ranked.sort(key=lambda found: (-found[0], found[1].name, found[1].crebo))
        return [programme.crebo for _, programme in ranked[:limit]]

    def _alike_words(self, word: str) -> dict[str, float]:
        """Known words that a word of a query may mean, with how sure that is."""
        found: dict[str, float] = {}
        for meant in [word, *(w for w in EVERYDAY.get(word, "").split() if w)]:
            sure = 1.0 if meant == word else 0.9
            for other in self._words:
                quality = EXACT if other == meant else BEGIN if len(meant) > 2 and other.startswith(meant) else PART if len(meant) >= FEWEST_PART and meant in other else 0.0
                if not quality and ((len(other) >= FEWEST_PART and meant.startswith(other)) or (len(meant) > SAME_BEGIN and other.startswith(meant[:max(SAME_BEGIN, round(0.6 * len(meant)))]))):
                    quality = PART  # "verpleging" and "verpleegkundige" begin alike
                if quality:
                    found[other] = max(found.get(other, 0.0), quality * sure)
        if len(word) >= FEWEST_PART and not any(quality >= BEGIN for quality in found.values()):
            for other, score, _ in process.extract(word, self._words, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=8):
                found[other] = max(found.get(other, 0.0), NEAR * score / 100)
        return found


def fold(text: str) -> str:
    """Small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


def known_by(crebo: str, name: str, level: int, titles: Iterable[tuple[str, float]], area: str = "") -> Known:
    """What a programme is known by: its name, the titles of its occupations with their weight (0-1), and the name of its field."""
    words: dict[str, float] = {}

    def add(text: str, weight: float) -> None:
        for word in _WORD.findall(fold(text)):
            if word not in SMALL_WORDS and len(word) > 1:
                words[word] = max(words.get(word, 0.0), weight)

    add(name, NAME)
    for title, weight in titles:
        add(title, TITLE * (0.6 + 0.4 * min(weight, 1.0)))
    add(area, AREA)
    return Known(crebo, name, level, words)
