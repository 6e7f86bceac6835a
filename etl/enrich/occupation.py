"""Title -> occupation: the cleaned title against known titles (exact, the longest inside it, the end of a compound, by words)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# Confidence by the way a title was found; SHARED is the factor when several occupations go by it. Below THRESHOLD there is none.
EXACT, INSIDE, INSIDE_ONE_WORD, COMPOUND, BY_WORDS, BY_TEXT, OTHER_HEAD = 1.0, 0.9, 0.8, 0.7, 0.75, 0.6, 0.5
SHARED = 0.7
THRESHOLD = 0.6
SIMILAR = 86
MAX_CANDIDATES = 250
LONGEST_WORDS = 7

# --- data -----------------------------------------------------------------------------------------------------
# Who leads, teaches, recruits or advises others has another occupation than those others: "docent lassen", "recruiter zorg".
OTHER_HEADS = frozenset({
    "docent", "docente", "leraar", "lerares", "instructeur", "trainer", "opleider", "praktijkopleider", "teamleider", "teamlead", "teammanager", "teamcoach", "manager", "hoofd", "directeur",
    "leidinggevende", "recruiter", "intercedent", "adviseur", "consultant", "coördinator", "coordinator", "inspecteur", "vertegenwoordiger", "accountmanager", "projectleider", "projectmanager",
    "onderzoeker", "lecturer", "teacher", "head", "director", "begeleider", "planner", "ontwikkelaar", "verkoper", "verkoopmedewerker", "afdelingshoofd", "voorman", "ploegleider", "supervisor",
    "beleidsmedewerker",
})
# One word of a title names the job when only such words stand beside it ("allround lasser"); others change it ("technisch redacteur").
MODIFIERS = frozenset({
    "allround", "junior", "senior", "medior", "eerste", "tweede", "aankomend", "aankomende", "gediplomeerd", "gediplomeerde", "ervaren", "vakbekwaam", "internationaal", "nationaal", "mbo", "hbo", "m", "v", "x"})
# Words that many jobs end in: alone they name none.
GENERIC = frozenset({
    "medewerker", "medewerkster", "assistent", "assistente", "bediener", "technicus", "specialist", "adviseur", "consultant", "manager", "coördinator", "coordinator", "beheerder", "professional", "expert",
    "hulp", "operator", "worker", "officer", "leader", "engineer", "analist", "analyst", "directeur", "leider", "meester", "werker", "helper", "controleur", "inspecteur", "vakman", "stagiair", "trainee",
    "agent", "member", "executive", "practitioner", "technician", "begeleider", "planner",
})

_NOISE = re.compile(
    r"(?<!\w)(?:m/v/x|m/v|v/m/x|v/m|x/v/m|m/w/d|f/m/x|m/f/d|m/f/x|m/f|mvx|all genders|gezocht|gevraagd|vacature|vacatures|per direct|z\.s\.m\.?|zsm|parttime|part-time|fulltime|full-time|bijbaan|vakantiewerk|"
    r"oproepkracht|ervaren|startende?|beginnende?|enthousiaste?|gedreven|gemotiveerde?|fijne|topbaan|leuke?|toffe|uitdagende?|zelfstandige?|flexibele?|bbl|bol|leerling|stagiaire?|stage|leerbaan|"
    r"dagdienst|nachtdienst|2-ploegen|3-ploegen|5-ploegen|ploegendienst|tijdelijke?|zzp|freelance|solliciteer nu)(?![\w-])|[!?:\"“”„*]")
_OPENING = re.compile(r"^\W*(?:(?:wij zoeken|we zoeken|word|ben jij|wie wordt|gezocht|een|de|onze|ons|nieuwe|mooie|leuke|baan|job|vaste|collega|als)\s+)+")
_HOURS = re.compile(r"\b\d{1,2}(?:[.,]\d)?(?:\s?[-–/]\s?\d{1,2})?\s?(?:uur|u|uren|hours|h|fte)\b(?: per week| p/w)?|\b\d{1,3}\s?%|€\s?[\d.,]+")
_LEVEL = re.compile(r"\b(?:mbo|hbo|wo)(?:[- ]?(?:niveau )?\d(?:/\d)?)\b|\bniveau \d(?:\s?/\s?\d)?\b")
_BRACKET = re.compile(r"[(\[{][^)\]}]{0,60}[)\]}]")
_GENDER = re.compile(r"(?<=\w)\((?:st|e|in|ster|ste|se|es)\)")
_TAIL = re.compile(r"\s(?:in|te|bij|regio|omgeving|voor|@)\s+(?:de regio |regio |omgeving )?[A-Z'’].*$")
_ASIDE = re.compile(r"\s(?:met|die|in|voor|bij|op|te|naar|aan|als|binnen|van|with|for|at)\s")
_TOLD = re.compile(
    r"(?:\bzoek(?:en|t)?(?: wij| we)?(?: per direct| met spoed)?(?: naar)?(?: een| \d+)?|\bop zoek naar(?: een)?|\bals|\bfunctie:?|\bvacature|\bin de functie van|\blooking for an?|\bas an?|\bword|\bbaan als)"
    r"\s+((?:[\w'’/&-]+ ?){1,6})", re.IGNORECASE)
_TOLD_END = re.compile(r"[.,;:!?(\n]")
_SEGMENT = re.compile(r"\s+[|•·–—-]\s+|\s*[|•·]\s*|,\s|\s/\s")
_WORDS = re.compile(r"[^a-z0-9à-ÿ+#./&' -]+")


@dataclass
class TitleIndex:
    """Known titles (simplified) -> the occupations that go by them; hand-kept (`own`) titles win from those of the classification."""

    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    words_of: dict[str, frozenset[str]] = field(default_factory=dict)
    by_start: dict[str, list[str]] = field(default_factory=dict)
    _cache: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def build(cls, own: Iterable[tuple[str, str]], wide: Iterable[tuple[str, str]] = ()) -> TitleIndex:
        """Index of (title, URI) pairs: the hand-kept ones first, then those of the classification."""
        first: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for named, pairs in ((first, own), (others, wide)):
            for title, uri in pairs:
                found = simplified(title)
                if len(found) > 2 and uri not in named.setdefault(found, []):
                    named[found].append(uri)
        index = cls(titles={title: tuple(sorted(uris)) for title, uris in (others | first).items()}, own=frozenset(first))
        words: dict[str, set[str]] = {}
        for title, uris in index.titles.items():
            long = [word for word in title.split() if len(word) > 3]
            for uri in uris:
                words.setdefault(uri, set()).update(long)
            for start in dict.fromkeys(word[:4] for word in long):
                index.by_start.setdefault(start, []).append(title)
        index.words_of = {uri: frozenset(found) for uri, found in words.items()}
        return index

    def match(self, title: str, text: str = "") -> tuple[str | None, float]:
        """(occupation URI or None, confidence 0-1)."""
        known, confidence, _ = self.find(title, text)
        return known, confidence

    def find(self, title: str, text: str = "") -> tuple[str | None, float, str]:
        """(occupation URI or None, confidence 0-1, the known title by which it was found).

        The text chooses between occupations that share a title, and names the job itself where the title does not.
        """
        found = self._cache.get(title)
        if found is None:
            if len(self._cache) > 200_000:
                self._cache.clear()
            found = self._cache[title] = self._best(title)
        known, confidence = found
        if (not self.titles.get(known) or confidence < THRESHOLD) and (told := self._told(text)):
            known, confidence = told, BY_TEXT
        uris = self.titles.get(known, ())
        if len(uris) > 1:
            confidence = confidence if known and confidence == BY_TEXT else round(confidence * SHARED, 2)
        if not uris or confidence < THRESHOLD:
            return None, 0.0, ""
        return (uris[0] if len(uris) == 1 else self._closest(uris, text)), confidence, known

    def _told(self, text: str) -> str:
        """The known title that the text gives the job most often: "wij zoeken een verzorgende", "als timmerman"; '' for none."""
        found: Counter[str] = Counter()
        for named in _TOLD.finditer(text[:4000]):
            words = simplified(_TOLD_END.split(named[1])[0]).split()
            parts = (" ".join(words[start:start + size]) for start in range(min(3, len(words))) for size in range(min(5, len(words) - start), 0, -1))
            part = next((p for p in parts if p in self.titles and (" " in p or (p in self.own and len(p) > 5 and p not in GENERIC))), None)
            if part:
                found[part] += 1
        return max(found, key=lambda p: (" " in p, found[p], len(p), p), default="")

    def runner_up(self, title: str, text: str = "") -> str | None:
        """The second choice, when several occupations go by the title that `match` found; None otherwise."""
        _, _, known = self.find(title, text)
        uris = self.titles.get(known, ())
        if len(uris) < 2:
            return None
        first = self._closest(uris, text)
        return self._closest(tuple(uri for uri in uris if uri != first), text)

    def _best(self, title: str) -> tuple[str, float]:
        """The known title that fits best, and how well; ('', 0) for none."""
        plain = _GENDER.sub("", title)
        whole = simplified(plain)
        if whole in self.titles:
            return whole, EXACT
        # with its level first: "begeleider niveau 3" is a title of its own; then its parts, of which the first names the job
        cuts = [bare(title), cleaned(title), *(cleaned(part) for part in _SEGMENT.split(plain) if part.strip())]
        cuts.append(_ASIDE.split(cuts[1])[0])
        wanted = list(dict.fromkeys(w for w in map(simplified, cuts) if w))
        best = ("", 0.0)
        for find in (self._exact, self._inside, self._compound, self._by_words):
            for position, words in enumerate(wanted):
                known, confidence = find(words)
                confidence = round(confidence - 0.02 * min(max(position - 1, 0), 3), 2)
                if confidence > best[1]:
                    best = (known, confidence)
            if best[1] >= OTHER_HEAD - 0.06:
                return best
        return best

    def _exact(self, wanted: str) -> tuple[str, float]:
        if wanted in self.titles:
            return wanted, EXACT
        if wanted.endswith("ster") and wanted[:-4] + "er" in self.titles:  # medewerkster, schoonmaakster
            return wanted[:-4] + "er", EXACT
        return "", 0.0

    def _inside(self, wanted: str) -> tuple[str, float]:
        words = wanted.split()
        for length in range(min(len(words), LONGEST_WORDS), 0, -1):
            found = [
                (len(part), -start, part)
                for start in range(len(words) - length + 1)
                for part in (" ".join(words[start:start + length]),)
                if part in self.titles and (length > 1 or self._names_a_job(part, words))
            ]
            if found:
                _, negative, known = max(found)
                if OTHER_HEADS & set(words[:-negative]) and not OTHER_HEADS & set(known.split()):
                    return known, OTHER_HEAD
                return known, INSIDE if length > 1 else INSIDE_ONE_WORD
        return "", 0.0

    def _names_a_job(self, word: str, words: list[str]) -> bool:
        """True when one word may stand for the whole title: all other words are mere modifiers, or it is a hand-kept title."""
        if all(other == word or other in MODIFIERS for other in words):
            return True
        return word in self.own and word not in GENERIC and (len(word) > 4 or len(words) < 4)

    def _compound(self, wanted: str) -> tuple[str, float]:
        """The last part of a compound says what it is: a 'nieuwbouwtimmerman' is a 'timmerman'."""
        words = wanted.split()
        for position, word in enumerate(words):
            for cut in range(3, len(word) - 5):  # hand-kept titles only: a "redacteur" is no "acteur"
                if word[cut:] in self.own and word[cut:] not in GENERIC:
                    return word[cut:], OTHER_HEAD if OTHER_HEADS & set(words[:position]) else COMPOUND
        return "", 0.0

    def _by_words(self, wanted: str) -> tuple[str, float]:
        words = wanted.split()
        if not words or len(words) > 8 or OTHER_HEADS & set(words[:1]):
            return "", 0.0
        lists = sorted((self.by_start[w[:4]] for w in words if len(w) > 3 and w[:4] in self.by_start), key=len)
        candidates = list(dict.fromkeys(title for titles in lists[:2] for title in titles[:MAX_CANDIDATES]))
        near = process.extract(wanted, candidates, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR, limit=10)
        fitting = [(score, title in self.own, title) for title, score, _ in near if _same_words(words, title.split())]
        if not fitting:
            return "", 0.0
        score, _, title = max(fitting)
        return title, round(score / 100 * BY_WORDS, 2)

    def _closest(self, uris: tuple[str, ...], text: str) -> str:
        present = set(text.lower().split())
        return max(sorted(uris, reverse=True), key=lambda uri: len(self.words_of[uri] & present))


def _same_words(wanted: list[str], known: list[str]) -> bool:
    """True when every known word stands in the title, long ones with one letter off: 'medewerker kas' is no 'medewerker kassa'."""
    return all(any(w == k or (len(k) >= 6 and len(w) >= 6 and OSA.distance(w, k, score_cutoff=1) <= 1) for w in wanted) for k in known)


def cleaned(title: str) -> str:
    """A title without m/v, hours, level, place and agency talk."""
    return " ".join(_LEVEL.sub(" ", bare(title)).split())


def bare(title: str) -> str:
    """As `cleaned`, but with the level it may hold."""
    text = _TAIL.sub("", _BRACKET.sub(" ", _GENDER.sub("", title))).lower()
    return _OPENING.sub("", " ".join(_NOISE.sub(" ", _HOURS.sub(" ", text)).split()))


def simplified(title: str) -> str:
    """Lower case, hyphens as spaces, & as en, single spaces."""
    return " ".join(_WORDS.sub(" ", title.lower()).replace("-", " ").replace("&", " en ").split()).strip(" ./'")
