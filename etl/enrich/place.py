"""Place as written -> municipality. A name that can be two places stays unresolved; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_BRACKET = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SPLIT = re.compile(r"\s*(?:/|;|,|\||\ben\b|\bof\b|&)\s*")
_REGION = re.compile(r"^(regio|omgeving|provincie)\b|\b(en )?omgeving$|\bregio\b")
_REMOTE = re.compile(r"\b(thuiswerk\w*|remote|heel nederland|landelijk|hele land|diverse locaties)\b")
_POSTCODE = re.compile(r"\b\d{4}\s?[a-z]{2}\b")
SPELLINGS = {
    "den haag": "s gravenhage", "the hague": "s gravenhage", "den bosch": "s hertogenbosch", "almere stad": "almere",
    "hengelo ov": "hengelo", "sneek friesland": "sneek",
}
PROVINCES = {
    "groningen": "PV20", "gr": "PV20", "friesland": "PV21", "fryslan": "PV21", "fr": "PV21", "drenthe": "PV22", "dr": "PV22",
    "overijssel": "PV23", "ov": "PV23", "o": "PV23", "ovr": "PV23", "flevoland": "PV24", "fl": "PV24", "gelderland": "PV25", "gld": "PV25", "gd": "PV25",
    "utrecht": "PV26", "ut": "PV26", "noord holland": "PV27", "nh": "PV27", "zuid holland": "PV28", "zh": "PV28", "zeeland": "PV29", "z": "PV29",
    "zld": "PV29", "noord brabant": "PV30", "brabant": "PV30", "nb": "PV30", "limburg": "PV31", "l": "PV31", "lb": "PV31",
}
COUNTRIES = frozenset(["duitsland", "germany", "deutschland", "belgie", "belgium", "antwerpen", "polen", "luxemburg", "london", "berlin", "united", "kingdom"])


def key(name: str) -> str:
    """A place name for comparison: lower case, no accents, no leading apostrophe, single spaces."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.replace("'", " ")).split())


@dataclass
class Gazetteer:
    """Places by comparison key: municipality codes, their province and labour-market region."""

    places: dict[str, set[str]] = field(default_factory=dict)
    province_of: dict[str, str] = field(default_factory=dict)
    region_names: set[str] = field(default_factory=set)
    own_names: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, code: str, own: bool = False) -> None:
        """A place (or, `own`, the municipality itself) that lies in a municipality."""
        found = key(_BRACKET.sub("", name))
        if found:
            self.places.setdefault(found, set()).add(code)
            if own:
                self.own_names.setdefault(found, code)

    def resolve(self, text: str | None, province: str | None = None) -> tuple[str | None, str]:
        """(municipality code or None, status): resolved, ambiguous, unknown, region only, abroad or missing."""
        raw = (text or "").strip()
        if not raw:
            return None, "missing"
        lowered = raw.lower()
        if _REMOTE.search(lowered):
            return None, "missing"
        hint = self._province(province) or self._hint(raw)
        if key(raw) in PROVINCES and key(raw) not in self.own_names:  # "Zeeland" is a province before it is a village
            return None, "region only"
        whole = self._one(raw, hint)
        if whole[1] in ("resolved", "ambiguous"):
            return whole
        cleaned = key(_POSTCODE.sub(" ", lowered))
        if _REGION.search(lowered) or cleaned in self.region_names or cleaned in PROVINCES:
            return None, "region only"
        if cleaned in COUNTRIES or any(part in COUNTRIES for part in cleaned.split()[-1:]):
            return None, "abroad"
        parts = [p for p in _SPLIT.split(_BRACKET.sub(" ", _POSTCODE.sub(" ", lowered))) if p.strip()]
        places = [p for p in parts if key(p) not in PROVINCES and key(p) not in ("nederland", "netherlands", "nl")]
        hint = hint or next((PROVINCES[key(p)] for p in parts if key(p) in PROVINCES and key(p) not in self.places), None)
        found = {self._one(p, hint) for p in places} or {(None, "unknown")}
        if len(found) == 1:
            return found.pop()
        codes = {code for code, status in found if status == "resolved"}
        return (None, "ambiguous") if codes else (None, "unknown")

    def _one(self, name: str, hint: str | None) -> tuple[str | None, str]:
        found = key(_BRACKET.sub(" ", _POSTCODE.sub(" ", name.lower())))
        words = found.split()
        if len(words) > 1 and words[-1] in PROVINCES and found not in self.places:
            hint, found = hint or PROVINCES[words[-1]], " ".join(words[:-1])
        found = SPELLINGS.get(found, found)
        codes = self.places.get(found, set())
        if hint and len(codes) > 1:
            codes = {c for c in codes if self.province_of.get(c) == hint}
        if len(codes) == 1:
            return next(iter(codes)), "resolved"
        if codes:
            return None, "ambiguous"
        return None, "unknown"

    def _hint(self, raw: str) -> str | None:
        for inside in _BRACKET.findall(raw):
            found = PROVINCES.get(key(inside))
            if found:
                return found
        return None

    @staticmethod
    def _province(province: str | None) -> str | None:
        return PROVINCES.get(key(province)) if province else None
