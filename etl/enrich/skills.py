"""Skill mentions by matching labels and forms with word boundaries; what is only offered, denied or about the firm is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

# Cues are data: headings that open a section, and words that make a sentence not a request.
SKIP_SECTIONS = (
    "wat bieden wij", "wij bieden", "dit bieden wij", "ons aanbod", "wat krijg je", "dit krijg je", "arbeidsvoorwaarden", "what we offer", "we offer",
    "over ons", "wie zijn wij", "over de organisatie", "over het bedrijf", "over de opdrachtgever", "bedrijfsprofiel", "waar kom je te werken", "jouw werkplek", "about us",
    "about the company", "solliciteren", "sollicitatie", "interesse", "contact", "procedure", "how to apply", "acquisitie", "meer weten",
)
KEEP_SECTIONS = (
    "wat ga je doen", "dit ga je doen", "functieomschrijving", "functie-inhoud", "taken", "jouw taken", "werkzaamheden", "de functie", "jouw rol", "wat vragen wij",
    "dit vragen wij", "wij vragen", "functie-eisen", "functieeisen", "jouw profiel", "wie ben jij", "wat breng je mee", "dit neem je mee", "profiel", "eisen", "your profile",
    "requirements", "responsibilities", "your role", "what you will do", "what we ask",
)
NEGATION = re.compile(
    r"\b(niet (nodig|vereist|noodzakelijk|verplicht|van belang)|geen (\w+ ){0,4}(nodig|vereist|ervaring)|hoeft? (\w+ ){0,4}niet|hoef je (\w+ ){0,6}niet|not required|no \w+ (required|needed)|is geen vereiste)\b")
OFFER = re.compile(
    r"\b(je krijgt|krijg je|u krijgt|wij bieden|we bieden|bieden wij|bieden we|wij betalen|we betalen|wij vergoeden|op onze kosten|ontvang je|leren we je|leren wij je|leer je bij ons|"
    r"mogelijkheid om (je|een|de)|cursus(sen)? (volgen|aangeboden|te volgen)|opleidingsmogelijkheden|we offer|you will receive|training in)\b")
COMPANY = re.compile(r"\b(marktleider|zijn wij (een|dé|de)|wij zijn (een|dé|hét|al)|is een (familiebedrijf|toonaangevende)|onze (klanten|producten|missie)|opgericht in|sinds (19|20)\d\d)\b")
NOT_ASKED = re.compile("|".join(cue.pattern for cue in (NEGATION, OFFER, COMPANY)))
_EDGE = re.compile(r"[0-9A-Za-zÀ-ÿ]")


class SkillMatcher:
    """Forms -> skill ids, matched longest first. Forms with two or more capitals match in that case only."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for form, skill in forms.items():
            short = sum(c.isupper() for c in form) >= 2 and len(form) <= 8
            (self._exact if short else self._folded).setdefault(form if short else form.lower(), skill)
        self._folded_forms = list(self._folded)
        self._exact_forms = list(self._exact)
        kind = MatchKind.LeftmostLongest
        self._folded_machine = AhoCorasick(self._folded_forms, matchkind=kind) if self._folded_forms else None
        self._exact_machine = AhoCorasick(self._exact_forms, matchkind=kind) if self._exact_forms else None

    def find(self, title: str, text: str) -> list[tuple[str, int, int]]:
        """(skill id, start, end) of the first counted mention per skill; -1, -1 for one only in the title."""
        found: dict[str, tuple[int, int]] = {}
        hits = sorted(self._hits(text))
        spans = skipped(text, [h[0] for h in hits]) if hits else []
        position = 0
        for start, end, skill in hits:
            while position < len(spans) and spans[position][1] <= start:
                position += 1
            if position < len(spans) and spans[position][0] <= start:
                continue
            found.setdefault(skill, (start, end))
        for _, _, skill in self._hits(title):
            found.setdefault(skill, (-1, -1))
        return [(skill, start, end) for skill, (start, end) in found.items()]

    def _hits(self, text: str) -> list[tuple[int, int, str]]:
        hits = []
        folded = text.lower()
        if len(folded) != len(text):  # a letter whose lower case is longer would shift offsets
            folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        for machine, forms, table, subject in (
            (self._folded_machine, self._folded_forms, self._folded, folded), (self._exact_machine, self._exact_forms, self._exact, text),
        ):
            if machine is None:
                continue
            for index, start, end in machine.find_matches_as_indexes(subject):
                if (start and _EDGE.match(subject[start - 1])) or (end < len(subject) and _EDGE.match(subject[end])):
                    continue
                hits.append((start, end, table[forms[index]]))
        return hits


def skipped(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Spans whose mentions do not count, ascending: sections on the offer, the firm and the procedure; denials; offers.

    Only sentences that hold one of `starts` (ascending offsets of mentions) are looked into.
    """
    spans: list[tuple[int, int]] = []
    inside, at, offset = False, 0, 0
    for line in text.split("\n"):
        end = offset + len(line)
        if len(line) < 46:
            heading = line.strip().rstrip(":?!. ").lower()
            if heading.startswith(SKIP_SECTIONS):
                inside = True
            elif heading.startswith(KEEP_SECTIONS):
                inside = False
        if inside:
            if spans and spans[-1][1] == offset - 1:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((offset, end))
        while at < len(starts) and starts[at] < end:
            if not inside:
                left = max(text.rfind(stop, offset, starts[at]) for stop in ".!?") + 1
                left = max(left, offset)
                rights = [r for r in (text.find(stop, starts[at], end) for stop in ".!?") if r >= 0]
                right = min(rights) + 1 if rights else end
                if NOT_ASKED.search(text[left:right].lower()):
                    spans.append((left, right))
                while at < len(starts) and starts[at] < right:
                    at += 1
            else:
                at += 1
        offset = end + 1
    return spans
