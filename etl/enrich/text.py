"""Advert text: HTML (also escaped once or twice) to clean plain text; contact data of persons removed."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

MAX_CHARACTERS = 100_000
_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,2000}>")
_BLOCK = re.compile(r"</?(p|div|br|li|ul|ol|h[1-6]|tr|table|section|article)\b[^>]*>", re.IGNORECASE)
_DROP = re.compile(r"<(script|style|head|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TIDY = re.compile("[\n\t\r -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*")
_SPACES = re.compile(r"[ \t\u00a0]+")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w-])(?:\+31|0031|0)[\s-]?(?:\(0\))?[1-9](?:[\s-]?\d){8}(?!\d)")
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ,.()/'’ -]*")
MAIL_GONE = "[e-mail verwijderd]"
PHONE_GONE = "[telefoonnummer verwijderd]"


def plain(raw: str) -> str:
    """Clean text of an advert: one line per block, no markup, no control or direction marks, no mail or phone."""
    text = raw[:MAX_CHARACTERS]
    for _ in range(3):  # descriptions are often escaped once or twice, some only in part
        if "<" in text and _TAG.search(text):
            text = _without_tags(text)
        if "&" not in text:
            break
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    if not _TIDY.fullmatch(text):
        text = _CONTROL.sub("", text)
    text = "\n".join([" ".join(line.split()) for line in text.split("\n") if line and not line.isspace()])
    return without_contact(text)


def _without_tags(text: str) -> str:
    if "<s" in text or "<S" in text or "<n" in text or "<h" in text:
        text = _DROP.sub(" ", text)
    text = _BLOCK.sub("\n", text)
    return LexborHTMLParser(text).text(deep=True, separator="") if "<" in text else text


def without_contact(text: str) -> str:
    """The text without e-mail addresses and phone numbers."""
    if "@" in text:
        text = _MAIL.sub(MAIL_GONE, text)
    return _PHONE.sub(PHONE_GONE, text)


def one_line(raw: str | None) -> str:
    """A title or name as one clean line."""
    if raw and "  " not in raw and _PLAIN.fullmatch(raw):
        return raw.strip()
    return _SPACES.sub(" ", plain(raw or "").replace("\n", " ")).strip()
