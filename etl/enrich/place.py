"""Place as written -> municipality. A name that can be two places stays unresolved; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

# --- data -----------------------------------------------------------------------------------------------------
SPELLINGS = {
    "den haag": "s gravenhage", "the hague": "s gravenhage", "gravenhage": "s gravenhage", "sgravenhage": "s gravenhage", "den bosch": "s hertogenbosch", "hertogenbosch": "s hertogenbosch",
    "shertogenbosch": "s hertogenbosch", "ljouwert": "leeuwarden", "boalsert": "bolsward", "frjentsjer": "franeker", "almere stad": "almere", "capelle a d ijssel": "capelle aan den ijssel",
    "krimpen a d ijssel": "krimpen aan den ijssel", "alphen a d rijn": "alphen aan den rijn", "bergen o zoom": "bergen op zoom", "nieuwerkerk a d ijssel": "nieuwerkerk aan den ijssel",
}
PROVINCES = {
    "groningen": "PV20", "gr": "PV20", "gn": "PV20", "friesland": "PV21", "fryslan": "PV21", "fr": "PV21", "frl": "PV21", "drenthe": "PV22", "dr": "PV22", "drente": "PV22",
    "overijssel": "PV23", "ov": "PV23", "o": "PV23", "ovr": "PV23", "flevoland": "PV24", "fl": "PV24", "gelderland": "PV25", "gld": "PV25", "gd": "PV25", "ge": "PV25",
    "utrecht": "PV26", "ut": "PV26", "utr": "PV26", "noord holland": "PV27", "nh": "PV27", "n h": "PV27", "north holland": "PV27", "zuid holland": "PV28", "zh": "PV28", "z h": "PV28",
    "south holland": "PV28", "zeeland": "PV29", "z": "PV29", "zld": "PV29", "zl": "PV29", "noord brabant": "PV30", "north brabant": "PV30", "brabant": "PV30", "nb": "PV30", "n b": "PV30",
    "limburg": "PV31", "l": "PV31", "lb": "PV31", "lim": "PV31",
}
_PROVINCE_CODES = frozenset(PROVINCES.values())
REGION_NAMES = frozenset({
    "nederland", "netherlands", "the netherlands", "nl", "heel nederland", "landelijk", "hele land", "heel het land", "randstad", "de randstad", "noord nederland", "oost nederland", "zuid nederland",
    "midden nederland", "west nederland", "twente", "achterhoek", "de achterhoek", "veluwe", "de veluwe", "noord veluwe", "salland", "veluwe en salland", "ijsselland", "ijsselvechtstreek", "betuwe",
    "de betuwe", "rivierenland", "food valley", "foodvalley", "gooi", "t gooi", "het gooi", "gooi en vechtstreek", "rijnmond", "haaglanden", "drechtsteden", "zaanstreek", "zaanstreek waterland",
    "west friesland", "kop van noord holland", "kennemerland", "zuid kennemerland", "kempen", "de kempen", "peelland", "de peel", "west brabant", "midden brabant", "noordoost brabant",
    "zuidoost brabant", "brainport", "zuid limburg", "noord limburg", "midden limburg", "zeeuws vlaanderen", "walcheren", "bollenstreek", "holland rijnland", "groene hart", "het groene hart",
    "stedendriehoek", "rijk van nijmegen", "wadden", "waddeneilanden", "brabant", "diverse locaties", "meerdere locaties", "diverse plaatsen",
})
# Municipalities so much larger than the hamlets that share their name that the name alone means them.
OUTWEIGHING = frozenset({"beuningen", "buren", "scherpenzeel", "voorst", "hoorn", "katwijk", "noordwijk", "rijswijk", "oosterhout", "steenbergen", "altena"})
# What an advert says of the province it is in, besides its name.
HINTS = {
    "twente": "PV23", "twents": "PV23", "salland": "PV23", "kop van overijssel": "PV23", "achterhoek": "PV25", "veluwe": "PV25", "betuwe": "PV25", "rivierenland": "PV25", "west-friesland": "PV27",
    "westfriesland": "PV27", "kennemerland": "PV27", "gooi": "PV27", "zaanstreek": "PV27", "bollenstreek": "PV28", "haaglanden": "PV28", "rijnmond": "PV28", "drechtsteden": "PV28", "zeeuws": "PV29",
    "brabants": "PV30", "kempen": "PV30", "brainport": "PV30", "limburgs": "PV31", "peelland": "PV30", "fries": "PV21", "friese": "PV21", "drents": "PV22", "gronings": "PV20", "terschelling": "PV21",
}
COUNTRIES = frozenset({
    "duitsland", "germany", "deutschland", "belgie", "belgium", "belgique", "vlaanderen", "polen", "poland", "luxemburg", "luxembourg", "frankrijk", "france", "spanje", "spain", "italie", "italy",
    "portugal", "oostenrijk", "austria", "zwitserland", "switzerland", "denemarken", "denmark", "zweden", "sweden", "noorwegen", "norway", "engeland", "england", "ierland", "ireland", "roemenie",
    "romania", "hongarije", "hungary", "tsjechie", "curacao", "aruba", "bonaire", "suriname", "sint maarten", "usa", "united kingdom", "verenigd koninkrijk", "united states", "verenigde staten",
    "antwerpen", "brussel", "gent", "hasselt", "berlin", "berlijn", "london", "londen", "keulen", "dusseldorf", "dublin", "bad bentheim", "nordhorn", "gronau",
})
QUARTERS = frozenset({
    "centrum", "noord", "oost", "zuid", "west", "zuidoost", "zuidwest", "noordoost", "noordwest", "binnenstad", "stad", "haven", "buiten", "poort", "airport"})

_BRACKET = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SPLIT = re.compile(r"\s*(?:/|;|,|\||\s[-–]\s|\ben\b|\bof\b|\band\b|\bor\b|&|\+)\s*")
_REGION = re.compile(
    r"^\W*(?:regio|omgeving|provincie|rondom|omstreken|region|province)\b|\b(?:en |e\.? ?o\.? ?|and )?(?:omgeving|omstreken|surroundings)\W*$|\be\.? ?o\.?(?=\W*$)|\(provincie\)|\b(?:in|rond) de buurt van\b")
_AROUND = re.compile(r"\s(?:en|and|\+|&|/) omliggende \w+\W*$")
_CAPITAL = re.compile(r"\b[A-Z][a-zé]{4,}")
_REMOTE = re.compile(
    r"\b(?:(?:deels|gedeeltelijk|volledig|fully|hybride?)[ /-]*)?(?:(?:deels|gedeeltelijk|en) thuis\b|thuiswerk\w*|thuis werken|vanuit huis|remote|home ?office|work from home|werken op afstand|hybride?)(?: werken)?(?: mogelijk| possible)?\b")
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[a-z]{2}\b")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_LEAD = re.compile(r"^(?:gemeente|standplaats|locatie|vestiging|gem) (?=.)")
FUZZY_LETTERS, FUZZY_FREE = 6, 8

_TITLE_PARTS = re.compile(r"\s(?:in|te|@)\s|\s[-–|·•]\s|[,|(]")
_HINTED = HINTS | {name.replace(" ", "-"): code for name, code in PROVINCES.items() if len(name) > 5 and name != "groningen" and name != "utrecht"}
_HINTING = re.compile(rf"\b({'|'.join(sorted(_HINTED, key=len, reverse=True))})")

Resolved = tuple[str | None, str]


def key(name: str) -> str:
    """A place name for comparison: lower case, no accents, no leading apostrophe, single spaces."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(_NOT_KEY.sub(" ", name.lower()).split())


