"""Phrases that name a task or a field of knowledge in words the vocabulary does not have: "trekt draden", "kennis van ventilatie".

A phrase is a verb of work with its object in a sentence that asks, or what follows "ervaring met" and the like. It is given to the
vocabulary's words (`Linker`); what does not fit any skill well enough keeps its own words and no ESCO address.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from etl.enrich import forms, scan

# Verbs of work, infinitives: with an object they name a task. Written by hand.
ACTION_VERBS = ["aanbieden", "aanbrengen", "aanleggen", "aannemen", "aanpassen", "aansluiten", "aansturen", "aanvragen", "aanvullen", "achterhalen", "activeren", "adviseren", "afbouwen", "afhandelen", "afleveren", "afmonteren", "afnemen", "afrekenen", "afstemmen", "afstellen", "afvoeren", "afwerken", "afwegen", "analyseren", "archiveren", "assembleren", "assisteren", "balanceren", "beantwoorden", "bedenken", "bedienen", "bedraden", "begeleiden", "begroten", "behandelen", "beheren", "bekappen", "bekleden", "beladen", "beoordelen", "bepalen", "beplanten", "beproeven", "bereiden", "berekenen", "beschrijven", "bespreken", "bestellen", "besturen", "bestraten", "bestrijden", "betegelen", "bevestigen", "bevoorraden", "bevorderen", "bewaken", "bewerken", "bezorgen", "bijhouden", "bijsturen", "bijvullen", "binden", "blussen", "boeken", "boren", "bouwen", "brengen", "budgetteren", "calculeren", "checken", "coachen", "coderen", "combineren", "communiceren", "configureren", "construeren", "contracteren", "controleren", "coördineren", "corrigeren", "declareren", "decoreren", "demonteren", "desinfecteren", "detecteren", "diagnosticeren", "digitaliseren", "documenteren", "doseren", "draaien", "draperen", "drukken", "editen", "enten", "etiketteren", "evalueren", "factureren", "filmen", "formuleren", "fotograferen", "frezen", "fêteren", "garneren", "glazuren", "graven", "graderen", "hechten", "herstellen", "hijsen", "implementeren", "importeren", "inboeken", "inbouwen", "informeren", "inkopen", "inladen", "inmeten", "innemen", "inpakken", "inplannen", "inregelen", "inrichten", "inschatten", "inspecteren", "inspelen", "installeren", "instellen", "instrueren", "interpreteren", "interviewen", "inventariseren", "invoeren", "inwerken", "inzetten", "isoleren", "kalibreren", "keuren", "klaarmaken", "klaarleggen", "klaarzetten", "kleuren", "knippen", "koelen", "koken", "koppelen", "kweken", "laden", "laminaten", "lassen", "lanceren", "leggen", "leiden", "leidinggeven", "lezen", "lijmen", "lossen", "maaien", "maken", "masseren", "melden", "melken", "metselen", "meten", "mengen", "modelleren", "moderniseren", "monitoren", "monteren", "motiveren", "muteren", "nabellen", "nakijken", "naaien", "notuleren", "observeren", "omzetten", "ombouwen", "onderhandelen", "onderhouden", "onderzoeken", "ondersteunen", "onderscheiden", "ontgraven", "ontluchten", "ontmantelen", "ontstoppen", "ontvangen", "ontwerpen", "ontwikkelen", "oogsten", "opbergen", "opbouwen", "openen", "opleiden", "opleveren", "oplossen", "opmaken", "opmeten", "opnemen", "opruimen", "opslaan", "opsporen", "opstarten", "opstellen", "optimaliseren", "opvangen", "opvolgen", "opvragen", "opzetten", "organiseren", "overdragen", "overleggen", "persen", "pipetteren", "plaatsen", "plannen", "plamuren", "planten", "poetsen", "polijsten", "ponsen", "portioneren", "prefabriceren", "prepareren", "presenteren", "prikken", "produceren", "profileren", "programmeren", "promoten", "publiceren", "rangeren", "rapporteren", "realiseren", "redigeren", "registreren", "regelen", "reinigen", "renoveren", "repareren", "reserveren", "restaureren", "restylen", "retoucheren", "reviseren", "rijden", "roosteren", "samenstellen", "schilderen", "schoonmaken", "schoonhouden", "schrijven", "schuren", "screenen", "scannen", "selecteren", "serveren", "signaleren", "slijpen", "smeren", "snijden", "snoeien", "solderen", "sorteren", "spuiten", "stapelen", "stellen", "steriliseren", "stimuleren", "stofferen", "stoppen", "strijken", "structureren", "stucen", "surveilleren", "taxeren", "tegelen", "tekenen", "tellen", "testen", "timmeren", "toedienen", "toepassen", "toetsen", "toezien", "trainen", "transporteren", "trekken", "typen", "uitbenen", "uitgeven", "uitleggen", "uitlezen", "uitlijnen", "uitsnijden", "uitvoeren", "uitschrijven", "uitzetten", "uitzoeken", "updaten", "vastleggen", "vastzetten", "verbeteren", "verbinden", "verdelen", "verfijnen", "vergelijken", "verhelpen", "verhuren", "verkopen", "verleggen", "verlenen", "verpakken", "verplaatsen", "verplegen", "verrichten", "verschonen", "verspanen", "verspenen", "verstrekken", "versturen", "vertalen", "vervaardigen", "vervangen", "vervoeren", "verwerken", "verwijderen", "verzamelen", "verzenden", "verzorgen", "visualiseren", "voeden", "voegen", "voeren", "voorbereiden", "voorlichten", "voorraden", "vormgeven", "vouwen", "vullen", "waarborgen", "wassen", "wegen", "werven", "wijzigen", "zaaien", "zagen", "zekeren", "zetten", "zuiveren"]
# Inflected forms that are mostly other words.
OTHER_WORDS = frozenset(["met", "was", "wast", "boor", "bind", "stop", "test", "trek", "vul", "vult", "leid", "leg", "zet", "deel", "rijd", "bouw", "voed", "vouw", "vouwt", "schrijf", "meld", "scan", "draai", "drukt", "druk", "hecht", "plant", "planten", "plan", "zaai", "was", "verbind", "stuk", "mes", "stel", "las"])
# What stands between a verb and its object without saying anything.
SKIPPED = frozenset(["de", "het", "een", "je", "jij", "jouw", "u", "uw", "we", "wij", "onze", "ons", "hun", "zijn", "haar", "deze", "dit", "die", "dat", "alle", "al", "diverse", "verschillende", "allerlei", "ook", "zelf", "zelfstandig", "samen", "met", "dagelijks", "dagelijkse", "wekelijks", "regelmatig", "daarnaast", "verder", "onder", "andere", "o.a.", "te", "en", "of", "van", "voor", "nieuwe", "goede", "eigen", "eventuele", "eventueel", "complete", "volledige", "gehele", "hele", "juiste", "complexe", "eenvoudige", "kleine", "grote", "vaak", "soms", "altijd", "direct", "actief", "tijdig", "zorgvuldig", "snel", "netjes", "zowel", "correct", "veilig", "efficiënt", "nauwkeurig", "prettig", "goed", "soepel", "inkomende", "binnenkomende", "vakkundig", "secuur", "laatste", "eerste", "binnenkomende", "inkomende", "uitgaande", "bestaande", "technische", "diverse", "nodige", "benodigde", "lopende", "mede", "er", "daar", "hier", "dan", "vervolgens", "bij", "aan", "in", "op", "uit", "om", "tot", "per"])
# Objects that name no task.
NO_OBJECTS = frozenset(["werk", "taken", "taak", "functie", "team", "collega", "collega's", "collegas", "dag", "dagen", "week", "weken", "plek", "organisatie", "bedrijf", "ervaring", "kans", "kansen", "plezier", "zin", "uitdaging", "uitdagingen", "stap", "stappen", "beeld", "rol", "verantwoordelijkheid", "verschil", "vragen", "verder", "beter", "goed", "veel", "meer", "minder", "iets", "alles", "niets", "iedereen", "jezelf", "zichzelf", "elkaar", "hoofd", "hand", "handen", "voet", "voeten", "leven", "tijd", "uur", "uren", "jaar", "maand", "wereld", "doel", "doelen", "salaris", "contract", "baan", "vacature", "gesprek", "sollicitatie", "cv", "mail", "informatie", "reactie", "onderdeel", "deel", "zaken", "dingen", "resultaat", "resultaten", "gang", "moment", "manier", "eigen", "mogelijk", "nodig", "graag", "elke", "iedere", "waar", "wie", "wat", "hoe", "wanneer", "omdat", "zodat", "waarbij", "waardoor", "maar", "want", "als", "niet", "geen", "nog", "wel", "toe", "weg", "thuis", "vandaag", "morgen", "samen", "keer", "voordat", "nadat", "hierbij", "daarbij", "hiermee", "daarmee", "ervoor", "erop", "eraan", "zorg"])
# What is known or used follows these (lower case; looked for by the same automaton as forms).
KNOWING = (
    "ervaring met ", "ervaring in ", "ervaring op het gebied van ", "kennis van ", "kennis over ", "kennis op het gebied van ", "beheersing van ", "bekend met ", "bekendheid met ", "vaardig met ", "vaardig in ",
    "handig met ", "handig in ", "overweg met ", "overweg kunnen met ", "thuis in ", "bedreven in ", "affiniteit met ", "in bezit van ", "in het bezit van ", "experience with ", "experience in ", "knowledge of ",
    "proficient in ", "proficient with ", "familiar with ", "ervaring als ",
)
_KNOWN = re.compile(r"(?:(?:de|het|een|the|a|an|jouw|je) )?([^\n.,;:!?()]{3,80})")
_STOPS = re.compile(r"\s+(?:en|of|is|zijn|heb|hebt|in|bij|voor|van|op|met|als|die|dat|te|om|binnen|aan|and|or|is|are|for|in|with|at)\b.*$")
_NO_KNOWING = re.compile(r"\b(?:jaar|functie|rol|werk|soortgelijke|vergelijkbare|gelijkwaardig\w*|ervaring|branche|sector|klanten|mensen|omgeving|doelgroep\w*|collega\w*|organisatie|position|role|similar)\b")
_ENDS = frozenset('.,;:!?)\n')
_CLAUSE_WORDS = frozenset(['en', 'of', 'volgens', 'zodat', 'als', 'waar', 'die', 'dat', 'om', 'wanneer', 'waarbij'])
PAPERS = ("bewijs", "patent", "certificaat", "certificering", "licentie", "brevet", "keurmeesterpas", "vakdiploma")
NO_PAPERS = frozenset(("legitimatiebewijs", "identiteitsbewijs", "groeibewijs", "toegangsbewijs", "betalingsbewijs", "certificering", "hercertificering"))
_YOU = frozenset(("je", "jij", "u", "jullie"))
_BEFORE_VERB = frozenset(("te", *forms.PARTICLES))
MAX_SURFACE = 60
LINKED = 0.8  # similarity from which a phrase is a skill of the vocabulary
OWN_WORDS, NEAR = 0.45, 0.6  # confidence of a phrase in its own words, and of one that is near a skill


@dataclass(frozen=True)
class Phrase:
    """A phrase with its offsets; `words` are its content words as keys; `label` is what it may be called: object and infinitive."""

    start: int
    end: int
    words: tuple[str, ...]
    label: str
    addressed: bool = False  # the reader is spoken to: "vervang je", "je trekt"

    def moved(self, by: int) -> Phrase:
        """The same, so many characters further on."""
        return Phrase(self.start + by, self.end + by, self.words, self.label, self.addressed)


class ActionVerbs:
    """Inflected form -> infinitives, and forms of parted verbs -> (particle, infinitive)."""

    def __init__(self, verbs: Iterable[str] = ACTION_VERBS) -> None:
        self.whole: dict[str, str] = {}
        self.parted: dict[str, list[tuple[str, str]]] = {}
        known = [v for v in verbs if v.endswith("n")]
        for verb in known:
            parts = forms.separable(verb)
            if parts:
                for word in forms.inflections(parts[1]):
                    self.parted.setdefault(word, []).append((parts[0], verb))
        for verb in known:
            for word in forms.inflections(verb):
                if word not in OTHER_WORDS:
                    self.whole.setdefault(word, verb)
        for verb in known:
            self.whole[verb] = verb
        self.active = frozenset({*self.whole, *self.parted})


class Linker:
    """Content words -> the skill of the vocabulary that is named by most of them; words weigh by their rarity."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self._forms: dict[frozenset[str], str] = {}
        holders: dict[str, set[frozenset[str]]] = defaultdict(set)
        for form, skill in named.items():
            words = frozenset(content_words(form))
            if words:
                self._forms.setdefault(words, skill)
                for word in words:
                    holders[word].add(words)
        total = max(len(self._forms), 1)
        self._weight = {word: math.log(1 + total / len(found)) for word, found in holders.items()}
        self._rare = math.log(1 + total)
        self._holders = {word: sorted(found, key=sorted)[:400] for word, found in holders.items()}
        self._norm = {words: math.sqrt(sum(self._weight[w] ** 2 for w in words)) for words in self._forms}

    def link(self, words: Iterable[str]) -> tuple[str | None, float]:
        """(skill or None, cosine similarity) of the form that shares most."""
        asked = set(words)
        norm = math.sqrt(sum(self._weight.get(w, self._rare) ** 2 for w in asked))
        best, score = None, 0.0
        seen: set[frozenset[str]] = set()
        for word in asked:
            for candidate in self._holders.get(word, ()):
                if candidate not in seen:
                    seen.add(candidate)
                    found = sum(self._weight[w] ** 2 for w in candidate & asked) / (norm * self._norm[candidate])
                    if found > score or (found == score and best is not None and self._forms[candidate] < best):
                        best, score = self._forms[candidate], found
        return (best, score) if score >= LINKED else (None, score)


