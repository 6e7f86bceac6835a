"""Duplicates: adverts of the same vacancy (exact, reposted or slightly rewritten) form one group that counts once.

Blocked by municipality (or unresolved) and occupation (or title); within a block two adverts belong together when their
word-pair sketches overlap by at least THRESHOLD and their dates lie within WINDOW_DAYS. The group is named after its
earliest member, so it is stable from load to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from zlib import crc32

WINDOW_DAYS = 120
THRESHOLD = 0.55
SKETCH = 40
MAX_BLOCK = 400


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return crc32(word.strip(".,:;!?()-").encode())


def sketch(text: str) -> tuple[int, ...]:
    """The SKETCH smallest hashes of the text's word triples (a bottom-k sketch)."""
    words = [_number(w) for w in text.lower().split()]
    if len(words) < 3:
        return tuple(sorted({crc32(text.encode())}))
    # one word in three starts a triple: the same ones in every text, so sketches stay comparable
    shingles = {(a * 31 + b * 17 + c) * 2654435761 & 0xFFFFFFFF for a, b, c in zip(words, words[1:], words[2:], strict=False) if a % 3 == 0}
    return tuple(sorted(shingles)[:SKETCH]) or (crc32(text.encode()),)


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated Jaccard similarity of two sketches."""
    if not a or not b:
        return 0.0
    union = sorted({*a, *b})[:SKETCH]
    both = {*a} & {*b}
    return sum(1 for value in union if value in both) / len(union)


def groups(rows: Iterable[tuple[int, date, str, tuple[int, ...]]]) -> dict[int, int]:
    """vacancy_id -> vacancy_id of the group's earliest member, for rows (vacancy_id, first_seen, block, sketch)."""
    parent: dict[int, int] = {}
    seen: dict[int, date] = {}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    blocks: dict[str, list[tuple[date, int, tuple[int, ...]]]] = {}
    for identifier, when, block, made in rows:
        parent[identifier] = identifier
        seen[identifier] = when
        blocks.setdefault(block, []).append((when, identifier, made))
    for members in blocks.values():
        members.sort()
        by_value: dict[int, list[int]] = {}
        for position, (when, identifier, made) in enumerate(members):
            candidates: dict[int, int] = {}
            for value in made[:12]:
                for other in by_value.get(value, ())[-MAX_BLOCK:]:
                    candidates[other] = candidates.get(other, 0) + 1
                by_value.setdefault(value, []).append(position)
            for other, shared in candidates.items():
                earlier_when, earlier, earlier_made = members[other]
                if shared < 3 and len(made) > 12:
                    continue
                if (when - earlier_when).days <= WINDOW_DAYS and similarity(made, earlier_made) >= THRESHOLD:
                    a, b = root(identifier), root(earlier)
                    if a != b:
                        first, second = sorted((a, b), key=lambda i: (seen[i], i))
                        parent[second] = first
    return {identifier: root(identifier) for identifier in parent}
