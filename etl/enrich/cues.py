"""Cues: the headings and phrases by which a sentence of an advert turns out not to ask for anything. Data, no rules.

Written by hand from Dutch and English adverts. A heading of one word counts only when it stands alone on its line
("Contact"), because a bullet may begin with the same word ("Contact met klanten onderhouden").
"""

from __future__ import annotations

import re
from itertools import pairwise

# --- headings, lower case, without a final colon or question mark ---------------------------------------------
OFFER_HEADINGS = (
    "wat bieden wij", "wat bieden we", "wat wij bieden", "wat wij jou bieden", "wat we bieden", "wij bieden", "we bieden", "dit bieden wij", "dit bieden we",
    "bieden wij jou", "ons aanbod", "aanbod", "wat krijg je", "wat krijg jij", "dit krijg je", "jij krijgt", "je krijgt", "wat mag je verwachten", "wat kun je verwachten",
    "wat kun je van ons verwachten", "wat staat daar tegenover", "wat staat er tegenover", "dit staat er voor je klaar", "arbeidsvoorwaarden", "onze arbeidsvoorwaarden",
    "jouw voordelen", "salaris", "beloning", "wat je krijgt", "waarom werken bij", "waarom bij ons", "waarom je bij ons wilt werken", "what we offer", "what's in it for you",
    "what you get", "we offer", "our offer", "benefits", "perks", "why join us",
)
COMPANY_HEADINGS = (
    "over ons", "wie zijn wij", "wie zijn we", "wie wij zijn", "dit zijn wij", "over de organisatie", "over het bedrijf", "over de opdrachtgever", "over onze opdrachtgever",
    "over de werkgever", "bedrijfsprofiel", "bedrijfsomschrijving", "de organisatie", "organisatie", "het bedrijf", "bedrijf", "de opdrachtgever", "onze klant", "jouw werkplek",
    "jouw werkomgeving", "waar kom je te werken", "waar ga je werken", "hier ga je werken", "jouw nieuwe werkgever", "het team", "jouw team", "about us", "about the company",
    "who we are", "our company", "the company", "company description",
)
PROCEDURE_HEADINGS = (
    "solliciteren", "sollicitatie", "sollicitatieprocedure", "direct solliciteren", "interesse", "geïnteresseerd", "enthousiast", "reageren", "contact", "contactgegevens",
    "procedure", "meer weten", "meer informatie", "informatie", "inlichtingen", "vragen", "heb je vragen", "acquisitie", "disclaimer", "how to apply", "apply now",
    "interested", "application procedure", "contact us", "more information",
)
REQUEST_HEADINGS = (
    "wat ga je doen", "wat ga jij doen", "dit ga je doen", "wat je gaat doen", "dit doe je", "wat doe je", "functieomschrijving", "omschrijving", "functie-inhoud", "functie inhoud",
    "de functie", "functie", "taken", "jouw taken", "je taken", "taken en verantwoordelijkheden", "jouw werkzaamheden", "werkzaamheden", "het werk", "werk", "jouw rol", "je rol", "jouw missie",
    "zo ziet je dag eruit", "zo ziet jouw dag eruit", "wat vragen wij", "wat vragen we", "wat wij vragen", "wat we vragen", "dit vragen wij", "dit vragen we", "wij vragen", "we vragen", "functie-eisen",
    "functieeisen", "functie eisen", "eisen", "jouw profiel", "je profiel", "profiel", "wie ben jij", "wie ben je", "dit ben jij", "wie zoeken wij", "wie zoeken we", "wie wij zoeken",
    "wij zoeken", "we zoeken", "wat breng je mee", "wat breng jij mee", "dit breng je mee", "dit neem je mee", "wat neem je mee", "jij hebt", "je hebt", "jij bent", "wat heb je nodig", "kwalificaties",
    "competenties", "vaardigheden", "kennis en vaardigheden", "responsibilities", "your responsibilities", "your role", "the role", "your profile", "requirements", "job requirements",
    "what you will do", "what you'll do", "what we ask", "what you bring", "who you are", "qualifications", "job description", "skills", "tasks",
)

