"""A school's own curriculum: its text out of a file, and the skills in it, read by the engine that reads adverts.

Nothing is kept here. Text, DOCX, PDF and CSV, at most MOST_BYTES; a file that cannot be read raises Unreadable with a code
that the pages have words for.
"""

from __future__ import annotations

import csv
import io
import re
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from etl.enrich.skills import COMPANY, GENERIC, OFFER, PROCEDURE, STUDY
from etl.enrich.text import plain
from etl.enrich.vocabulary import Vocabulary, shipped_lists
from warehouse import reference

MOST_BYTES = 5_000_000
MOST_UNPACKED = 40_000_000  # bytes of the text inside a DOCX
MOST_PAGES, MOST_SECONDS = 400, 20.0
MOST_LETTERS = 1_500_000
LONGEST_SENTENCE = 300
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NO_TEXT = (".doc", ".docx", ".pdf", ".odt", ".pptx", ".xlsx", ".xls", ".pages", ".jpg", ".jpeg", ".png", ".zip")  # names of files that are no plain text
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TAUGHT, PASSING = "taught", "passing"
# In an advert these say that nothing is asked for; in a curriculum what is offered or told about the school is what is taught.
TAUGHT_ALL_THE_SAME = (OFFER, COMPANY, PROCEDURE, STUDY)
# A sentence with one of these names its skills in passing: that is less than teaching them.
IN_PASSING = re.compile(
    r"\b(?:maakt? kennis met|kennismak\w+|kennis te maken|oriënt\w+|oriëntatie|introduc\w+|inleiding|in vogelvlucht|zijdelings|terloops|excursie\w*|gastles\w*|optioneel|facultatief|"
    r"kan ook|als er tijd is|eventueel|komt? kort aan bod|kort aandacht|introduction|optional\w*|guest lecture|get to know|briefly)\b", re.IGNORECASE)

# ... and one with one of these says that something is not taught.
NOT_TAUGHT = re.compile(
    r"\b(?:niet aan (?:bod|de orde)|geen (?:aandacht|les\w*|onderdeel|deel|plaats)|niet (?:behandeld|onderwezen|gegeven|geleerd|opgenomen|in het (?:programma|lesplan|curriculum))|valt buiten|vallen buiten|"
    r"vervalt|is vervallen|not (?:taught|covered|part of))\b", re.IGNORECASE)
OF_ITSELF = frozenset({"lesplan", "lesplannen", "leerplan", "curriculum", "studiegids", "lesprogramma", "lesrooster"})  # what the text is, not what it teaches


class Unreadable(ValueError):
    """A curriculum that cannot be read; `code` says why: too_large, empty, old_word, unknown_kind, damaged, encrypted, no_text_layer, too_long or no_text."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Named:
    """A skill that a curriculum names: how (taught or passing), the sentence, and where the mention stands in it."""

    skill_id: str
    how: str
    sentence: str
    start: int
    end: int


# --- text of a file -------------------------------------------------------------------------------------------
def text_of(name: str, content: bytes) -> str:
    """The text of a file; what it is shows from its content first, from its name only for text. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", f"{len(content) / 1e6:.1f} MB")
    if not content.strip():
        raise Unreadable("empty")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("old_word")  # Word 97-2003, and what Office encrypts
    if content[:5] == b"%PDF-" or b"%PDF-" in content[:1024]:
        text = _pdf(content)
    elif content[:2] == b"PK":
        text = _docx(content)
    elif name.lower().endswith(NO_TEXT) or (b"\0" in content[:4000] and not content.startswith(UTF16_MARKS)):
        raise Unreadable("damaged" if name.lower().endswith((".docx", ".pdf", ".doc")) else "unknown_kind")
    else:
        text = _letters(content)
        if name.lower().endswith(".csv"):
            text = _csv(text)
    if len(text) > MOST_LETTERS:
        raise Unreadable("too_long", f"{len(text):,}")
    if sum(map(str.isalpha, text)) < 3:
        raise Unreadable("no_text")
    return text


def _letters(content: bytes) -> str:
    """Text in UTF-16 with a mark, UTF-8 or Windows-1252."""
    if content.startswith(UTF16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _csv(text: str) -> str:
    """Cells of a line as one line of text, so that a sentence stays whole."""
    first = text.split("\n", 1)[0]
    limit = csv.field_size_limit(MOST_LETTERS)  # of the whole process: put back below
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";\t,", key=first.count))
        return "\n".join(". ".join(cell.strip() for cell in row if cell.strip()) for row in rows)
    except csv.Error as error:
        raise Unreadable("damaged", str(error)) from error
    finally:
        csv.field_size_limit(limit)


