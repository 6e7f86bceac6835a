"""Publications: immutable DuckDB files, and the pointer that says which one is current.

A publication is written under a hidden name, checked, fsynced, renamed to its own unique name, and only then named by
the pointer file, which is replaced atomically. Readers open publications read-only and are never disturbed.

    <folder>/publications/<id>.duckdb   the data
    <folder>/publications/<id>.json     the manifest
    <folder>/current.json               the pointer
    <folder>/pins.json                  publications that must stay (permalinks of meetings)
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse import schema
from warehouse.engine import create_table_sql, insert_frame, open_read_only, quoted

if TYPE_CHECKING:
    import pandas as pd

    from warehouse.queries import Reader

ID_FORM = re.compile(r"^\d{8}-\d{6}-[0-9a-f]{8}$")
# Columns that change on every load without a change of content.
VOLATILE = {("vacancy", "last_seen")}


class NoPublication(LookupError):
    """There is no publication yet: run a load first."""


class UnknownPublication(LookupError):
    """A publication that does not exist (any more); `available` lists the ones that do."""

    def __init__(self, wanted: str, available: list[str]) -> None:
        super().__init__(f"publication {wanted!r} does not exist (any more); available: {', '.join(available) or 'none'}")
        self.wanted = wanted
        self.available = available


class PublicationFault(RuntimeError):
    """A new publication did not pass its own check after writing; it was not made current."""


@dataclass(frozen=True)
class Manifest:
    """What a publication is: identity, time (UTC ISO), content hash, size in bytes, rows per table, sources."""

    id: str
    created_at: str
    content_hash: str
    size: int
    schema_version: int
    demonstration: bool
    latest_period: int
    rows: dict[str, int]
    sources: dict[str, dict[str, Any]]
    current: bool = False
    pinned: bool = False
    pin_reasons: list[str] = field(default_factory=list)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small text file so that a reader sees the old or the new one, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


Ids = list[str]
Manifests = list[Manifest]


class Publications:
    """The publications in a data folder (see module text). Safe for many reading processes and one writing one."""

    def __init__(self, folder: Path | str, keep_open: int = 4) -> None:
        self.root = Path(folder)
        self.folder = self.root / "publications"
        self.pointer = self.root / "current.json"
        self.pins_file = self.root / "pins.json"
        self._readers: OrderedDict[str, Reader] = OrderedDict()
        self._keep_open = keep_open
        self._lock = threading.Lock()

    # --- reading ---------------------------------------------------------------------------------------------
    def current_id(self) -> str | None:
        """Id of the current publication, or None. A lost or broken pointer falls back to the newest whole publication."""
        try:
            wanted = json.loads(self.pointer.read_text(encoding="utf-8"))["id"]
        except (OSError, ValueError, KeyError, TypeError):
            wanted = None
        if isinstance(wanted, str) and ID_FORM.match(wanted) and self._path(wanted).exists():
            return wanted
        whole = self._whole_ids()
        return whole[-1] if whole else None

    def list(self) -> Manifests:
        """Whole publications, newest first."""
        current, pins = self.current_id(), self._pins()
        found = []
        for identifier in reversed(self._whole_ids()):
            manifest = self._manifest(identifier)
            reasons = pins.get(identifier, [])
            found.append(replace(manifest, current=identifier == current, pinned=bool(reasons), pin_reasons=reasons))
        return found

    def reader(self, identifier: str | None = None) -> Reader:
        """Answers from a publication (the current one by default).

        Raises NoPublication when there is none, UnknownPublication when this one does not exist.
        """
        from warehouse.queries import Reader

        wanted = identifier or self.current_id()
        if wanted is None:
            raise NoPublication("there is no publication yet; run a load first (python -m etl run)")
        if not ID_FORM.match(wanted) or not self._path(wanted).exists():
            raise UnknownPublication(wanted, [m.id for m in self.list()])
        with self._lock:
            reader = self._readers.get(wanted)
            if reader is None:
                reader = Reader(self._path(wanted))
                self._readers[wanted] = reader
                while len(self._readers) > self._keep_open:
                    self._readers.popitem(last=False)
            self._readers.move_to_end(wanted)
            return reader

    # --- writing ---------------------------------------------------------------------------------------------
    def publish(
        self, work: duckdb.DuckDBPyConnection, meta: dict[str, pd.DataFrame], *, demonstration: bool,
        latest_period: int, boundary_year: int, sources: dict[str, dict[str, Any]], now: datetime,
        force: bool = False,
    ) -> tuple[Manifest, bool]:
        """Make a new publication from the work database and point to it.

        `meta` holds frames for the tables of layer meta except publication_info. Returns the manifest and whether it
        is new: when the content hash equals the current publication's, nothing is written (unless `force`).
        Raises PublicationFault when the written file does not read back as it was written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        content = content_hash(work)
        current = self.current_id()
        if current and not force and self._manifest(current).content_hash == content:
            return self._manifest(current), False
        identifier = self._new_id(now, content)
        part = self.folder / f".{identifier}.duckdb.part"
        rows = self._write(part, work, meta, identifier, content, demonstration, latest_period, boundary_year, now)
        self._verify(part, rows, content)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self._path(identifier))
        sync_folder(self.folder)
        manifest = Manifest(
            id=identifier, created_at=now.astimezone(UTC).isoformat(timespec="seconds"), content_hash=content,
            size=self._path(identifier).stat().st_size, schema_version=schema.SCHEMA_VERSION, demonstration=demonstration,
            latest_period=latest_period, rows=rows, sources=sources,
        )
        document = {k: v for k, v in asdict(manifest).items() if k not in ("current", "pinned", "pin_reasons")}
        write_atomically(self._manifest_path(identifier), json.dumps(document, indent=1, sort_keys=True))
        self._point(identifier)
        return manifest, True

    def rollback(self, identifier: str) -> Manifest:
        """Make an earlier publication current again. Raises UnknownPublication."""
        if identifier not in self._whole_ids():
            raise UnknownPublication(identifier, [m.id for m in self.list()])
        self._point(identifier)
        return self._manifest(identifier)

    def pin(self, identifier: str, reason: str) -> None:
        """Keep a publication alive for a reason (a meeting's link). Raises UnknownPublication."""
        if identifier not in self._whole_ids():
            raise UnknownPublication(identifier, [m.id for m in self.list()])
        pins = self._pins()
        pins[identifier] = sorted({*pins.get(identifier, []), reason})
        write_atomically(self.pins_file, json.dumps(pins, indent=1, sort_keys=True))

    def unpin(self, identifier: str, reason: str) -> None:
        """Take one reason away; without reasons the publication can be pruned."""
        pins = self._pins()
        left = [r for r in pins.get(identifier, []) if r != reason]
        pins = {k: v for k, v in pins.items() if k != identifier} | ({identifier: left} if left else {})
        write_atomically(self.pins_file, json.dumps(pins, indent=1, sort_keys=True))

    def prune(self, keep: int) -> Ids:
        """Delete all but the newest `keep` publications, never the current or a pinned one. Returns what went."""
        gone = []
        for position, manifest in enumerate(self.list()):
            if position >= keep and not manifest.current and not manifest.pinned:
                self._manifest_path(manifest.id).unlink(missing_ok=True)
                self._path(manifest.id).unlink(missing_ok=True)
                gone.append(manifest.id)
        return gone

    def sweep(self) -> None:
        """Remove what an interrupted load left behind: parts, and files that never got a manifest."""
        if not self.folder.exists():
            return
        for part in self.folder.glob(".*.part*"):
            part.unlink(missing_ok=True)
        current = self.current_id()
        for path in self.folder.glob("*.duckdb"):
            if not self._manifest_path(path.stem).exists() and path.stem != current:
                path.unlink(missing_ok=True)
        for wal in self.folder.glob("*.wal"):
            wal.unlink(missing_ok=True)

    # --- inside ----------------------------------------------------------------------------------------------
    def _path(self, identifier: str) -> Path:
        return self.folder / f"{identifier}.duckdb"

    def _manifest_path(self, identifier: str) -> Path:
        return self.folder / f"{identifier}.json"

    def _whole_ids(self) -> Ids:
        if not self.folder.exists():
            return []
        found = []
        for path in self.folder.glob("*.json"):
            file = self._path(path.stem)
            if ID_FORM.match(path.stem) and file.exists():
                try:
                    if self._manifest(path.stem).size == file.stat().st_size:
                        found.append(path.stem)
                except (OSError, ValueError, TypeError):
                    continue
        return sorted(found)

    def _manifest(self, identifier: str) -> Manifest:
        return Manifest(**json.loads(self._manifest_path(identifier).read_text(encoding="utf-8")))

    def _pins(self) -> dict[str, Ids]:
        try:
            return dict(json.loads(self.pins_file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def _point(self, identifier: str) -> None:
        write_atomically(self.pointer, json.dumps({"id": identifier}))

    def _new_id(self, now: datetime, content: str) -> str:
        stamp = now.astimezone(UTC)
        taken = {p.name.split(".")[0] for p in self.folder.iterdir()}
        identifier = f"{stamp:%Y%m%d-%H%M%S}-{content[:8]}"
        tries = 0
        while identifier in taken:  # the same content twice within a second, after a rollback
            tries += 1
            identifier = f"{stamp:%Y%m%d-%H%M%S}-{int(content[:8], 16) + tries & 0xFFFFFFFF:08x}"
        return identifier

    def _write(
        self, part: Path, work: duckdb.DuckDBPyConnection, meta: dict[str, pd.DataFrame], identifier: str, content: str,
        demonstration: bool, latest_period: int, boundary_year: int, now: datetime,
    ) -> dict[str, int]:
        import pandas as pd

        part.unlink(missing_ok=True)
        rows: dict[str, int] = {}
        work.execute(f"ATTACH '{str(part).replace(chr(39), chr(39) * 2)}' AS publication")
        try:
            for name in schema.PUBLISHED:
                table = schema.metadata.tables[name]
                place = f"publication.{quoted(name)}"
                work.execute(create_table_sql(table, "publication"))
                if table.info["layer"] == "meta":
                    continue
                listed = ", ".join(quoted(c.name) for c in table.columns)
                order = ", ".join(quoted(c) for c in table.info["order"])
                work.execute(f"INSERT INTO {place} ({listed}) SELECT {listed} FROM {quoted(name)} ORDER BY {order}")  # noqa: S608
            info = pd.DataFrame([{
                "id": identifier, "created_at": now.astimezone(UTC).replace(tzinfo=None), "content_hash": content,
                "schema_version": schema.SCHEMA_VERSION, "demonstration": demonstration,
                "latest_period": latest_period, "boundary_year": boundary_year,
            }])
            for name, rows_of in {**meta, "publication_info": info}.items():
                insert_frame(work, schema.metadata.tables[name], rows_of, f"publication.{quoted(name)}")
            for name in schema.PUBLISHED:
                counted = work.execute(f"SELECT count(*) FROM publication.{quoted(name)}").fetchone()  # noqa: S608
                rows[name] = int(counted[0]) if counted else 0
            work.execute("CHECKPOINT publication")
        finally:
            work.execute("DETACH publication")
        return rows

    def _verify(self, part: Path, rows: dict[str, int], content: str) -> None:
        connection = open_read_only(part, threads=2)
        try:
            for name, expected in rows.items():
                counted = connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()  # noqa: S608
                if not counted or int(counted[0]) != expected:
                    raise PublicationFault(f"table {name} reads back {counted} rows instead of {expected}")
            if content_hash(connection) != content:
                raise PublicationFault("the content of the new publication differs from the work database")
        finally:
            connection.close()


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash (32 hexadecimal digits) over all published tables but the meta layer, independent of row order."""
    import hashlib

    digest = hashlib.sha256()
    for name in schema.PUBLISHED:
        table = schema.metadata.tables[name]
        if table.info["layer"] == "meta":
            continue
        columns = [quoted(c.name) for c in table.columns if (name, c.name) not in VOLATILE]
        packed = f"hash({', '.join(columns)})"
        found = connection.execute(
            f"SELECT count(*), coalesce(bit_xor({packed}), 0), coalesce(sum({packed} % 1000000007), 0) FROM {quoted(name)}"  # noqa: S608
        ).fetchone()
        digest.update(f"{name}:{','.join(columns)}:{found}\n".encode())
    return digest.hexdigest()[:32]
