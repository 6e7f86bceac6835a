"""Words for how a link between programme and occupation was made, and for what became of a programme's code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dashboard import formats
from dashboard.i18n import Translator


def note_words(t: Translator, note: object) -> str:
    """The note of a link (column note of programme_occupation) as a sentence; empty without one."""
    if not isinstance(note, str):
        return ""
    values = json.loads(note)
    how = values.pop("how")
    if "score" in values:
        values["score"] = formats.number(values["score"], t.lang, 2)
    said = [t(f"crosswalk.how_{how}", **{"institution": t("crosswalk.institution"), **values})]
    if values.get("skills"):
        said.append(t("crosswalk.shared_skills", n=values["skills"]))
    if "earlier" in values:
        said.append(t("crosswalk.by_way_of", code=values["earlier"]))
    if "claimed" in values:
        said.append(t("crosswalk.claimed", total=formats.number(values["claimed"], t.lang, 2)))
    return " ".join(said)


def lineage_words(t: Translator, row: Mapping[str, Any]) -> str:
    """A row of programme_lineage (with name and predecessor_name where known) as a sentence."""
    values = {"crebo": row["crebo"], "predecessor": row["predecessor"], "source": row["source"]}
    basis = t(f"crosswalk.basis_{str(row['basis']).replace(' ', '_')}")
    if row["relation"] == "ambiguous":
        return t(f"crosswalk.ambiguous_{row['why']}", basis=basis, others=str(row["others"] or "").replace("|", ", "), **values)
    return t(f"crosswalk.relation_{str(row['relation']).replace(' ', '_')}", basis=basis, **values)


def year_words(t: Translator, basis: str, codes: str) -> str:
    """Of which codes a year of a series is made (columns basis and codes of etl.alignment.lineage.chain); empty for the code itself."""
    key = basis.replace(" + ", "_and_").replace(" ", "_")
    return "" if basis == "own" else t(f"crosswalk.year_{key}", codes=codes.replace("|", ", "))
