"""The sentence around a mention, cut out of the text of a vacancy."""

from __future__ import annotations

AROUND = 310  # characters on both sides of a mention that are looked at; sentence_around takes at most 300


def sentence_around(text: str, start: int, end: int, most: int = 300) -> tuple[str, int, int]:
    """The sentence around a mention, with the mention's offsets in it; long ones are cut near the mention."""
    stops = ".!?\n"
    left = max((text.rfind(c, 0, start) for c in stops), default=-1) + 1
    rights = [p for p in (text.find(c, end) for c in stops) if p >= 0]
    right = min(rights) + 1 if rights else len(text)
    left, right = max(left, start - most), min(right, end + most)
    while left < start and text[left].isspace():
        left += 1
    return text[left:right].rstrip(), start - left, end - left
