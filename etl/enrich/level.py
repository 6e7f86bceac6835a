"""Requested education level, hours a week, and whether an advert offers a learning place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from etl.enrich.cues import not_asked
from etl.enrich.scan import lowered

LEVELS = ("mbo1", "mbo2", "mbo3", "mbo4", "mbo", "hbo", "wo")  # in the order in which one suffices for the next
FULL_TIME = (36.0, 40.0)
# A text without any of these says nothing about the level.
CUES = ("mbo", "hbo", "niveau", "wo-", "/wo", "of wo", "bachelor", "master", "degree", "universit", "academisch", "vocational")
REMEMBERED = 20_000  # sentences: employers repeat theirs
ENDS = (".", "!", "?", "\n")

_MORE = r"(?:\s?(?:/|-|–|,|&|\+|\bof\b|\ben\b|\ben/of\b|\btot(?: en met)?\b|t/m|à)\s?(?:mbo[ -]?)?(?:niveau )?[1-5](?![\d.,]\d|\d))"
_NUMBER = re.compile(
    r"\b(?:mbo\+?(?:[ -]?(?:werk- en denk)?niveau|[ -]?opleiding,? niveau|[ -]?diploma,? niveau|[ -]n(?:iv\.?)?)?|(?<!taal)niveau|niv\.?|(?:entree|bol|bbl)[ -]niveau)[ :-]{0,2}"
    rf"([1-5])(?![\d.,]\d|\d|e\b)({_MORE}*)(?!\s?(?:jaar|jaren|uur|fte|dagen|maanden|years))")
_WORDS = re.compile(
    r"(?<!\w)(?P<mbo>mbo|vocational (?:education|training|degree|level))\b|(?<!\w)(?P<hbo>hbo|bachelor|associate degree|post-?hbo)\b"
    r"|(?P<wo>\bwo[- ]?(?:niveau|opleiding|werk|denk|diploma|master|studie|geschoold)\w*|\bmaster(?:'s)?[ -]?(?:degree|diploma|opleiding|niveau|of science)|\buniversitaire?\b|\bacademisch\b|\buniversity degree)")
_CONTEXT = re.compile(r"niveau|diploma|werk- en denk|opleiding|geschoold|afgeronde?|minimaal|minstens|level|degree|education|achtergrond|gevraagd")
_OF_OTHERS = re.compile(r"[- ]?(?:student|leerling|docent|school|instelling|onderwijs|stagiair|team)")  # "je begeleidt mbo-studenten"
_LOWER = re.compile(r"\bv?mbo[- ]?t\b|\bvmbo\b|\bmavo\b|\bhavo\b|\bvwo\b|\blbo\b|\bgymnasium\b|middelbare school|basisonderwijs|geen opleiding|high school|lagere school|\blts\b")
_FIELD = (("mbo", re.compile(r"\bmbo\b|vocational|\bprofessional certificate\b")), ("hbo", re.compile(r"\bhbo\b|bachelor|associate degree")),
          ("wo", re.compile(r"\bwo\b|\bmaster\b|\buniversit\w+|\bacademisch\b|\bdrs\b|\bpostgraduate\b")))
_LEARNING = re.compile(
    r"(?<![\w-])(?:stages?|stagiaire?s?|\w*stage(?:plek|plaats|opdracht)\w*|(?:afstudeer|meewerk|meeloop|snuffel)stage|leerbaan|leerwerkplek|leerwerkplaats|leerwerkbaan"
    r"|bbl(?:-?(?:traject|opleiding|leerling|plek|baan|student))?|werken en leren|leren en werken|leerling|internship|werk-leertraject|leerwerktraject|apprentice|apprenticeship)\b"
    r"(?!-| ?(?:begeleid|co[öo]rdinat|docent|adviseur|manager|praktijkopleid))", re.IGNORECASE)
_GUIDING = re.compile(r"\b(?:begeleider|co[öo]rdinator|docent|praktijkopleider|adviseur|praktijkbegeleider|leermeester|werkbegeleider)\b", re.IGNORECASE)
_LEARNING_TEXT = re.compile(
    r"\b(?:stagevergoeding|deze stage|tijdens (?:je|jouw|de) stage|als stagiaire?|deze leerbaan|(?:je|jij) (?:volgt|gaat) (?:\w+ ){0,3}bbl-?(?:opleiding|traject)|this internship)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"(?<![\d.,€])(?:(\d{1,2})(?:[.,]\d)?\s?(?:-|–|—|/|tot(?: en met)?|t/m|à|a|to)\s?)?(\d{1,2})(?:[.,]\d)?[ -]?(?:uur|uren|u\b|hours?|hrs)"
    r"(?!\s?(?:per|a) (?:nacht|maand|jaar|month)|szorg|sdienst|-|\s?bereikbaar|\s?(?:van tevoren|later|reactie))(\s*(?:per week|p/w|pw|/ ?week|in de week|a week|werkweek|contract)|\s?(?:per|a) (?:dag|day))?",
    re.IGNORECASE)
UNITS = ("uur", "uren", "hour", "hrs")
LEARNING_CUES = ("stage", "stagiair", "bbl", "leerbaan", "internship")
_SHORT_UNIT = re.compile(r"(?<=[\d )-])u(?![^\W\d_])", re.IGNORECASE)
_NO_WEEK = re.compile(r"(?:binnen|na|om|vanaf|tot|elke|iedere|minder dan|within|na ongeveer)\s$", re.IGNORECASE)
_FULL_CUES = ("ull", "ULL", "ltijd", "LTIJD")
_FULL = re.compile(r"\bfull[- _]?time\b|\bvoltijds?\b", re.IGNORECASE)


def level(education: str | None, text: str, title: str = "", cues: Sequence[int] | None = None) -> str:
    """Requested level: mbo1, mbo2, mbo3, mbo4, mbo, hbo, wo or none.

    The education field decides when it says anything; otherwise title and text, where sentences that deny or offer
    something do not count. Of several levels the lowest counts, for it suffices. vmbo, havo and vwo ask for no mbo level.
    `cues`: offsets of CUES in the text, where the caller has them; the text is in lower case then.
    """
    written = (education or "").lower()
    if written.strip():
        found = _in_field(written)
        if found:
            return found
    sentences = _telling(title.lower())
    if cues is None or cues:
        sentences += _telling(lowered(text) if cues is None else text, cues)
    return _in_sentences(list(dict.fromkeys(sentences)))


def _telling(folded: str, cues: Sequence[int] | None = None) -> list[str]:
    """The sentences that hold a cue and ask for something."""
    found: dict[str, None] = {}
    done = -1
    for at in _places(folded, CUES) if cues is None else cues:
        if at < done:
            continue
        left = max(folded.rfind(stop, 0, at) for stop in ENDS) + 1
        right = done = min((p for p in (folded.find(stop, at) for stop in ENDS) if p >= 0), default=len(folded))
        begin = max(left, at - 300)
        sentence = folded[begin:min(right, at + 300)]
        if sentence not in found and _is_asked(sentence, at - begin):
            found[sentence] = None
    return list(found)


def _places(folded: str, wanted: Iterable[str]) -> list[int]:
    """Offsets of all of these, ascending."""
    found = []
    for cue in wanted:
        at = folded.find(cue)
        while at >= 0:
            found.append(at)
            at = folded.find(cue, at + 1)
    return sorted(found)


def _in_field(written: str) -> str | None:
    numbers = [n for found in _NUMBER.finditer(written) for n in _numbers(found)]
    if numbers:
        return _named(numbers)
    bare = _LOWER.sub(" ", written)
    return next((name for name, pattern in _FIELD if pattern.search(bare)), "none" if bare != written else None)


@lru_cache(REMEMBERED)
def _is_asked(sentence: str, at: int) -> bool:
    return not_asked(sentence, at) is None


def _in_sentences(sentences: list[str]) -> str:
    strong: set[str] = set()
    weak: set[str] = set()
    for sentence in sentences:
        clear, vague = _levels(sentence)
        strong |= clear
        weak |= vague
    return next((name for names in (strong, weak) for name in LEVELS if name in names), "none")


@lru_cache(REMEMBERED)
def _levels(sentence: str) -> tuple[frozenset[str], frozenset[str]]:
    """Levels that a sentence names, and those that it may name."""
    strong = {_named(_numbers(found)) for found in _NUMBER.finditer(sentence)}
    weak: set[str] = set()
    for found in _WORDS.finditer(sentence):
        name = "wo" if found["wo"] else "hbo" if found["hbo"] else "mbo"
        if name == "wo" or not _OF_OTHERS.match(sentence, found.end()):
            near = sentence[max(0, found.start() - 40):found.end() + 40]
            (strong if name == "wo" or _CONTEXT.search(near) else weak).add(name)
    return frozenset(strong), frozenset(weak)


def _numbers(found: re.Match[str]) -> list[int]:
    return [int(found.group(1)), *(int(n) for n in re.findall(r"[1-5]", found.group(2) or ""))]


def _named(numbers: list[int]) -> str:
    mbo = [n for n in numbers if n < 5]
    if not mbo:
        return "hbo"
    return f"mbo{min(mbo)}"


def hours(written: str | None, text: str, title: str = "", units: Sequence[int] | None = None) -> tuple[float | None, float | None]:
    """(lowest, highest) hours a week, or (None, None) where not said. Values above 60 are no hours a week.

    The contract field first, then the title, then the text, where "binnen 24 uur" and "24 uur per dag" are no hours a week.
    `units`: offsets of UNITS in the text, where the caller has them.
    """
    for source, free in ((written or "", True), (title, True), (text[:6000], False)):
        if not source:
            continue
        if units is not None and not free:
            places: Sequence[int] = units
        else:
            places = _units(source, free) if "u" in source or "h" in source else ()
        if places:
            for at in places:
                found = _HOURS.search(source, max(0, at - 24), at + 24)
                if found is None:
                    continue
                low, high, unit = found.groups()
                values = sorted(float(v) for v in (low or high, high))
                if values[1] < 1 or values[1] > 60:
                    continue
                daily = bool(unit) and unit.strip()[-3:].lower() in ("dag", "day")
                alone = 8 <= values[0] <= 42 and not _NO_WEEK.search(source, max(0, found.start() - 14), found.start())
                if free or (not daily and (unit or low or alone)):
                    return values[0], values[1]
        if any(cue in source for cue in _FULL_CUES) and _FULL.search(source):
            return FULL_TIME
    return None, None


def _units(source: str, short: bool) -> list[int]:
    """Offsets of words for hours, ascending; `short`: also of a lone 'u'."""
    folded = lowered(source)
    alone = [m.start() for m in _SHORT_UNIT.finditer(folded)] if short else []
    return sorted([*alone, *_places(folded, UNITS)])


def learning_place(title: str, contract: str | None = None, text: str = "", cues: Sequence[int] | None = None) -> bool:
    """True when an internship or a work-study place is offered, which is no job.

    Title and contract field decide; the text only where it says so outright. Who guides trainees has a job. `cues`: offsets of
    LEARNING_CUES in the text, where the caller has them.
    """
    folded = title.lower()
    found = _LEARNING.search(title) if any(cue in folded for cue in ("stag", "leer", "ler", "bbl", "intern", "apprentice")) else None
    if found:
        return not _GUIDING.search(title, 0, found.start())  # "docent bbl" has a job, "leerling adviseur" has not
    if contract and (_LEARNING.search(contract) or "INTERN" in contract.split()):
        return True
    for at in _places(lowered(text), LEARNING_CUES) if cues is None else cues:
        if _LEARNING_TEXT.search(text, max(0, at - 80), at + 30):
            return True
    return False
