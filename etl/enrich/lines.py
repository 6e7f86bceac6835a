"""`python -m etl understand IN.jsonl OUT.jsonl`: adverts as JSON lines in, what they say as JSON lines out.

In: one object a line with id, title, text and, where known, employer, location_text, published. Out: the same id with language,
municipality_code and place_status, isco4, esco_occupation, occupation_confidence and the runner-up, education_level, hours_min,
hours_max, sector, vacancy_group (id of the group's first advert), skills and ignored. Offsets count characters of `text` as it
came in; mentions in the title only have -1. A line that cannot be read goes to OUT.rejects.jsonl with its number and the reason.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from etl.enrich import dedupe, start_method, text
from etl.enrich.reading import READ, Reading, is_agency, read_adverts, vacancy_id
from etl.enrich.sector import LEARNING_PLACE
from etl.enrich.skills import OWN
from etl.enrich.vocabulary import Vocabulary

MAX_LINE = 2_000_000  # bytes; an advert has some thousands
BATCH = 400
SOURCE = "lines"
REQUIRED = ("id", "title", "text")
OPTIONAL = ("employer", "location_text", "published")
SHOWN = 160  # characters of a rejected line that are kept
AT = {name: READ.index(name) for name in READ}


class BadLine(ValueError):
    """A line that is no advert; says why."""


@dataclass
class Advert:
    """One line: identifier, title, text as given, and what was known besides."""

    id: str
    title: str
    text: str
    employer: str | None
    location_text: str | None
    published: date | None


@dataclass
class Summary:
    """What happened to the lines of a file."""

    read: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass
class Part:
    """A batch as read: documents (all but the group), and what duplicates are found by."""

    documents: list[dict[str, Any]]
    municipality: list[str | None]
    subject: list[str]
    employer: list[str]
    days: list[int]
    agency: list[bool]
    unit: list[str]
    terms: list[tuple[float | None, float | None, str]]
    skills: list[list[str]]
    sketches: dedupe.Sketches


def parse(line: bytes) -> Advert:
    """An advert of a line. Raises BadLine with the reason."""
    if len(line) > MAX_LINE:
        raise BadLine(f"line of {len(line):,} bytes; at most {MAX_LINE:,}")
    if b"\x00" in line:
        raise BadLine("null byte")
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadLine("no JSON object")
    for name in REQUIRED:
        if name not in found:
            raise BadLine(f"field {name!r} is missing")
    identifier = found["id"]
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    for name, value in (("id", identifier), ("title", found["title"]), ("text", found["text"]), *((n, found.get(n) or "") for n in OPTIONAL)):
        if not isinstance(value, str):
            raise BadLine(f"field {name!r} is no text")
        if "\x00" in value:
            raise BadLine(f"null byte in {name!r}")
    if not identifier.strip():
        raise BadLine("field 'id' is empty")
    return Advert(identifier, found["title"], found["text"], found.get("employer") or None, found.get("location_text") or None, _day(found.get("published")))


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


# --- offsets --------------------------------------------------------------------------------------------------
_MARKUP = re.compile(r"<(script|style|noscript|template|title)\b.*?</\1\s*>|<!--.*?-->|<[a-zA-Z/!][^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:amp;)?(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


class Offsets:
    """From offsets in cleaned text to offsets in the text as given: the n-th visible character of one is the n-th of the other."""

    def __init__(self, given: str, clean: str) -> None:
        self._same = given == clean
        self._given, self._clean = given, clean
        if not self._same:
            blanked = _ENTITY.sub(_one_sign, _MARKUP.sub(lambda m: " " * len(m.group()), given)) if "<" in given or "&" in given else given
            self._raw = _visible(blanked)
            self._count = np.cumsum(_is_visible(clean))

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """(start, end) in the text as given of what stands at these offsets of the cleaned text; None when it is not to be found."""
        if self._same:
            return start, end
        surface = self._clean[start:end]
        first, last = int(self._count[start]) - 1, int(self._count[end - 1]) - 1
        if 0 <= first <= last < len(self._raw):
            a, b = int(self._raw[first]), int(self._raw[last]) + 1
            if self._given[a:b] == surface or _squeezed(self._given[a:b]) == _squeezed(surface):
                return a, b
        near = int(self._raw[min(max(first, 0), len(self._raw) - 1)]) if len(self._raw) else 0
        places = [m.start() for m in re.finditer(re.escape(surface), self._given)]
        if not places:
            return None
        best = min(places, key=lambda at: abs(at - near))
        return best, best + len(surface)


def _one_sign(found: re.Match[str]) -> str:
    """An entity as one visible sign and blanks, of the same length; a blank one as blanks."""
    import html

    decoded = html.unescape(html.unescape(found.group()))
    size = len(found.group())
    return " " * size if not decoded.strip() or decoded in "<>" else "x" + " " * (size - 1)


def _is_visible(written: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    codes = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return (codes > 32) & (codes != 0xA0) & (codes != 0xAD) & ~((codes >= 0x7F) & (codes < 0xA0)) & ~((codes >= 0x2000) & (codes <= 0x200F)) & ~((codes >= 0x2028) & (codes <= 0x202F)) & (codes != 0xFEFF) & ~((codes >= 0x2060) & (codes <= 0x206F))


def _visible(written: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.flatnonzero(_is_visible(written))


def _squeezed(written: str) -> str:
    import html

    return "".join(html.unescape(html.unescape(_MARKUP.sub("", written))).split())


# --- reading --------------------------------------------------------------------------------------------------
def document_of(advert: Advert, clean: str, found: Reading, vocabulary: Vocabulary) -> dict[str, Any]:
    """The document (without its group) of an advert, its clean text and what was read of it."""
    values = found.values
    offsets = Offsets(advert.text, clean)
    skills, ignored = [], []
    for m in found.mentions:
        place = (-1, -1) if m.start < 0 else offsets.find(m.start, m.end)
        if place is None:
            continue
        known = vocabulary.skills.get(m.skill)
        skills.append({
            "surface": advert.text[place[0]:place[1]] if place[0] >= 0 else known.label_nl if known else m.skill.removeprefix(OWN), "start": place[0], "end": place[1],
            "label_nl": known.label_nl if known else m.skill.removeprefix(OWN), "esco_uri": m.skill if m.skill.startswith("http") else None, "kind": known.kind if known else "skill", "required": m.required, "confidence": round(m.confidence, 2),
        })
    for i in found.ignored:
        place = offsets.find(i.start, i.end)
        if place:
            ignored.append({"surface": advert.text[place[0]:place[1]], "start": place[0], "end": place[1], "why": i.why})
    sector = values[AT["sector"]] or vocabulary.sector_of_isco(values[AT["isco4"]])
    if values[AT["unmapped_reason"]] not in (None, LEARNING_PLACE, "no occupation", "no programme"):
        sector = None
    uri = values[AT["occupation_uri"]] or (found.known or "").rpartition("|")[2]
    return {
        "id": advert.id, "language": values[AT["language"]], "municipality_code": values[AT["municipality_code"]], "place_status": values[AT["place_status"]],
        "isco4": values[AT["isco4"]], "esco_occupation": uri if uri.startswith("http") else None, "occupation_confidence": values[AT["occupation_confidence"]],
        "education_level": vocabulary.level_asked(values[AT["level"]], found.known), "hours_min": values[AT["hours_min"]], "hours_max": values[AT["hours_max"]],
        "sector": vocabulary.sector_names.get(sector or ""), "learning_place": values[AT["unmapped_reason"]] == LEARNING_PLACE, "skills": skills, "ignored": ignored,
    }


def read_part(adverts: Sequence[Advert], vocabulary: Vocabulary) -> Part:
    """A batch of adverts."""
    part = Part([], [], [], [], [], [], [], [], [], dedupe.sketches([]))
    numbers = []
    texts = [text.plain(advert.text, keep_contact=True) for advert in adverts]
    rows = [(SOURCE, advert.id, None, advert.title, None, advert.employer, advert.location_text, None, None, None, None) for advert in adverts]
    for advert, clean, found in zip(adverts, texts, read_adverts(rows, vocabulary, texts, phrases_too=True), strict=True):
        document = document_of(advert, clean, found, vocabulary)
        part.documents.append(document)
        part.municipality.append(document["municipality_code"])
        part.subject.append(found.subject)
        part.employer.append((advert.employer or "").lower())
        part.days.append(advert.published.toordinal() if advert.published else 0)
        part.agency.append(is_agency(advert.employer, found.scanned))
        part.unit.append(document["isco4"] or "")
        part.terms.append((document["hours_min"], document["hours_max"], document["education_level"]))
        part.skills.append(sorted({m.skill for m in found.mentions}))
        numbers.append(found.scanned.numbers)
    part.sketches = dedupe.sketches(numbers)
    return part


def understand_file(source: Path, target: Path, vocabulary: Vocabulary, workers: int = 1) -> Summary:
    """Read a file of adverts and write what they say; rejected lines go to `target` + .rejects.jsonl. Nothing half-written remains."""
    summary = Summary()
    parts: list[Part] = []
    draft, rejects = target.with_name(target.name + ".part"), target.with_name(target.name + ".rejects.jsonl")
    identifiers: list[str] = []
    with source.open("rb") as lines, draft.open("wb") as out, rejects.open("wb") as refused:
        for part in _parts(_batches(lines, refused, summary, identifiers), vocabulary, workers):
            for document in part.documents:
                out.write(orjson.dumps(document)[:-1] + b"\n")
            part.documents = []
            parts.append(part)
    groups = _groups(parts, identifiers)
    whole = target.with_name(target.name + ".whole")
    with draft.open("rb") as made, whole.open("wb") as out:
        for line, group in zip(made, groups, strict=True):
            out.write(line[:-1] + b',"vacancy_group":' + orjson.dumps(group) + b"}\n")
    draft.unlink()
    whole.replace(target)
    if not summary.rejected:
        rejects.unlink()
    return summary


def _groups(parts: list[Part], identifiers: list[str]) -> list[str]:
    if not identifiers:
        return []
    numbers = [vacancy_id(SOURCE, identifier) for identifier in identifiers]
    days = [day for part in parts for day in part.days]
    found = dedupe.groups(dedupe.Adverts(
        numbers, days, days, [m for part in parts for m in part.municipality], [s for part in parts for s in part.subject],
        [e for part in parts for e in part.employer], dedupe.Sketches.joined([part.sketches for part in parts]),
        dedupe.bits([s for part in parts for s in part.skills]), [a for part in parts for a in part.agency],
        [u for part in parts for u in part.unit], [t for part in parts for t in part.terms]))
    named = dict(zip(numbers, identifiers, strict=True))
    return [named[group] for group in found]


def _batches(lines: BinaryIO, refused: BinaryIO, summary: Summary, identifiers: list[str]) -> Iterator[list[Advert]]:
    """Batches of adverts; rejects are written as they come."""
    batch: list[Advert] = []
    seen: set[str] = set()
    for number, line in _numbered(lines):
        if not line.strip():
            continue
        try:
            advert = parse(line)
            if advert.id in seen:
                raise BadLine(f"id {advert.id[:80]!r} was used before")
        except BadLine as error:
            summary.rejected += 1
            kind = re.split(r"[:;'\d]", str(error))[0].strip()
            summary.reasons[kind] = summary.reasons.get(kind, 0) + 1
            refused.write(json.dumps({"line": number, "reason": str(error), "begin": line[:SHOWN].decode("utf-8", "replace")}, ensure_ascii=False).encode() + b"\n")
            continue
        seen.add(advert.id)
        identifiers.append(advert.id)
        batch.append(advert)
        summary.read += 1
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line); of a line that is too long only its begin is kept in memory."""
    number = 0
    while line := lines.readline(MAX_LINE + 2):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := lines.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
        yield number, line


_vocabulary: Vocabulary | None = None


def _begin(vocabulary: Vocabulary) -> None:
    global _vocabulary
    _vocabulary = vocabulary


def _read(batch: list[Advert]) -> Part:
    assert _vocabulary is not None
    return read_part(batch, _vocabulary)


def _parts(batches: Iterator[list[Advert]], vocabulary: Vocabulary, workers: int) -> Iterator[Part]:
    if workers <= 1:
        for batch in batches:
            yield read_part(batch, vocabulary)
        return
    context = multiprocessing.get_context(start_method())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(vocabulary,)) as pool:
        waiting: list[Any] = []
        for batch in batches:  # a few at a time: a file may be larger than memory
            waiting.append(pool.submit(_read, batch))
            if len(waiting) >= workers * 4:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