def _docx(content: bytes) -> str:
    """Paragraphs and table cells of a DOCX, a line each. Nothing is unpacked to disk; entities and DTDs are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise Unreadable("unknown_kind", "zip")
            with archive.open("word/document.xml") as file:
                xml = file.read(MOST_UNPACKED + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("encrypted" if "password" in str(error) or "encrypted" in str(error) else "damaged", str(error)[:80]) from error
    if len(xml) > MOST_UNPACKED:
        raise Unreadable("too_long", "document.xml")
    try:
        root = ElementTree.fromstring(xml, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("damaged", str(error)[:80]) from error
    return "\n".join(_paragraphs(root))


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        parts = []
        for node in paragraph.iter():
            if node.tag == f"{W}t":
                parts.append(node.text or "")
            elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append(" ")
        line = "".join(parts).strip()
        if line:
            yield line


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    begun = time.monotonic()
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable("too_long", f"{len(reader.pages)}")
        parts, size = [], 0
        for page in reader.pages:
            parts.append(page.extract_text() or "")
            size += len(parts[-1])
            if size > MOST_LETTERS or time.monotonic() - begun > MOST_SECONDS:
                raise Unreadable("too_long", f"{size}")
    except Unreadable:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, ArithmeticError, OSError, NotImplementedError, AssertionError, MemoryError, ImportError) as error:
        # a damaged or hostile PDF makes the reader stumble in many ways; encryption that needs another library is an ImportError
        raise Unreadable("encrypted" if "AES" in str(error) or "cryptography" in str(error) else "damaged", f"{type(error).__name__}") from error
    text = _joined("\n".join(parts))
    if sum(map(str.isalpha, text)) < 20 * min(len(parts), 5):
        raise Unreadable("no_text_layer", f"{len(parts)}")
    return text


def _joined(text: str) -> str:
    """Lines that a PDF broke in the middle of a sentence, put together again; words broken with a hyphen too."""
    text = re.sub(r"(\w)-\n([a-zà-ÿ])", r"\1\2", text)
    return re.sub(r"(?<![.:;!?\n])\n(?=[a-zà-ÿ(])", " ", text)


# --- skills in a text -----------------------------------------------------------------------------------------
def named_in(text: str, vocabulary: Vocabulary) -> list[Named]:
    """The skills that a curriculum names, each once, in order: its clearest mention (a taught one before one in passing).

    What adverts would not count because it is offered, or about the organisation, counts here; denials do not.
    """
    clean = plain(text)
    scanned = vocabulary.matcher.scan([("", clean)])[0]
    mentions, ignored = vocabulary.matcher.read("", clean, scanned=scanned)
    found = [(m.start, m.end, m.skill, m.required) for m in mentions]
    all_the_same = {(i.start, i.end) for i in ignored if i.why in TAUGHT_ALL_THE_SAME}
    found += [(start, end, skill, True) for start, end, skill, _ in scanned.hits if (start, end) in all_the_same and skill != GENERIC]
    best: dict[str, Named] = {}
    for start, end, skill, required in sorted(found):
        sentence, at = _sentence(clean, start, end)
        if NOT_TAUGHT.search(sentence) or clean[start:end].lower() in OF_ITSELF:
            continue
        how = PASSING if not required or IN_PASSING.search(sentence) else TAUGHT
        if skill not in best or (best[skill].how == PASSING and how == TAUGHT):
            best[skill] = Named(skill, how, sentence, start - at, end - at)
    return list(best.values())


def _sentence(text: str, start: int, end: int) -> tuple[str, int]:
    """The sentence around a mention, at most LONGEST_SENTENCE characters, and where it begins in the text."""
    left = max((text.rfind(c, 0, start) for c in ".!?\n"), default=-1) + 1
    rights = [p for p in (text.find(c, end) for c in ".!?\n") if p >= 0]
    right = min(rights) + 1 if rights else len(text)
    left, right = max(left, start - LONGEST_SENTENCE // 2), min(right, end + LONGEST_SENTENCE // 2)
    while left < start and text[left].isspace():
        left += 1
    return text[left:right].rstrip(), left


class CurriculumReader:
    """Reads curricula in the web process; the vocabulary is made at first use, and a few files are read at the same time at most.

    `labels` gives the skills of the current publication (columns skill_id, label_nl, kind), so that those of ESCO are found too.
    """

    def __init__(self, labels: Callable[[], pd.DataFrame], at_once: int = 2) -> None:
        self._labels = labels
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(at_once)
        self._made: tuple[int, Vocabulary] | None = None

    def __call__(self, name: str, content: bytes) -> list[dict[str, Any]]:
        """Skills of a file: {skill_id, how, sentence, start, end}. Raises Unreadable."""
        with self._turns:
            text = text_of(name, content)
            with self._lock:  # the engine remembers sentences, and one call at a time may add to what it remembers
                return [vars(found) for found in named_in(text, self._vocabulary())]

    def _vocabulary(self) -> Vocabulary:
        labels = self._labels()
        if self._made is None or self._made[0] != len(labels):
            shipped = shipped_lists()
            own = set(shipped["ref_skills"]["skill_id"])
            esco = labels.loc[~labels["skill_id"].isin(own), ["skill_id", "label_nl", "kind"]].rename(columns={"skill_id": "uri"})
            towns = reference.read("municipalities")
            none = pd.DataFrame(columns=["uri", "isco4", "label_nl", "label_en", "alt_labels_nl", "alt_labels_en"])
            links = towns.rename(columns={"code": "municipality_code"})[["municipality_code", "region_code"]]
            self._made = len(labels), Vocabulary.from_tables({"occupation": none, "esco_skill": esco, "municipality": towns, "municipality_region": links, **shipped})
        return self._made[1]


__all__ = ["CurriculumReader", "Named", "Unreadable", "named_in", "text_of"]
