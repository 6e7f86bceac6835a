"""Files that the operator drops in a folder, or that a server lists in an index (the demonstration does).

Folder: every file of the wanted endings. Server: {base}/<name>/index.json with {"files": ["a.csv", ...]}.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook

from connectors.base import FetchContext, Need, Raw, Reject, Source
from connectors.errors import ConfigurationError, RefusedError, SchemaDrift

ENDINGS = (".csv", ".xlsx")
MAX_FILES = 2000
MAX_XLSX_BYTES = 500_000_000
MAX_ROWS = 5_000_000


class DroppedFiles(Source):
    """A source of files in a folder of the drop folder; a base_url makes it read the same files from a server."""

    needs = frozenset({Need.FILE_DROP})
    folder_name = ""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def unmet_needs(self) -> str | None:
        """Where to put files, when there are none."""
        if self.base_url:
            return None
        if self.folder is None:
            return f"set sources.drop_folder and put CSV or XLSX files in its folder {self.folder_name}/"
        if not any(p.suffix.lower() in ENDINGS for p in (self.folder / self.folder_name).glob("*")):
            return f"put CSV or XLSX files in {self.folder / self.folder_name}"
        return None

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        """The files, named as they are. Raises ConfigurationError, RefusedError or SchemaDrift."""
        yield from self._listed(context) if self.base_url else self._dropped()

    def _listed(self, context: FetchContext) -> Iterator[Raw]:
        index = context.http.get(f"{self.base_url}/{self.folder_name}/index.json", "index.json")
        try:
            files = json.loads(index.content)["files"]
            if not isinstance(files, list):
                raise TypeError(type(files).__name__)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SchemaDrift(f"{self.key}: index.json has no list 'files'", "files") from error
        yield index
        for number, file in enumerate(files[:MAX_FILES], 1):
            if not isinstance(file, str) or "/" in file or file.startswith("."):
                raise RefusedError(f"{self.key}: {file!r} is no plain file name")
            url = f"{self.base_url}/{self.folder_name}/{file}"
            yield context.http.get(url, file, previous=context.previous.get(url))
            context.progress(number, len(files))

    def _dropped(self) -> Iterator[Raw]:
        if self.folder is None:
            raise ConfigurationError(f"{self.key}: sources.drop_folder is not set")
        yield from files_in(self.folder / self.folder_name, self.max_response_bytes)


def files_in(folder: Path, most: int) -> Iterator[Raw]:
    """The CSV and XLSX files of a folder, none when it is not there. Raises RefusedError for one of more than `most` bytes."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in ENDINGS and path.is_file() and not path.is_symlink():
            if path.stat().st_size > most:
                raise RefusedError(f"{path} is larger than {most:,} bytes")
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield Raw(path.name, path.resolve().as_uri(), changed, path.read_bytes(), "text/csv" if path.suffix.lower() == ".csv" else "application/xlsx")


def rows(raw: Raw, rejects: list[Reject]) -> Iterator[dict[str, str]]:
    """Rows of a CSV or XLSX file as text by header; a row with more cells than the header is rejected, since its values
    may stand under the wrong headings. Raises SchemaDrift when the file cannot be read."""
    if raw.content[:2] == b"PK":
        yield from _xlsx_rows(raw)
    else:
        yield from _csv_rows(raw, rejects)


def _csv_rows(raw: Raw, rejects: list[Reject]) -> Iterator[dict[str, str]]:
    text = decoded(raw.content)
    first = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=first.count)
    csv.field_size_limit(10_000_000)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in reader:
            surplus = row.pop(None, None)
            if surplus and any(cell.strip() for cell in surplus):
                rejects.append(Reject(str(row)[:300], "more cells than headings", f"line {reader.line_num} also has {surplus}"[:300], raw.name))
                continue
            yield {k.strip(): v or "" for k, v in row.items()}
    except csv.Error as error:
        raise SchemaDrift(f"{raw.name} is no readable CSV: {error}", "csv") from error


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without mark) or Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _xlsx_rows(raw: Raw) -> Iterator[dict[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw.content)) as archive:
            if sum(i.file_size for i in archive.infolist()) > MAX_XLSX_BYTES:
                raise RefusedError(f"{raw.name} unpacks to more than {MAX_XLSX_BYTES:,} bytes")
        book = load_workbook(io.BytesIO(raw.content), read_only=True, data_only=True)
    except RefusedError:
        raise
    except Exception as error:  # a damaged workbook raises many kinds of error
        raise SchemaDrift(f"{raw.name} is no readable XLSX: {type(error).__name__}: {error}", "xlsx") from error
    lines = _xlsx_lines(book, raw.name)
    header: Sequence[str] = [cell_text(v).strip() for v in next(lines, ())]
    for number, line in enumerate(lines):
        if number >= MAX_ROWS:
            raise RefusedError(f"{raw.name} has more than {MAX_ROWS:,} rows")
        if any(v is not None for v in line):
            yield {h: cell_text(v) for h, v in zip(header, line, strict=False) if h}


def _xlsx_lines(book: Workbook, name: str) -> Iterator[tuple[object, ...]]:
    """Lines of the first sheet; a sheet that is cut off shows only while it is read."""
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    except Exception as error:
        raise SchemaDrift(f"{name} is cut off or damaged: {type(error).__name__}: {error}", "xlsx") from error


def cell_text(value: object) -> str:
    """A cell as text; dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def columns(row: Mapping[str, str], file: str, wanted: Mapping[str, Sequence[str]], required: Sequence[str]) -> dict[str, str]:
    """Header of a file per column we read: the exact word, or else the first header that begins with it (never one of codes).

    `wanted` names each column with the words it goes by. Raises SchemaDrift naming the first required one that is missing.
    """
    lowered = {" ".join(name.lower().split()): name for name in row}
    found = {}
    for what, words in wanted.items():
        begins = (lowered[n] for w in words for n in lowered if n.startswith(w) and not n.endswith("code"))
        match = next((lowered[w] for w in words if w in lowered), None) or next(begins, None)
        if match:
            found[what] = match
        elif what in required:
            raise SchemaDrift(f"{file} has no column {words[0]!r}; there are: {', '.join(row)}", words[0])
    return found