# --- phrases, matched in a sentence in lower case -------------------------------------------------------------
NEGATION = re.compile(
    r"\b(?:is|zijn) (?:[\w-]+ ){0,3}overbodig\b|\bkennen (?:wij|we) niet\b|\b(?:draai|werk|heb|doe|hebben|draaien|doen) (?:je|jij|wij|we) (?:hier |dus |bij ons )?niet\b|\bg[eé][eé]n (?:[\w-]+ ){0,4}nodig\b|\bgéén\b"
    r"|\b(?:komt|komen) (?:[\w-]+ ){0,4}niet voor\b|\bniet (?:van (?:je|jou|u) )?verwacht\b|\b(?:is|zijn) er (?:hier )?niet bij\b|\bvoorbehouden aan\b|\bevenmin\b|\bgeen [\w-]+-?ervaring\b"
    r"|\b(?:doet|doen|regelt) (?:onze|een) (?:[\w-]+ )?[\w-]+\W*$|\b(?:hebben|heeft) (?:wij|we|hij|zij) (?:een |onze )[\w-]+ voor\b|\blaten (?:wij|we) (?:over|aan)\b"
    r"|\bniet (?:aan de orde|het geval|van toepassing|(?:jouw|je|uw) (?:taak|werk)|bij kijken)\b|\b(?:valt|vallen) (?:hier |er )?(?:niet|buiten)\b|\b(?:gebruiken|maken|verkopen|doen|leveren|kennen) (?:wij|we) (?:hier |zelf |al jaren )?niet\b"
    r"|\bgeen (?:[\w-]+ ){0,3}(?:voorwaarde|noodzaak|kennis|onderdeel|sprake)\b|\bheb (?:je|jij|u) (?:nog |hier )?geen\b|\b(?:in plaats van|instead of|rather than)\b|\bgeen onderdeel van\b|\bwordt niet gevraagd\b|\bvragen (?:wij|we) niet\b|\bniet gevraagd\b"
    r"|\bniet (?:\w+ )?(?:nodig|vereist|noodzakelijk|verplicht|van belang|benodigd)\b|\bgeen (?:[\w-]+ ){0,4}(?:nodig|vereist|vereiste|verplicht|verplichting|ervaring|eis|must)\b"
    r"|\bhoeft? (?:[\w-]+ ){0,5}(?:niet|geen)\b|\bhoef (?:je|jij|u) (?:[\w-]+ ){0,6}(?:niet|geen)\b|\book zonder\b|\bzonder (?:[\w-]+ ){0,3}mag ook\b"
    r"|\bnot (?:required|necessary|needed|a must|mandatory)\b|\bno (?:[\w-]+ ){0,4}(?:required|needed|necessary)\b|\b(?:don't|do not) need\b")
WELCOME = re.compile(r"\b(?:een pre|pré|a plus|meegenomen)\b")
CLAUSE = re.compile(r";|\b(?:maar|echter|wel|but)\b")
PART = re.compile(r"[,;]|\b(?:maar|echter|wel|but)\b")
OFFER = re.compile(
    r"\b(?:je|jij|u) krijgt(?! te maken| de leiding| de verantwoordelijkheid| leiding)|\bkrijg (?:je|jij)(?! te maken| de leiding| de verantwoordelijkheid| leiding)|\b(?:wij|we) bieden\b|\bbieden (?:wij|we)\b"
    r"|\b(?:wij|we) (?:betalen|vergoeden|regelen|leiden je op)\b|\b(?:betalen|vergoeden|regelen) (?:wij|we)\b|\bmag (?:je|jij|u) (?:[\w-]+ ){0,5}(?:halen|volgen)\b|\bop termijn een opleiding\b|\bop (?:onze|onze eigen) kosten\b|\bkosten van de (?:werkgever|zaak)\b|\bontvang je (?!klanten|gasten|bezoek|pati|cli|goederen|leveringen|ze\b|hen\b)|\b(?:je|u) ontvangt (?!klanten|gasten|bezoek|pati|cli|goederen|leveringen|ze\b|hen\b)"
    r"|\bleren (?:we|wij) (?:je|jou)\b|\bleer je bij ons\b|\bleiden (?:we|wij) (?:je|jou) op\b|\bmogelijkheid om (?:je|een|de|jezelf)\b|\bvolg je bij ons\b"
    r"|\b(?:cursus|cursussen|training|trainingen|opleiding|opleidingen|certificaat) (?:[\w-]+ ){0,3}(?:volgen|aangeboden|te volgen|te halen|vergoed|van ons)\b|\bopleidingsmogelijkheden\b"
    r"|\bwe offer\b|\byou will receive\b|\byou get\b|\bwe (?:provide|pay for)\b|\b(?:salary|bonus|days off)\b.{0,60}\btraining\b")
# What stands at the begin of a sentence comes first: behind the rest it was tried at every letter.
COMPANY = re.compile(
    r"^\W*(?:(?:wij|we) zijn (?:een|dé|de|hét|het|al|gespecialiseerd)\b|onze (?:klanten|producten|missie|organisatie|collega's)\b)|\b(?:biedt (?!je\b|jou\b|u\b)|(?:wij|we) (?:leveren|geloven in|staan voor)\b|onder (?:één|een) dak\b|in eigen huis\b|op ons terrein\b|hoog in het vaandel\b|wonen (?:ruim |ongeveer )?\d|(?:is|zijn|als) (?:de |dé |een |hét )?(?:toonaangevend\w*|marktleider|familiebedrijf)\b|zijn (?:wij|we) (?:een|dé|de|hét|het|al)\b"
    r"|opgericht in\b|sinds (?:19|20)\d\d\b|we are (?:a|an|the) (?:\w+ ){0,3}(?:company|leader|organisation|organization)\b)")
