"""Curricula that a school chose to keep: the skills found in them with their sentences, never the file itself.

A file per curriculum, <data>/curricula/<id>.json, written whole and put in place at once; deleting one removes its file, and
nothing of it stays. Files that cannot be read are left out and counted.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HOWS = ("taught", "passing")
LONGEST_NAME, LONGEST_SENTENCE, MOST_SKILLS, MOST_KEPT = 80, 700, 2000, 2000
ID_FORM = re.compile(r"[0-9a-f]{16}")
CREBO_FORM = re.compile(r"\d{5}")


class UnknownCurriculum(LookupError):
    """There is no curriculum with this id."""


class CurriculaFull(RuntimeError):
    """There are MOST_KEPT curricula; some must be deleted first."""


@dataclass(frozen=True)
class CurriculumSkill:
    """A skill in a curriculum: how (taught or passing), the sentence that says so, and where the mention stands in it."""

    skill_id: str
    how: str
    sentence: str
    start: int
    end: int


@dataclass(frozen=True)
class Curriculum:
    """A school's own curriculum of a programme. `id` is empty and `created_at` too for one that is not kept."""

    id: str
    name: str
    programme: str
    created_at: str
    skills: tuple[CurriculumSkill, ...]

    @property
    def taught(self) -> list[str]:
        """Skill ids that are taught."""
        return [s.skill_id for s in self.skills if s.how == "taught"]

    @property
    def passing(self) -> list[str]:
        """Skill ids that are named in passing."""
        return [s.skill_id for s in self.skills if s.how == "passing"]


def read(document: Any) -> Curriculum:
    """A curriculum from what came out of a file or a browser; each skill once. Raises ValueError with what is wrong."""
    if not isinstance(document, Mapping):
        raise ValueError("a curriculum is an object with name, programme and skills")
    name, programme, listed = document.get("name"), document.get("programme"), document.get("skills")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ValueError(f"name must be text of 1 to {LONGEST_NAME} characters")
    if not isinstance(programme, str) or not CREBO_FORM.fullmatch(programme):
        raise ValueError("programme must be a crebo")
    if not isinstance(listed, Sequence) or isinstance(listed, str) or len(listed) > MOST_SKILLS:
        raise ValueError(f"skills must be a list of at most {MOST_SKILLS}")
    found: dict[str, CurriculumSkill] = {}
    for row in listed:
        made = _skill(row)
        found.setdefault(made.skill_id, made)
    identifier, created = document.get("id") or "", document.get("created_at") or ""
    if not isinstance(identifier, str) or (identifier and not ID_FORM.fullmatch(identifier)) or not isinstance(created, str):
        raise ValueError("id or created_at has another form")
    if created:
        datetime.fromisoformat(created)
    clean = "".join(c if c.isprintable() else " " for c in name).strip()
    return Curriculum(identifier, clean or "?", programme, created, tuple(found.values()))


def _skill(row: Any) -> CurriculumSkill:
    if not isinstance(row, Mapping):
        raise ValueError("a skill is an object with skill_id, how, sentence, start and end")
    skill, how, sentence, start, end = (row.get(k) for k in ("skill_id", "how", "sentence", "start", "end"))
    if not isinstance(skill, str) or not 0 < len(skill) <= 300 or how not in HOWS or not isinstance(sentence, str) or len(sentence) > LONGEST_SENTENCE:
        raise ValueError(f"skill_id and sentence (at most {LONGEST_SENTENCE} characters) must be text, how one of {', '.join(HOWS)}")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= len(sentence):
        raise ValueError("start and end must lie in the sentence")
    return CurriculumSkill(skill, how, sentence, start, end)


class Curricula:
    """The kept curricula of a data folder; safe for many reading and writing threads and processes."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder) / "curricula"
        self._lock = threading.Lock()
        self._known: tuple[str, tuple[Curriculum, ...], int] = ("", (), 0)

    def stamp(self) -> str:
        """A text that changes when a curriculum is kept or deleted; empty when there is none."""
        try:
            return f"{self.folder.stat().st_mtime_ns}"
        except OSError:
            return ""

    def list(self, programme: str | None = None) -> list[Curriculum]:
        """Kept curricula (of a programme), oldest first."""
        return [c for c in self._read()[1] if programme is None or c.programme == programme]

    def get(self, identifier: str) -> Curriculum | None:
        """One of them, or None."""
        return next((c for c in self._read()[1] if c.id == identifier), None)

    def unreadable(self) -> int:
        """Files that could not be read."""
        return self._read()[2]

    def add(self, document: Any, now: datetime | None = None) -> Curriculum:
        """Keep a curriculum under its name. Raises ValueError (see `read`), CurriculaFull, OSError when the disk refuses."""
        asked = read(document)
        if len(self._read()[1]) >= MOST_KEPT:
            raise CurriculaFull(f"{self.folder} holds {MOST_KEPT} curricula; delete some first")
        made = Curriculum(secrets.token_hex(8), asked.name, asked.programme, (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"), asked.skills)
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{made.id}.part"
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(made), file, ensure_ascii=True)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / f"{made.id}.json")
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return made

    def delete(self, identifier: str) -> None:
        """Remove a curriculum for good. Raises UnknownCurriculum."""
        if not ID_FORM.fullmatch(identifier):
            raise UnknownCurriculum(identifier)
        try:
            (self.folder / f"{identifier}.json").unlink()
        except FileNotFoundError as error:
            raise UnknownCurriculum(identifier) from error

    def _read(self) -> tuple[str, tuple[Curriculum, ...], int]:
        stamp = self.stamp()
        with self._lock:
            if self._known[0] == stamp and stamp:
                return self._known
        found, bad = [], 0
        for path in sorted(self.folder.glob("*.json")) if stamp else ():
            try:
                made = read(json.loads(path.read_text(encoding="utf-8")))
                if made.id != path.stem or not made.created_at:
                    raise ValueError(path.name)
                found.append(made)
            except (OSError, ValueError, RecursionError):
                bad += 1
        kept = stamp, tuple(sorted(found, key=lambda c: (c.created_at, c.id))), bad
        with self._lock:
            self._known = kept
        return kept


__all__ = ["Curricula", "CurriculaFull", "Curriculum", "CurriculumSkill", "UnknownCurriculum", "read"]
