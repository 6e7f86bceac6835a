"""Surface forms: how a skill of the vocabulary may be written, and the verb-object pairs that say the same in other words.

A form such as "facturen verwerken" also stands for "verwerken van facturen", "je verwerkt de facturen" and "facturen te
verwerken". Those are not written out: the pair (verwerken, factuur) is looked for near each other in a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

VOWELS = "aeiou"
# Parts that part from their verb: "je stelt roosters op" is opstellen.
PARTICLES = ("aan", "achter", "af", "bij", "binnen", "door", "in", "mee", "na", "om", "onder", "op", "over", "samen", "tegen", "toe", "uit", "vast", "voor", "weg", "terug", "klaar", "schoon", "bij")
# Infinitives that say too little with any object, and plurals that look like infinitives.
NO_VERBS = frozenset(["hebben", "zijn", "worden", "kunnen", "moeten", "willen", "maken", "doen", "gaan", "krijgen", "geven", "vaardigheden", "werkzaamheden", "systemen", "processen", "machines", "producten",
                      "diensten", "klanten", "mensen", "kinderen", "middelen", "technieken", "methoden", "materialen", "onderdelen", "werken", "ouderen", "gegevens"])
# Words that many sentences of adverts have: they stand for a phrase only when it has no other.
SMALL_WORDS = frozenset([
    "de", "het", "een", "en", "of", "van", "in", "met", "op", "voor", "aan", "bij", "tot", "te", "je", "jij", "jou", "jouw", "wij", "we", "ons", "onze", "is", "zijn", "dit", "wat",
    "wie", "the", "and", "a", "to", "you", "your", "for", "with", "over", "als", "ben", "uit", "doen", "ervaring", "1", "2", "3", "4", "dat", "bieden", "werkt", "functie-eisen",
    "jaar", "naar", "drie", "bent", "werk", "niveau", "eigen", "dag", "hebben", "goed", "dan", "via", "kennis", "heeft", "per", "zoeken", "nodig", "plus", "twee", "komt",
    "volgens", "week", "zelf", "kunt", "dagen", "veel", "onderhoud", "klanten", "collega", "collega's", "tussen", "samen", "kunnen", "opleiding", "nieuwe", "eerste", "na", "af",
    "team", "kan", "hand", "weken", "weg", "vinden", "vanuit", "staat", "door", "mag", "wil", "direct", "leuk", "vaste", "afdeling", "rond", "ziet", "doet", "één", "werken",
    "hebt", "hij", "zij", "ze", "er", "die", "deze", "maar", "ook", "om", "nog", "zo", "meer", "onder", "u", "uw", "mee", "niet", "geen", "waar", "wanneer", "hoe", "alle",
    "andere", "juiste", "goede", "grote", "kleine", "houden", "maken", "gaat", "gaan", "krijgt", "zorgt", "zorgen", "geven", "geeft", "neemt", "nemen", "zetten", "zet", "brengen",
    "leggen", "halen", "staan", "lopen", "loopt", "blijven", "blijft", "worden", "wordt", "moet", "zal", "klant", "mensen", "mens", "bedrijf", "organisatie", "systeem", "systemen",
    "materiaal", "materialen", "product", "producten", "taken", "taak", "functie", "diploma", "verantwoordelijk", "planning", "kwaliteit", "service", "contact", "sfeer", "plek",
])
_ENDINGS = ("ën", "en", "s")
_DOUBLE = re.compile(r"(.)\1")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_WORD = re.compile(r"[^\W_][\w'’]*")
_KEEP_MARKS = re.compile(r"[/+#.&]")


def spellings(form: str) -> Iterator[str]:
    """A form and the ways its hyphens are written: tig-lassen, tig lassen, tiglassen. Forms with other signs stay as they are."""
    yield form
    if "-" in form and not _KEEP_MARKS.search(form) and len(form) > 5:
        yield _HYPHEN.sub(" ", form)
        joined = _HYPHEN.sub("", form)
        if all(len(part) > 2 for part in form.split("-")):
            yield joined


def pair_of(form: str) -> tuple[str, str] | None:
    """(infinitive, key of the object) of a form of two or three words with a verb: 'facturen verwerken', 'verwerken van facturen'."""
    words = form.lower().split()
    if len(words) == 3 and words[1] == "van" and is_infinitive(words[0]) and _WORD.fullmatch(words[2]):
        return words[0], noun_key(words[2])
    if len(words) == 2 and is_infinitive(words[1]) and len(words[0]) > 3 and _WORD.fullmatch(words[0]):
        return words[1], noun_key(words[0])
    return None


def is_infinitive(word: str) -> bool:
    """True for a word that looks like a Dutch infinitive and says something."""
    return len(word) > 4 and word.endswith("en") and word not in NO_VERBS and not word.endswith(("heden", "ingen", "ieven", "eiten", "eden"))


@lru_cache(50_000)
def noun_key(word: str) -> str:
    """One key for singular and plural: factuur, facturen -> factur; diploma's -> diploma; machines -> machine."""
    return key_of(word.lower())


def key_of(word: str) -> str:
    """The key of a word in lower case."""
    bare = word.replace("’", "'").removesuffix("'s")
    if bare.endswith(_ENDINGS):
        ending = 1 if bare.endswith("s") else 2
        if len(bare) - ending >= 3:
            bare = bare[:-ending]
    if _DOUBLE.search(bare):  # most words have none, and replacing is slow
        bare = _DOUBLE.sub(r"\1", bare)
    last = bare[-1:]
    return bare[:-1] + ("f" if last == "v" else "s") if last == "v" or last == "z" else bare.removesuffix("e")


def inflections(infinitive: str) -> set[str]:
    """Forms of a regular verb that adverts use: infinitive, stem, stem + t, participles. Rather one too many than one too few."""
    base = infinitive[:-2]
    stems = {base}
    if len(base) > 2 and base[-1] == base[-2] and base[-1] not in VOWELS:
        stems = {base[:-1]}
    elif len(base) > 2 and base[-1] not in VOWELS and base[-2] in VOWELS and base[-3] not in VOWELS:
        stems.add(base[:-1] + base[-2] + base[-1])
    stems |= {s[:-1] + {"v": "f", "z": "s"}[s[-1]] for s in stems if s[-1] in "vz"}
    found = {infinitive, infinitive + "d", infinitive + "de"}
    for stem in stems:
        found |= {stem, stem if stem.endswith("t") else stem + "t"}
    return {form for form in found if len(form) > 2}


def separable(infinitive: str) -> tuple[str, str] | None:
    """(particle, rest) of a verb that parts: opstellen -> (op, stellen)."""
    for particle in sorted(set(PARTICLES), key=len, reverse=True):
        rest = infinitive.removeprefix(particle)
        if rest != infinitive and len(rest) > 4 and rest.endswith("en") and rest[0] not in "aeiou":
            return particle, rest
    return None
