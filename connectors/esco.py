"""ESCO: occupations, skills and their relations, from the bulk CSV archives in Dutch and English.

Paths: {base}/esco/download/ESCO dataset - <version> - classification - <language> - csv.zip with members
occupations_<language>.csv, skills_<language>.csv and occupationSkillRelations_<language>.csv.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import SchemaDrift

MAX_MEMBER_BYTES = 300_000_000
OCCUPATION = "http://data.europa.eu/esco/occupation/"


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
    tables = ("occupation", "esco_skill", "occupation_skill")
    base_url = "https://ec.europa.eu"
    hosts = ("esco.ec.europa.eu",)
    requests_per_second = 1.0
    stale_after = timedelta(days=400)

    def __init__(self, version: str) -> None:
        self.version = version

    def address(self, language: str) -> str:
        """Where the archive of a language is."""
        return f"{self.base_url}/esco/download/" + quote(f"ESCO dataset - {self.version} - classification - {language} - csv.zip")

    def fetch(self, context: FetchContext) -> Iterator[Raw]:
        for language in ("nl", "en"):
            url = self.address(language)
            yield context.http.get(url, f"esco-{language}.zip", previous=context.previous.get(url))

    def parse(self, raws: Sequence[Raw]) -> Parsed:
        parsed = Parsed(reference_period=self.version)
        by_name = {raw.name: raw for raw in raws}
        if "esco-nl.zip" not in by_name:
            raise SchemaDrift("esco: the Dutch archive is missing", "esco-nl.zip")
        english_occupations = _labels(by_name.get("esco-en.zip"), "occupations_en.csv")
        english_skills = _labels(by_name.get("esco-en.zip"), "skills_en.csv")
        occupations = parsed.records.setdefault("occupation", [])
        for row in members(by_name["esco-nl.zip"], "occupations_nl.csv", ("conceptUri", "iscoGroup", "preferredLabel", "altLabels")):
            uri, label = row["conceptUri"].strip(), row["preferredLabel"].strip()
            if not uri.startswith(OCCUPATION) or not label:
                parsed.rejects.append(Reject(f"{uri} {label}", "no occupation", "no URI or no label", "esco-nl.zip"))
                continue
            isco = re.sub(r"^C", "", row["iscoGroup"].strip())[:4]
            english = english_occupations.get(uri, ("", ""))
            occupations.append({"uri": uri, "isco4": isco or None, "label_nl": label, "label_en": english[0] or None,
                                "alt_labels_nl": labels(row["altLabels"]), "alt_labels_en": labels(english[1])})
        skills = parsed.records.setdefault("esco_skill", [])
        for row in members(by_name["esco-nl.zip"], "skills_nl.csv", ("conceptUri", "skillType", "preferredLabel", "altLabels"), optional=True):
            uri, label = row["conceptUri"].strip(), row["preferredLabel"].strip()
            if not uri.startswith("http://data.europa.eu/esco/skill/") or not label:
                parsed.rejects.append(Reject(f"{uri} {label}", "no skill", "no URI or no label", "esco-nl.zip"))
                continue
            skills.append({"uri": uri, "label_nl": label, "label_en": english_skills.get(uri, ("", ""))[0] or None,
                           "kind": row["skillType"].strip() or None, "alt_labels_nl": labels(row["altLabels"])})
        relations = parsed.records.setdefault("occupation_skill", [])
        for row in members(by_name["esco-nl.zip"], "occupationSkillRelations_nl.csv", ("occupationUri", "relationType", "skillUri"), optional=True):
            relations.append({"occupation_uri": row["occupationUri"].strip(), "skill_uri": row["skillUri"].strip(), "relation": row["relationType"].strip()})
        return parsed


def labels(text: str) -> str | None:
    """Alternative labels, separated by a newline or ' | ' in the source, joined by |."""
    found = [part.strip() for part in re.split(r"\n| \| ", text) if part.strip()]
    return "|".join(found) or None


def members(raw: Raw, name: str, columns: Sequence[str], optional: bool = False) -> Iterator[dict[str, str]]:
    """Rows of a CSV member, found by the end of its path. Raises SchemaDrift when it or a column is missing."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw.content)) as archive:
            info = next((i for i in archive.infolist() if i.filename.rsplit("/", 1)[-1] == name or
                         i.filename.rsplit("/", 1)[-1] == name.replace("_nl", "")), None)
            if info is None:
                if optional:
                    return
                raise SchemaDrift(f"esco: {raw.name} has no member {name}", name)
            if info.file_size > MAX_MEMBER_BYTES:
                raise SchemaDrift(f"esco: {name} unpacks to {info.file_size:,} bytes", name)
            text = archive.read(info).decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, EOFError, OSError) as error:
        raise SchemaDrift(f"esco: {raw.name} is no readable archive ({error})", raw.name) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [c for c in columns if c not in (reader.fieldnames or [])]
    if missing:
        raise SchemaDrift(f"esco: {name} has no column {missing[0]!r}; there are: {', '.join(reader.fieldnames or [])}", missing[0])
    csv.field_size_limit(10_000_000)
    for row in reader:
        yield {k: v or "" for k, v in row.items() if k is not None and not isinstance(v, list)}


def _labels(raw: Raw | None, name: str) -> dict[str, tuple[str, str]]:
    if raw is None:
        return {}
    found = members(raw, name, ("conceptUri", "preferredLabel", "altLabels"), optional=True)
    return {row["conceptUri"].strip(): (row["preferredLabel"].strip(), row["altLabels"]) for row in found}


def sources(config: Mapping[str, Any]) -> list[Source]:
    """config: esco_version."""
    return [Esco(str(config.get("esco_version") or "v1.2.0"))]
