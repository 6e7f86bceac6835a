"""Title -> occupation: cleaned title against the known titles (exact, the longest inside, then by words)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_NOISE = re.compile(
    r"\b(m/v/x|m/v|v/m/x|v/m|m/w/d|x/v/m|gezocht|vacature|gevraagd|per direct|parttime|fulltime|part-time|full-time|bijbaan|vakantiewerk|"
    r"ervaren|startende?|enthousiaste?|gedreven|fijne|topbaan|leuke|zelfstandige?|bbl|leerling|stagiaire?)\b|!|\?")
_HOURS = re.compile(r"\b\d{1,2}(\s?[-–/]\s?\d{1,2})?\s?(uur|u|uren|hours|h)\b( per week| p/w)?|\b\d{1,3}\s?%")
_LEVEL = re.compile(r"\b(mbo|hbo|wo)([- ]?(niveau )?\d(/\d)?)?\b|\bniveau \d\b")
_BRACKET = re.compile(r"[(\[{][^)\]}]{0,60}[)\]}]")
_TAIL = re.compile(r"\s(?:[|•·–]|-)\s.*$|\s(?:in|te|bij|regio|omgeving|voor)\s+[A-Z'].*$")
_WORDS = re.compile(r"[^a-z0-9à-ÿ+#./&' -]+")
THRESHOLD = 88


@dataclass
class TitleIndex:
    """Known titles (lower case) -> occupation URI, and for each first word the titles that hold it."""

    titles: dict[str, str] = field(default_factory=dict)
    by_word: dict[str, list[str]] = field(default_factory=dict)
    _cache: dict[str, tuple[str | None, float]] = field(default_factory=dict)

    @classmethod
    def build(cls, named: Mapping[str, str]) -> TitleIndex:
        """Index of titles; the first URI given for a title stays."""
        index = cls()
        for title, uri in named.items():
            found = simplified(title)
            if len(found) > 2 and found not in index.titles:
                index.titles[found] = uri
        for title in index.titles:
            for word in set(title.split()):
                if len(word) > 3:
                    index.by_word.setdefault(word, []).append(title)
        return index

    def match(self, title: str) -> tuple[str | None, float]:
        """(occupation URI or None, confidence 0-1)."""
        wanted = simplified(cleaned(title))
        if wanted not in self._cache:
            if len(self._cache) > 200_000:
                self._cache.clear()
            self._cache[wanted] = self._match(wanted)
        return self._cache[wanted]

    def _match(self, wanted: str) -> tuple[str | None, float]:
        if not wanted:
            return None, 0.0
        if wanted in self.titles:
            return self.titles[wanted], 1.0
        words = wanted.split()
        for length in range(min(len(words), 6), 0, -1):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start:start + length])
                if part in self.titles and (length > 1 or len(part) > 4):
                    return self.titles[part], 0.9 if length > 1 else 0.8
        candidates = sorted({t for w in words if len(w) > 3 for t in self.by_word.get(w, [])[:200]})
        if candidates:
            best = process.extractOne(wanted, candidates, scorer=fuzz.token_sort_ratio, score_cutoff=THRESHOLD)
            if best:
                return self.titles[best[0]], round(best[1] / 100 * 0.75, 2)
        return None, 0.0


def cleaned(title: str) -> str:
    """A title without m/v, hours, level, place and agency talk."""
    text = _BRACKET.sub(" ", title)
    text = _TAIL.sub("", text)
    lowered = text.lower()
    return " ".join(_NOISE.sub(" ", _LEVEL.sub(" ", _HOURS.sub(" ", lowered))).split())


def simplified(title: str) -> str:
    """Lower case, hyphens as spaces, single spaces."""
    return " ".join(_WORDS.sub(" ", title.lower()).replace("-", " ").split()).strip(" ./&'")
