"""What the loader and the scheduler are doing and did last, in small files that are replaced atomically.

Pages and `python -m etl status` read them; only the loading process writes `status.json`, the scheduler `schedule.json`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.publications import write_atomically


class Busy(RuntimeError):
    """Another process holds the lock."""


class StatusFile:
    """A JSON document with sections, rewritten as a whole at every change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        """The document; empty when there is none yet."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def update(self, section: str, values: dict[str, Any]) -> None:
        """Merge values into a section."""
        document = self.read()
        document[section] = {**document.get(section, {}), **values}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, json.dumps(document, indent=1, sort_keys=True, default=str))

    def update_source(self, key: str, values: dict[str, Any]) -> None:
        """Merge values into the entry of one source."""
        sources = self.read().get("sources", {})
        sources[key] = {**sources.get(key, {}), **values}
        self.update("sources", {key: sources[key]})


@contextlib.contextmanager
def exclusive(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file for the time of the block; released by the system when the process dies.

    Raises Busy when another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(f"{what} is already running (lock {path})") from error
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def now() -> datetime:
    """The clock of loading and scheduling: UTC, aware. Tests replace it here."""
    return datetime.now(UTC)
