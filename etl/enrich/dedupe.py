"""Duplicates: adverts of the same vacancy (exact, reposted or slightly rewritten) form one group that counts once.

Two adverts are compared when they have the same occupation (or title) and lie in the same municipality, or one of them has
no municipality. They belong together when their texts are equal or their sketches of word triples (Broder 1997) overlap by
THRESHOLD or more, and at most WINDOW_DAYS lie between the last sight of the earlier and the first of the later. An agency's
advert may also be the same vacancy in other words: then both ask for the same skills (REWRITTEN) and share many long words,
within REWRITE_DAYS. A group never spans two municipalities. It is named after its earliest member, so it is stable from load to load.
"""

from __future__ import annotations

from array import array
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
# Shared skills (Jaccard, and how many) and shared long words (Jaccard) from which two adverts are one vacancy.
REWRITTEN = ((0.45, 7, 0.06), (0.45, 4, 0.10), (0.30, 4, 0.16))
MIN_SKILLS = 4
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


def sketches(words: Sequence[Sequence[int]]) -> Sketches:
    """Sketches of a batch of texts, given as the numbers of their words (scan.number); case, signs and spacing do not matter."""
    numbers, sizes, exact = [], [], []
    for named in words:
        found = array("Q", named).tobytes()
        numbers.append(found)
        sizes.append(len(named))
        exact.append(int.from_bytes(blake2b(found, digest_size=8).digest(), "big"))
    flat = np.frombuffer(b"".join(numbers), dtype=np.uint64)
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
    unit: list[str] = field(default_factory=list)  # ISCO unit group, or the subject where there is none


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
        self.unit = [adverts.unit[i] for i in order] if adverts.unit else self.subject
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
        """Adverts of agencies with the most similar one of another employer: same unit group, same or unresolved municipality."""
        if not self.skills:
            return []
        blocks: dict[str, list[int]] = {}
        for position, subject in enumerate(self.unit):
            if self.skills[position].bit_count() >= MIN_SKILLS:
                blocks.setdefault(subject, []).append(position)
        left, right, shares, counts = [], [], [], []
        for members in blocks.values():
            for at, later in enumerate(members):
                for earlier in reversed(members[:at]):
                    if self.first[later] - self.first[earlier] > REWRITE_DAYS:
                        break
                    if not (self.agency[later] or self.agency[earlier]) or self.employer[later] == self.employer[earlier]:
                        continue
                    here, there = self.municipality[earlier], self.municipality[later]
                    if here is not None and there is not None and here != there:
                        continue
                    both = (self.skills[earlier] & self.skills[later]).bit_count()
                    if both >= MIN_SKILLS and both >= REWRITTEN[-1][0] * (self.skills[earlier] | self.skills[later]).bit_count():
                        left.append(earlier)
                        right.append(later)
                        counts.append(both)
                        shares.append(both / (self.skills[earlier] | self.skills[later]).bit_count())
        if not left:
            return []
        first, second, asked, shared = np.array(left), np.array(right), np.array(shares), np.array(counts)
        words = np.concatenate([similarity(self.wide[first[i:i + CHUNK]], self.wide[second[i:i + CHUNK]]) for i in range(0, len(first), CHUNK)])
        same = np.zeros(len(first), dtype=bool)
        for share, least, long in REWRITTEN:
            same |= (asked >= share) & (shared >= least) & (words >= long)
        first, second, score = first[same], second[same], (asked + words)[same]
        order = np.lexsort((first, -score, second))
        chosen = order[_changes(second[order])] if len(order) else order
        return list(zip(first[chosen].tolist(), second[chosen].tolist(), strict=True))

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
