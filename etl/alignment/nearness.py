"""Which skills are near each other: one broader than the other, children of one broader skill, or named by the same specific word.

Near is less than equal: a programme that teaches a near skill covers what is asked in part. The rules and their limits are
in docs/methodology.md ("Coverage").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

FEWEST_LETTERS = 5  # of a word that can say what a skill is about; shorter ones only in capitals (TIG, PLC, VCA)
MOST_LABELS = 8  # a word in the names of more skills than this says little about any of them
MOST_UNDER = 40  # names that may hold the one word that a whole skill is named by ("lassen": MIG/MAG-lassen, TIG-lassen ...)
MOST_CHILDREN = 8  # a broader skill with more children than this is a field of work, and its children are not near each other
_WORD = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^)]*\)")
# A verb at the end of a name says what is done and not with what ("brillen repareren"), unless it is a trade by itself.
TRADES = frozenset({
    "bakken", "bestraten", "boren", "coachen", "draaien", "frezen", "knippen", "koken", "lassen", "leidinggeven", "metselen", "naaien", "onderhandelen", "programmeren", "schilderen", "slijpen",
    "solderen", "spuiten", "stralen", "stukadoren", "tegelen", "timmeren", "verspanen", "voegen", "walsen", "zagen",
})
_MANNER = re.compile(r".+(?:ische?|ie[fv]e?|lijke?|eel|ele|aal|ale|ende|baar|bare|matige?)$")  # adjectives: they narrow a subject and are none
_LEADING = frozenset({"aan", "bij", "door", "in", "met", "naar", "op", "over", "per", "tegen", "tijdens", "uit", "van", "vanuit", "voor"})  # a word on -en before one of these is a verb
# Nouns that go with any subject.
NO_SUBJECT = frozenset({
    "aanbod", "aanvragen", "aanwijzing", "afspraken", "anderen", "artikelen", "basis", "bedrijf", "begeleiding", "beheer", "behoeften", "beleid", "beroep", "bevoegdheid", "bezoek", "boord", "certificaat", "certificaten",
    "cijfers", "controle", "controles", "diploma", "eigen", "gebruik", "gebied", "gegevens", "goede", "groepen", "handelingen", "hulpmiddelen", "informatie", "kennis", "klanten", "kwaliteit",
    "locatie", "locaties", "machine", "machines", "materialen", "medewerkers", "mensen", "methoden", "middelen", "montage", "onderdelen", "onderhoud", "onderzoek", "overzicht", "plannen", "planning", "plezier", "prettig",
    "processen", "producten", "projecten", "rapporten", "regels", "richtlijnen", "situaties", "software", "systeem", "systemen", "technieken", "techniek", "toezicht", "training", "vaardigheden", "verhuur", "verkoop",
    "voorzieningen", "vragen", "werkplaats", "werkplek", "werkzaamheden", "woord", "google", "microsoft", "zaken", "zelfstandig", "zorgen",
})


def subject_words(label: str) -> set[str]:
    """The words of a skill's name that can say what it is about, in small letters; nothing of what stands in brackets."""
    words = _WORD.findall(_BRACKETS.sub(" ", label))
    verbs = {len(words) - 1} if len(words) > 1 and words[-1].endswith("en") else set()
    if verbs and len(words) > 3 and words[-2] == "en" and words[-3].endswith("en"):
        verbs.add(len(words) - 3)
    verbs |= {at for at, (word, after) in enumerate(pairwise(words)) if word.endswith("en") and after in _LEADING}
    found = set()
    for position, word in enumerate(words):
        folded = word.lower()
        long = len(word) >= FEWEST_LETTERS or (len(word) > 2 and word.isupper())
        if folded in TRADES or (long and position not in verbs and folded not in NO_SUBJECT and not _MANNER.fullmatch(folded)):
            found.add(folded)
    return found


def words_of(labels: Mapping[str, str]) -> pd.DataFrame:
    """skill_id, word, alone: what each skill is about. Labels are Dutch names by skill id.

    "personeelsadministratie" is also about "administratie" when that is a word of another name. `alone`: the name is
    this one word and nothing else. A word that only one name holds is left out.
    """
    own = {skill: subject_words(label) for skill, label in labels.items()}
    every = set().union(*own.values()) if own else set()
    turned = sorted(word[::-1] for word in every)  # a compound ends with its head, so heads are begins here
    tails: dict[str, list[str]] = {word: [] for word in every}
    for word in every:
        begin = word[::-1]
        if len(word) < FEWEST_LETTERS:
            continue
        at = bisect_left(turned, begin)
        while at < len(turned) and turned[at].startswith(begin):
            if len(turned[at]) > len(begin) + 2:
                tails[turned[at][::-1]].append(word)
            at += 1
    single = {skill for skill, label in labels.items() if len(_WORD.findall(_BRACKETS.sub(" ", label))) == 1}
    rows = [(skill, word, skill in single and word in words) for skill, words in own.items() for word in words.union(*(tails[word] for word in words))]
    frame = pd.DataFrame(rows, columns=["skill_id", "word", "alone"])
    return frame[frame.groupby("word")["skill_id"].transform("size") > 1].reset_index(drop=True)


def near_pairs(labels: Mapping[str, str], broader: pd.DataFrame) -> pd.DataFrame:
    """skill_id, near_id: skills near each other, both ways, without themselves; the reasons are in the module's head.

    `broader` has skill_id and broader_id (ESCO's broader skills, no groups); it may name skills that have no label here.
    """
    words = words_of(labels)
    spread = words.groupby("word")["skill_id"].transform("size")
    rare, under = words[spread <= MOST_LABELS], words[spread <= MOST_UNDER]
    by_word = rare.merge(rare[["skill_id", "word"]].rename(columns={"skill_id": "near_id"}), on="word")[["skill_id", "near_id"]]
    named = under.loc[under["alone"], ["skill_id", "word"]].merge(under[["skill_id", "word"]].rename(columns={"skill_id": "near_id"}), on="word")[["skill_id", "near_id"]]
    up = broader[["skill_id", "broader_id"]].drop_duplicates().rename(columns={"broader_id": "near_id"})
    family = up[up.groupby("near_id")["skill_id"].transform("size") <= MOST_CHILDREN]
    siblings = family.merge(family.rename(columns={"skill_id": "sibling"}), on="near_id")[["skill_id", "sibling"]].rename(columns={"sibling": "near_id"})
    made = pd.concat([by_word, *both_ways(named), *both_ways(up), siblings], ignore_index=True).drop_duplicates()
    known = made["skill_id"].isin(labels.keys()) & made["near_id"].isin(labels.keys())
    return made[known & (made["skill_id"] != made["near_id"])].reset_index(drop=True)


def both_ways(pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs (skill_id, near_id), and the same turned round."""
    return pairs, pairs.rename(columns={"skill_id": "near_id", "near_id": "skill_id"})[["skill_id", "near_id"]]
