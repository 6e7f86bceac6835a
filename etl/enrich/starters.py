"""Whether somebody straight from school suits: years of experience that are asked, and the rule that decides.

The rules are a table (warehouse/reference/starters.csv): the first that applies decides. Silence never excludes a starter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORDS = {
    "een": 1, "één": 1, "eén": 1, "one": 1, "a": 1, "twee": 2, "two": 2, "paar": 2, "enkele": 2, "enige": 2, "few": 2, "drie": 3, "three": 3, "meerdere": 3, "several": 3, "vier": 4, "four": 4,
    "vijf": 5, "five": 5, "zes": 6, "zeven": 7, "acht": 8, "tien": 10, "ten": 10,
}
MOST = 12  # more years than this are those of a firm, not asked of a person
_NUMBER = r"(\d{1,2}|" + "|".join(WORDS) + r")"
_YEARS = re.compile(
    rf"\b{_NUMBER}(?:\s?(?:-|–|tot|à|of|to)\s?(?:\d{{1,2}}|{'|'.join(WORDS)}))?\+?\s?(?:jaar|jaren|year'?s?|years’?)\b(?:[^.!?\n;]{{0,40}}?)(?:ervaring|experience)"
    rf"|(?:ervaring|experience)\b(?:[^.!?\n;]{{0,30}}?)(?<!afgelopen )\b{_NUMBER}\+?\s?(?:jaar|jaren|years?)\b", re.IGNORECASE)
_RIPE = re.compile(r"\b(?:ruime|meerjarige|jarenlange|uitgebreide|extensive) (?:\w+ )?(?:werk)?(?:ervaring|experience)", re.IGNORECASE)
_FIRM = re.compile(r"\b(?:wij|we|ons|onze|het bedrijf|our|al)\b[^.!?\n;]{0,60}$|\bmeer dan $", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:zoeken|vragen|verwachten|vinden|looking|ask|expect|jij|je|you)\b", re.IGNORECASE)
_UNASKED = re.compile(r"(?:geen|niet|zonder|no|not)\b[^.!?\n;]{0,12}$|^[^.!?\n;]{0,25}(?:niet (?:nodig|vereist|noodzakelijk)|geen (?:vereiste|must|eis))", re.IGNORECASE)
_OPEN = re.compile(
    r"\bstarters?\b(?! ?(?:motor|kit|pakket))|\bschoolverlaters?\b|\b(?:net|pas|recent) afgestudeerd|\b(?:geen|zonder|no|without) (?:werk)?(?:ervaring|experience)\b|"
    r"\bervaring is (?:niet (?:nodig|vereist|noodzakelijk)|geen (?:vereiste|must|eis))|\brecent graduates?\b", re.IGNORECASE)
_CLOSED = re.compile(r"\bgeen (?:functie|plek|rol|baan) voor (?:een )?starters?|\bniet (?:geschikt )?voor starters|\bstarters? (?:kunnen|komen) (?:helaas )?niet", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:senior|sr|medior|hoofd|lead|directeur|director|head of)\b", re.IGNORECASE)
_JUNIOR = re.compile(r"\bjunior\b|\bmedior ?/ ?junior", re.IGNORECASE)
RIPE_CUES = ("uime", "rige", "itgebreide", "xtensive")
NEAR = 130  # characters around "ervaring" in which years are looked for
_END = re.compile(r"[.!?\n;]")
CUES = ("tarter", "choolverlater", "afgestudeerd", "een ervaring", "onder ervaring", "rvaring is ", "een werkervaring", "onder werkervaring", "o experience", "out experience", "graduate")


@dataclass(frozen=True)
class Rule:
    """One rule of the table: its name, its limit in years where it has one, and whether a starter suits when it applies."""

    name: str
    limit: float | None
    suitable: bool


def rules_of(rows: Sequence[dict[str, str]]) -> tuple[Rule, ...]:
    """Rules in order of position, from rows of warehouse/reference/starters.csv. Raises ValueError for a rule nobody knows."""
    made = tuple(Rule(r["rule"], float(r["limit"]) if r["limit"] else None, r["suitable"] == "yes") for r in sorted(rows, key=lambda r: int(r["position"])))
    for rule in made:
        if rule.name not in ("open", "title", "years", "otherwise") or (rule.name == "years") != (rule.limit is not None):
            raise ValueError(f"starters.csv: rule {rule.name!r} with limit {rule.limit} is not known")
    if not made or made[-1].name != "otherwise":
        raise ValueError("starters.csv: the last rule must be 'otherwise'")
    return made


def years_asked(text: str) -> float | None:
    """Years of experience a text asks at least: the largest of what it asks; None when it asks none or does not say how many."""
    found: list[float] = []
    ripe = False
    spots = [at for cue in ("rvaring", "xperience") for at in _places(text, cue)]
    for at in spots:
        near = text[max(0, at - NEAR):at + NEAR]
        ripe = ripe or bool(any(cue in near for cue in RIPE_CUES) and _RIPE.search(near))
        if "ja" not in near and "year" not in near:
            continue
        for match in _YEARS.finditer(near):
            written = (match[1] or match[2]).lower()
            years = float(written) if written.isdigit() else float(WORDS[written])
            sentence = _END.split(near[:match.start()])[-1]
            asks = not (_FIRM.search(sentence) and not _ASKS.search(sentence)) and not _UNASKED.search(sentence) and not _UNASKED.search(near[match.end():match.end() + 45])
            if 0 < years <= MOST and asks:
                found.append(years)
    return max(found, default=3.0 if ripe else None)


def _places(text: str, wanted: str) -> list[int]:
    found, at = [], text.find(wanted)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def suits(title: str, text: str, years: float | None, rules: Sequence[Rule]) -> tuple[bool, str]:
    """(a starter suits, name of the rule that decided)."""
    for rule in rules:
        if rule.name == "open" and any(cue in text for cue in CUES) and _OPEN.search(text) and not _CLOSED.search(text) and (years is None or years <= 2):
            return rule.suitable, rule.name
        if rule.name == "title" and _TITLE.search(title) and not _JUNIOR.search(title):
            return rule.suitable, rule.name
        if rule.name == "years" and rule.limit is not None and years is not None and years > rule.limit:
            return rule.suitable, rule.name
        if rule.name == "otherwise":
            return rule.suitable, rule.name
    raise ValueError("the rules must end with 'otherwise'")
