"""Tiny valid ESCO archives."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from connectors.base import Raw

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COOK, KNIFE = "http://data.europa.eu/esco/occupation/kok", "http://data.europa.eu/esco/skill/mes"
OCCUPATIONS_NL = f'conceptType,conceptUri,iscoGroup,preferredLabel,altLabels\nOccupation,{COOK},5120,kok,"keukenhulp\nchef"\n'
SKILLS_NL = f"conceptType,conceptUri,skillType,preferredLabel,altLabels\nKnowledgeSkillCompetence,{KNIFE},skill/competence,messen slijpen,mes | aanzetten\n"
RELATIONS_NL = f"occupationUri,relationType,skillType,skillUri\n{COOK},essential,skill/competence,{KNIFE}\n"
CUTTING = "http://data.europa.eu/esco/skill/snijden"
BROADER_NL = (f"conceptType,conceptUri,broaderType,broaderUri\nKnowledgeSkillCompetence,{KNIFE},KnowledgeSkillCompetence,{CUTTING}\n"
              f"KnowledgeSkillCompetence,{KNIFE},SkillGroup,http://data.europa.eu/esco/skill/S6\n")
OCCUPATIONS_EN = f"conceptType,conceptUri,iscoGroup,preferredLabel,altLabels\nOccupation,{COOK},5120,cook,chef\n"
SKILLS_EN = f"conceptType,conceptUri,skillType,preferredLabel,altLabels\nKnowledgeSkillCompetence,{KNIFE},skill/competence,sharpen knives,\n"
NL = {"occupations_nl.csv": OCCUPATIONS_NL, "skills_nl.csv": SKILLS_NL, "occupationSkillRelations_nl.csv": RELATIONS_NL, "broaderRelationsSkillPillar_nl.csv": BROADER_NL}
EN = {"occupations_en.csv": OCCUPATIONS_EN, "skills_en.csv": SKILLS_EN}


def archive(members: dict[str, str]) -> bytes:
    """A zip of text members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return buffer.getvalue()


def raws(nl: bytes | None = None, en: bytes | None = None) -> list[Raw]:
    """One fetch: the Dutch and the English archive."""
    return [Raw("esco-nl.zip", "http://x/nl", NOW, archive(NL) if nl is None else nl), Raw("esco-en.zip", "http://x/en", NOW, archive(EN) if en is None else en)]


SAMPLES: dict[str, list[Raw]] = {"esco": raws()}
