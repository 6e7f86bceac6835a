"""What begins at each written word of a batch of texts: forms of skills, headings, and cues.

A word is looked into once; what it holds is remembered as a row of a table, because adverts use the same words all the time. The
words of a batch are numbered in one pass, and what stands where then follows from their rows by a few operations on whole arrays.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ahocorasick_rs import AhoCorasick

from etl.enrich import forms

SIGNS = ".,;:!?()[]{}\"'“”‘’«»<>*•·–—-_/&|+=%€$#@~^`\\…"
REMEMBERED = 300_000  # words
_WRITTEN = re.compile(r"\S+")
_RUN = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"\w-(?:$|[,/&])")
_OTHER_SPACE = re.compile(r"[^\S \n]")
MIN_BEFORE_TAIL = 4  # letters of a form to which something may be glued
FORM, VERB, TASK, CUE, HYPHEN, PAPER, THING, PHRASE, STOP = 1, 2, 4, 8, 16, 32, 64, 128, 256
HOLDS, VERB_ROW, THING_COLUMN, BEGIN, END, NUMBER, PHRASES, CUES = 0, 1, 2, 3, 4, 5, 6, 8  # columns of the table of words
COLUMNS = 10
# A full stop after an abbreviation ends no sentence.
_ABBREVIATED = re.compile(r"(?<![^\W_])(?:o\.a|m\.n|e\.d|e\.g|d\.w\.z|i\.c\.m|bijv|evt|incl|excl|min|max|ca|nr)$")
NOTHING: tuple[()] = ()
REACH = 5  # words between a verb and its object
NEAREST = [step for far in range(1, REACH + 1) for step in (-far, far)]
SPACE, LINE_END = 32, 10

Integers = npt.NDArray[np.int64]
_CLAUSE_SIGN = np.isin(np.arange(256), list(b".,;:!?\n(")).astype(np.int32)  # by byte


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


NEAR = 4  # bytes beside a word by which forms of several words are told apart


class Word(NamedTuple):
    """A written word: without the signs around it, how many stand before it, its key as a noun, and the forms within it."""

    bare: str
    lead: int
    key: str
    starts: Sequence[Start]


class Rows:
    """Rows of numbers that belong to words, some to each. A word has the place and the number of its rows in columns of its own."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._values = array("q")

    def add(self, rows: Sequence[Sequence[int]]) -> tuple[int, int]:
        """(place, number) of the rows of a word, which are kept."""
        if not rows:
            return 0, 0
        place = len(self._values) // self._width
        for row in rows:
            self._values.extend(row)
        return place, len(rows)

    def of(self, first: Integers, size: Integers) -> tuple[Integers, Integers]:
        """(index into these, row) of all rows of the words that have so many from there on."""
        whose = np.repeat(np.arange(len(first)), size)
        at = np.arange(len(whose)) + np.repeat(first - np.cumsum(size) + size, size)
        return whose, np.frombuffer(self._values, np.int64).reshape(-1, self._width)[at] if len(at) else np.empty((0, self._width), np.int64)


LONG_WORD = 6  # letters
LONG = 1 << 32  # marks the number of a long word


def number(word: str) -> int:
    """A number for a word, the same on every machine; 0 for no word."""
    return crc32(word.encode("utf-8", "replace")) | (LONG if len(word) >= LONG_WORD else 0) if word else 0


