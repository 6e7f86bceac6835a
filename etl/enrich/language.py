"""Language of an advert by its most frequent small words: nl, en or other."""

from __future__ import annotations

from collections import Counter

READ = 600  # characters; enough for a verdict
SMALL_WORDS = {
    "nl": "de het een en van je jij jouw jou we wij ons onze voor met zijn bij op aan of ook als naar dat die niet te is in wat om er wordt hebt bent",
    "en": "the a and of you your we our for with are at on to or as that this is in will have be an from it by",
    "de": "der die das und ein eine einen du wir uns für mit sind bei auf zu oder als ist im wirst deine dein von den sie werden",
    "fr": "le la les et un une vous nous pour avec sont au sur ou est dans votre notre des du de en",
}
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _code, _words in SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _code)


def language(text: str) -> str:
    """'nl', 'en' or 'other'. Text with hardly any small words of a known language (or no words) is 'other'."""
    words = text[:READ].lower().split()
    counts = dict.fromkeys(SMALL_WORDS, 0)
    for languages, times in Counter(filter(None, map(_LANGUAGES.get, words))).items():
        for code in languages:
            counts[code] += times
    best = max(counts, key=lambda code: counts[code])  # the first of equals: Dutch
    enough = max(1 if len(words) < 20 else 2, len(words) * 0.08)
    return best if counts[best] >= enough and best in ("nl", "en") else "other"