@dataclass
class Gazetteer:
    """Places by comparison key: the municipalities a name can lie in, and the province of each municipality."""

    places: dict[str, set[str]] = field(default_factory=dict)
    province_of: dict[str, str] = field(default_factory=dict)
    region_names: set[str] = field(default_factory=lambda: set(REGION_NAMES))
    own_names: dict[str, str] = field(default_factory=dict)
    _cache: dict[tuple[str | None, str | None], Resolved] = field(default_factory=dict, repr=False)

    def add(self, name: str, code: str, own: bool = False) -> None:
        """A place (or, `own`, the municipality itself) that lies in a municipality."""
        found = key(_BRACKET.sub("", name))
        if found:
            self.places.setdefault(found, set()).add(code)
            if own:
                self.own_names.setdefault(found, code)
        self._cache.clear()

    def resolve(self, text: str | None, province: str | None = None) -> Resolved:
        """(municipality code or None, status): resolved, ambiguous, unknown, region only, abroad or missing."""
        asked = (text, province)
        found = self._cache.get(asked)
        if found is None:
            if len(self._cache) > 100_000:
                self._cache.clear()
            found = self._cache[asked] = self._resolve((text or "")[:300], province)
        return found

    def resolve_in(self, text: str | None, province: str | None, title: str, advert: str) -> Resolved:
        """As `resolve`; what stays open is looked for in the text of the advert: provinces, parts of them and other
        municipalities that decide between namesakes; and for a place in the title when none is written elsewhere."""
        found = self.resolve(text, province)
        if found[1] == "ambiguous" and not province:
            votes = Counter(_HINTED[name] for name in _HINTING.findall(advert.lower()))
            votes.update(self.province_of[self.own_names[name]] for name in map(key, _CAPITAL.findall(advert)) if name in self.own_names and len(self.places[name]) == 1)
            answers = {code: answer for code in votes for answer in (self.resolve(text, code),) if answer[0]}
            ranked = sorted(answers, key=lambda code: -votes[code])
            if ranked and (len(ranked) == 1 or votes[ranked[0]] >= 2 * votes[ranked[1]]):
                return answers[ranked[0]]
            return found
        if found[1] == "missing" and not (text or "").strip():
            named = {self.resolve(part) for part in _TITLE_PARTS.split(title)[1:] if key(part) in self.places}
            return named.pop() if len(named) == 1 else found
        return found

    def _resolve(self, text: str, province: str | None) -> Resolved:
        lowered = _REMOTE.sub(" ", _POSTCODE.sub(" ", text.lower())).strip(" /,;|-–&+\t\n")
        lowered = lowered.removeprefix("of ").removesuffix(" of").removesuffix(" en").strip()
        lowered = _AROUND.sub("", lowered)  # the place that is named, not what lies around it
        bare = key(_BRACKET.sub(" ", lowered))
        if not bare:
            return None, "missing"
        if bare in PROVINCES and bare not in self.own_names:  # "Zeeland" is a province before it is a village
            return None, "region only"
        if _REGION.search(lowered) or (bare in self.region_names and bare not in self.places):
            return None, "region only"
        hint = PROVINCES.get(key(province or ""), province if province in _PROVINCE_CODES else None) or self._hint(lowered)
        whole = self._one(lowered, hint)
        return whole if whole[1] != "unknown" else self._several(lowered, hint)

    def _several(self, lowered: str, hint: str | None) -> Resolved:
        """More than one name: one municipality for all of them, or ambiguous. House numbers and the country's name do not count."""
        parts = [p for p in (key(p) for p in _SPLIT.split(_BRACKET.sub(" ", lowered))) if p]
        if any(p in COUNTRIES for p in parts):
            return None, "abroad"
        hint = hint or next((PROVINCES[p] for p in parts[1:] if p in PROVINCES and p not in self.own_names), None)
        places = [p for i, p in enumerate(parts) if not (p in self.region_names or any(map(str.isdigit, p)) or (i and p in PROVINCES and PROVINCES[p] == hint))]
        if len(places) == 1 and len(parts) == 1:
            return self._nearly(places[0], hint)
        found = {self._one(p, hint) for p in places}
        if len(found) == 1:
            return found.pop()
        return (None, "ambiguous") if any(status != "unknown" for _, status in found) else (None, "unknown")

    def _one(self, name: str, hint: str | None) -> Resolved:
        found = _LEAD.sub("", key(_BRACKET.sub(" ", name)))
        found = SPELLINGS.get(found, found)
        if found in COUNTRIES and found not in self.places:
            return None, "abroad"
        if not hint and found in OUTWEIGHING and found in self.own_names:
            return self.own_names[found], "resolved"
        if found not in self.places and " " in found:
            head, last = found.rsplit(" ", 1)
            head = SPELLINGS.get(head, head)
            if last in PROVINCES and head in self.places:
                hint, found = hint or PROVINCES[last], head
            elif last in QUARTERS and head in self.own_names:
                found = head
            elif found not in self.places:
                found = self._two_names(found)
        return self._pick(self.places.get(found, ()), hint)

    def _two_names(self, name: str) -> str:
        """A district and its town without a sign between them, when both lie in one municipality: 'Botlek Rotterdam'."""
        words = name.split()
        for cut in range(1, len(words)):
            first, second = " ".join(words[:cut]), " ".join(words[cut:])
            if first in self.places and second in self.places and self.places[first] & self.places[second]:
                return second if self.places[second] <= self.places[first] else first
        return name

    def _pick(self, codes: Iterable[str], hint: str | None) -> Resolved:
        known = set(codes)
        if not known:
            return None, "unknown"
        fitting = {c for c in known if self.province_of.get(c, hint) == hint} if hint else known
        if len(fitting) == 1:
            return next(iter(fitting)), "resolved"
        return None, "ambiguous"  # two places of that name, or one in another province than the one that is written

    def _nearly(self, name: str, hint: str | None) -> Resolved:
        """A typing error: one letter off from exactly one known name of at least FUZZY_LETTERS letters with the same first letter.

        Short names differ by one letter from too many real villages (Velden, Velsen): below FUZZY_FREE letters only two
        letters that changed places, or a letter that was doubled or lost its double, count as a typing error.
        """
        if len(name) < FUZZY_LETTERS:
            return None, "unknown"
        near = {
            known for known in self.places
            if known[0] == name[0] and len(known) >= FUZZY_LETTERS and abs(len(known) - len(name)) <= 1 and OSA.distance(name, known, score_cutoff=1) == 1
            and (min(len(known), len(name)) >= FUZZY_FREE or _slip(name, known))
        }
        return self._pick(self.places[near.pop()], hint) if len(near) == 1 else (None, "unknown")

    @staticmethod
    def _hint(lowered: str) -> str | None:
        return next((PROVINCES[key(inside)] for inside in _BRACKET.findall(lowered) if key(inside) in PROVINCES), None)


def _slip(a: str, b: str) -> bool:
    """True when two neighbours changed places, or a letter was doubled or lost its double."""
    return sorted(a) == sorted(b) if len(a) == len(b) else _single(a) == _single(b)


def _single(name: str) -> str:
    return "".join(c for i, c in enumerate(name) if not i or c != name[i - 1])