class Lexicon(dict[bytes, int]):
    """Written word (lower case, and a space, in UTF-8) -> its place in the tables of what words hold.

    `folded`: form -> skill; `exact`: form -> its spellings with the skill; `cues`: phrases by kind; `tail`: what may be glued to a
    form; `pairs`: verb -> keys of its objects; `tasks`: words of interest to tasks. Of forms and phrases of several words the
    word that fewest others have stands for all.
    """

    def __init__(self, folded: Mapping[str, str], exact: Mapping[str, Mapping[str, str]], cues: Mapping[str, Iterable[str]], tail: re.Pattern[str],
                 pairs: Mapping[str, frozenset[str]], tasks: frozenset[str], papers: Callable[[str], bool]) -> None:
        super().__init__()
        self._folded, self._exact, self._tail = folded, exact, tail
        self._tasks, self._papers = tasks, papers
        self._number_pairs(pairs)
        every = {form: _RUN.findall(form) for form in {*folded, *exact}}
        times = Counter(run for runs in every.values() for run in runs)
        times.update(dict.fromkeys(forms.SMALL_WORDS, len(every)))
        self._by_run: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._phrases: dict[str, int] = {}  # word that stands for forms of several words -> its number
        self._beside: dict[int, list[Start]] = {}  # such forms by that number and the bytes behind the word, or before it (negative)
        self.short: dict[int, list[Start]] = {}  # those with less than NEAR bytes on either side
        self._whole: set[str] = set()  # forms of one word
        self._begun: set[str] = set()  # their first letters
        for form, runs in every.items():
            if not runs:
                continue
            rarest = min(runs, key=lambda run: (times[run], -len(run))) if len(runs) > 1 else runs[0]
            begin = 0 if rarest == runs[0] == form[:len(rarest)] else next(m.start() for m in _RUN.finditer(form) if m[0] == rarest)
            if " " in form:
                self._add_phrase(form, begin, begin + len(rarest))
                continue
            self._by_run[rarest].append((form, begin))
            if rarest == form and len(form) >= MIN_BEFORE_TAIL:
                self._whole.add(form)
                self._begun.add(form[:MIN_BEFORE_TAIL])
        self._runs = {*self._by_run, *self._phrases}
        self._near = np.array(sorted(self._beside), dtype=np.int64)
        self.near_forms = [self._beside[mark] for mark in self._near.tolist()]
        self.kinds = tuple(cues)
        parts: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
        self.cue_phrases = list(dict.fromkeys(phrase for phrases in cues.values() for phrase in phrases))
        for kind, phrases in enumerate(cues.values()):
            for phrase in phrases:
                chosen = min(_WRITTEN.finditer(phrase), key=lambda m: (m[0] in forms.SMALL_WORDS, -len(m[0])))
                parts[chosen[0]].append((kind, phrase, chosen.start()))
        self.cue_sizes = np.array([len(phrase) for phrase in self.cue_phrases], dtype=np.int64)
        self._places = {phrase: place for place, phrase in enumerate(self.cue_phrases)}
        self._parts = list(parts.items())
        self._machine = AhoCorasick([part for part, _ in self._parts])
        self._forget()

    def _number_pairs(self, pairs: Mapping[str, frozenset[str]]) -> None:
        """Rows for verbs, columns for things: `pairs[row, column]` is True for a verb and its object; row and column 0 are of no word."""
        rows: dict[frozenset[str], int] = {}
        self._verbs = {verb: rows.setdefault(things, len(rows) + 1) for verb, things in pairs.items()}
        self._things = {thing: place for place, thing in enumerate(sorted({thing for things in rows for thing in things}), 1)}
        self.pairs = np.zeros((len(rows) + 1, len(self._things) + 1), dtype=bool)
        for things, row in rows.items():
            self.pairs[row, [self._things[thing] for thing in things]] = True

    def _add_phrase(self, form: str, begin: int, end: int) -> None:
        named = self._phrases.setdefault(form[begin:end], len(self._phrases))
        start = self._made(-begin, 0, form, False)
        after, before = form[end:].encode()[:NEAR], form[:begin].encode()[-NEAR:]
        if len(after) == NEAR:
            self._beside.setdefault(_mark(named, 0, after), []).append(start)
        elif len(before) == NEAR:
            self._beside.setdefault(_mark(named, 1, before), []).append(start)
        else:
            self.short.setdefault(named, []).append(start)

    def _forget(self) -> None:
        self.clear()
        self.words: list[Word] = []
        self._columns = array("q")
        self._phrase_rows, self._cue_rows = Rows(5), Rows(6)

    def ids(self, written: Iterable[bytes]) -> Integers:
        """Places of written words in the tables."""
        if len(self) > REMEMBERED:
            self._forget()
        return np.fromiter(map(self.__getitem__, written), np.int64)

    def column(self, name: int, ids: Integers) -> Integers:
        """A column of the table of words: HOLDS, VERB_ROW and THING_COLUMN of `pairs`, BEGIN and END of the word without signs in bytes, NUMBER, and the place of PHRASES and CUES with their number behind it."""
        return np.frombuffer(self._columns, np.int64).reshape(-1, COLUMNS)[:, name][ids]

    def phrases(self, ids: Integers) -> tuple[Integers, Integers]:
        """(index, row) of the words in these that stand for forms of several words: its number, begin and end in characters, begin and end in bytes."""
        return self._phrase_rows.of(self.column(PHRASES, ids), self.column(PHRASES + 1, ids))

    def near(self, marks: Integers) -> tuple[Integers, Integers]:
        """(place in `near_forms`, index) of the marks behind which there are forms."""
        place = np.minimum(np.searchsorted(self._near, marks), len(self._near) - 1)
        found = np.flatnonzero(self._near[place] == marks) if len(self._near) else np.empty(0, np.int64)
        return place[found], found

    def cues(self, ids: Integers) -> tuple[Integers, Integers]:
        """(index, row) of the cues that may stand here: place in `cue_phrases`, begin in characters, kind, and bytes by which one of several words is told: where, which of them count, what they are."""
        return self._cue_rows.of(self.column(CUES, ids), self.column(CUES + 1, ids))

    def __missing__(self, key: bytes) -> int:
        written = key[:-1].decode("utf-8", "surrogatepass")
        tail = written.lstrip(SIGNS)
        bare = tail.rstrip(SIGNS)
        lead = len(written) - len(tail)
        runs = [(lead, bare)] if bare.isalnum() else [(run.start(), run[0]) for run in _RUN.finditer(written)]
        starts: Sequence[Start] = NOTHING
        phrases: Sequence[tuple[int, ...]] = NOTHING
        if len(runs) > 1 or bare in self._runs or bare[:MIN_BEFORE_TAIL] in self._begun:  # few words are in any form
            starts = self._starts(written, runs)
            phrases = [
                (self._phrases[run], begin, begin + len(run), _size(written[:begin]), _size(written[:begin + len(run)]))
                for begin, run in runs if run in self._phrases]
        cues = self._cues_in(written)
        noun = forms.key_of(bare)
        verb, thing = self._verbs.get(bare, 0), self._things.get(noun, 0)
        holds = (FORM if starts else 0) | (PHRASE if phrases else 0) | (CUE if cues else 0) | (VERB if verb else 0) | (THING if thing else 0)
        if bare in self._tasks:
            holds |= TASK
        if len(bare) > 11 and self._papers(bare):
            holds |= PAPER
        if "-" in written and _HYPHEN.search(written):
            holds |= HYPHEN
        last = written[-1:]
        if last == "!" or last == "?" or (last == "." and not _ABBREVIATED.search(written, max(0, len(written) - 9), len(written) - 1)):
            holds |= STOP
        made = self[key] = len(self.words)
        self.words.append(Word(bare, lead, noun, starts))
        begin = _size(written[:lead]) if lead else 0
        self._columns.extend((holds, verb, thing, begin, begin + _size(bare), number(bare), *self._phrase_rows.add(phrases), *self._cue_rows.add(cues)))
        return made

    def _starts(self, written: str, runs: Iterable[tuple[int, str]]) -> Sequence[Start]:
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

    def _cues_in(self, written: str) -> Sequence[tuple[int, ...]]:
        matches = self._machine.find_matches_as_indexes(written, overlapping=True)
        if not matches:
            return NOTHING
        found = []
        size = len(written)
        for part, start, end in matches:
            for kind, phrase, offset in self._parts[part][1]:
                if (offset and start) or (offset + end - start < len(phrase) and end != size):
                    continue  # the phrase goes on before or after a space
                after, before = phrase[offset + end - start:].encode()[:NEAR], phrase[:offset].encode()[-NEAR:]
                if " " not in phrase:
                    where, besides = 0, b""
                elif after:
                    where, besides = _size(written[:end]), after
                else:
                    where, besides = _size(written[:start]) - len(before), before
                found.append((self._places[phrase], start - offset, kind, where, (1 << 8 * len(besides)) - 1, int.from_bytes(besides, "little")))
        return found


