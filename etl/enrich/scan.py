"""What begins at each written word of a text: forms of skills, headings, and cues.

A word is looked into once; what it holds is remembered, because adverts use the same words all the time. That is much faster than
any search through the whole text, and finds the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from operator import add
from typing import NamedTuple
from zlib import crc32

from ahocorasick_rs import AhoCorasick

from etl.enrich import forms

SIGNS = ".,;:!?()[]{}\"'“”‘’«»<>*•·–—-_/&|+=%€$#@~^`\\…"
REMEMBERED = 300_000  # words
_WRITTEN = re.compile(r"\S+")
_RUN = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"\w-(?:$|[,/&])")
MIN_BEFORE_TAIL = 4  # letters of a form to which something may be glued
FORM, VERB, TASK, CUE, HYPHEN, PAPER, THING = 1, 2, 4, 8, 16, 32, 64
# A full stop after an abbreviation ends no sentence.
_ABBREVIATED = re.compile(r"(?<![^\W_])(?:o\.a|m\.n|e\.d|e\.g|d\.w\.z|i\.c\.m|bijv|evt|incl|excl|min|max|ca|nr)$")


class Start(NamedTuple):
    """A form that a word may be part of: it begins `at` characters from the begin of the written word, or for a form of several
    words from that of the word that stands for it (0 or less).

    `until` is where a form within one word ends, with what is glued to it. `exact` holds its spellings when case matters."""

    at: int
    until: int
    form: str
    skill: str | None
    exact: Mapping[str, str] | None
    glued: bool


class Cue(NamedTuple):
    """A heading or phrase that a word may be part of; `apart`: it has several words and is looked for in the text."""

    at: int
    phrase: str
    size: int
    kind: str
    apart: bool


NEAR = 4  # signs beside a word by which forms of several words are told apart


class Phrases(NamedTuple):
    """Forms of several words that a word stands for: by the signs that follow it, by those before it, and the rest."""

    after: dict[str, list[Start]]
    before: dict[str, list[Start]]
    short: list[Start]


class Word(NamedTuple):
    """A written word: without the signs around it, how many stand before it, its key as a noun, and what it holds.

    `starts`: forms within it; `phrases`: (begin, end) of words within it and the forms of several words they stand for."""

    bare: str
    lead: int
    key: str
    holds: int
    starts: tuple[Start, ...]
    cues: tuple[Cue, ...]
    phrases: tuple[tuple[int, int, Phrases], ...]


LONG_WORD = 6  # letters
LONG = 1 << 32  # marks the number of a long word


def number(word: str) -> int:
    """A number for a word, the same on every machine; 0 for no word."""
    return crc32(word.encode("utf-8", "replace")) | (LONG if len(word) >= LONG_WORD else 0) if word else 0


class Numbers(dict[str, int]):
    """Written word (lower case) -> its number; forgets when it grows too large."""

    def __missing__(self, written: str) -> int:
        if len(self) > REMEMBERED:
            self.clear()
        made = self[written] = number(written.strip(SIGNS))
        return made


class Lexicon(dict[str, Word]):
    """Written word (lower case) -> what it holds.

    `folded`: form -> skill; `exact`: form -> its spellings with the skill; `cues`: phrases by kind; `tail`: what may be glued to a
    form; `verbs`, `things` (keys) and `tasks`: words of interest to verb-object pairs and to tasks. Of forms and phrases of several words the
    word that fewest others have stands for all.
    """

    def __init__(self, folded: Mapping[str, str], exact: Mapping[str, Mapping[str, str]], cues: Mapping[str, Iterable[str]], tail: re.Pattern[str],
                 verbs: Iterable[str], things: Iterable[str], tasks: frozenset[str], papers: Callable[[str], bool]) -> None:
        super().__init__()
        self._folded, self._exact, self._tail = folded, exact, tail
        self._verbs, self._things, self._tasks, self._papers = frozenset(verbs), frozenset(things), tasks, papers
        every = {form: list(_RUN.finditer(form)) for form in {*folded, *exact}}
        times = Counter(run[0] for runs in every.values() for run in runs)
        times.update(dict.fromkeys(forms.SMALL_WORDS, len(every)))
        self._by_run: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._phrases: dict[str, Phrases] = {}
        self._whole: set[str] = set()  # forms of one word
        self._begun: set[str] = set()  # their first letters
        for form, runs in every.items():
            if not runs:
                continue
            rarest = min(runs, key=lambda run: (times[run[0]], -len(run[0])))
            if " " in form:
                self._add_phrase(form, rarest.start(), rarest.end())
                continue
            self._by_run[rarest[0]].append((form, rarest.start()))
            if rarest[0] == form and len(form) >= MIN_BEFORE_TAIL:
                self._whole.add(form)
                self._begun.add(form[:MIN_BEFORE_TAIL])
        self.kinds = tuple(cues)
        parts: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for kind, phrases in cues.items():
            for phrase in phrases:
                chosen = min(_WRITTEN.finditer(phrase), key=lambda m: (m[0] in forms.SMALL_WORDS, -len(m[0])))
                parts[chosen[0]].append((kind, phrase, chosen.start()))
        self._parts = list(parts.items())
        self._machine = AhoCorasick([part for part, _ in self._parts])

    def _add_phrase(self, form: str, begin: int, end: int) -> None:
        made = self._phrases.setdefault(form[begin:end], Phrases({}, {}, []))
        start = self._made(-begin, 0, form, False)
        if len(form) - end >= NEAR:
            made.after.setdefault(form[end:end + NEAR], []).append(start)
        elif begin >= NEAR:
            made.before.setdefault(form[begin - NEAR:begin], []).append(start)
        else:
            made.short.append(start)

    def __missing__(self, written: str) -> Word:
        if len(self) > REMEMBERED:
            self.clear()
        tail = written.lstrip(SIGNS)
        bare = tail.rstrip(SIGNS)
        lead = len(written) - len(tail)
        runs = [(lead, bare)] if bare.isalnum() else [(run.start(), run[0]) for run in _RUN.finditer(written)]
        starts = tuple(self._starts(written, runs))
        phrases = tuple([(begin, begin + len(run), self._phrases[run]) for begin, run in runs if run in self._phrases])
        cues = self._cues_in(written)
        key = forms.key_of(bare) if bare else ""
        holds = (FORM if starts or phrases else 0) | (CUE if cues else 0)
        if bare in self._verbs:
            holds |= VERB
        if bare in self._tasks:
            holds |= TASK
        if key in self._things:
            holds |= THING
        if len(bare) > 11 and self._papers(bare):
            holds |= PAPER
        if "-" in written and _HYPHEN.search(written):
            holds |= HYPHEN
        made = self[written] = Word(bare, lead, key, holds, starts, cues, phrases)
        return made

    def _starts(self, written: str, runs: Iterable[tuple[int, str]]) -> list[Start]:
        found: list[Start] = []
        size = len(written)
        for begin, word in runs:
            for form, before in self._by_run.get(word, ()):
                at = begin - before
                end = at + len(form)
                if at < 0 or (at and written[at - 1].isalnum()) or not written.startswith(form, at):
                    continue
                if end == size or not written[end].isalnum():
                    found.append(self._made(at, end, form, False))
                elif len(form) >= MIN_BEFORE_TAIL and (glued := self._tail.match(written, end)):
                    found.append(self._made(at, glued.end(), form, True))
            if word[:MIN_BEFORE_TAIL] in self._begun:
                for cut in range(len(word) - 1, MIN_BEFORE_TAIL - 1, -1):
                    if word[:cut] in self._whole and (glued := self._tail.match(written, begin + cut)):
                        found.append(self._made(begin, glued.end(), word[:cut], True))
        return found

    def _made(self, at: int, until: int, form: str, glued: bool) -> Start:
        return Start(at, until, form, self._folded.get(form), self._exact.get(form), glued)

    def _cues_in(self, written: str) -> tuple[Cue, ...]:
        found = []
        size = len(written)
        for number, start, end in self._machine.find_matches_as_indexes(written, overlapping=True):
            for kind, phrase, offset in self._parts[number][1]:
                if (offset and start) or (offset + end - start < len(phrase) and end != size):
                    continue  # the phrase goes on before or after a space
                found.append(Cue(start - offset, phrase, len(phrase), kind, " " in phrase))
        return tuple(found)


class Tokens:
    """A text in lower case as words, with where each begins. Cleaned text has one sign between words; any other is looked through."""

    def __init__(self, folded: str, lexicon: Lexicon) -> None:
        written = folded.split()
        self.folded = folded
        self._written = written
        self.known = known = list(map(lexicon.__getitem__, written))
        self.begins = list(map(add, accumulate(map(len, written), initial=0), range(len(written) + 1)))
        if self.begins[-1] != len(folded) + 1:
            self.begins = [m.start() for m in _WRITTEN.finditer(folded)]
        self._marked: dict[int, list[int]] = defaultdict(list)
        for at, word in enumerate(known):
            if word[3]:
                self._marked[word[3]].append(at)

    def words(self) -> list[str]:
        """The words without the signs around them."""
        return [word[0] for word in self.known]

    def seen(self) -> dict[str, list[tuple[int, int]]]:
        """(begin, end) of the phrases of the kinds of cue that occur."""
        known, begins, folded = self.known, self.begins, self.folded
        found: dict[str, list[tuple[int, int]]] = {}
        for position in self.holding(CUE):
            begin = begins[position]
            for at, phrase, size, kind, apart in known[position].cues:
                start = begin + at
                if not apart or (start >= 0 and folded.startswith(phrase, start)):
                    found.setdefault(kind, []).append((start, start + size))
        return found

    def holding(self, what: int) -> list[int]:
        """Positions of the words that hold any of these."""
        found: list[int] = []
        for held, places in self._marked.items():
            if held & what:
                found += places
        found.sort()
        return found

    def start(self, at: int) -> int:
        """Offset of a word's first letter."""
        return self.begins[at] + self.known[at][1]

    def end(self, at: int) -> int:
        """Offset behind a word's last letter."""
        return self.begins[at] + self.known[at][1] + len(self.known[at][0])


def lowered(text: str) -> str:
    """Lower case of exactly the same length, so that offsets hold (the small form of some letters is longer)."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def sentences(folded: str) -> tuple[list[int], list[int]]:
    """(begins, ends) of the sentences of a text in lower case; a line's end ends a sentence too."""
    begins, ends, base = [], [], 0
    for line in folded.split("\n"):
        size = len(line)
        stops = []
        for sign in (". ", "! ", "? "):
            at = line.find(sign)
            while at >= 0:
                if sign != ". " or not _ABBREVIATED.search(line, max(0, at - 8), at):
                    stops.append(base + at + 1)
                at = line.find(sign, at + 2)
        begins.append(base)
        if stops:
            stops.sort()
            begins += stops
            ends += stops
        base += size + 1
        ends.append(base - 1)
    return begins, ends