REQUEST = re.compile(
    r"\b(?:je|jij|u) (?:hebt|heeft|beschikt|bent|kunt|kan|werkt|gaat|zorgt|begeleidt|houdt|bezit|kent|weet|spreekt|staat|vindt|denkt|durft|voelt)\b|\bervaring (?:met|in|als)\b|\bkennis van\b|\bin (?:het )?bezit van\b|\bvereist\b|\bis een (?:must|pre|pré)\b"
    r"|\b(?:wij|we) (?:vragen|zoeken)\b|\byou (?:have|are|will)\b|\bexperience (?:with|in)\b|\bknowledge of\b")

READER = re.compile(r"\b(?:je|jij|jou|jouw|u|uw|you|your|wij zoeken|we zoeken|zoeken wij|zoeken we|gezocht|op zoek naar|ervaring|kennis|diploma|functie|taken\w*|werkzaamheden)\b")
# Substrings without which these cannot match: a sentence that lacks them all need not be looked at.
DENYING = ("niet", "valt ", "vallen ", "geen", "in plaats van", "instead", "rather", "voorbehouden", "evenmin", "doet", "doen ", "regelt", "hebben w", "heeft ", "laten w", "geen ", "géén", "overbodig", "hoef", "zonder", "not ", "no ", "need")
OFFERING = (
    "krijg", "mag je", "mag jij", "mag u", "op termijn", "bieden", "betalen", "vergoed", "verzorgen", "regelen", "kosten", "ontvang", "leren w", "leer je", "leiden", "mogelijkheid om", "volg je bij", "volgen", "aangeboden", "te halen", "van ons",
    "opleidingsmogelijkheden", "we offer", "receive", "you get", "provide", "pay for", "salary", "bonus", "days off",
)
TELLING = (
    "biedt", "leveren", "geloven", "staan voor", "een dak", "één dak", "in eigen huis", "op ons terrein", "in het vaandel", "wonen ",
    "toonaangevend", "marktleider", "familiebedrijf", "wij zijn", "we zijn", "zijn wij", "zijn we", "onze ", "opgericht", "sinds ", "we are",
)


# A short line of its own that is none of the headings above is one when it holds such a word; the first kind that fits counts.
HEADING_WORDS = (
    ("negation", re.compile(r"niet hoeft|hoeft? niet|hoef je niet|^(?:niet|geen) (?:nodig|vereist|eisen?)\b|\b(?:niet nodig|niet vereist|hoeft niet|not required)$")),
    ("footer", re.compile(r"sollicit|interesse|contact|reageer|reageren|meer weten|nieuwsgierig|enthousiast\b.*[?!]|klinkt|vragen\?|bel of|zien we je|apply|hoe nu verder|stuur ")),
    ("benefit", re.compile(r"bieden|biedt|krijg|ervoor terug|voordelen|arbeidsvoorwaarden|salaris|extra's|ontvang je|wat we je geven|waarom (?:je|jij|kies|werken)|pluspunten|offer|benefits|perks|what's in it|in ruil")),
    ("", re.compile(
        r"ga je doen|ga jij doen|doe je|doe jij|breng|neem je mee|heb je (?:in huis|nodig|je)|heb jij|vragen (?:wij|we)|(?:wij|we) vragen|zoeken (?:wij|we)|(?:wij|we) zoeken|verwachten (?:wij|we)|(?:wij|we) verwachten|kun je al|"
        r"houdt .* in\b|nodig$|in huis|bagage|jouw rol|je rol|deze rol|werkdag|jouw dag|je dag|taken|uitdaging|eisen|vereist|profiel|gevraagd|werkzaamheden|verantwoordelijkhe|herken|wie ben|ben jij|jij bent|je bent|jij hebt|"
        r"wie (?:wij|we) zoeken|functie|requirements|responsibilit|your role|you bring|your profile|what you|about you|who you are|job description|pré|must haves?|nice to haves?|skills|competenties|vaardigheden|het werk|klus")),
    ("company", re.compile(r"^over |wie zijn|wie (?:wij|we) zijn|voorstellen|^waarom |bij ons|organisatie|bedrijf|onze klant|opdrachtgever|het team|jouw team|je team|^about|our company|who we are|afdeling|werkplek")),
)
HEADING_LENGTH = 46  # characters
# The begin of a line that names what follows: "Wat je meebrengt: ...".
RUN_IN = re.compile(r"(?:wat|dit|hoe|wie|jij|je|jouw|wij|we|onze|niet|gevraagd|taken|werkzaamheden|functie|vereist|must|pré|nodig|eisen|profiel|daarnaast|what|your|we|you)\b[^.:!?\n]{0,44}[:?]")
# Employers that place people with others, by name and by how they speak of them.
AGENCY_NAME = re.compile(
    r"uitzend|flex|talent|detacher|recruit|werving|staffing|\bjob|\bwerk(?:kompas|vinder|net|point|link|partner|direct|match|talent|punt)|banen|personeel|people|match|employment|intermediair|payroll|workforce|randstad|tempo.?team|manpower|adecco|olympia|\byacht\b|luba|driver|\bselect(?:ie)?\b|werkt!?$|vacature|carri[eè]re|\bhr\b|helden\b")
