"""Skill mentions: forms of the vocabulary in a text, verb-object pairs, and parts of split compounds; what is only offered,
denied or about the firm is kept as ignored, with the reason.

One pass of one automaton finds forms, headings and anchors of cues; only sentences that hold a form and an anchor are read
closer. The cues themselves are data: etl/enrich/cues.py; how forms vary: etl/enrich/forms.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from etl.enrich import cues, forms, phrases

# A full stop after an abbreviation is no end of a sentence.
_STOP = re.compile(
    r"[.!?](?:(?=\s|$)(?<!\bo\.a\.)(?<!\bm\.n\.)(?<!\be\.d\.)(?<!\be\.g\.)(?<!\bd\.w\.z\.)(?<!\bi\.c\.m\.)(?<!\bbijv\.)(?<!\bevt\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\bmin\.)"
    r"(?<!\bmax\.)(?<!\bca\.)(?<!\bnr\.))")
_CLOSED = re.compile(r"([^:?.,;]{0,40})[:?]")
_SENTENCE_END = re.compile(r"[.,;]\s*\w")
_AND = r"\s?(?:,|/|&|en|of|and|or)\s?(?:en |of )?"
_SPLIT = re.compile(rf"(?<![\w-])(\w{{2,24}})-{_AND}(?:\w{{2,24}}-{_AND})?(\w{{4,40}})")
_SPLIT_SIGNS = ("- en ", "- of ", "-, ", "-/", "- & ", "- and ", "- or ")
_WRITTEN = re.compile(r"\S+")
_SIGNS = ".,;:!?()[]{}\"'“”‘’«»<>*•·–—-_/&|+=%€$#@~^`\\…"
_CLAUSE_END = re.compile(r"[.;:!?\n(]")
_FORM, _HEADING, _ANCHOR, _NICE, _KNOWING = 0, 1, 2, 3, 4
ASKED, OFFER, COMPANY, PROCEDURE, NEGATION = "", "benefit", "company", "footer", "negation"
HEADINGS = {
    **dict.fromkeys(cues.PROCEDURE_HEADINGS, PROCEDURE), **dict.fromkeys(cues.COMPANY_HEADINGS, COMPANY), **dict.fromkeys(cues.OFFER_HEADINGS, OFFER),
    **dict.fromkeys(cues.REQUEST_HEADINGS, ASKED),
}
OWN = "own:"  # begin of the id of a skill that only has its own words
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
        self._actions = phrases.ActionVerbs()
        self._linker = phrases.Linker(own)
        for word in cues.GENERIC_WORDS:
            self._folded.setdefault(word, GENERIC)
        for form, skill in (wide or {}).items():
            if form.lower() not in self._folded:
                self._wide.add(form.lower())
                self._add(form, skill)
        self._active = frozenset({*self._verbs, *self._parted})
        self._patterns = sorted({*self._exact, *self._folded})
        self._kinds = [_FORM] * len(self._patterns)
        for kind, words in ((_HEADING, HEADINGS), (_ANCHOR, cues.ANCHORS), (_NICE, cues.NICE), (_KNOWING, phrases.KNOWING)):
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
    def read(self, title: str, text: str, phrases_too: bool = False) -> tuple[list[Mention], list[Ignored]]:
        """All mentions in order of appearance (those of the title only last), and what was ignored.

        `phrases_too`: tasks and knowledge in words that the vocabulary does not have, as skills that begin with OWN.
        """
        folded = lowered(text)
        found: list[tuple[int, int, int]] = []
        headings: list[tuple[int, int, int]] = []
        anchors: list[int] = []
        nice: list[int] = []
        known_after: list[int] = []
        kinds = self._kinds
        for index, start, end in self._machine.find_matches_as_indexes(folded, overlapping=True):
            kind = kinds[index]
            if kind == _FORM:
                found.append((start, -end, index))
            elif kind == _ANCHOR:
                anchors.append(start)
            elif kind == _HEADING:
                headings.append((start, -end, index))
            elif kind == _NICE:
                nice.append(start)
            else:
                known_after.append(end)
        hits = self._hits(found, text, folded)
        hits += self._split_compounds(folded)
        tokens = _Tokens(folded)
        hits = self._with_pairs(hits, folded, tokens)
        page = _Page(folded, self._sections(headings, folded), sorted(anchors), sorted(nice))
        mentions: list[Mention] = []
        ignored: list[Ignored] = []
        for start, end, skill, confidence in hits:
            spot = page.spot(start)
            why = GENERIC if skill == GENERIC else page.why_not(start, spot)
            if not why and not spot.asked and folded[start:end] in cues.SOFT_FORMS:
                continue
            if why:
                ignored.append(Ignored(start, end, why))
            else:
                mentions.append(Mention(skill, start, end, spot.required, confidence, spot.asked))
        known = {m.skill for m in mentions}
        for skill, confidence in self._in_title(title):
            if skill not in known and skill != GENERIC:
                known.add(skill)
                mentions.append(Mention(skill, -1, -1, True, confidence, True))
        if phrases_too:
            mentions.extend(self._phrases(hits, folded, tokens, page, known_after))
            mentions.sort(key=lambda m: (m.start < 0, m.start))
        return mentions, ignored

    def _phrases(self, hits: list[tuple[int, int, str, float]], folded: str, tokens: _Tokens, page: _Page, known_after: list[int]) -> list[Mention]:
        """Tasks and fields of knowledge in words of their own, where they are asked for and no form stands."""
        taken = [start for start, _, _, _ in hits]
        until = [end for _, end, _, _ in hits]
        made: list[Mention] = []
        free = -1
        for phrase in sorted([*phrases.tasks(tokens.words, tokens.starts, tokens.ends, folded, self._actions), *phrases.knowing(folded, known_after), *phrases.papers(tokens.words, tokens.starts, tokens.ends)], key=lambda p: (p.start, -p.end)):
            position = bisect_right(taken, phrase.start) - 1
            clear = (position < 0 or until[position] <= phrase.start) and (position + 1 >= len(taken) or taken[position + 1] >= phrase.end)
            if not clear or phrase.start < free:
                continue
            spot = page.spot(phrase.start)
            if not (spot.asked or phrase.addressed) or page.why_not(phrase.start, spot):
                continue
            skill, _ = self._linker.link(phrase.words)
            made.append(Mention(skill or OWN + phrase.label, phrase.start, phrase.end, spot.required, phrases.NEAR if skill else phrases.OWN_WORDS, True))
            free = phrase.end
        return made

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
        if not any(sign in folded for sign in _SPLIT_SIGNS):
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

    def _with_pairs(self, hits: list[tuple[int, int, str, float]], folded: str, tokens: _Tokens) -> list[tuple[int, int, str, float]]:
        """The hits and, where none stands yet, verbs with their object in one clause; by offset."""
        hits.sort()
        taken = [start for start, _, _, _ in hits]
        until = [end for _, end, _, _ in hits]
        words = tokens.words
        added: list[tuple[int, int, str, float]] = []
        for at, word in enumerate(words):
            if word not in self._active:
                continue
            if word in self._verbs:
                verbs: Iterable[str] = self._verbs[word]
            else:
                verbs = [verb for particle, verb in self._parted[word] if phrases.closes(particle, at, words, tokens.ends, folded)]
            for verb in verbs:
                partner = self._partner(verb, at, tokens, folded)
                if partner is None:
                    continue
                skill, other = partner
                left, right = min(at, other), max(at, other)
                start, end = tokens.starts[left], tokens.ends[right]
                position = bisect_right(taken, start) - 1
                clear = (position < 0 or until[position] <= start) and (position + 1 >= len(taken) or taken[position + 1] >= end)
                if clear and not (added and added[-1][1] > start):
                    added.append((start, end, skill, PAIR))
                    break
        return sorted([*hits, *added]) if added else hits

    def _partner(self, verb: str, at: int, tokens: _Tokens, folded: str) -> tuple[str, int] | None:
        things, keys = self._objects[verb], tokens.keys
        if things.keys().isdisjoint(keys[max(0, at - REACH):at + REACH + 1]):
            return None
        for distance in range(1, REACH + 1):
            for other in (at - distance, at + distance):
                if 0 <= other < len(keys):
                    skill = things.get(keys[other])
                    if skill:
                        left, right = min(at, other), max(at, other)
                        if not _CLAUSE_END.search(folded, tokens.ends[left], tokens.starts[right]):
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
        lines = _other_headings(folded, [start for start, _ in sections])
        return sorted([*sections, *lines]) if lines else sections


class _Words(dict[str, tuple[str, int, str]]):
    """Written word -> (bare word, signs before it, its key as a noun); forgets when it grows too large."""

    def __missing__(self, written: str) -> tuple[str, int, str]:
        if len(self) > 300_000:
            self.clear()
        tail = written.lstrip(_SIGNS)
        word = tail.rstrip(_SIGNS)
        made = self[written] = (word, len(written) - len(tail), forms.noun_key(word) if word else "")
        return made


_words = _Words()


class _Tokens:
    """Words of a text without the signs around them, with their offsets and keys."""

    def __init__(self, folded: str) -> None:
        written = folded.split()
        sizes = list(map(len, written))
        if sum(sizes) + len(sizes) - 1 == len(folded):  # one sign between words, as cleaned text has
            begins = [0, *accumulate([size + 1 for size in sizes])]
        else:
            begins = [m.start() for m in _WRITTEN.finditer(folded)]
        known = [_words[word] for word in written]
        self.words = [word for word, _, _ in known]
        self.keys = [key for _, _, key in known]
        self.starts = [begin + lead for begin, (_, lead, _) in zip(begins, known, strict=False)]
        self.ends = [start + len(word) for start, word in zip(self.starts, self.words, strict=True)]


class _Spot:
    """A sentence of the page: where it is, in what section, and what it says of whatever stands in it."""

    __slots__ = ("anchored", "asked", "kind", "left", "required", "right", "why")

    def __init__(self, left: int, right: int, kind: str, anchored: bool, asked: bool, required: bool, why: str | None) -> None:
        self.left, self.right, self.kind, self.anchored, self.asked, self.required, self.why = left, right, kind, anchored, asked, required, why


class _Page:
    """The text of an advert with its sections and sentences, to ask of any offset whether what stands there is asked for."""

    def __init__(self, folded: str, sections: list[tuple[int, str]], anchors: list[int], nice: list[int]) -> None:
        self._folded = folded
        self._sections = sections
        self._starts = [start for start, _ in sections]
        self._anchors = anchors
        self._nice = nice
        self._spots: dict[tuple[int, int], _Spot] = {}
        self._line: tuple[int, int, list[int]] = (0, -1, [])  # begin, end and sentence ends of the line that was looked into last

    def spot(self, at: int) -> _Spot:
        """The sentence around an offset."""
        left, right = self._sentence(at)
        section = bisect_right(self._starts, at) - 1
        found = self._spots.get((left, section))
        if found is None:
            found = self._spots[left, section] = self._made(left, right, section)
        return found

    def _made(self, left: int, right: int, section: int) -> _Spot:
        kind = self._sections[section][1] if section >= 0 else ASKED
        required = not _any_between(self._nice, left, right)
        if kind in (OFFER, PROCEDURE, NEGATION):
            return _Spot(left, right, kind, False, False, required, kind)
        anchored = _any_between(self._anchors, left, right)
        requests = cues.REQUEST.search(self._folded, left, right) is not None
        if kind == COMPANY and not requests:
            return _Spot(left, right, kind, anchored, False, required, COMPANY)  # about the firm, unless the sentence speaks of the reader
        return _Spot(left, right, kind, anchored, requests or (section >= 0 and kind == ASKED), required, None)

    def why_not(self, at: int, spot: _Spot) -> str | None:
        """Why what stands here is not asked for, or None."""
        if spot.why or not spot.anchored:
            return spot.why
        why = cues.not_asked(self._folded[spot.left:spot.right], at - spot.left)
        return OFFER if why == "offer" else why

    def _sentence(self, at: int) -> tuple[int, int]:
        begin, end, stops = self._line
        if not begin <= at < end:
            end = self._folded.find("\n", at)
            end = end if end >= 0 else len(self._folded)
            begin = self._folded.rfind("\n", 0, at) + 1
            stops = [m.end() for m in _STOP.finditer(self._folded, begin, end)]
            self._line = (begin, end, stops)
        position = bisect_right(stops, at)
        return stops[position - 1] if position else begin, stops[position] if position < len(stops) else end


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


def _other_headings(folded: str, known: list[int]) -> list[tuple[int, str]]:
    """Short lines, or begins of lines up to a colon, that read like a heading though nobody listed them."""
    found: list[tuple[int, str]] = []
    begin = 0
    lines = folded.split("\n")
    for number, line in enumerate(lines):
        title = ""
        if 5 < len(line) <= cues.HEADING_LENGTH:
            if line[0].isalpha() and number + 1 < len(lines) and (line[-1] in ":?!" or (line[-1].isalpha() and len(lines[number + 1]) > len(line))):
                title = line
        elif ":" in line[:cues.HEADING_LENGTH]:
            leading = cues.RUN_IN.match(line)
            title = leading[0] if leading else ""
        if title and title.count(" ") < 8 and not _any_between(known, begin, begin + len(title)):
            kind = next((kind for kind, words in cues.HEADING_WORDS if words.search(title)), None)
            if kind is not None and (title[-1] in ":?!" or kind != "footer"):
                found.append((begin, kind))
        begin += len(line) + 1
    return found


def lowered(text: str) -> str:
    """Lower case of exactly the same length, so that offsets hold (the small form of some letters is longer)."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
