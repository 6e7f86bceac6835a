"""Advert text: HTML (also escaped once or twice) to clean plain text; contact data of persons removed."""

from __future__ import annotations

import html
import re

from ahocorasick_rs import AhoCorasick, Implementation
from selectolax.lexbor import LexborHTMLParser

MAX_CHARACTERS = 100_000
MAIL_GONE = "[e-mail verwijderd]"
PHONE_GONE = "[telefoonnummer verwijderd]"
NAME_GONE = "[naam verwijderd]"
ROUNDS = 4  # escaped twice, then markup, then entities that the markup held

# None of these patterns can look past the next "<" or more than a bounded number of characters: hostile input stays linear.
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|section|article|header|footer|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_UNCLOSED = re.compile(r"</[a-z][a-z0-9]{0,10}(?=\s*(?:<|$))|<[a-z][a-z0-9]{0,10}(?:\s[^<>\n]{0,300})?(?=<|$)", re.IGNORECASE)  # "...</p<section>", a cut off end
_STRAY = re.compile(r"<(?![a-zA-Z/!][^<>]{0,2000}>)")
_UNSEEN = ["script", "style", "noscript", "template", "title"]
_TIDY = re.compile("[\n\r\t -~\u00a0-\u00ac\u00ae-\u061b\u061d-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\ufff8\U00010000-\U000e0000]*")
_LINE = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_CONTROL = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_BEFORE_AT = re.compile(r"[\w.+-]{1,64}$")
_AFTER_AT = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SPELT_MAIL = re.compile(r"[\w.+-]{1,64} ?[(\[](?:at|apenstaartje|@)[)\]] ?[\w-]{1,63}(?:(?:\.| ?[(\[](?:dot|punt)[)\]] ?)[\w-]{1,63}){1,5}", re.IGNORECASE)
_GAP = r"[ \u00a0().\-–/]{0,3}"
_PHONE = re.compile(
    r"[+0(](?<![\w-].)(?<![\d][., ].)(?!\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)"  # a date is no number to call
    rf"(?:(?:(?<=\+)\d{{1,3}}|(?<=0)0\d{{2}}){_GAP}(?:\d{_GAP}){{7,10}}\d"  # +31, 0031
    rf"|(?<=\()0[1-9]\d{{0,3}}\)(?:{_GAP}\d){{6,8}}|(?<=0){_GAP}[1-9](?:{_GAP}\d){{7,8}})(?!\d)")
# Whom to call or write: a name follows one of these. Only the words of the name go.
_NAME = r"[A-ZÉ][a-zéëïöüà-ÿ'’]+(?:-[A-Z][a-zé]+)*"
_MORE_OF_NAME = rf"(?:[^\S\n]+(?:(?:van|de|der|den|ten|ter|het|'t|el|al)[^\S\n]+){{0,3}}{_NAME}){{0,2}}"
_NAMED = re.compile(
    r"\b((?:[Bb]el(?:len)?|[Mm]ail(?:en)?|[Aa]pp(?:en)?|WhatsApp|[Ss]tuur|[Nn]eem|[Vv]raagt?|[Cc]ontact|[Rr]eageer|[Rr]eageren|[Ss]olliciteer|[Ii]nformatie|[Ii]nlichtingen|[Vv]ragen|[Rr]ecruiter|[Ii]ntercedente?|"
    r"[Cc]ontactpersoon|[Tt]eamleider|[Cc]onsultant|[Ll]eidinggevende|[Cc]all|[Ee]-?mail|[Aa]sk for)\b(?:[^\S\n]|[,:](?=\s))?"
    r"(?:(?!in\b|over\b|uit\b|klanten|gasten|cli|pati|leveranciers)[a-zé0-9'’/()-]+[,:]?[^\S\n]+){0,6}?(?:met|naar|aan|bij|via|onze|je|collega|with|to|op|van)?[^\S\n]*(?:recruiter |collega |manager |teamleider )?"
    r"|\b(?:[Mm]evrouw|[Mm]eneer|[Dd]e heer|[Dd]hr\.?|[Mm]evr\.?|[Mm]w\.?)[^\S\n]+(?:[A-Z]\.[^\S\n]*){0,4}(?:(?:van|de|der|den|ten|ter)[^\S\n]+){0,3})"
    rf"({_NAME}{_MORE_OF_NAME}(?:[^\S\n]+(?:of|en)[^\S\n]+{_NAME}{_MORE_OF_NAME})?)(?![\w@])")
