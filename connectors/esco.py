"""ESCO: occupations, skills and their relations, from the bulk CSV archives in Dutch and English.

Paths: {base}/esco/download/ESCO dataset - <version> - classification - <language> - csv.zip for nl and en, or an archive of
that language dropped in <drop_folder>/esco/, which goes first. Members read: occupations_<language>.csv (conceptUri,
iscoGroup, preferredLabel, altLabels), skills_<language>.csv (conceptUri, skillType, preferredLabel, altLabels) and
occupationSkillRelations_nl.csv (occupationUri, relationType, skillUri) and broaderRelationsSkillPillar_nl.csv (conceptType,
conceptUri, broaderType, broaderUri); also under names without the language.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import RefusedError, SchemaDrift

LANGUAGES = ("nl", "en")
MAX_MEMBERS = 1000
MAX_MEMBER_BYTES = 150_000_000
MAX_CELL_CHARACTERS = 10_000_000
OCCUPATION = "http://data.europa.eu/esco/occupation/"
SKILL = "http://data.europa.eu/esco/skill/"
RELATIONS = ("essential", "optional")
OCCUPATION_COLUMNS = ("conceptUri", "iscoGroup", "preferredLabel", "altLabels")
SKILL_COLUMNS = ("conceptUri", "skillType", "preferredLabel", "altLabels")
RELATION_COLUMNS = ("occupationUri", "relationType", "skillUri")
BROADER_COLUMNS = ("conceptType", "conceptUri", "broaderType", "broaderUri")
NO_GROUP = "KnowledgeSkillCompetence"


class Esco(Source):
    """The classification of one version, Dutch with English labels beside it."""

    key = "esco"
    title = "ESCO: beroepen en vaardigheden"
    title_en = "ESCO: occupations and skills"
    publisher = "Europese Commissie"
    licence = "Hergebruik met bronvermelding (Besluit 2011/833/EU)"
    attribution = "ESCO, Europese Commissie"
    home_page = "https://esco.ec.europa.eu"
    schedule = "5 4 1 * *"
    tables = ("occupation", "esco_skill", "occupation_skill", "skill_broader")
    base_url = "https://ec.europa.eu"
    hosts = ("esco.ec.europa.eu",)
    requests_per_second = 1.0
    stale_after = timedelta(days=400)
    folder_name = "esco"

    def __init__(self, version: str, folder: Path | None = None) -> None:
        self.version = version
        self.folder = folder

    def address(self, language: str) -> str:
        """Where the archive of a language is."""
        return f"{self.base_url}/esco/download/" + quote(f"ESCO dataset - {self.version} - classification - {language} - csv.zip")

    def dropped(self, language: str) -> Path | None:
        """The archive of a language in the drop folder (its name holds the language as a word); the last by name."""
        if self.folder is None or not (self.folder / self.folder_name).is_dir():
            return None
        named = re.compile(rf"(?<![a-z]){language}(?![a-z])", re.IGNORECASE)
        found = [path for path in (self.folder / self.folder_name).iterdir()
                 if path.suffix.lower() == ".zip" and path.is_file() and not path.is_symlink() and named.search(path.stem)]
        return max(found, key=lambda path: path.name, default=None)

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        for number, language in enumerate(LANGUAGES, 1):
            name, path = f"esco-{language}.zip", self.dropped(language)
            if path is None:
                url = self.address(language)
                yield context.http.get(url, name, previous=context.previous.get(url))
            else:
                if path.stat().st_size > self.max_response_bytes:
                    raise RefusedError(f"{path} is larger than {self.max_response_bytes:,} bytes")
                changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield Raw(name, path.resolve().as_uri(), changed, path.read_bytes(), "application/zip")
            context.progress(number, len(LANGUAGES))

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        by_name = {raw.name: raw for raw in raws}
        if "esco-nl.zip" not in by_name:
            raise SchemaDrift("esco: the Dutch archive is missing", "esco-nl.zip")
        dutch, english = by_name["esco-nl.zip"], by_name.get("esco-en.zip")
        told = re.search(r"v\d+(\.\d+)+", unquote(dutch.url))  # a dropped archive may be of another version
        parsed = Parsed(reference_period=told[0] if told else self.version)
        _occupations(parsed, dutch, _labels(english, "occupations_en.csv"))
        _skills(parsed, dutch, _labels(english, "skills_en.csv"))
        _relations(parsed, dutch)
        _broader(parsed, dutch)
        for table, member in (("esco_skill", "skills_nl.csv"), ("occupation_skill", "occupationSkillRelations_nl.csv")):
            if not parsed.records[table]:
                parsed.notes.append(f"the archive has no {member}; table {table} is empty")
        if english is None:
            parsed.notes.append("the English archive is missing; there are no English labels")
        return parsed


def _occupations(parsed: Parsed, raw: Raw, english: Mapping[str, tuple[str, str]]) -> None:
    kept = parsed.records.setdefault("occupation", [])
    for row in members(raw, "occupations_nl.csv", OCCUPATION_COLUMNS):
        uri, label = row["conceptUri"].strip(), row["preferredLabel"].strip()
        if not uri.startswith(OCCUPATION) or not label:
            parsed.rejects.append(Reject(f"{uri} {label}"[:300], "no occupation", "no URI or no label", raw.name))
            continue
        isco = re.match(r"C?(\d{4})", row["iscoGroup"].strip())
        label_en, alternatives_en = english.get(uri, ("", ""))
        kept.append({"uri": uri, "isco4": isco[1] if isco else None, "label_nl": label, "label_en": label_en or None,
                     "alt_labels_nl": labels(row["altLabels"]), "alt_labels_en": labels(alternatives_en)})


def _skills(parsed: Parsed, raw: Raw, english: Mapping[str, tuple[str, str]]) -> None:
    kept = parsed.records.setdefault("esco_skill", [])
    for row in members(raw, "skills_nl.csv", SKILL_COLUMNS, optional=True):
        uri, label = row["conceptUri"].strip(), row["preferredLabel"].strip()
        if not uri.startswith(SKILL) or not label:
            parsed.rejects.append(Reject(f"{uri} {label}"[:300], "no skill", "no URI or no label", raw.name))
            continue
        kept.append({"uri": uri, "label_nl": label, "label_en": english.get(uri, ("", ""))[0] or None,
                     "kind": row["skillType"].strip() or None, "alt_labels_nl": labels(row["altLabels"])})


def _relations(parsed: Parsed, raw: Raw) -> None:
    kept = parsed.records.setdefault("occupation_skill", [])
    for row in members(raw, "occupationSkillRelations_nl.csv", RELATION_COLUMNS, optional=True):
        occupation, skill, relation = (row[name].strip() for name in ("occupationUri", "skillUri", "relationType"))
        if not occupation or not skill or relation not in RELATIONS:
            shown = f"{occupation} {relation} {skill}"[:300]
            parsed.rejects.append(Reject(shown, "no relation", f"a URI is missing or {relation!r} is no relation", raw.name))
            continue
        kept.append({"occupation_uri": occupation, "skill_uri": skill, "relation": relation})


def _broader(parsed: Parsed, raw: Raw) -> None:
    """Broader skills; what stands under a group only is left out: a group is no skill."""
    kept: dict[tuple[str, str], None] = {}
    for row in members(raw, "broaderRelationsSkillPillar_nl.csv", BROADER_COLUMNS, optional=True):
        skill, broader = row["conceptUri"].strip(), row["broaderUri"].strip()
        if row["conceptType"].strip() == NO_GROUP == row["broaderType"].strip():
            if skill.startswith(SKILL) and broader.startswith(SKILL) and skill != broader:
                kept[skill, broader] = None
            else:
                parsed.rejects.append(Reject(f"{skill} {broader}"[:300], "no relation", "a URI is missing or a skill is broader than itself", raw.name))
    parsed.records["skill_broader"] = [{"skill_uri": skill, "broader_uri": broader} for skill, broader in kept]


def labels(text: str) -> str | None:
    """Alternative labels, separated by a newline or ' | ' in the source, joined by |."""
    found = [part.strip() for part in re.split(r"[\r\n]+| \| ", text) if part.strip()]
    return "|".join(dict.fromkeys(found)) or None


def members(raw: Raw, name: str, columns: Sequence[str], optional: bool = False) -> Iterator[dict[str, str]]:
    """Rows of a CSV member, found by the end of its path (nothing is ever unpacked to disk).

    Raises SchemaDrift when it or a column is missing or the archive is damaged, RefusedError when it is too large.
    """
    text = _member_text(raw, name)
    if text is None:
        if optional:
            return
        raise SchemaDrift(f"esco: {raw.name} has no member {name}", name)
    limit = csv.field_size_limit(MAX_CELL_CHARACTERS)  # of the whole process: put back below
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        have = reader.fieldnames or []
        missing = [c for c in columns if c not in have]
        if missing:
            raise SchemaDrift(f"esco: {name} has no column {missing[0]!r}; there are: {', '.join(have)}", missing[0])
        for row in reader:
            yield {column: row[column] or "" for column in columns}
    except csv.Error as error:
        raise SchemaDrift(f"esco: {name} is no readable CSV ({error})", name) from error
    finally:
        csv.field_size_limit(limit)


def _member_text(raw: Raw, name: str) -> str | None:
    """Text of a member, or None when the archive has none of that name (or of the name without its language)."""
    wanted = (name, re.sub(r"_(nl|en)(?=\.csv$)", "", name))
    try:
        with zipfile.ZipFile(io.BytesIO(raw.content)) as archive:
            listed = archive.infolist()
            if len(listed) > MAX_MEMBERS:
                raise RefusedError(f"esco: {raw.name} has {len(listed):,} members; the limit is {MAX_MEMBERS:,}")
            by_end = {info.filename.rsplit("/", 1)[-1]: info for info in listed if not info.is_dir()}
            info = next((by_end[w] for w in wanted if w in by_end), None)
            if info is None:
                return None
            with archive.open(info) as file:
                content = file.read(MAX_MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        # RuntimeError: encrypted; NotImplementedError: a compression Python does not have
        raise SchemaDrift(f"esco: {raw.name} is no readable archive ({error})", raw.name) from error
    if len(content) > MAX_MEMBER_BYTES:
        raise RefusedError(f"esco: {name} unpacks to more than {MAX_MEMBER_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaDrift(f"esco: {name} is not in UTF-8 ({error})", name) from error


def _labels(raw: Raw | None, name: str) -> dict[str, tuple[str, str]]:
    """URI -> (preferred label, alternative labels as written) of another language; empty without its archive."""
    if raw is None:
        return {}
    found = members(raw, name, ("conceptUri", "preferredLabel", "altLabels"), optional=True)
    return {row["conceptUri"].strip(): (row["preferredLabel"].strip(), row["altLabels"]) for row in found}


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: esco_version, drop_folder."""
    folder = config.get("drop_folder")
    return [Esco(str(config.get("esco_version") or "v1.2.0"), Path(folder) if folder else None)]