def content_words(text: str) -> list[str]:
    """Keys of the words of a phrase that say something: verbs as they are, nouns by their key."""
    found = []
    for word in re.findall(r"[^\W_][\w'’+#-]*", text.lower()):
        if word not in SKIPPED and len(word) > 1:
            found.append(word if forms.is_infinitive(word) else forms.noun_key(word))
    return found


def is_object(word: str) -> bool:
    """True for a word that may be what a task is about."""
    return len(word) > 3 and word not in SKIPPED and word not in NO_OBJECTS and word[0].isalpha()


def knowing(folded: str, ends: Iterable[int]) -> list[Phrase]:
    """What follows one of KNOWING, whose ends are given, up to the next small word."""
    found = []
    for end in ends:
        match = _KNOWN.match(folded, end)
        if not match:
            continue
        named = _STOPS.sub("", match[1]).rstrip(" -–")
        if 3 <= len(named) <= MAX_SURFACE and named.count(" ") < 4 and not _NO_KNOWING.search(named):
            words = content_words(named)
            if any(len(w) > 2 for w in words):
                found.append(Phrase(match.start(1), match.start(1) + len(named), tuple(words), named))
    return found


def tasks(tokens: scan.Tokens, verbs: ActionVerbs) -> list[Phrase]:
    """Verbs of work with their object, in the order of the text. The object of an infinitive stands before it or after 'van'."""
    found: list[Phrase] = []
    words, folded = tokens.words(), tokens.folded
    size = len(words)
    free = -1
    for at in tokens.holding(scan.TASK).tolist():
        word = words[at]
        if at <= free:
            continue
        verb = verbs.whole.get(word)
        if verb is None and word in verbs.parted:
            verb = next((v for particle, v in verbs.parted[word] if closes(particle, at, tokens)), None)
        if verb is None:
            continue
        other = None
        if word == verb:
            before = at - 1
            while before >= 0 and at - before <= 2 and words[before] in _BEFORE_VERB:
                before -= 1
            if before >= 0 and is_object(words[before]) and words[before] not in verbs.whole and not _broken(folded, tokens.end(before), tokens.start(at)):
                other = before
            elif at + 2 < size and words[at + 1] == "van":
                other = _object_after(words, at + 2, verbs)
        else:
            other = _object_after(words, at + 1, verbs)
        if other is not None and _broken(folded, tokens.end(min(at, other)), tokens.start(max(at, other))):
            other = None  # of another clause
        if other is None or other == at:
            if word == verb and len(word) > 4 and _listed(folded, tokens.start(at), tokens.end(at)):
                found.append(Phrase(tokens.start(at), tokens.end(at), (verb,), verb))
            elif word != verb and len(word) > 3:
                bare = _without_object(verb, at, words, tokens, verbs)
                if bare:
                    found.append(bare)
                    free = at
            continue
        left, right = min(at, other), max(at, other)
        start, end = tokens.start(left), tokens.end(right)
        if end - start > MAX_SURFACE:
            continue
        found.append(Phrase(start, end, (verb, tokens.word(other).key), f"{words[other]} {verb}", _addressed(at, words, tokens)))
        free = right
    return found


