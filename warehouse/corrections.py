"""What people say is read wrongly in an advert: kept in one file, outside publications and the work database.

<data>/corrections.jsonl is only ever added to, a line per event: a correction, or the withdrawal of one. Writers take
turns by a lock on the file; a line that a crash left half written is closed off by the next writer. Lines that cannot
be read are counted and left where they are. Loads apply what is active (etl/enrich/corrected.py), pages show it at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

FIELDS = ("skill", "occupation", "place", "level")
LEVELS = ("none", "mbo", "mbo1", "mbo2", "mbo3", "mbo4", "hbo", "wo")
LONGEST_NOTE, LONGEST_VALUE = 500, 300
MOST_BYTES = 20_000_000
APPLIED, UNCHANGED = "applied", "unchanged"
ID_FORM = re.compile(r"[0-9a-f]{16}")


class UnknownCorrection(LookupError):
    """There is no active correction with this id."""


class CorrectionsFull(RuntimeError):
    """The file has reached MOST_BYTES; nothing more is written to it."""


@dataclass(frozen=True)
class Correction:
    """One correction of one advert. Times are ISO texts in UTC; `withdrawn` is None while it is active.

    field skill: `old` is a skill that is none here, or `new` one that is missing (a skill id; exactly one of the two).
    occupation: `new` is an ESCO occupation (None: no known one). place: `new` is a municipality code. level: one of LEVELS.
    `old` is what the page showed.
    """

    id: str
    vacancy_id: str
    field: str
    old: str | None
    new: str | None
    note: str
    created_at: str
    withdrawn: str | None = None

    @property
    def subject(self) -> tuple[str, str, str]:
        """What it is about: two corrections of the same thing cannot both hold, the later one does."""
        return self.vacancy_id, self.field, (self.old or self.new or "") if self.field == "skill" else ""


@dataclass(frozen=True)
class Kept:
    """What the file holds: corrections in the order they were made, and how many lines could not be read."""

    corrections: tuple[Correction, ...] = ()
    bad_lines: int = 0
    of: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict, compare=False)

    @property
    def active(self) -> tuple[Correction, ...]:
        """Those that were not withdrawn."""
        return tuple(c for c in self.corrections if c.withdrawn is None)


# --- pure -----------------------------------------------------------------------------------------------------
def read_lines(lines: Iterable[str]) -> Kept:
    """Corrections of the lines of the file. Never raises: what is no event is counted."""
    found: dict[str, Correction] = {}
    bad = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            if event["event"] == "withdrawn":
                found[event["id"]] = replace(found[event["id"]], withdrawn=datetime.fromisoformat(event["at"]).isoformat())
            else:
                made = _correction(event)
                if made.id in found:
                    raise ValueError(made.id)
                found[made.id] = made
        except (ValueError, KeyError, TypeError, RecursionError):
            bad += 1
    of: dict[str, list[Correction]] = {}
    for made in found.values():
        of.setdefault(made.vacancy_id, []).append(made)
    return Kept(tuple(found.values()), bad, {k: tuple(v) for k, v in of.items()})


def _correction(event: Mapping[str, Any]) -> Correction:
    values = {f.name: event[f.name] for f in fields(Correction) if f.name != "withdrawn"}
    made = Correction(**values)
    if event["event"] != "correction" or problem(made):
        raise ValueError(problem(made))
    datetime.fromisoformat(made.created_at)
    return made


def problem(made: Correction) -> str:
    """What is wrong with the form of a correction, in one sentence; empty when nothing is."""
    texts = [made.id, made.vacancy_id, made.field, made.note, made.created_at]
    if not all(isinstance(v, str) for v in texts) or not all(v is None or (isinstance(v, str) and 0 < len(v) <= LONGEST_VALUE) for v in (made.old, made.new)):
        return f"id, vacancy, field, note and time must be text; old and new null or text of 1 to {LONGEST_VALUE} characters"
    if not ID_FORM.fullmatch(made.id) or not (made.vacancy_id.isascii() and made.vacancy_id.isdigit() and len(made.vacancy_id) < 20):
        return "the id of the correction or of the vacancy has another form"
    if made.field not in FIELDS:
        return f"field must be one of {', '.join(FIELDS)}"
    if made.field == "skill" and (made.old is None) == (made.new is None):
        return "a skill needs either old (it is none here) or new (it is missing)"
    if made.field == "level" and made.new not in LEVELS:
        return f"level must be one of {', '.join(LEVELS)}"
    if made.field == "place" and made.new is None:
        return "place needs new, a municipality code"
    if len(made.note) > LONGEST_NOTE:
        return f"note is at most {LONGEST_NOTE} characters"
    return ""


def settled(corrections: Iterable[Correction]) -> list[Correction]:
    """What holds: active corrections, of those about the same thing the last one, in the order they were made."""
    last: dict[tuple[str, str, str], Correction] = {}
    for made in corrections:
        if made.withdrawn is None:
            last.pop(made.subject, None)
            last[made.subject] = made
    return list(last.values())


def fingerprint(corrections: Iterable[Correction]) -> str:
    """Hash of what holds, without notes; empty when nothing does. Another one means that figures must be made again."""
    held = sorted((c.id, c.vacancy_id, c.field, c.old, c.new) for c in settled(corrections))
    return hashlib.sha256(repr(held).encode()).hexdigest()[:32] if held else ""


COLUMN_OF = {"occupation": "occupation_uri", "place": "municipality_code", "level": "level"}


def apply_to(advert: Mapping[str, Any], corrections: Iterable[Correction]) -> dict[str, Any]:
    """A copy of an advert with what holds applied.

    The advert has occupation_uri, municipality_code, level, skill_ids (joined by |), and may have `mentions`
    [{"skill_id": ...}]. An added skill has no mention: nobody said where it stands. Applying twice changes nothing more.
    """
    made = dict(advert)
    for c in settled(corrections):
        if c.field == "skill":
            made = without_skill(made, c.old) if c.old else _with_skill(made, c.new or "")
        else:
            made[COLUMN_OF[c.field]] = c.new
    return made


def as_read(advert: Mapping[str, Any], published: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A copy of an advert as it was read before `published` (rows of table vacancy_correction) were applied."""
    made = dict(advert)
    for row in published:
        if row["outcome"] != APPLIED:
            continue
        if row["field"] != "skill":
            made[COLUMN_OF[row["field"]]] = row["old_value"]
        elif row["new_value"]:
            made = without_skill(made, row["new_value"])
        else:
            made = _with_skill(made, row["old_value"])
            if "mentions" in made:
                mention = {name: row[name] for name in ("start", "end", "required")} | {"skill_id": row["old_value"]}
                made["mentions"] = sorted([*made["mentions"], mention], key=lambda m: m["start"])
    return made