def _mark(named: int, side: int, beside: bytes) -> int:
    return (named * 2 + side) << 32 | int.from_bytes(beside, "little")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _size(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text) if text.isascii() else len(_encoded(text))


class Tokens:
    """Texts below each other, in lower case, as words with where each begins."""

    def __init__(self, folded: str, lexicon: Lexicon) -> None:
        self.folded, self._lexicon = folded, lexicon
        data = _encoded(folded) + b" "
        self._data = np.frombuffer(bytes(NEAR) + data + bytes(NEAR), np.uint8)  # a few more on both sides, so that one can look beside any word
        letters = self._data[NEAR:-NEAR]
        space = np.flatnonzero((letters == SPACE) | (letters == LINE_END))  # where words end, in bytes
        self._at = np.concatenate([[0], space[:-1] + 1])
        cuts = np.append(self._at, len(data)).astype(np.int32)
        coded = pa.Array.from_buffers(pa.binary(), len(space), [None, pa.py_buffer(cuts), pa.py_buffer(data.replace(b"\n", b" "))]).dictionary_encode()
        self.ids = lexicon.ids(coded.dictionary.to_pylist())[coded.indices.to_numpy()]
        self._letter = None if len(data) == len(folded) + 1 else np.cumsum((letters & 0xC0) != 0x80) - 1  # of each byte
        self.begins, self.ends = self._offsets(self._at), self._offsets(space)
        self._lines = letters[space] == LINE_END
        self._held = lexicon.column(HOLDS, self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def word(self, at: int) -> Word:
        """What is known of a word."""
        return self._lexicon.words[self.ids[at]]

    def start(self, at: int) -> int:
        """Offset of a word's first letter."""
        return int(self.begins[at]) + self.word(at).lead

    def end(self, at: int) -> int:
        """Offset behind a word's last letter."""
        word = self.word(at)
        return int(self.begins[at]) + word.lead + len(word.bare)

    def words(self) -> list[str]:
        """The words without the signs around them."""
        known = self._lexicon.words
        return [known[place].bare for place in self.ids.tolist()]

    def holding(self, what: int) -> Integers:
        """Positions of the words that hold any of these."""
        return np.flatnonzero(self._held & what)

    def numbers(self) -> tuple[npt.NDArray[np.uint64], Integers]:
        """(number, offset) of the words; signs only are none."""
        numbers = self._lexicon.column(NUMBER, self.ids).view(np.uint64)
        real = numbers != 0
        return numbers[real], self.begins[real]

    def sentences(self) -> tuple[Integers, Integers]:
        """(begins, ends) of the sentences; a line's end ends a sentence too."""
        last = np.flatnonzero(self._lines | ((self._held & STOP) != 0))
        last = last[last < len(self.ids) - 1]
        ends = self.ends[last]
        return np.concatenate([[0], ends + self._lines[last]]), np.append(ends, self.ends[-1])

    def seen(self) -> tuple[Integers, Integers, Integers]:
        """(kind, begin, end) of the cues, by kind and place; kinds by their place among those of the lexicon."""
        positions = self.holding(CUE)
        whose, rows = self._lexicon.cues(self.ids[positions])
        owner = positions[whose]
        beside = self._words_at(self._at[owner] + rows[:, 3]) & rows[:, 4] == rows[:, 5]
        owner, rows = owner[beside], rows[beside]
        starts = self.begins[owner] + rows[:, 1]
        phrases = self._lexicon.cue_phrases
        told = rows[:, 4] != 0
        sure = np.ones(len(rows), dtype=bool)
        sure[told] = [start >= 0 and self.folded.startswith(phrases[place], start) for place, start in zip(rows[told, 0].tolist(), starts[told].tolist(), strict=True)]
        starts, kinds, places = starts[sure], rows[sure, 2], rows[sure, 0]
        ends = starts + self._lexicon.cue_sizes[places]
        order = np.lexsort((ends, starts, kinds))
        return kinds[order], starts[order], ends[order]

    def forms(self) -> Iterator[tuple[int, Sequence[Start]]]:
        """(offset, forms) of the words that hold forms."""
        positions = self.holding(FORM)
        words = self._lexicon.words
        return zip(self.begins[positions].tolist(), [words[place].starts for place in self.ids[positions].tolist()], strict=True)

    def phrases(self) -> Iterator[tuple[int, Sequence[Start]]]:
        """(offset, forms) of the words that forms of several words may go by, by what stands beside them."""
        positions = self.holding(PHRASE)
        whose, rows = self._lexicon.phrases(self.ids[positions])
        owner = positions[whose]
        at, begins = self._at[owner], self.begins[owner] + rows[:, 1]
        for side, beside in ((0, at + rows[:, 4]), (1, at + rows[:, 3] - NEAR)):
            place, found = self._lexicon.near(rows[:, 0] * 2 + side << 32 | self._words_at(beside))
            yield from zip(begins[found].tolist(), map(self._lexicon.near_forms.__getitem__, place.tolist()), strict=True)
        short = self._lexicon.short
        few = np.isin(rows[:, 0], list(short))
        yield from ((begin, short[named]) for begin, named in zip(begins[few].tolist(), rows[few, 0].tolist(), strict=True))

    def near_pairs(self) -> tuple[Integers, Integers, Integers, Integers]:
        """(position of a verb, position of what may be its object, begin and end of both) within REACH words in one clause: by verb, the nearest first."""
        positions = self.holding(VERB)
        rows = self._lexicon.column(VERB_ROW, self.ids[positions])
        columns = np.pad(self._lexicon.column(THING_COLUMN, self.ids), REACH)
        found = [np.flatnonzero(self._lexicon.pairs[rows, columns[positions + step + REACH]]) for step in NEAREST]
        verb = positions[np.concatenate(found)]
        other = verb + np.repeat(NEAREST, [len(places) for places in found])
        order = np.argsort(verb, kind="stable")
        verb, other = verb[order], other[order]
        first, second = np.minimum(verb, other), np.maximum(verb, other)
        column = self._lexicon.column
        left, right = (self._at[word] + column(BEGIN, self.ids[word]) for word in (first, second))  # in bytes
        after, until = (self._at[word] + column(END, self.ids[word]) for word in (first, second))
        signs = np.cumsum(_CLAUSE_SIGN[self._data[NEAR - 1:]])  # before each byte
        clear = signs[after] == signs[right]
        return verb[clear], other[clear], self._offsets(left[clear]), self._offsets(until[clear])

    def _offsets(self, places: Integers) -> Integers:
        """Bytes as characters."""
        return places if self._letter is None else self._letter[places]

    def _words_at(self, places: Integers) -> Integers:
        """Four bytes from each of these places on, as a number."""
        data, found = self._data, np.zeros(len(places), dtype=np.int64)
        for step in range(NEAR):
            found |= data[places + (NEAR + step)].astype(np.int64) << 8 * step
        return found


def lowered(text: str) -> str:
    """Lower case of exactly the same length, so that offsets hold (the small form of some letters is longer)."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