def _addressed(at: int, words: list[str], tokens: scan.Tokens) -> bool:
    """True when the reader stands beside a word, in its clause."""
    return any(
        0 <= other < len(words) and words[other] in _YOU and not _broken(tokens.folded, tokens.end(min(at, other)), tokens.start(max(at, other)))
        for other in (at - 1, at + 1))


def _without_object(verb: str, at: int, words: list[str], tokens: scan.Tokens, verbs: ActionVerbs) -> Phrase | None:
    """"Je rekent af", "ruim je af": a parted verb with its reader; "je zaagt, boort en zet": verbs in a row that the reader does."""
    addressed = _addressed(at, words, tokens)
    particle = next((p for p, v in verbs.parted.get(words[at], ()) if v == verb), None)
    if particle and words[at] not in verbs.whole:
        last = next((i for i in range(at + 1, min(at + 8, len(words))) if words[i] == particle), None)
        if last and addressed and tokens.end(last) - tokens.start(at) <= MAX_SURFACE and not _broken(tokens.folded, tokens.end(at), tokens.start(last)):
            return Phrase(tokens.start(at), tokens.end(last), (verb,), verb, True)
        return None
    if words[at].endswith("t") and (addressed or (at and words[at - 1] == "en" and not _broken(tokens.folded, tokens.end(at - 1), tokens.start(at)))) and tokens.folded[tokens.end(at):tokens.end(at) + 4].startswith((",", ".", " en ")):
        return Phrase(tokens.start(at), tokens.end(at), (verb,), verb, addressed)
    return None


