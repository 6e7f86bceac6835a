"""Skill mentions by matching labels and forms with word boundaries; what is only offered, denied or about the firm is left out.

One pass of one automaton finds forms, headings and anchors of cues; only sentences that hold a form and an anchor are read
closer. The cues themselves are data: etl/enrich/cues.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any

from ahocorasick_rs import AhoCorasick

from etl.enrich import cues

# A full stop after an abbreviation is no end of a sentence.
_STOP = re.compile(
    r"[.!?](?:(?=\s|$)(?<!\bo\.a\.)(?<!\bm\.n\.)(?<!\be\.d\.)(?<!\be\.g\.)(?<!\bd\.w\.z\.)(?<!\bi\.c\.m\.)(?<!\bbijv\.)(?<!\bevt\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\bmin\.)"
    r"(?<!\bmax\.)(?<!\bca\.)(?<!\bnr\.))")
_CLOSED = re.compile(r"([^:?.,;]{0,40})[:?]")
_SENTENCE_END = re.compile(r"[.,;]\s*\w")
_FORM, _HEADING, _ANCHOR = 0, 1, 2
ASKED, OFFER, COMPANY, PROCEDURE = "", "offer", "company", "procedure"
HEADINGS = {
    **dict.fromkeys(cues.PROCEDURE_HEADINGS, PROCEDURE), **dict.fromkeys(cues.COMPANY_HEADINGS, COMPANY), **dict.fromkeys(cues.OFFER_HEADINGS, OFFER),
    **dict.fromkeys(cues.REQUEST_HEADINGS, ASKED),
}
CASE_MATTERS_UP_TO = 8  # letters; longer forms with capitals ("BIG-registratie") are clear in any case

Mention = tuple[str, int, int]


def case_matters(form: str) -> bool:
    """True for abbreviations such as VCA, BIG, TIG: in small letters they may be other words."""
    return len(form) <= CASE_MATTERS_UP_TO and sum(map(str.isupper, form)) >= 2


class SkillMatcher:
    """Forms -> skill ids, longest first. Abbreviations match in their own case only. Can be pickled."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._forms = dict(forms)
        self._exact: dict[str, dict[str, str]] = {}
        self._folded: dict[str, str] = {}
        for form, skill in forms.items():
            if case_matters(form):
                self._exact.setdefault(form.lower(), {}).setdefault(form, skill)
            else:
                self._folded.setdefault(form.lower(), skill)
        self._patterns = sorted({*self._exact, *self._folded})
        self._kinds = [_FORM] * len(self._patterns)
        for kind, words in ((_HEADING, list(HEADINGS)), (_ANCHOR, list(cues.ANCHORS))):
            self._patterns.extend(words)
            self._kinds.extend([kind] * len(words))
        self._machine = AhoCorasick(self._patterns)

    def __reduce__(self) -> tuple[Any, ...]:
        return SkillMatcher, (self._forms,)

    def find(self, title: str, text: str) -> list[Mention]:
        """(skill id, start, end) of the first counted mention per skill; -1, -1 for one only in the title."""
        folded = lowered(text)
        forms: list[tuple[int, int, int]] = []
        headings: list[tuple[int, int, int]] = []
        anchors: list[int] = []
        kinds = self._kinds
        for index, start, end in self._machine.find_matches_as_indexes(folded, overlapping=True):
            kind = kinds[index]
            if kind == _ANCHOR:
                anchors.append(start)
            elif kind == _FORM:
                forms.append((start, -end, index))
            else:
                headings.append((start, -end, index))
        found: dict[str, tuple[int, int]] = {}
        hits = self._hits(forms, text, folded) if forms else []
        if hits:
            page = _Page(folded, self._sections(headings, folded), sorted(anchors))
            for start, end, skill in hits:
                if skill not in found and page.asks(start):
                    found[skill] = (start, end)
        for skill in self._in_title(title):
            found.setdefault(skill, (-1, -1))
        return [(skill, start, end) for skill, (start, end) in found.items()]

    def _in_title(self, title: str) -> list[str]:
        folded = lowered(title)
        kinds = self._kinds
        forms = [(s, -e, i) for i, s, e in self._machine.find_matches_as_indexes(folded, overlapping=True) if kinds[i] == _FORM]
        return [skill for _, _, skill in self._hits(forms, title, folded)] if forms else []

    def _hits(self, forms: list[tuple[int, int, int]], text: str, folded: str) -> list[tuple[int, int, str]]:
        """Whole words only; of overlapping forms the leftmost, of those the longest."""
        forms.sort()
        hits, free, size = [], 0, len(folded)
        for start, negative, index in forms:
            end = -negative
            if start < free or (start and folded[start - 1].isalnum()) or (end < size and folded[end].isalnum()):
                continue
            form = self._patterns[index]
            skill = self._exact[form].get(text[start:end]) if form in self._exact else None
            skill = skill or self._folded.get(form)
            if skill:
                hits.append((start, end, skill))
                free = end
        return hits

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

    def __init__(self, folded: str, sections: list[tuple[int, str]], anchors: list[int]) -> None:
        self._folded = folded
        self._sections = sections
        self._starts = [start for start, _ in sections]
        self._anchors = anchors
        self._ends: dict[int, list[int]] = {}  # of the lines that were looked into, by their begin

    def asks(self, at: int) -> bool:
        position = bisect_right(self._starts, at) - 1
        kind = self._sections[position][1] if position >= 0 else ASKED
        if kind in (OFFER, PROCEDURE):
            return False
        left, right = self._line(at)
        if kind == ASKED and not self._cued(left, right):
            return True
        left, right = self._sentence(at, left, right)
        if kind == COMPANY and not cues.REQUEST.search(self._folded, left, right):
            return False  # about the firm, unless the sentence speaks of the reader
        return not self._cued(left, right) or cues.not_asked(self._folded[left:right], at - left) is None

    def _cued(self, left: int, right: int) -> bool:
        first = bisect_left(self._anchors, left)
        return first < len(self._anchors) and self._anchors[first] < right

    def _line(self, at: int) -> tuple[int, int]:
        end = self._folded.find("\n", at)
        return self._folded.rfind("\n", 0, at) + 1, end if end >= 0 else len(self._folded)

    def _sentence(self, at: int, left: int, right: int) -> tuple[int, int]:
        if left not in self._ends:
            self._ends[left] = [m.end() for m in _STOP.finditer(self._folded, left, right)]
        ends = self._ends[left]
        position = bisect_right(ends, at)
        return ends[position - 1] if position else left, ends[position] if position < len(ends) else right


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
