"""The sentence around a mention, cut out of the text of a vacancy."""

from __future__ import annotations

import pandas as pd

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


COLUMNS = ("region_code", "occupation_uri", "skill_id", "position", "vacancy_id", "title", "employer", "first_seen", "sentence", "start", "end")


def with_sentences(mentions: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS of mentions that have start and end in a text, and the text from `begin` on around them (`near`); afterwards start and
    end are those in the sentence."""
    parts = [sentence_around(near, int(a) - int(begin), int(b) - int(begin)) for near, a, b, begin in zip(mentions["near"], mentions["start"], mentions["end"], mentions["begin"], strict=True)]
    made = mentions.assign(sentence=[p[0] for p in parts], start=[p[1] for p in parts], end=[p[2] for p in parts])
    return made[list(COLUMNS)]