# What stands there with a capital and is nobody's name.
_NO_NAMES = frozenset({
    "De", "Het", "Een", "Ons", "Onze", "Wij", "We", "Je", "Jij", "Dan", "Of", "En", "Via", "Voor", "Op", "Bij", "Met", "Naar", "Aan", "In", "Dit", "Dat", "Deze", "Stuur", "Bel", "Mail", "App", "Solliciteer", "Reageer", "Werk",
    "Afdeling", "Team", "Recruitment", "Personeelszaken", "Human", "Google", "Excel", "Word", "Outlook", "Teams", "Linkedin", "Facebook", "Instagram", "Whatsapp", "Nederland", "Nederlands", "Nederlandse", "Engels", "Duits",
    "Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag", "Januari", "Februari", "Maart", "April", "Mei", "Juni", "Juli", "Augustus", "September", "Oktober", "November", "December", "Hr", "Mbo", "Hbo", "Cv", "Klik", "Jouw",
    "Meer", "Heb", "Ben", "Wat", "Wie", "Hoe", "Als", "Is", "You", "Your", "The", "Our", "For", "If", "Please", "Sap", "Afas", "Gemeente", "Stichting", "Provincie", "Waterschap", "Rijksoverheid", "Ministerie",
})
_NAMING = (
    "bel", "mail", "app", "stuur", "neem", "vraag", "contact", "reage", "solliciteer", "informatie", "inlichtingen", "vragen", "recruiter", "intercedent", "teamleider", "consultant", "leidinggevende", "call", "ask for",
    "mevrouw", "meneer", "de heer", "dhr", "mevr", "mw")
_NAMING_CUES = AhoCorasick(_NAMING, implementation=Implementation.DFA)
_SERVICE = re.compile(r"(?<![\w-])0[89]00[ -]?\d{4,7}(?!\d)")
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ,.()/'’ -]*")


def plain(raw: str, keep_contact: bool = False) -> str:
    """Clean text of an advert: one line per block, no markup, no control or direction marks, no mail, phone or name of whom to reach.

    Only the first MAX_CHARACTERS characters are read. `keep_contact`: for reading only, never for what is stored.
    """
    text = raw[:MAX_CHARACTERS]
    for _ in range(ROUNDS):
        if "<" in text and _TAG.search(text):
            text = _without_markup(text)
        elif "&" in text and _ENTITY.search(text):
            text = html.unescape(text)
        else:
            break
    tidy = _TIDY.fullmatch(text) is not None
    if not tidy:
        text = _CONTROL.sub("", _LINE.sub("\n", text))
    if tidy and not ("\t" in text or "\r" in text or "\u00a0" in text):  # no space but " ": most lines are as they should be
        lines = [line.strip(" ") if "  " not in line else " ".join(line.split()) for line in text.split("\n")]
    else:
        lines = [" ".join(line.split()) for line in text.split("\n")]
    text = "\n".join([line for line in lines if line])
    return text if keep_contact else without_contact(text)


def _without_markup(text: str) -> str:
    if "\n" in text and _BLOCK.search(text):
        text = text.replace("\n", " ")  # in markup a line end is a space; blocks make the lines
    text = _BLOCK.sub("\n", text)
    if "<" not in text:
        return html.unescape(text) if "&" in text else text
    # a tag without its end would swallow what follows: it goes; any other lone "<" is a sign ("a < b")
    parser = LexborHTMLParser(_STRAY.sub("&lt;", _UNCLOSED.sub("\n", text)))
    parser.strip_tags(_UNSEEN)
    return str(parser.text(deep=True, separator=""))


def without_contact(text: str) -> str:
    """The text without e-mail addresses, phone numbers and names of persons to reach; a mark stands in their place."""
    if "@" in text:
        text = _without_mail(text)
    if "(at)" in text or "[at]" in text or "apenstaart" in text or "(@)" in text:
        text = _SPELT_MAIL.sub(MAIL_GONE, text)
    if any(_phones(text, sign) for sign in "0+("):
        text = _PHONE.sub(PHONE_GONE, text)
    text = _without_names(text)
    if "0800" in text or "0900" in text or "0880" in text:
        text = _SERVICE.sub(PHONE_GONE, text)
    return text


def _without_names(text: str) -> str:
    """What leads to a name stays; the name goes, unless it is none."""
    gone = set()
    folded = text.lower()
    if len(folded) != len(text):
        folded = text  # a letter whose small form is longer: only cues in small letters are seen
    for _, at, _ in _NAMING_CUES.find_matches_as_indexes(folded, overlapping=True):
        named = _NAMED.match(text, at) if not (at and folded[at - 1].isalnum()) else None
        if named and named[2].split()[0] not in _NO_NAMES:
            gone.add(named.span(2))
    pieces, done = [], 0
    for begin, end in sorted(gone):
        if begin >= done:
            pieces += [text[done:begin], NAME_GONE]
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def _phones(text: str, sign: str) -> bool:
    """True when a number to call begins with this sign somewhere."""
    at = text.find(sign)
    while at >= 0:
        if _PHONE.match(text, at):
            return True
        at = text.find(sign, at + 1)
    return False


def _without_mail(text: str) -> str:
    # outwards from every "@": a pattern that starts with the name before it would be tried at every letter of the text
    pieces, done, at = [], 0, text.find("@")
    while at >= 0:
        name, domain = _BEFORE_AT.search(text[max(done, at - 64):at]), _AFTER_AT.match(text, at + 1)
        if name and domain:
            pieces += [text[done:at - len(name.group())], MAIL_GONE]
            done = domain.end()
        at = text.find("@", max(at + 1, done))
    return "".join([*pieces, text[done:]])


def one_line(raw: str | None) -> str:
    """A title or name as one clean line."""
    if raw and "  " not in raw and _PLAIN.fullmatch(raw):
        return raw.strip()
    return " ".join(plain(raw or "").split())
