"""Language of an advert by its most frequent small words: nl, en or other."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-zà-ÿ]+")
_STOP = {
    "nl": frozenset(["de", "het", "een", "en", "van", "je", "jij", "we", "wij", "ons", "onze", "voor", "met", "zijn", "bij", "op", "aan", "of", "ook", "als", "naar", "dat", "die", "niet", "te", "is", "in", "wat", "jou", "jouw"]),
    "en": frozenset(["the", "a", "and", "of", "you", "your", "we", "our", "for", "with", "are", "at", "on", "to", "or", "as", "that", "this", "is", "in", "will", "have", "be", "an", "from"]),
    "de": frozenset(["der", "die", "das", "und", "ein", "eine", "du", "wir", "uns", "für", "mit", "sind", "bei", "auf", "zu", "oder", "als", "ist", "im", "wirst", "deine", "dein", "von", "den"]),
    "fr": frozenset(["le", "la", "les", "et", "un", "une", "vous", "nous", "pour", "avec", "sont", "au", "sur", "ou", "est", "dans", "votre", "notre", "des", "du"]),
}


def language(text: str) -> str:
    """'nl', 'en' or 'other'; text without words of any known language is 'other'."""
    words = _WORD.findall(text[:800].lower())
    if not words:
        return "other"
    counts = {code: len([w for w in words if w in stop]) for code, stop in _STOP.items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] < max(2, len(words) * 0.08):
        return "other"
    return best if best in ("nl", "en") else "other"
