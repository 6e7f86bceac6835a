"""Skill mentions: forms of the vocabulary in a text, verb-object pairs, and parts of split compounds; what is only offered,
denied or about the firm is kept as ignored, with the reason.

One pass of one automaton finds forms, headings and anchors of cues; only sentences that hold a form and an anchor are read
closer. The cues themselves are data: etl/enrich/cues.py; how forms vary: etl/enrich/forms.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from etl.enrich import cues, forms

# A full stop after an abbreviation is no end of a sentence.
_STOP = re.compile(
    r"[.!?](?:(?=\s|$)(?<!\bo\.a\.)(?<!\bm\.n\.)(?<!\be\.d\.)(?<!\be\.g\.)(?<!\bd\.w\.z\.)(?<!\bi\.c\.m\.)(?<!\bbijv\.)(?<!\bevt\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\bmin\.)"
    r"(?<!\bmax\.)(?<!\bca\.)(?<!\bnr\.))")
_CLOSED = re.compile(r"([^:?.,;]{0,40})[:?]")
_SENTENCE_END = re.compile(r"[.,;]\s*\w")
_SPLIT = re.compile(r"(?<![\w-])(\w{2,24})-(?=\s?(?:en|of|,|/|&|and|or)\s{0,1}(?:en |of )?(?:\w{2,24}-(?:\s?,|\s?en|\s?of)\s)?)(?:\s?(?:en|of|,|/|&|and|or)\s?(?:en |of )?)(?:\w{2,24}-\s?(?:,|en|of)?\s?)?(\w{4,40})")
_TOKEN = re.compile(r"[^\W_][\w'’]*")
_CLAUSE_END = re.compile(r"[.;:!?\n(]")
_FORM, _HEADING, _ANCHOR, _NICE = 0, 1, 2, 3
ASKED, OFFER, COMPANY, PROCEDURE = "", "benefit", "company", "footer"
HEADINGS = {
    **dict.fromkeys(cues.PROCEDURE_HEADINGS, PROCEDURE), **dict.fromkeys(cues.COMPANY_HEADINGS, COMPANY), **dict.fromkeys(cues.OFFER_HEADINGS, OFFER),
    **dict.fromkeys(cues.REQUEST_HEADINGS, ASKED),
}
GENERIC = "generic"  # as a skill id: a word that looks like a skill and is none
CASE_MATTERS_UP_TO = 8  # letters; longer forms with capitals ("BIG-registratie") are clear in any case
REACH = 5  # words between a verb and its object
# Confidence by the way a mention was found; measured on the development set (docs/methodology.md).
LITERAL, ABBREVIATION, ONE_WORD, SPLIT, GLUED, PAIR, WIDE = 0.95, 0.9, 0.9, 0.85, 0.8, 0.8, 0.7


class Mention(NamedTuple):
    """A skill in a text: offsets into the text that was read, -1 when it stands in the title only. `asked`: under a heading that asks."""

    skill: str
    start: int
    end: int
    required: bool
    confidence: float
    asked: bool


class Ignored(NamedTuple):
    """What looks like a skill and is not asked for; `why`: negation, benefit, company, footer or generic."""

    start: int
    end: int
    why: str


def case_matters(form: str) -> bool:
    """True for abbreviations such as VCA, BIG, TIG: in small letters they may be other words."""
    return len(form) <= CASE_MATTERS_UP_TO and sum(map(str.isupper, form)) >= 2


class SkillMatcher:
    """Forms -> skill ids, longest first. Abbreviations match in their own case only. Can be pickled.

    `wide`: forms that nobody wrote for this purpose (labels of a classification); trusted less and without pairs.
    """

    def __init__(self, own: Mapping[str, str], wide: Mapping[str, str] | None = None) -> None:
        self._given = (dict(own), dict(wide or {}))
        self._exact: dict[str, dict[str, str]] = {}
        self._folded: dict[str, str] = {}
        self._wide: set[str] = set()
        self._verbs: dict[str, list[str]] = {}
        self._parted: dict[str, list[tuple[str, str]]] = {}
        self._objects: dict[str, dict[str, str]] = {}
        for form, skill in own.items():
            self._add(form, skill)
            self._add_pair(form, skill)
        for word in cues.GENERIC_WORDS:
            self._folded.setdefault(word, GENERIC)
        for form, skill in (wide or {}).items():
            if form.lower() not in self._folded:
                self._wide.add(form.lower())
                self._add(form, skill)
        self._patterns = sorted({*self._exact, *self._folded})
        self._kinds = [_FORM] * len(self._patterns)
        for kind, words in ((_HEADING, HEADINGS), (_ANCHOR, cues.ANCHORS), (_NICE, cues.NICE)):
            self._patterns.extend(words)
            self._kinds.extend([kind] * len(list(words)))
        self._machine = AhoCorasick(self._patterns)

    def __reduce__(self) -> tuple[Any, ...]:
        return SkillMatcher, self._given

    def _add(self, form: str, skill: str) -> None:
        if case_matters(form):
            self._exact.setdefault(form.lower(), {}).setdefault(form, skill)
            return
        for spelling in forms.spellings(form.lower()):
            self._folded.setdefault(spelling, skill)

    def _add_pair(self, form: str, skill: str) -> None:
        pair = forms.pair_of(form)
        if not pair:
            return
        verb, thing = pair
        if verb not in self._objects:
            for word in forms.inflections(verb):
                self._verbs.setdefault(word, []).append(verb)
            parts = forms.separable(verb)
            if parts:
                for word in forms.inflections(parts[1]):
                    self._parted.setdefault(word, []).append((parts[0], verb))
        self._objects.setdefault(verb, {}).setdefault(thing, skill)

    # --- reading ----------------------------------------------------------------------------------------------
    def read(self, title: str, text: str) -> tuple[list[Mention], list[Ignored]]:
        """All mentions in order of appearance (those of the title only last), and what was ignored."""
        folded = lowered(text)
        found: list[tuple[int, int, int]] = []
        headings: list[tuple[int, int, int]] = []
        anchors: list[int] = []
        nice: list[int] = []
        kinds = self._kinds
        for index, start, end in self._machine.find_matches_as_indexes(folded, overlapping=True):
            kind = kinds[index]
            if kind == _FORM:
                found.append((start, -end, index))
            elif kind == _ANCHOR:
                anchors.append(start)
            elif kind == _HEADING:
                headings.append((start, -end, index))
            else:
                nice.append(start)
        hits = self._hits(found, text, folded)
        hits += self._split_compounds(folded)
        hits = self._with_pairs(hits, folded)
        page = _Page(folded, self._sections(headings, folded), sorted(anchors), sorted(nice))
        mentions: list[Mention] = []
        ignored: list[Ignored] = []
        for start, end, skill, confidence in hits:
            why = GENERIC if skill == GENERIC else page.why_not(start)
            if why:
                ignored.append(Ignored(start, end, why))
            else:
                mentions.append(Mention(skill, start, end, page.required(start), confidence, page.asked(start)))
        known = {m.skill for m in mentions}
        for skill, confidence in self._in_title(title):
            if skill not in known and skill != GENERIC:
                known.add(skill)
                mentions.append(Mention(skill, -1, -1, True, confidence, True))
        return mentions, ignored

    def find(self, title: str, text: str) -> list[tuple[str, int, int]]:
        """(skill id, start, end) of the first counted mention per skill; -1, -1 for one only in the title."""
        first: dict[str, tuple[str, int, int]] = {}
        for m in self.read(title, text)[0]:
            first.setdefault(m.skill, (m.skill, m.start, m.end))
        return list(first.values())

    def _in_title(self, title: str) -> list[tuple[str, float]]:
        folded = lowered(title)
        kinds = self._kinds
        found = [(s, -e, i) for i, s, e in self._machine.find_matches_as_indexes(folded, overlapping=True) if kinds[i] == _FORM]
        return [(skill, confidence) for _, _, skill, confidence in self._hits(found, title, folded)] if found else []

    def _hits(self, found: list[tuple[int, int, int]], text: str, folded: str) -> list[tuple[int, int, str, float]]:
        """Whole words (or with a tail that adds nothing: lasdiploma, excelkennis); of overlapping forms the leftmost, of those the longest."""
        found.sort()
        hits, free, size = [], 0, len(folded)
        for start, negative, index in found:
            end = -negative
            if start < free or (start and folded[start - 1].isalnum()):
                continue
            form = self._patterns[index]
            glued = end < size and folded[end].isalnum()
            if glued:
                tail = cues.TAIL.match(folded, end)
                if not tail or len(form) < 4 or form in self._wide:
                    continue
                end = tail.end()
            skill = self._exact[form].get(text[start:start + len(form)]) if form in self._exact else None
            confidence = ABBREVIATION if skill else GLUED if glued else WIDE if form in self._wide else LITERAL if " " in form else ONE_WORD
            skill = skill or self._folded.get(form)
            if skill and not (glued and skill == GENERIC):
                hits.append((start, end, skill, confidence))
                free = end
        return hits

    def _split_compounds(self, folded: str) -> list[tuple[int, int, str, float]]:
        """The first part of 'klant- en oplossingsgericht': whatever completes it with an end of the second word."""
        if "- " not in folded and "-/" not in folded and "-," not in folded:
            return []
        hits = []
        for found in _SPLIT.finditer(folded):
            head, tail = found[1], found[2]
            for cut in range(1, len(tail) - 2):
                skill = self._folded.get(head + tail[cut:]) or self._folded.get(f"{head}-{tail[cut:]}")
                if skill and skill != GENERIC:
                    hits.append((found.start(1), found.end(1) + 1, skill, SPLIT))
                    break
        return hits

    def _with_pairs(self, hits: list[tuple[int, int, str, float]], folded: str) -> list[tuple[int, int, str, float]]:
        """The hits and, where none stands yet, verbs with their object in one clause; by offset."""
        hits.sort()
        taken = [start for start, _, _, _ in hits]
        until = [end for _, end, _, _ in hits]
        tokens = list(_TOKEN.finditer(folded))
        words = [t.group() for t in tokens]
        added: list[tuple[int, int, str, float]] = []
        for at, word in enumerate(words):
            if word in self._verbs:
                verbs: Iterable[str] = self._verbs[word]
            elif word in self._parted:
                near = set(words[at + 1:at + 9]) | ({words[at - 2]} if at > 1 and words[at - 1] == "te" else set())
                verbs = [verb for particle, verb in self._parted[word] if particle in near]
            else:
                continue
            for verb in verbs:
                partner = self._partner(verb, at, words, tokens, folded)
                if partner is None:
                    continue
                skill, other = partner
                start, end = min(tokens[at].start(), tokens[other].start()), max(tokens[at].end(), tokens[other].end())
                position = bisect_right(taken, start) - 1
                clear = (position < 0 or until[position] <= start) and (position + 1 >= len(taken) or taken[position + 1] >= end)
                if clear and not (added and added[-1][1] > start):
                    added.append((start, end, skill, PAIR))
                    break
        return sorted([*hits, *added]) if added else hits

    def _partner(self, verb: str, at: int, words: list[str], tokens: list[re.Match[str]], folded: str) -> tuple[str, int] | None:
        things = self._objects[verb]
        for distance in range(1, REACH + 1):
            for other in (at - distance, at + distance):
                if 0 <= other < len(words):
                    skill = things.get(forms.noun_key(words[other]))
                    if skill:
                        left, right = min(at, other), max(at, other)
                        if not _CLAUSE_END.search(folded, tokens[left].end(), tokens[right].start()):
                            return skill, other
        return None

    def _sections(self, headings: list[tuple[int, int, int]], folded: str) -> list[tuple[int, str]]:
        """(offset, kind) of the headings, ascending. A later heading ends the section of the one before."""
        sections: list[tuple[int, str]] = []
        free = 0
        for start, negative, index in sorted(headings):
            if start >= free and is_heading(folded, start, -negative):
                sections.append((start, HEADINGS[self._patterns[index]]))
                free = -negative
        return sections


class _Page:
    """The text of an advert with its sections and sentences, to ask of any offset whether what stands there is asked for."""

    def __init__(self, folded: str, sections: list[tuple[int, str]], anchors: list[int], nice: list[int]) -> None:
        self._folded = folded
        self._sections = sections
        self._starts = [start for start, _ in sections]
        self._anchors = anchors
        self._nice = nice
        self._ends: dict[int, list[int]] = {}  # of the lines that were looked into, by their begin

    def why_not(self, at: int) -> str | None:
        """Why what stands here is not asked for, or None."""
        position = bisect_right(self._starts, at) - 1
        kind = self._sections[position][1] if position >= 0 else ASKED
        if kind in (OFFER, PROCEDURE):
            return kind
        left, right = self._line(at)
        if kind == ASKED and not _any_between(self._anchors, left, right):
            return None
        left, right = self._sentence(at, left, right)
        if kind == COMPANY and not cues.REQUEST.search(self._folded, left, right):
            return COMPANY  # about the firm, unless the sentence speaks of the reader
        if not _any_between(self._anchors, left, right):
            return None
        why = cues.not_asked(self._folded[left:right], at - left)
        return OFFER if why == "offer" else why

    def asked(self, at: int) -> bool:
        """True under a heading that asks for something, or in a sentence that does."""
        position = bisect_right(self._starts, at) - 1
        if position >= 0 and self._sections[position][1] == ASKED:
            return True
        left, right = self._sentence(at, *self._line(at))
        return cues.REQUEST.search(self._folded, left, right) is not None

    def required(self, at: int) -> bool:
        """False where the sentence calls it welcome rather than needed."""
        if not self._nice:
            return True
        left, right = self._sentence(at, *self._line(at))
        return not _any_between(self._nice, left, right)

    def _line(self, at: int) -> tuple[int, int]:
        end = self._folded.find("\n", at)
        return self._folded.rfind("\n", 0, at) + 1, end if end >= 0 else len(self._folded)

    def _sentence(self, at: int, left: int, right: int) -> tuple[int, int]:
        if left not in self._ends:
            self._ends[left] = [m.end() for m in _STOP.finditer(self._folded, left, right)]
        ends = self._ends[left]
        position = bisect_right(ends, at)
        return ends[position - 1] if position else left, ends[position] if position < len(ends) else right


def _any_between(offsets: list[int], left: int, right: int) -> bool:
    first = bisect_left(offsets, left)
    return first < len(offsets) and offsets[first] < right


def is_heading(folded: str, start: int, end: int) -> bool:
    """True when a heading cue stands as a heading: alone on its line, whatever signs surround it.

    A cue of several words may be followed by up to three more words ("wat bieden wij jou nu nog") and, closed by a colon or
    question mark, by text on the same line; at the start of a sentence it may then also stand in running text ("... Wat bieden
    wij? Een goed salaris"). One word with a colon is no heading when text follows: "Acquisitie: daar ben je goed in".
    """
    size = len(folded)
    if start and folded[start - 1] != "\n" and (folded[start - 1].isalnum() or (start > 1 and (folded[start - 2].isalnum() or folded[start - 2] == ","))):
        return False  # in the middle of a sentence: most of them, so this comes first
    if end < size and folded[end].isalnum():
        return False
    line_end = folded.find("\n", end)
    rest = folded[end:line_end if line_end >= 0 else size]
    before = folded[folded.rfind("\n", 0, start) + 1:start]
    leads = not any(map(str.isalnum, before))
    if " " not in folded[start:end]:
        return leads and not any(map(str.isalnum, rest))
    closed = _CLOSED.match(rest)
    if closed and len(closed[1].split()) <= 3:
        return leads or before.rstrip()[-1:] in (".", "!", "?", ":")
    return leads and len(rest) < 60 and not _SENTENCE_END.search(rest) and len(rest.split()) <= 3


def lowered(text: str) -> str:
    """Lower case of exactly the same length, so that offsets hold (the small form of some letters is longer)."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