def closes(particle: str, at: int, tokens: scan.Tokens) -> bool:
    """True when the particle stands at the end of the clause of the verb at `at`: 'je stelt roosters op.'; or before 'te' and it."""
    if at > 1 and tokens.word(at - 1).bare == "te" and tokens.word(at - 2).bare == particle:
        return True
    words = [tokens.word(position).bare for position in range(at + 1, min(at + 11, len(tokens)))]
    if particle not in words:
        return False
    for position, word in enumerate(words, at + 1):
        if _ends(tokens, position - 1):
            return False
        if word == particle:
            return position + 1 == len(tokens) or _ends(tokens, position) or tokens.word(position + 1).bare in _CLAUSE_WORDS
    return False


def _ends(tokens: scan.Tokens, at: int) -> bool:
    """True when a clause ends between a word and the next."""
    until = tokens.start(at + 1) if at + 1 < len(tokens) else len(tokens.folded)
    return not _ENDS.isdisjoint(tokens.folded[tokens.end(at):until])


def _object_after(words: list[str], at: int, verbs: ActionVerbs) -> int | None:
    """Position of the object from here on: small words and adjectives are passed over."""
    for position in range(at, min(at + 5, len(words))):
        word = words[position]
        if word in SKIPPED:
            continue
        if word in NO_OBJECTS or word in verbs.whole:
            return None
        if word.endswith("e") and position + 1 < len(words) and is_object(words[position + 1]) and words[position + 1] not in verbs.whole and len(word) > 4:
            continue  # an adjective
        return position if is_object(word) else None
    return None


def _listed(folded: str, start: int, end: int) -> bool:
    """True for a word that is an item of a list by itself: after a sign or a line's begin, before a sign or a line's end."""
    before = folded[max(0, start - 2):start].strip(" ")
    after = folded[end:end + 2].lstrip(" ")
    return (not before or before[-1] in ".!?,;:\n•-–*·") and (not after or after[0] in ",;.\n")


def is_paper(word: str) -> bool:
    """True for a word that names a certificate or a licence by its last part."""
    return word.endswith(PAPERS) and len(word) > 11 and word not in NO_PAPERS


def papers(tokens: scan.Tokens) -> list[Phrase]:
    """Certificates and licences by their last part: marifoonbewijs, keurmeesterpas, adn-certificaat."""
    return [
        Phrase(tokens.start(at), tokens.end(at), (tokens.word(at).key,), tokens.word(at).bare)
        for at in tokens.holding(scan.PAPER).tolist()
    ]


def _broken(folded: str, left: int, right: int) -> bool:
    return any(sign in folded[left:right] for sign in ".;:!?\n(,")