AGENCY_TEXT = ("opdrachtgever", "bemiddel", "zoekt voor een", "zoeken wij voor", "zoeken we voor", "namens een", "onze klant is", "voor onze klant", "onze relatie", "namens onze", "our client")

# A sentence with one of these calls something welcome, not required (substrings, lower case).
NICE = (
    "een pre", "pré", " pre.", "is mooi meegenomen", "mooi meegenomen", "meegenomen", "een plus", "pluspunt", "voordeel", "bij voorkeur", "liefst", "idealiter", "wenselijk", "gewenst", "niet noodzakelijk",
    "nice to have", "a plus", "is welkom", "een bonus", "preferred", "preferably", "an advantage", "beneficial", "strekt tot aanbeveling", "geen must", "geen vereiste, wel",
)
# The name of a study or a diploma follows these; what comes after one of the words behind is asked for by itself again.
STUDYING = ("diploma", "opleiding", "mbo", "hbo", "richting", "niveau", "afgestudeerd", "studie", "kwalificatie", "degree")
STUDY = re.compile(
    r"(?:diploma|opleiding|\bmbo|\bhbo|richting|niveau|afgestudeerd|studie|kwalificatie|degree)(?!.*(?:kennis|ervaring|beheers|vaardig|\bkun|\bkan\b|certifica|rijbewijs|bezit|geldig|\bplus\b|\ben een\b|\bje\b|\bjij\b|[:;]))[^\n]*$")
STUDY_REACH = 80  # characters
# Words of the classifications that adverts use for something else; seen and left out.
GENERIC_WORDS = (
    "management", "plaatsen", "kiezen", "communicatie", "logistiek", "economie", "energie", "administratie", "techniek", "onderwijs", "marketing en communicatie", "dienstverlening",
    "werkervaring", "werkplezier", "groei", "ontwikkeling", "innovatie", "duurzaamheid", "veiligheid", "kwaliteit", "bevalling", "reserveren", "vog", "verklaring omtrent gedrag", "verklaring omtrent het gedrag", "ervaring", "kennis", "vaardigheden",
)
# What may be glued to a form without changing it: "lasdiploma", "excelkennis", "heftruckcertificaat".
TAIL = re.compile(r"(?:s?(?:certificaat|certificaten|diploma|ervaring|kennis|vaardigheden|vaardigheid|werkzaamheden|werk|technieken|techniek|machines?|systemen|systeem|software|pakket(?:ten)?|programma's|richtlijnen|normen|chauffeur|rijbewijs|apparatuur|installaties?|taken|traject(?:en)?))(?!\w)")


def not_asked(sentence: str, at: int) -> str | None:
    """Why what stands at offset `at` of a sentence is not asked for: negation, offer or company; None when it is asked.

    `sentence` is in lower case. A denial holds for its own clause ("SAP is niet nodig, maar Excel wel" asks for Excel), and
    "geen vereiste, wel een pre" is no denial.
    """
    if any(cue in sentence for cue in DENYING) and any(left <= at < right for left, right in denied(sentence)):
        return "negation"
    if any(cue in sentence for cue in OFFERING) and OFFER.search(sentence):
        return "offer"
    return "company" if any(cue in sentence for cue in TELLING) and COMPANY.search(sentence) else None


def denied(text: str, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """(begin, end) of the clauses that deny what they name, of a sentence within a text in lower case."""
    end = len(text) if end is None else end
    if not NEGATION.search(text, begin, end):
        return []
    cuts = [begin, *(m.start() for m in (PART if WELCOME.search(text, begin, end) else CLAUSE).finditer(text, begin, end)), end]
    return [(left, right) for left, right in pairwise(cuts) if NEGATION.search(text, left, right) and not WELCOME.search(text, left, right)]
