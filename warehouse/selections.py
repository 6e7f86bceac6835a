"""Own selections of municipalities that were saved under a name: kept in one file, outside publications and the work database.

<data>/selections.json holds them all; writers take turns by a lock beside it and replace the file as a whole. The municipalities of
a selection never change (a link to it keeps its numbers); its name may, and it can be deleted.
"""

from __future__ import annotations

import fcntl
import json
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from warehouse.publications import write_atomically

PREFIX = "eigen-"
MOST, MOST_SELECTIONS, LONGEST_NAME = 60, 200, 60
_CODE = re.compile(r"GM\d{4}").fullmatch
_KEY = re.compile(PREFIX + r"[a-z0-9]+(?:-[a-z0-9]+)*").fullmatch


class UnknownSelection(LookupError):
    """There is no saved selection with this key."""


class SelectionsDamaged(RuntimeError):
    """The file cannot be read; it is left as it is, and nothing is written over it."""


@dataclass(frozen=True)
class Selection:
    """A saved selection: key (eigen-<slug>), name, municipality codes (sorted), when it was made (ISO, UTC)."""

    key: str
    name: str
    municipalities: tuple[str, ...]
    created_at: str


class Selections:
    """The saved selections of a data folder; safe for many reading and writing threads and processes."""

    def __init__(self, folder: Path | str) -> None:
        self.path = Path(folder) / "selections.json"
        self._lock = threading.Lock()
        self._known: tuple[str, Mapping[str, Selection]] = ("", MappingProxyType({}))

    def stamp(self) -> str:
        """A text that changes when the file does; empty when there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return ""
        return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"

    def read(self) -> Mapping[str, Selection]:
        """Selections by key, in the order of their names; none when the file cannot be read (writing says why)."""
        stamp = self.stamp()
        with self._lock:
            if self._known[0] == stamp:
                return self._known[1]
        try:
            found = self._load()
        except SelectionsDamaged:
            found = {}
        made = MappingProxyType(dict(sorted(found.items(), key=lambda item: item[1].name.lower())))
        with self._lock:
            self._known = (stamp, made)
        return made

    def add(self, name: str, municipalities: Sequence[str], now: datetime | None = None) -> Selection:
        """Keep a selection under a name; the one that is there already when it says the same.

        Raises ValueError for a wrong form or a name in use, SelectionsDamaged, OSError when the disk refuses.
        """
        name, codes = _name(name), _codes(municipalities)
        with self._writing() as kept:
            same = next((held for held in kept.values() if held.name.lower() == name.lower()), None)
            if same and same.municipalities == codes:
                return same
            if same:
                raise ValueError(f"the name {name!r} is in use for another selection")
            if len(kept) >= MOST_SELECTIONS:
                raise ValueError(f"there are {MOST_SELECTIONS} selections already; delete one first")
            made = Selection(_free_key(name, kept), name, codes, (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"))
            kept[made.key] = made
        return made

    def rename(self, key: str, name: str) -> Selection:
        """Give a selection another name; its key and links stay. Raises as add, and UnknownSelection."""
        name = _name(name)
        with self._writing() as kept:
            if key not in kept:
                raise UnknownSelection(key)
            if any(held.name.lower() == name.lower() and held.key != key for held in kept.values()):
                raise ValueError(f"the name {name!r} is in use for another selection")
            kept[key] = replace(kept[key], name=name)
            return kept[key]

    def delete(self, key: str) -> None:
        """Take a selection away; links to it say that it is gone. Raises UnknownSelection, SelectionsDamaged, OSError."""
        with self._writing() as kept:
            if kept.pop(key, None) is None:
                raise UnknownSelection(key)

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Selection]]:
        """The selections, written back when the block ends well, while no other writer has them."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = self._load()
            yield kept
            write_atomically(self.path, json.dumps({"selections": [asdict(held) for held in kept.values()]}, ensure_ascii=True, indent=1, sort_keys=True))

    def _load(self) -> dict[str, Selection]:
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))["selections"]
            made = [Selection(str(r["key"]), _name(r["name"]), _codes(r["municipalities"]), datetime.fromisoformat(r["created_at"]).isoformat()) for r in rows]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SelectionsDamaged(f"{self.path} cannot be read ({error}); put it right or move it away") from error
        return {held.key: held for held in made if _KEY(held.key)}


def _name(text: str) -> str:
    made = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    if not 0 < len(made) <= LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters")
    return made


def _codes(codes: Sequence[str]) -> tuple[str, ...]:
    made = tuple(sorted({str(code) for code in codes}))
    if not 0 < len(made) <= MOST or not all(_CODE(code) for code in made):
        raise ValueError(f"a selection has 1 to {MOST} municipalities, written as GM0193")
    return made


def _free_key(name: str, taken: Mapping[str, Selection]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "selectie"
    key, number = PREFIX + slug, 1
    while key in taken:
        number += 1
        key = f"{PREFIX}{slug}-{number}"
    return key
