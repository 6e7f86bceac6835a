"""Skill mentions: forms of the vocabulary in a text, verb-object pairs, and parts of split compounds; what is only offered,
denied or about the firm is kept as ignored, with the reason.

One pass of one automaton finds forms, headings and anchors of cues; only sentences that hold a form and an anchor are read
closer. The cues themselves are data: etl/enrich/cues.py; how forms vary: etl/enrich/forms.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from etl.enrich import cues, forms, level, phrases, scan

# A full stop after an abbreviation is no end of a sentence.
_CLOSED = re.compile(r"([^:?.,;]{0,40})[:?]")
_SENTENCE_END = re.compile(r"[.,;]\s*\w")
_AND = r"\s?(?:,|/|&|en|of|and|or)\s?(?:en |of )?"
_SPLIT = re.compile(rf"(?<![\w-])(\w{{2,24}})-{_AND}(?:\w{{2,24}}-{_AND})?(\w{{4,40}})")
_HEADING, _DENIES, _OFFERS, _TELLS, _NICE, _KNOWING, _STUDY = "heading", "denies", "offers", "tells", "nice", "knowing", "study"
MARKS = {_DENIES: 1, _OFFERS: 2, _TELLS: 4, _NICE: 8, _STUDY: 16}  # of a sentence in which such a cue begins
ASKED, OFFER, COMPANY, PROCEDURE, NEGATION = "", "benefit", "company", "footer", "negation"
HEADINGS = {
    **dict.fromkeys(cues.PROCEDURE_HEADINGS, PROCEDURE), **dict.fromkeys(cues.COMPANY_HEADINGS, COMPANY), **dict.fromkeys(cues.OFFER_HEADINGS, OFFER),
    **dict.fromkeys(cues.REQUEST_HEADINGS, ASKED),
}
AGENCY, LEVEL, HOURS, LEARNING = "agency", "level", "hours", "learning"  # cues for others than this module
OWN = "own:"  # begin of the id of a skill that only has its own words
STUDY = "study"  # why: the name of a diploma or a course of study, which is the level that is asked
GENERIC = "generic"  # as a skill id: a word that looks like a skill and is none
CASE_MATTERS_UP_TO = 8  # letters; longer forms with capitals ("BIG-registratie") are clear in any case
REMEMBERED = 20_000  # sentences
# Confidence by the way a mention was found; measured on the development set (docs/methodology.md).
LITERAL, ABBREVIATION, ONE_WORD, SPLIT, GLUED, PAIR, WIDE = 0.95, 0.9, 0.9, 0.85, 0.8, 0.8, 0.7


BETWEEN = "\n\n"  # two texts
Hit = tuple[int, int, str, float]  # begin, end, skill, confidence


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


class Scanned:
    """What stands in a text: forms (`hits`: begin, end, skill, confidence), cues by kind, begins and ends of its sentences with what cues begin in each (`marks`, see MARKS), the
    numbers of its words, and phrases in words of their own where they were asked for; `titled`: (skill, confidence) of the forms in its title."""

    __slots__ = ("begins", "ends", "folded", "hits", "marks", "numbers", "phrases", "seen", "titled")

    def __init__(self, folded: str, begins: list[int], ends: list[int], marks: list[int], kinds: tuple[str, ...], numbers: npt.NDArray[np.uint64]) -> None:
        self.folded, self.begins, self.ends, self.marks, self.numbers = folded, begins, ends, marks, numbers
        self.hits: list[Hit] = []
        self.seen: dict[str, list[tuple[int, int]]] = {kind: [] for kind in kinds}
        self.phrases: list[phrases.Phrase] = []
        self.titled: list[tuple[str, float]] = []


class SkillMatcher:
    """Forms -> skill ids, longest first. Abbreviations match in their own case only. Can be pickled.

    `wide`: forms that nobody wrote for this purpose (labels of a classification); trusted less and without pairs.
    """

    def __init__(self, own: Mapping[str, str], wide: Mapping[str, str] | None = None, soft: frozenset[str] = frozenset(), studied: frozenset[str] = frozenset()) -> None:
        self._given = (dict(own), dict(wide or {}), soft, studied)
        self._soft, self._studied = soft, studied
        self._exact: dict[str, dict[str, str]] = {}
        self._folded: dict[str, str] = {}
        self._wide: set[str] = set()
        self._verbs: dict[str, list[tuple[str, str]]] = {}
        self._parted: dict[str, list[tuple[str, str]]] = {}
        self._objects: dict[str, dict[str, str]] = {}
        for form, skill in own.items():
            self._add(form, skill)
            if not studied or skill in studied:  # what people are is said in fixed words; "snel leren" is no "leer je snel"
                self._add_pair(form, skill)
        self._actions = phrases.ActionVerbs()
        for word in cues.GENERIC_WORDS:
            self._folded.setdefault(word, GENERIC)
        for form, skill in (wide or {}).items():
            if form.lower() not in self._folded:
                self._wide.add(form.lower())
                self._add(form, skill)
        signals = {
            _HEADING: HEADINGS, _DENIES: cues.DENYING, _OFFERS: cues.OFFERING, _TELLS: cues.TELLING, _NICE: cues.NICE, _KNOWING: phrases.KNOWING, _STUDY: cues.STUDYING,
            AGENCY: cues.AGENCY_TEXT, LEVEL: level.CUES, HOURS: level.UNITS, LEARNING: level.LEARNING_CUES,
        }
        self._lexicon = scan.Lexicon(self._folded, self._exact, signals, cues.TAIL, self._pairs(), self._actions.active, phrases.is_paper)

        self._marks = np.array([MARKS.get(kind, 0) for kind in self._lexicon.kinds], dtype=np.int64)

    @cached_property
    def _linker(self) -> phrases.Linker:
        return phrases.Linker(self._given[0])

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
                self._verbs.setdefault(word, []).append(("", verb))
            parts = forms.separable(verb)
            if parts:
                for word in forms.inflections(parts[1]):
                    self._parted.setdefault(word, []).append((parts[0], verb))
        self._objects.setdefault(verb, {}).setdefault(thing, skill)

    def _pairs(self) -> dict[str, frozenset[str]]:
        """Word that is a form of a verb -> keys of the objects of that verb, or of all verbs it may be of."""
        return {word: frozenset(thing for _, verb in verbs for thing in self._objects[verb]) for word, verbs in (self._parted | self._verbs).items()}

    # --- reading ----------------------------------------------------------------------------------------------
    def scan(self, adverts: Sequence[tuple[str, str]], phrases_too: bool = False) -> list[Scanned]:
        """What stands in each of these (title, text), for `read` and for others who need its words.

        They are looked into together, below each other with an empty line between them, which nothing is found across.
        """
        texts = [text for _, text in adverts]
        folded = [scan.lowered(text) for text in texts]
        tokens = scan.Tokens(BETWEEN.join([*folded, ""]), self._lexicon)
        at = np.cumsum([0, *(len(text) + len(BETWEEN) for text in texts)])  # where each begins
        begins, ends = tokens.sentences()
        numbers, places = tokens.numbers()
        sentence, word = np.searchsorted(begins, at), np.searchsorted(places, at)
        moved = np.repeat(at[:-1], np.diff(sentence))
        kind, starts, stops = tokens.seen()
        marks = np.zeros(len(begins), dtype=np.int64)
        np.bitwise_or.at(marks, np.searchsorted(begins, starts, "right") - 1, self._marks[kind])
        marked = marks.tolist()
        lefts, rights = (begins[:len(moved)] - moved).tolist(), (ends[:len(moved)] - moved).tolist()
        kinds = self._lexicon.kinds
        found = [
            Scanned(text, lefts[a:b - 1], rights[a:b - 1], marked[a:b - 1], kinds, numbers[c:d])
            for text, (a, b), (c, d) in zip(folded, pairwise(sentence.tolist()), pairwise(word.tolist()), strict=True)]
        owner = np.searchsorted(at, starts, "right") - 1
        for whose, k, start, stop in zip(owner.tolist(), kind.tolist(), (starts - at[owner]).tolist(), (stops - at[owner]).tolist(), strict=True):
            found[whose].seen[kinds[k]].append((start, stop))
        hits = self._with_pairs(sorted(self._hits(tokens, BETWEEN.join(texts)) + self._split_compounds(tokens)), tokens)
        for scanned, base, held in zip(found, at.tolist(), _parted_at(hits, at.tolist()), strict=False):
            scanned.hits = [(start - base, end - base, skill, confidence) for start, end, skill, confidence in held]
        if phrases_too:
            ends_of_knowing = stops[kind == kinds.index(_KNOWING)].tolist()
            for phrase in (*phrases.tasks(tokens, self._actions), *phrases.knowing(tokens.folded, ends_of_knowing), *phrases.papers(tokens)):
                whose = bisect_right(at, phrase.start) - 1
                found[whose].phrases.append(phrase.moved(-int(at[whose])))
        self._scan_titles([title for title, _ in adverts], found)
        return found

    def _scan_titles(self, titles: Sequence[str], found: Sequence[Scanned]) -> None:
        hits = self._hits(scan.Tokens("\n".join(map(scan.lowered, titles)), self._lexicon), "\n".join(titles))
        at = list(accumulate([len(title) + 1 for title in titles], initial=0))
        for scanned, held in zip(found, _parted_at(hits, at), strict=True):
            scanned.titled = [(skill, confidence) for _, _, skill, confidence in held]

    def read(self, title: str, text: str, phrases_too: bool = False, scanned: Scanned | None = None) -> tuple[list[Mention], list[Ignored]]:
        """All mentions in order of appearance (those of the title only last), and what was ignored.

        `phrases_too`: tasks and knowledge in words that the vocabulary does not have, as skills that begin with OWN. `scanned`: of
        the text, where the caller made it.
        """
        scanned = scanned or self.scan([(title, text)], phrases_too)[0]
        folded, hits = scanned.folded, scanned.hits
        page = _Page(scanned, self._sections(scanned.seen[_HEADING], folded))
        mentions: list[Mention] = []
        ignored: list[Ignored] = []
        for start, end, skill, confidence in hits:
            spot = page.spot(start)
            why = GENERIC if skill == GENERIC else page.why_not(start, spot)
            if not why and not spot.asked and folded[start:end] in self._soft:
                continue
            if not why and skill in self._studied and page.is_study(start, spot):
                why = STUDY
            if why:
                ignored.append(Ignored(start, end, why))
            else:
                mentions.append(Mention(skill, start, end, spot.required, confidence, spot.asked))
        named = {m.skill for m in mentions}
        for skill, confidence in scanned.titled:
            if skill not in named and skill != GENERIC:
                named.add(skill)
                mentions.append(Mention(skill, -1, -1, True, confidence, True))
        if phrases_too:
            mentions.extend(self._phrases(scanned, page))
            mentions.sort(key=lambda m: (m.start < 0, m.start))
        return mentions, ignored

    def _phrases(self, scanned: Scanned, page: _Page) -> list[Mention]:
        """Tasks and fields of knowledge in words of their own, where they are asked for and no form stands."""
        taken = [start for start, _, _, _ in scanned.hits]
        until = [end for _, end, _, _ in scanned.hits]
        made: list[Mention] = []
        free = -1
        for phrase in sorted(scanned.phrases, key=lambda p: (p.start, -p.end)):
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

    def _hits(self, tokens: scan.Tokens, text: str) -> list[Hit]:
        """Whole words (or with a tail that adds nothing: lasdiploma, excelkennis); of overlapping forms the leftmost, of those the longest."""
        found: list[tuple[int, int, int, str, float]] = []
        folded, wide = tokens.folded, self._wide
        for begin, starts in tokens.forms():
            for at, until, form, skill, exact, glued in starts:
                if glued and form in wide:
                    continue
                start, size = begin + at, len(form)
                own = exact.get(text[start:start + size]) if exact else None
                confidence = ABBREVIATION if own else GLUED if glued else WIDE if form in wide else ONE_WORD
                own = own or skill
                if own and not (glued and own == GENERIC):
                    found.append((start, -size, begin + until, own, confidence))
        for begin, starts in tokens.phrases():
            for at, _, form, skill, exact, _ in starts:
                start, size = begin + at, len(form)
                if start < 0 or not folded.startswith(form, start) or (start and folded[start - 1].isalnum()):
                    continue
                end, glued = start + size, False
                if folded[end:end + 1].isalnum():
                    tail = cues.TAIL.match(folded, end)
                    if not tail or form in wide:
                        continue
                    end, glued = tail.end(), True
                own = exact.get(text[start:start + size]) if exact else None
                confidence = ABBREVIATION if own else GLUED if glued else WIDE if form in wide else LITERAL
                own = own or skill
                if own and not (glued and own == GENERIC):
                    found.append((start, -size, end, own, confidence))
        found.sort()
        hits: list[Hit] = []
        free = 0
        for start, _, end, skill, confidence in found:
            if start >= free:
                hits.append((start, end, skill, confidence))
                free = end
        return hits

    def _split_compounds(self, tokens: scan.Tokens) -> list[Hit]:
        """The first part of 'klant- en oplossingsgericht': whatever completes it with an end of the second word."""
        hits = []
        for position in tokens.holding(scan.HYPHEN).tolist():
            begin = int(tokens.begins[position])
            found = _SPLIT.search(tokens.folded, begin, begin + 120)
            if not found or found.start() >= tokens.end(position) + 2:
                continue
            head, tail = found[1], found[2]
            for cut in range(1, len(tail) - 2):
                skill = self._folded.get(head + tail[cut:]) or self._folded.get(f"{head}-{tail[cut:]}")
                if skill and skill != GENERIC:
                    hits.append((found.start(1), found.end(1) + 1, skill, SPLIT))
                    break
        return hits

    def _with_pairs(self, hits: list[Hit], tokens: scan.Tokens) -> list[Hit]:
        """The hits (by offset) and, where none stands yet, verbs with their object in one clause; by offset."""
        verbs, others, starts, ends = tokens.near_pairs()
        clear = _clear(hits, starts, ends)
        added: list[Hit] = []
        begins = np.flatnonzero(np.diff(verbs, prepend=-1))
        within = np.append(begins, len(verbs))
        worth = np.flatnonzero(np.logical_or.reduceat(clear, begins)) if len(begins) else begins
        for first, last in zip(within[worth].tolist(), within[worth + 1].tolist(), strict=True):
            at = int(verbs[first])
            word = tokens.word(at).bare
            parted = word not in self._verbs
            for particle, verb in self._parted[word] if parted else self._verbs[word]:
                things = self._objects[verb]
                pair = next((pair for pair in range(first, last) if tokens.word(others[pair]).key in things), None)
                if pair is None or not clear[pair] or (parted and not phrases.closes(particle, at, tokens)):
                    continue
                if not (added and added[-1][1] > starts[pair]):
                    added.append((int(starts[pair]), int(ends[pair]), things[tokens.word(others[pair]).key], PAIR))
                    break
        return sorted([*hits, *added]) if added else hits

    def _sections(self, headings: list[tuple[int, int]], folded: str) -> list[tuple[int, str]]:
        """(offset, kind) of the headings, ascending. A later heading ends the section of the one before."""
        sections: list[tuple[int, str]] = []
        free = 0
        for start, end in sorted(headings, key=lambda place: (place[0], -place[1])):
            if start >= free and is_heading(folded, start, end):
                sections.append((start, HEADINGS[folded[start:end]]))
                free = end
        lines = _other_headings(folded, [(start, 0) for start, _ in sections])
        return sorted([*sections, *lines]) if lines else sections


class _Spot:
    """A sentence of the page: where it is, in what section, and what it says of whatever stands in it.

    `study`: it speaks of diplomas or studies; `why`: why nothing in it is asked for; `denied`: clauses of which that is so."""

    __slots__ = ("asked", "denied", "left", "required", "study", "why")

    def __init__(self, left: int, asked: bool, required: bool, study: bool, why: str | None, denied: Sequence[tuple[int, int]] = ()) -> None:
        self.left, self.asked, self.required, self.study, self.why, self.denied = left, asked, required, study, why, denied


class _Page:
    """The text of an advert with its sections and sentences, to ask of any offset whether what stands there is asked for."""

    def __init__(self, scanned: Scanned, sections: list[tuple[int, str]]) -> None:
        self._folded = scanned.folded
        self._sections = sections
        self._starts = [start for start, _ in sections]
        self._introduced = self._introduction()
        self._seen = scanned.seen
        self._begins, self._ends, self._marks = scanned.begins, scanned.ends, scanned.marks
        self._spots: dict[tuple[int, int], _Spot] = {}

    def _introduction(self) -> int:
        """Where the introduction ends: before the first heading that asks what is told before the reader is spoken to is of the firm."""
        asks = next((start for start, kind in self._sections if kind == ASKED), 0)
        reader = cues.READER.search(self._folded, 0, asks) if asks else None
        return reader.start() if reader else asks

    def spot(self, at: int) -> _Spot:
        """The sentence around an offset."""
        sentence, section = bisect_right(self._begins, at) - 1, bisect_right(self._starts, at) - 1
        found = self._spots.get((sentence, section))
        if found is None:
            found = self._spots[sentence, section] = self._made(self._begins[sentence], self._ends[sentence], self._marks[sentence], section)
        return found

    def _made(self, left: int, right: int, marks: int, section: int) -> _Spot:
        folded = self._folded
        kind = self._sections[section][1] if section >= 0 else ASKED
        required, study = not marks & MARKS[_NICE], marks & MARKS[_STUDY] != 0
        if kind in (OFFER, PROCEDURE, NEGATION):
            return _Spot(left, False, required, study, kind)
        asked = section >= 0 and kind == ASKED
        if not asked:
            asked = _requests(folded[left:right])
            if not asked and (kind == COMPANY or right <= self._introduced):
                return _Spot(left, False, required, study, COMPANY)  # about the firm, unless the sentence speaks of the reader
        why = None
        if marks & MARKS[_OFFERS] and _offers(folded[left:right]):
            why = OFFER
        elif marks & MARKS[_TELLS] and _tells(folded[left:right]):
            why = COMPANY
        denied = [(left + begin, left + end) for begin, end in _denied(folded[left:right])] if marks & MARKS[_DENIES] else []
        return _Spot(left, asked, required, study, why, denied)

    def is_study(self, at: int, spot: _Spot) -> bool:
        """True for what a diploma or course of study is called: 'mbo 4, richting elektrotechniek' asks for a level."""
        if not spot.study or not _any_between(self._seen[_STUDY], max(spot.left, at - cues.STUDY_REACH), at):
            return False
        return cues.STUDY.search(self._folded[max(spot.left, at - cues.STUDY_REACH):at]) is not None

    @staticmethod
    def why_not(at: int, spot: _Spot) -> str | None:
        """Why what stands here is not asked for, or None."""
        if spot.denied and any(left <= at < right for left, right in spot.denied):
            return NEGATION
        return spot.why


# Employers repeat their sentences: what one says is remembered.
@lru_cache(REMEMBERED)
def _requests(sentence: str) -> bool:
    return cues.REQUEST.search(sentence) is not None


@lru_cache(REMEMBERED)
def _offers(sentence: str) -> bool:
    return cues.OFFER.search(sentence) is not None


@lru_cache(REMEMBERED)
def _tells(sentence: str) -> bool:
    return cues.COMPANY.search(sentence) is not None


@lru_cache(REMEMBERED)
def _denied(sentence: str) -> list[tuple[int, int]]:
    return cues.denied(sentence)


def _clear(hits: list[Hit], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """True for each of these places that none of the hits (by offset) stands in or begins in."""
    taken, until = np.array([hit[0] for hit in hits] or [0]), np.array([hit[1] for hit in hits] or [0])
    before = np.searchsorted(taken, starts, "right") - 1
    after = np.minimum(before + 1, len(taken) - 1)
    return ((before < 0) | (until[before] <= starts)) & ((before + 1 >= len(taken)) | (taken[after] >= ends))


def _parted_at(hits: list[Hit], at: Sequence[int]) -> Iterator[list[Hit]]:
    """The hits, by offset, from each of these offsets up to the next."""
    begin = 0
    for following in at[1:]:
        end = bisect_left(hits, (following,), begin)
        yield hits[begin:end]
        begin = end


def _any_between(places: list[tuple[int, int]], left: int, right: int) -> bool:
    first = bisect_left(places, (left, 0))
    return first < len(places) and places[first][0] < right


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


def _other_headings(folded: str, known: list[tuple[int, int]]) -> list[tuple[int, str]]:
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
            kind = _heading_kind(title)
            if kind is not None and (title[-1] in ":?!" or kind != "footer"):
                found.append((begin, kind))
        begin += len(line) + 1
    return found


@lru_cache(50_000)
def _heading_kind(title: str) -> str | None:
    return next((kind for kind, words in cues.HEADING_WORDS if words.search(title)), None)
