"""Duplicates: adverts of the same vacancy (exact, reposted or slightly rewritten) form one group that counts once.

Two adverts are compared when they have the same occupation (or title) and lie in the same municipality, or one of them has
no municipality. They belong together when their texts are equal or their sketches of word triples (Broder 1997) overlap by
THRESHOLD or more, and at most WINDOW_DAYS lie between the last sight of the earlier and the first of the later. An agency's
advert may also be the same vacancy in other words: then both ask for the same skills and share long words, hours and level; how much
of that is asked grows with the number of like adverts in that place within REWRITE_DAYS (ENOUGH). A group never spans two municipalities. It is named after its earliest member, so it is stable from load to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from etl.enrich import scan

WINDOW_DAYS = 120
THRESHOLD = 0.55
SKETCH = 40
MIN_WORDS = 20  # shorter texts say too little to be called alike: only equal ones of the same employer are one vacancy
SAME_UNDER_ANY_TITLE = 60  # words from which an equal text is the same vacancy whatever its title
LOOKED_UP = 12  # smallest hashes through which candidates are found
MIN_SHARED = 3
NEIGHBOURS = 40  # of adverts that share a hash, so many before each are compared with it
CHUNK = 100_000
WIDE_SKETCH = 64
REWRITE_DAYS = 60
# Evidence that two adverts are one vacancy in other words: shared skills and long words (Jaccard) plus these; and how much is enough
# among so many adverts of the occupation in the place. Many like adverts in one town are mostly different jobs.
SAME_HOURS, SAME_LEVEL, BY_AGENCY = 0.10, 0.05, 0.15
ENOUGH = ((2, 0.50), (4, 0.70), (8, 0.85), (30, 1.00), (1 << 62, 1.10))
ENOUGH_UNPLACED = 0.95  # when one of the two has no known place
MANY = 40
CLEAR_LEVELS = frozenset({"mbo1", "mbo2", "mbo3", "mbo4", "hbo", "wo"})
LEAST_SHARE = 0.2  # of the skills
UNIT_DIGITS = 2  # of ISCO by which adverts of one occupation are told from others
MIN_SKILLS = 4
MOST_WORDS = 0.5  # share of long words that texts in other words can hardly have more of
PAD = np.uint32(0xFFFFFFFF)

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass
class Sketches:
    """Per advert: the SKETCH smallest hashes of its word triples (ascending, padded with PAD), a hash of all its words, their number,
    and the WIDE_SKETCH smallest hashes of its long words."""

    values: npt.NDArray[np.uint32]
    exact: npt.NDArray[np.uint64]
    words: Integers
    wide: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.exact)

    @classmethod
    def joined(cls, parts: Sequence[Sketches]) -> Sketches:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("values", "exact", "words", "wide")))


def sketches(words: Sequence[Sequence[int] | npt.NDArray[np.uint64]]) -> Sketches:
    """Sketches of a batch of texts, given as the numbers of their words (scan.number); case, signs and spacing do not matter."""
    numbers = [np.asarray(named, dtype=np.uint64) for named in words]
    sizes = list(map(len, numbers))
    exact = [int.from_bytes(blake2b(found.tobytes(), digest_size=8).digest(), "big") for found in numbers]
    flat = np.concatenate([*numbers, np.empty(0, np.uint64)])
    owner = np.repeat(np.arange(len(words), dtype=np.uint64), sizes)
    triples = (flat[:-2] * np.uint64(31) + flat[1:-1] * np.uint64(17) + flat[2:]) * _MIX >> np.uint64(32) if len(flat) > 2 else np.empty(0, np.uint64)
    whole = owner[:-2] == owner[2:] if len(flat) > 2 else np.empty(0, bool)
    long = flat >= np.uint64(scan.LONG)
    values = _smallest(owner[:len(whole)][whole], triples[whole], len(words), SKETCH)
    wide = _smallest(owner[long], flat[long] * _MIX >> np.uint64(32), len(words), WIDE_SKETCH)
    return Sketches(values, np.array(exact, dtype=np.uint64), np.array(sizes, dtype=np.int64), wide)


_MIX = np.uint64(0x9E3779B97F4A7C15)


def _smallest(owner: npt.NDArray[np.uint64], hashes: npt.NDArray[np.uint64], count: int, size: int) -> npt.NDArray[np.uint32]:
    """Per owner the `size` smallest different hashes, ascending, padded with PAD."""
    values = np.full((count, size), PAD, dtype=np.uint32)
    if len(hashes):
        keyed = np.sort((owner << np.uint64(32)) | hashes)
        keyed = keyed[_changes(keyed)]
        whose = (keyed >> np.uint64(32)).astype(np.int64)
        rank = np.arange(len(keyed)) - np.searchsorted(whose, np.arange(count))[whose]
        small = rank < size
        values[whose[small], rank[small]] = keyed[small].astype(np.uint32)
    return values


def _terms(one: tuple[float | None, float | None, str], other: tuple[float | None, float | None, str]) -> float | None:
    """What the same hours and level add to the evidence; None when they contradict each other: then it is another job."""
    if one[2] != other[2] and one[2] in CLEAR_LEVELS and other[2] in CLEAR_LEVELS:
        return None
    same = SAME_LEVEL * (one[2] == other[2])
    if one[1] is None or other[1] is None:
        return same
    if max(one[0] or 0.0, other[0] or 0.0) > min(one[1], other[1]):
        return None
    return same + SAME_HOURS * (one[:2] == other[:2])


def _changes(*ordered: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """True where any of the arrays differs from the element before (and at the first)."""
    first = np.zeros(len(ordered[0]), dtype=bool)
    first[:1] = True
    for values in ordered:
        first[1:] |= values[1:] != values[:-1]
    return first


def similarity(a: npt.NDArray[np.uint32], b: npt.NDArray[np.uint32]) -> Floats:
    """Estimated Jaccard similarity per row of two arrays of sketches: of the smallest hashes of both, the share that both have.

    0 where a sketch is empty.
    """
    both = np.sort(np.concatenate([a, b], axis=1), axis=1)
    real = both != PAD
    again = np.zeros(both.shape, dtype=bool)
    again[:, 1:] = (both[:, 1:] == both[:, :-1]) & real[:, 1:]
    rank = np.cumsum(real & ~again, axis=1)
    size = a.shape[1]
    shared = (again & (rank <= size)).sum(axis=1)
    return np.where((a[:, 0] != PAD) & (b[:, 0] != PAD), shared / np.clip(rank[:, -1], 1, size), 0.0)


@dataclass
class Adverts:
    """What duplicates are found by, one entry per advert; days are counted from any fixed day."""

    ids: list[int]
    first_day: list[int]
    last_day: list[int]
    municipality: list[str | None]
    subject: list[str]  # occupation, or the cleaned title
    employer: list[str]
    sketches: Sketches
    skills: list[int] = field(default_factory=list)  # a bit per skill; empty: rewritten adverts are not looked for
    agency: list[bool] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)  # ISCO unit group, "" where there is none
    terms: list[tuple[float | None, float | None, str]] = field(default_factory=list)  # hours (lowest, highest) and level


def bits(skills: Sequence[Iterable[str]]) -> list[int]:
    """Per advert a number with a bit for every skill it names."""
    place: dict[str, int] = {}
    found = []
    for named in skills:
        number = 0
        for skill in named:
            number |= 1 << place.setdefault(skill, len(place))
        found.append(number)
    return found


@dataclass
class _Union:
    """Groups under way; every group knows its municipality and refuses a second one."""

    municipality: list[str | None]
    parent: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parent = list(range(len(self.municipality)))

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = sorted((self.root(i), self.root(j)))
        here, there = self.municipality[a], self.municipality[b]
        if a != b and (here is None or there is None or here == there):
            self.parent[b] = a
            self.municipality[a] = here or there


def groups(adverts: Adverts) -> list[int]:
    """Per advert (in the order given) the id of its group: that of the member with the smallest (first day, id)."""
    if not adverts.ids:
        return []
    order = sorted(range(len(adverts.ids)), key=lambda i: (adverts.first_day[i], adverts.ids[i]))
    rows = _Ordered(adverts, order)
    union = _Union(list(rows.municipality))
    for pairs in (rows.equal(), rows.alike(), rows.alike_elsewhere(), rows.rewritten()):
        for earlier, later in pairs:
            union.join(earlier, later)
    named = [0] * len(order)
    for position, original in enumerate(order):
        named[original] = rows.ids[union.root(position)]
    return named


class _Ordered:
    """Adverts by (first day, id): positions below are in that order, so the earliest of a group has the smallest."""

    def __init__(self, adverts: Adverts, order: list[int]) -> None:
        self.ids = [adverts.ids[i] for i in order]
        self.municipality = [adverts.municipality[i] for i in order]
        self.subject = [adverts.subject[i] for i in order]
        self.employer = [adverts.employer[i] for i in order]
        self.first = np.array([adverts.first_day[i] for i in order], dtype=np.int64)
        last = np.maximum(np.array([adverts.last_day[i] for i in order], dtype=np.int64), self.first)
        self.until = np.minimum(last, self.first + WINDOW_DAYS)  # of an advert that is never taken down the last sight says little
        self.values = adverts.sketches.values[order]
        self.exact = adverts.sketches.exact[order].tolist()
        self.words = adverts.sketches.words[order]
        self.wide = adverts.sketches.wide[order]
        self.skills = [adverts.skills[i] for i in order] if adverts.skills else []
        self.agency = [adverts.agency[i] for i in order] if adverts.agency else []
        self.unit = [adverts.unit[i] for i in order] if adverts.unit else [""] * len(order)
        self.terms = [adverts.terms[i] for i in order] if adverts.terms else [(None, None, "")] * len(order)
        self.placed = np.array([where is not None for where in self.municipality])

    def equal(self) -> list[tuple[int, int]]:
        """Pairs with the same words: in one municipality, or where one place is unresolved."""
        same: dict[tuple[int, str], list[int]] = {}
        for position, (exact, words) in enumerate(zip(self.exact, self.words.tolist(), strict=True)):
            if words:
                told = "" if words >= SAME_UNDER_ANY_TITLE else f"{self.subject[position]}|{self.employer[position]}"
                same.setdefault((exact, told), []).append(position)
        return [pair for members in same.values() if len(members) > 1 for pair in self._chained(members)]

    def _chained(self, members: list[int]) -> Iterator[tuple[int, int]]:
        """Each member with the one before it in its municipality; unresolved ones also with the first resolved one near in time."""
        latest: dict[str | None, int] = {}
        for position in members:
            where = self.municipality[position]
            if where in latest and self._near(latest[where], position):
                yield latest[where], position
            latest[where] = position
        for position in members:
            if self.municipality[position] is None:
                close = (m for m in members if self.municipality[m] is not None and self._near(min(m, position), max(m, position)))
                first = next(close, None)
                if first is not None:
                    yield min(first, position), max(first, position)

    def _near(self, earlier: int, later: int) -> bool:
        return bool(self.first[later] - self.until[earlier] <= WINDOW_DAYS)

    def alike(self) -> list[tuple[int, int]]:
        """Pairs of similar text within a municipality (or among the unresolved) and subject."""
        numbers: dict[tuple[str | None, str], int] = {}
        block = np.array([numbers.setdefault(known, len(numbers)) for known in zip(self.municipality, self.subject, strict=True)], dtype=np.int64)
        first, second, _ = self._similar(block, mixed=False)
        return list(zip(first.tolist(), second.tolist(), strict=True))

    def alike_elsewhere(self) -> list[tuple[int, int]]:
        """For every unresolved advert the most similar resolved one of its subject (the earliest of equals)."""
        numbers: dict[str, int] = {}
        wanted = {subject for subject, placed in zip(self.subject, self.placed.tolist(), strict=True) if not placed}
        block = np.array([numbers.setdefault(subject, len(numbers)) if subject in wanted else -1 for subject in self.subject], dtype=np.int64)
        first, second, score = self._similar(block, mixed=True)
        unresolved, resolved = np.where(self.placed[first], second, first), np.where(self.placed[first], first, second)
        order = np.lexsort((resolved, -score, unresolved))
        chosen = order[_changes(unresolved[order])]
        return list(zip(first[chosen].tolist(), second[chosen].tolist(), strict=True))

    def rewritten(self) -> list[tuple[int, int]]:
        """Adverts with the most similar one of another employer that may be the same job in other words: one of the two is an
        agency's or the place holds few like them; same or unresolved municipality, same or unknown kind of occupation."""
        if not self.skills:
            return []
        left: list[int] = []
        right: list[int] = []
        shares: list[float] = []
        few: list[float] = []
        first, skills, named = self.first.tolist(), self.skills, list(map(int.bit_count, self.skills))
        agency, employer, terms = self.agency, self.employer, self.terms
        for members in self._like():
            agencies = [position for position in members if agency[position]]
            begin = first_agency = 0
            for at, later in enumerate(members) if agencies else ():
                oldest = first[later] - REWRITE_DAYS
                while first[members[begin]] < oldest:
                    begin += 1
                while first_agency < len(agencies) and first[agencies[first_agency]] < oldest:
                    first_agency += 1
                mine, count, whose = skills[later], named[later], employer[later]
                for earlier in members[begin:at] if agency[later] else agencies[first_agency:]:
                    if earlier >= later:
                        break
                    both = (mine & skills[earlier]).bit_count()
                    if both < MIN_SKILLS or employer[earlier] == whose:
                        continue
                    share = both / (count + named[earlier] - both)
                    terms_too = _terms(terms[later], terms[earlier]) if share >= LEAST_SHARE else None
                    if terms_too is None:
                        continue
                    left.append(earlier)
                    right.append(later)
                    shares.append(share + terms_too + BY_AGENCY)
                    few.append(next(enough for size, enough in ENOUGH if at - begin <= size))
        for at, others in self._unplaced():
            for other in others:
                both = (skills[at] & skills[other]).bit_count()
                if both < MIN_SKILLS or employer[at] == employer[other] or not (agency[at] or agency[other]):
                    continue
                share = both / (named[at] + named[other] - both)
                terms_too = _terms(terms[at], terms[other]) if share >= LEAST_SHARE else None
                if terms_too is not None:
                    left.append(min(at, other))
                    right.append(max(at, other))
                    shares.append(share + terms_too + BY_AGENCY)
                    few.append(ENOUGH_UNPLACED)
        if not left:
            return []
        before, after, evidence, enough = np.array(left), np.array(right), np.array(shares), np.array(few)
        possible = evidence + MOST_WORDS >= enough
        before, after, evidence, enough = before[possible], after[possible], evidence[possible], enough[possible]
        words = [similarity(self.wide[before[i:i + CHUNK]], self.wide[after[i:i + CHUNK]]) for i in range(0, len(before), CHUNK)]
        evidence = evidence + (np.concatenate(words) if words else 0.0)
        same = evidence >= enough
        before, after, evidence = before[same], after[same], evidence[same]
        order = np.lexsort((before, -evidence, after))
        chosen = order[_changes(after[order])] if len(order) else order
        return list(zip(before[chosen].tolist(), after[chosen].tolist(), strict=True))

    def _like(self) -> Iterator[list[int]]:
        """Adverts of one kind of occupation in one municipality (with those of unknown occupation), by day."""
        placed: dict[tuple[str, str], list[int]] = {}
        unknown: dict[str, list[int]] = {}
        for position, (unit, where) in enumerate(zip(self.unit, self.municipality, strict=True)):
            if where is None or self.skills[position].bit_count() < MIN_SKILLS:
                continue
            if unit:
                placed.setdefault((where, unit[:UNIT_DIGITS]), []).append(position)
            else:
                unknown.setdefault(where, []).append(position)
        for (where, _), members in placed.items():
            if len(members) > MANY:  # among so many only those of one unit group are compared
                groups: dict[str, list[int]] = {}
                for position in members:
                    groups.setdefault(self.unit[position], []).append(position)
                yield from groups.values()
            else:
                yield sorted([*members, *unknown[where]]) if where in unknown else members
        known = {where for where, _ in placed}
        yield from (members for where, members in unknown.items() if where not in known)

    def _unplaced(self) -> Iterator[tuple[int, list[int]]]:
        """Adverts of no known place, each with those of its unit group near in time: the earlier ones, and the later ones that have a place."""
        blocks: dict[str, list[int]] = {}
        for position, unit in enumerate(self.unit):
            if unit and self.skills[position].bit_count() >= MIN_SKILLS:
                blocks.setdefault(unit, []).append(position)
        for members in blocks.values():
            days = self.first[members]
            for index, position in enumerate(members):
                if self.municipality[position] is None:
                    low, high = np.searchsorted(days, (days[index] - REWRITE_DAYS, days[index] + REWRITE_DAYS + 1))
                    yield position, [*members[low:index], *(other for other in members[index + 1:high] if self.municipality[other] is not None)]

    def _similar(self, block: Integers, mixed: bool) -> tuple[Integers, Integers, Floats]:
        """(earlier, later, similarity) of the pairs in one block whose texts are alike; `mixed`: exactly one has a municipality."""
        sizes = np.bincount(block[block >= 0], minlength=1)
        members = np.flatnonzero((block >= 0) & (sizes[block] > 1) & (self.words >= MIN_WORDS))
        pairs = self._candidates(members, block, mixed)
        first, second = pairs // len(self.ids), pairs % len(self.ids)
        near = self.first[second] - self.until[first] <= WINDOW_DAYS
        first, second = first[near], second[near]
        parts = [similarity(self.values[first[i:i + CHUNK]], self.values[second[i:i + CHUNK]]) for i in range(0, len(first), CHUNK)]
        score = np.concatenate(parts) if parts else np.empty(0)
        alike = score >= THRESHOLD
        return first[alike], second[alike], score[alike]

    def _candidates(self, members: Integers, block: Integers, mixed: bool) -> Integers:
        """Pairs (earlier * n + later) that share at least MIN_SHARED of their LOOKED_UP smallest hashes, ascending.

        Of adverts that share a hash each is held against the NEIGHBOURS before it: a repost looks like the latest before it.
        """
        position, value = np.repeat(members, LOOKED_UP), self.values[members, :LOOKED_UP].ravel()
        position, value = position[value != PAD], value[value != PAD]
        order = np.lexsort((position, value, block[position]))
        position, value = position[order], value[order]
        starts = np.flatnonzero(_changes(value, block[position]))
        rank = np.arange(len(value)) - np.repeat(starts, np.diff(np.append(starts, len(value))))
        found = [np.empty(0, np.int64)]
        for back in range(1, NEIGHBOURS + 1):
            later = np.flatnonzero(rank >= back)
            if not len(later):
                break
            a, b = position[later - back], position[later]
            if mixed:
                one = self.placed[a] != self.placed[b]
                a, b = a[one], b[one]
            found.append(a * len(self.ids) + b)
        pairs = np.sort(np.concatenate(found))
        begins = np.flatnonzero(_changes(pairs))
        return pairs[begins[np.diff(np.append(begins, len(pairs))) >= MIN_SHARED]]
