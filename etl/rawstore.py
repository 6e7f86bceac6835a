"""The raw store: every response as it came, compressed, addressed by content, with an index per source.

    <folder>/raw/<aa>/<sha256>.gz       bodies (gzip)
    <folder>/raw/index/<source>.jsonl   one line per response, and one line "complete" per finished fetch

A body is written under a hidden name, fsynced and renamed; the index line follows. A fetch without its "complete" line
was interrupted: its bodies stay, but it is never loaded.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from connectors.base import Conditional, Raw


class CorruptRaw(RuntimeError):
    """A stored body does not match its address; the message names the file. Fetch the source again."""


class RawStore:
    """Raw responses under a data folder. One writing process (the loader); readers may look on."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder) / "raw"
        self._index = self.folder / "index"

    def begin(self, source: str) -> Fetch:
        """Start writing a fetch of a source."""
        return Fetch(self, source)

    def put(self, content: bytes) -> str:
        """Keep a body; returns its sha-256."""
        sha = hashlib.sha256(content).hexdigest()
        path = self._path(sha)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
            with part.open("wb") as file:
                file.write(gzip.compress(content, compresslevel=1, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        return sha

    def get(self, sha: str) -> bytes:
        """A kept body. Raises CorruptRaw when it is missing or damaged."""
        path = self._path(sha)
        try:
            content = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, ValueError) as error:
            raise CorruptRaw(f"raw body {path} cannot be read ({error}); fetch the source again") from error
        except Exception as error:  # zlib.error has no common base
            raise CorruptRaw(f"raw body {path} is damaged ({error}); fetch the source again") from error
        if hashlib.sha256(content).hexdigest() != sha:
            raise CorruptRaw(f"raw body {path} does not match its address; fetch the source again")
        return content

    def last_fetch(self, source: str) -> list[dict[str, Any]]:
        """Index lines of the last complete fetch of a source, in order; empty when there is none."""
        lines: dict[str, list[dict[str, Any]]] = {}
        last: str | None = None
        for line in self._lines(source):
            if line.get("event") == "complete":
                last = line["fetch"]
            elif "sha256" in line:
                lines.setdefault(line["fetch"], []).append(line)
        return lines.get(last, []) if last else []

    def raws(self, source: str) -> Iterator[Raw]:
        """The responses of the last complete fetch of a source, from the store."""
        for line in self.last_fetch(source):
            yield Raw(
                name=line["name"], url=line["url"], retrieved_at=datetime.fromisoformat(line["retrieved_at"]),
                content=self.get(line["sha256"]), media_type=line["media_type"], etag=line.get("etag"),
                last_modified=line.get("last_modified"),
            )

    def conditionals(self, source: str) -> dict[str, Conditional]:
        """Validators and bodies of everything fetched of a source before, by URL (the latest wins)."""
        found: dict[str, Conditional] = {}
        for line in self._lines(source):
            if "sha256" in line and self._path(line["sha256"]).exists():
                found[line["url"]] = Conditional(line.get("etag"), line.get("last_modified"), lambda sha=line["sha256"]: self.get(sha))
        return found

    def _path(self, sha: str) -> Path:
        return self.folder / sha[:2] / f"{sha}.gz"

    def _lines(self, source: str) -> Iterator[dict[str, Any]]:
        path = self._index / f"{source}.jsonl"
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            for text in file:
                try:
                    yield json.loads(text)
                except ValueError:
                    continue  # a line cut short by a crash; its fetch has no "complete" line


class Fetch:
    """Writing one fetch: `add` each response, then `complete`."""

    def __init__(self, store: RawStore, source: str) -> None:
        self._store = store
        self._id = uuid4().hex
        self._path = store._index / f"{source}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists() and self._path.read_bytes()[-1:] not in (b"\n", b""):
            with self._path.open("a", encoding="utf-8") as file:  # heal a line cut short
                file.write("\n")
        self._file = self._path.open("a", encoding="utf-8")

    def add(self, raw: Raw, licence: str) -> str:
        """Keep a response; returns its sha-256."""
        sha = self._store.put(raw.content)
        self._write({
            "fetch": self._id, "name": raw.name, "url": raw.url, "retrieved_at": raw.retrieved_at.isoformat(),
            "sha256": sha, "bytes": len(raw.content), "media_type": raw.media_type, "etag": raw.etag,
            "last_modified": raw.last_modified, "licence": licence,
        })
        return sha

    def complete(self) -> None:
        """Mark the fetch as whole; only now it can be loaded."""
        self._write({"fetch": self._id, "event": "complete"})
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Leave the fetch unfinished; what came stays in the store."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