def skills_of(advert: Mapping[str, Any]) -> list[str]:
    """Skill ids of an advert, in order."""
    return [s for s in str(advert["skill_ids"] or "").split("|") if s]


def without_skill(advert: Mapping[str, Any], skill: str) -> dict[str, Any]:
    """A copy of an advert without a skill and its mention."""
    made = {**advert, "skill_ids": "|".join(s for s in skills_of(advert) if s != skill)}
    if "mentions" in made:
        made["mentions"] = [m for m in made["mentions"] if m["skill_id"] != skill]
    return made


def _with_skill(advert: Mapping[str, Any], skill: str) -> dict[str, Any]:
    return {**advert, "skill_ids": "|".join(dict.fromkeys([*skills_of(advert), skill]))}


# --- the file -------------------------------------------------------------------------------------------------
class Corrections:
    """The corrections of a data folder; safe for many reading and writing threads and processes."""

    def __init__(self, folder: Path | str) -> None:
        self.path = Path(folder) / "corrections.jsonl"
        self._lock = threading.Lock()
        self._known: tuple[str, Kept] = ("", Kept())

    def stamp(self) -> str:
        """A text that changes when the file does; empty when there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return ""
        return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"

    def read(self) -> Kept:
        """What the file holds; kept in memory until the file changes. Nothing when there is no file or it cannot be read."""
        stamp = self.stamp()
        with self._lock:
            if self._known[0] == stamp:
                return self._known[1]
        try:
            with self.path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                stamp = self.stamp()
                kept = read_lines(file.read().decode("utf-8", "replace").splitlines())
        except FileNotFoundError:
            kept = Kept()
        with self._lock:
            self._known = (stamp, kept)
        return kept

    def add(self, vacancy_id: str, what: str, old: str | None, new: str | None, note: str = "", now: datetime | None = None) -> Correction:
        """Keep a correction; the one that is there already when it says the same and still holds.

        Raises ValueError for a wrong form (see `problem`), CorrectionsFull, OSError when the disk refuses.
        """
        made = Correction(secrets.token_hex(8), vacancy_id, what, old, new, note, _text(now))
        wrong = problem(made)
        if wrong:
            raise ValueError(wrong)
        with self._writing() as file:
            for held in settled(_read(file).corrections):
                if (held.subject, held.new) == (made.subject, made.new):
                    return held
            _append(file, {"event": "correction", **{k: v for k, v in asdict(made).items() if k != "withdrawn"}})
        return made

    def withdraw(self, identifier: str, now: datetime | None = None) -> Correction:
        """Take a correction back; what it said before stays in the file. Raises UnknownCorrection, CorrectionsFull, OSError."""
        if not self.path.exists():
            raise UnknownCorrection(identifier)
        with self._writing() as file:
            found = next((c for c in _read(file).active if c.id == identifier), None)
            if found is None:
                raise UnknownCorrection(identifier)
            at = _text(now)
            _append(file, {"event": "withdrawn", "id": identifier, "at": at})
        return replace(found, withdrawn=at)

    @contextmanager
    def _writing(self) -> Iterator[IO[bytes]]:
        """The file, opened for adding, while no other writer or reader has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _text(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _read(file: IO[bytes]) -> Kept:
    file.seek(0)
    return read_lines(file.read().decode("utf-8", "replace").splitlines())


def _append(file: IO[bytes], event: Mapping[str, Any]) -> None:
    """One line at the end, on the disk when this returns; a line that could not be written whole is taken away again."""
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise CorrectionsFull(f"{file.name} is larger than {MOST_BYTES // 1_000_000} MB; export and archive it first")
    file.seek(max(size - 1, 0))
    closed = size == 0 or file.read(1) == b"\n"
    try:
        file.write((b"" if closed else b"\n") + json.dumps(event, ensure_ascii=True, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise


__all__: Sequence[str] = ("APPLIED", "FIELDS", "LEVELS", "Correction", "Corrections", "CorrectionsFull", "Kept", "UnknownCorrection", "apply_to", "as_read", "fingerprint", "problem", "settled")
