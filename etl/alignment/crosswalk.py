"""Crosswalk programme <-> occupation: links of five origins, decided per programme, divided per occupation. Pure.

A frame of links has crebo, occupation_uri, weight, origin, confidence, note. `weight` (0-1) is the share of the occupation's demand
that the programme would answer if it were the only one (of an override: the share itself); after `combine` it is the share it
does answer, and what is left of an occupation goes to no programme. `confidence` (0-1) is how sure we are that the link holds;
it is not a share. Formulas and limits: docs/methodology.md, "Crosswalk".
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from etl.alignment.lineage import AMBIGUOUS, plain

OVERRIDE, OFFICIAL, SHIPPED, COMPETENTNL, TEXT = "override", "official list", "shipped list", "competentnl", "text match"
ORIGINS = (OVERRIDE, OFFICIAL, SHIPPED, COMPETENTNL, TEXT)  # a higher one replaces the lower ones of a programme
CONFIDENCE: Mapping[str, float] = {OVERRIDE: 1.0, OFFICIAL: 0.95, SHIPPED: 0.8, COMPETENTNL: 0.9}  # of a text match: its score
PREFERRED, OWN, ALTERNATIVE = "preferred name", "shipped title", "alternative name"
NAMED: Mapping[str, float] = {PREFERRED: 1.0, OWN: 0.95, ALTERNATIVE: 0.9}  # confidence of an occupation found by such a name
COLUMNS = ["crebo", "occupation_uri", "weight", "origin", "confidence", "note"]
MISSED = ["crebo", "origin", "occupation_name", "list_name", "why"]
VARIANTS = ("combined", "even", "by_graduates", "text")
NONE_NAMED, SEVERAL_NAMED = "no occupation goes by this name", "several occupations go by this name"
PLACES = 9  # decimals of a weight
# Text match: how much names and skills weigh, what is enough, and how many occupations a programme gets at most.
ENOUGH, NEAR, MOST, SKILL_SHARE = 0.60, 0.90, 3, 0.35
ESSENTIAL, OPTIONAL, COMMON, FEW = 1.0, 0.5, 0.05, 2


def told(how: str, **values: Any) -> str:
    """A note: how a link was made and the values that go with it, as JSON; pages put it into words (dashboard/i18n/*/crosswalk.toml)."""
    return json.dumps({"how": how, **{k: v for k, v in values.items() if v is not None and v == v}}, ensure_ascii=False)


def also(note: str, **values: Any) -> str:
    """A note with something added."""
    return json.dumps({**json.loads(note), **values}, ensure_ascii=False)


# --- names ----------------------------------------------------------------------------------------------------
@dataclass
class Names:
    """Names of occupations, plainly spelled -> occupations that go by them, in the order preferred, shipped, alternative."""

    uris: frozenset[str]
    tiers: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, occupations: pd.DataFrame, own: Iterable[tuple[str, str]] = ()) -> Names:
        """From table occupation (uri, label_nl, label_en, alt_labels_nl, alt_labels_en) and (title, URI) pairs of the shipped lists."""
        made = cls(frozenset(occupations["uri"]), {PREFERRED: {}, OWN: {}, ALTERNATIVE: {}})
        for row in occupations.to_dict("records"):
            for tier, columns in ((PREFERRED, ("label_nl", "label_en")), (ALTERNATIVE, ("alt_labels_nl", "alt_labels_en"))):
                for text in (row[column] for column in columns):
                    for name in _variants(text):
                        made.tiers[tier].setdefault(plain(name), set()).add(row["uri"])
        for title, uri in own:
            if uri in made.uris:
                made.tiers[OWN].setdefault(plain(title), set()).add(uri)
        return made

    def find(self, written: str) -> tuple[tuple[str, ...], str]:
        """(occupations of an ESCO address or name, by what kind of name); several where the name is not of one alone."""
        if written in self.uris:
            return (written,), "address"
        for tier, names in self.tiers.items():
            found = names.get(plain(written))
            if found:
                return tuple(sorted(found)), tier
        return (), ""


def _variants(text: object) -> list[str]:
    """The names in a cell: separated by |, and both forms of 'acteur/actrice'."""
    if not isinstance(text, str):
        return []
    whole = [name.strip() for name in text.split("|") if name.strip()]
    return [*whole, *(part for name in whole if " " not in name and "/" in name for part in name.split("/") if len(part) > 3)]


# --- origins --------------------------------------------------------------------------------------------------
def read_lines(lines: pd.DataFrame, programmes: Iterable[str], names: Names, today: date) -> pd.DataFrame:
    """What becomes of every line of the override files (table crosswalk_line): columns of table crosswalk_override.

    outcome: applied; later (valid_from is after `today`); replaced (by a line of the same programme, institution and occupation
    that holds since a later day); rejected, with the reason in `why`: unknown programme, unknown occupation, weight, double line,
    or institutions that disagree about one programme.
    """
    known = set(programmes)
    rows = lines.sort_values(["file", "line"]).to_dict("records")
    for row in rows:
        found, _ = names.find(str(row["occupation"]).strip())
        row.update(occupation_uri=found[0] if len(found) == 1 else None, outcome="applied", why=None)
        row["institution"] = row["institution"] if isinstance(row["institution"], str) and row["institution"] else None
        if row["crebo"] not in known:
            _reject(row, f"unknown programme: no programme has the code {row['crebo']}")
        elif not found:
            _reject(row, f"unknown occupation: no occupation is called {row['occupation']!r}; use the ESCO address or its Dutch name")
        elif len(found) > 1:
            _reject(row, f"unclear occupation: {len(found)} occupations are called {row['occupation']!r}; use the ESCO address of one: {', '.join(found)}")
        elif not 0 <= row["weight"] <= 1:
            _reject(row, f"weight {row['weight']:g} is not between 0 and 1")
        elif _day(row["valid_from"]) > today:
            row.update(outcome="later", why=f"holds from {_day(row['valid_from'])}")
    newest: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for row in (r for r in rows if r["outcome"] == "applied"):
        key = (row["crebo"], row["occupation_uri"], row["institution"])
        other = newest.get(key)
        if other is None or _day(row["valid_from"]) > _day(other["valid_from"]):
            if other is not None:
                other.update(outcome="replaced", why=f"{row['file']} line {row['line']} holds since {_day(row['valid_from'])}")
            newest[key] = row
        elif _day(row["valid_from"]) == _day(other["valid_from"]):
            _reject(row, f"double line: {other['file']} line {other['line']} says something of this programme and occupation from the same day")
        else:
            row.update(outcome="replaced", why=f"{other['file']} line {other['line']} holds since {_day(other['valid_from'])}")
    _refuse_disagreement([r for r in rows if r["outcome"] == "applied"])
    columns = ["file", "line", "crebo", "occupation", "occupation_uri", "weight", "institution", "reason", "author", "valid_from", "outcome", "why", "sha256", "file_date"]
    return pd.DataFrame(rows, columns=columns)


def _refuse_disagreement(rows: list[dict[Any, Any]]) -> None:
    """A programme has one crosswalk: institutions that say different things about it are all refused."""
    said: dict[object, dict[object, dict[object, object]]] = {}
    for row in rows:
        said.setdefault(row["crebo"], {}).setdefault(row["institution"], {})[row["occupation_uri"]] = row["weight"]
    for row in rows:
        others = said[row["crebo"]]
        if len({frozenset(what.items()) for what in others.values()}) > 1:
            named = ", ".join(sorted(str(who or "(no institution named)") for who in others))
            _reject(row, f"institutions disagree about {row['crebo']}: {named}; agree on one set of lines and leave institution empty")


def _reject(row: dict[Any, Any], why: str) -> None:
    row.update(outcome="rejected", why=why)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def override_links(read: pd.DataFrame) -> pd.DataFrame:
    """Links of the applied lines; the version of the file goes along in the note."""
    rows = read[read["outcome"] == "applied"].drop_duplicates(["crebo", "occupation_uri"])
    notes = [told("override", author=r.author, reason=r.reason, institution=r.institution, file=r.file, version=str(r.sha256)[:8], file_date=str(_day(r.file_date)), valid_from=str(_day(r.valid_from)))
             for r in rows.itertuples()]
    return _links(rows[["crebo", "occupation_uri", "weight"]].assign(origin=OVERRIDE, confidence=CONFIDENCE[OVERRIDE], note=notes))


def listed_links(listed: pd.DataFrame, names: Names, near: Mapping[str, tuple[str, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(links, rows without an occupation of ours) of lists that name occupations: table crebo_occupation.

    A name of one occupation is that occupation; `near` (name -> occupation, confidence 0-1) helps where no name fits. A name of
    several occupations is left out: we do not guess. Confidence = that of the list x that of the name.
    """
    made, missed = [], []
    for row in listed.to_dict("records"):
        uri, name = row["occupation_uri"], str(row["occupation_name"])
        found, how = names.find(uri) if isinstance(uri, str) and uri in names.uris else names.find(name)
        sure = NAMED.get(how, 1.0)
        if not found and name in near:
            found, how, sure = (near[name][0],), "near name", near[name][1]
        if len(found) != 1:
            missed.append({**{name: row[name] for name in MISSED[:-1]}, "why": SEVERAL_NAMED if found else NONE_NAMED})
            continue
        weight = row["weight"] if row["weight"] == row["weight"] and row["weight"] is not None else 1.0
        made.append({"crebo": row["crebo"], "occupation_uri": found[0], "weight": min(max(float(weight), 0.0), 1.0), "origin": row["origin"],
                     "confidence": round(CONFIDENCE[row["origin"]] * sure, 3), "note": told("list", name=name, list=row["list_name"], by=how)})
    return _links(pd.DataFrame(made)), pd.DataFrame(missed, columns=MISSED)


def shipped_links(shipped: pd.DataFrame) -> pd.DataFrame:
    """Links of our own list: crebo, esco_uri, weight."""
    rows = shipped.rename(columns={"esco_uri": "occupation_uri"})[["crebo", "occupation_uri", "weight"]].astype({"weight": float})
    return _links(rows.assign(origin=SHIPPED, confidence=CONFIDENCE[SHIPPED], note=told("shipped")))


def shared_skills(programme_skills: pd.DataFrame, occupation_skills: pd.DataFrame) -> pd.DataFrame:
    """How far a programme's skills are those of an occupation: crebo, occupation_uri, shared (0-1), n (skills in common).

    programme_skills: crebo, skill. occupation_skills: occupation_uri, skill, relation (essential counts 1, optional 0.5). Rare skills
    weigh more: idf = ln(occupations / occupations that have it). shared = weight in common / weight of the occupation's skills of
    which any programme knows something (an occupation is not blamed for skills that no list of programmes holds) x n / (n + 2), so
    that one or two skills in common say little.
    """
    known = set(programme_skills["skill"])
    asked = occupation_skills[occupation_skills["skill"].isin(known)].drop_duplicates(["occupation_uri", "skill"])
    if asked.empty:
        return pd.DataFrame({"crebo": pd.Series(dtype=str), "occupation_uri": pd.Series(dtype=str), "shared": pd.Series(dtype=float), "n": pd.Series(dtype=int)})
    total = max(occupation_skills["occupation_uri"].nunique(), 2)
    rarity = (total / asked.groupby("skill")["occupation_uri"].nunique()).map(lambda ratio: max(math.log(ratio), COMMON))
    asked = asked.assign(weight=asked["relation"].map({"essential": ESSENTIAL, "optional": OPTIONAL}) * asked["skill"].map(rarity))
    whole = asked.groupby("occupation_uri")["weight"].sum()
    both = programme_skills[["crebo", "skill"]].drop_duplicates().merge(asked[["occupation_uri", "skill", "weight"]], on="skill")
    made = both.groupby(["crebo", "occupation_uri"], as_index=False).agg(shared=("weight", "sum"), n=("skill", "size"))
    made["shared"] = (made["shared"] / made["occupation_uri"].map(whole).clip(lower=1e-9)).clip(0, 1) * made["n"] / (made["n"] + FEW)
    return made


def text_links(named: pd.DataFrame, skills: pd.DataFrame | None = None) -> pd.DataFrame:
    """Links by name and skills. named: crebo, occupation_uri, score (0-1, how well the names agree), found (the name that agrees).

    confidence = score + (1 - score) x 0.35 x shared skills; kept from 0.60, at most three per programme, those within a tenth of
    the best. weight = confidence: of a link we are 60% sure of, 60% of the demand is claimed and the rest shown as going nowhere.
    """
    rows = named.groupby(["crebo", "occupation_uri"], as_index=False).agg(score=("score", "max"), found=("found", "first"))
    if skills is None or skills.empty:
        rows = rows.assign(shared=0.0, n=0)
    else:
        rows = rows.merge(skills, on=["crebo", "occupation_uri"], how="left").fillna({"shared": 0.0, "n": 0})
    rows["confidence"] = (rows["score"] + (1 - rows["score"]) * SKILL_SHARE * rows["shared"]).clip(0, 0.95).round(3)
    rows = rows[rows["confidence"] >= ENOUGH].sort_values(["crebo", "confidence", "occupation_uri"], ascending=[True, False, True])
    rows = rows[rows["confidence"] >= NEAR * rows.groupby("crebo")["confidence"].transform("max")]
    rows = rows[rows.groupby("crebo").cumcount() < MOST]
    notes = [told("text", name=r.found, score=round(float(r.score), 2), skills=int(r.n)) for r in rows.itertuples()]  # type: ignore[arg-type]
    return _links(rows[["crebo", "occupation_uri", "confidence"]].assign(weight=rows["confidence"], origin=TEXT, note=notes))


def inherited(links: pd.DataFrame, lineage: pd.DataFrame, programmes: Iterable[str]) -> pd.DataFrame:
    """Links of a predecessor that a later code takes over: a list may know the earlier code only.

    A successor that has links of the same origin keeps its own. A predecessor that has a certain successor among `programmes`
    keeps none: its demand is that of the code of today. Confidence x that of the lineage; ambiguous lineage passes nothing on.
    """
    steps = lineage[lineage["relation"] != AMBIGUOUS]
    made = links
    for _ in range(len(steps)):  # a code may have been renumbered more than once
        have = set(zip(made["crebo"], made["origin"], strict=True))
        passed = made.merge(steps[["crebo", "predecessor", "confidence"]].rename(columns={"crebo": "heir", "confidence": "sure"}), left_on="crebo", right_on="predecessor")
        passed = passed[[(heir, origin) not in have for heir, origin in zip(passed["heir"], passed["origin"], strict=True)]]
        if passed.empty:
            break
        notes = [also(note, earlier=old) for note, old in zip(passed["note"], passed["crebo"], strict=True)]
        passed = passed.assign(note=notes, confidence=(passed["confidence"] * passed["sure"]).round(3), crebo=passed["heir"])
        made = pd.concat([made, _best(passed[COLUMNS])], ignore_index=True)
    alive = set(programmes)
    gone: set[str] = set()
    for _ in range(len(steps)):
        more = set(steps.loc[steps["crebo"].isin(alive | gone), "predecessor"]) - gone
        if not more:
            break
        gone |= more
    return made[~made["crebo"].isin(gone)].reset_index(drop=True)


def _links(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame of links, also when there are none."""
    made = rows.reindex(columns=COLUMNS) if len(rows) else pd.DataFrame({c: pd.Series(dtype=object) for c in COLUMNS})
    return made.astype({"weight": float, "confidence": float}).reset_index(drop=True)


def _best(links: pd.DataFrame) -> pd.DataFrame:
    """One link per programme, occupation and origin: the heaviest."""
    ordered = links.sort_values(["crebo", "occupation_uri", "weight", "confidence"], ascending=[True, True, False, False], kind="stable")
    return ordered.drop_duplicates(["crebo", "occupation_uri", "origin"]).reset_index(drop=True)


# --- decision -------------------------------------------------------------------------------------------------
def combine(links: pd.DataFrame, programmes: Iterable[str]) -> pd.DataFrame:
    """The crosswalk in use: per programme the links of its highest origin, divided per occupation; columns of programme_occupation.

    Overrides stand as they are (only where they alone exceed an occupation are they divided, and the note says so); the others
    divide what is left of the occupation: w = weight x min(1, left / sum of weights). So per occupation the sum is at most 1.
    """
    known = set(programmes)
    chosen = _best(links[links["crebo"].isin(known)])
    rank = chosen["origin"].map({origin: position for position, origin in enumerate(ORIGINS)})
    chosen = chosen[rank == rank.groupby(chosen["crebo"]).transform("min")]
    chosen = chosen[chosen["weight"] > 0]
    return _divided(chosen).sort_values(["crebo", "occupation_uri"], ignore_index=True)


def _divided(links: pd.DataFrame) -> pd.DataFrame:
    said = links["origin"] == OVERRIDE
    claimed = links["weight"].where(said, 0.0).groupby(links["occupation_uri"]).transform("sum")
    others = links["weight"].where(~said, 0.0).groupby(links["occupation_uri"]).transform("sum")
    left = (1 - claimed).clip(lower=0.0)
    factor = pd.Series(1.0, index=links.index)
    factor = factor.where(~(said & (claimed > 1)), 1 / claimed.clip(lower=1.0))
    factor = factor.where(~(~said & (others > left)), left / others.clip(lower=1e-12))
    notes = [also(note, claimed=round(total, 2)) if own and total > 1 + 1e-9 else note  # overrides of several programmes that want more than there is
             for note, own, total in zip(links["note"], said, claimed, strict=True)]
    made = links.assign(weight=(links["weight"] * factor).round(PLACES), note=notes)
    return made[made["weight"] > 0]


def variants(combined: pd.DataFrame, text: pd.DataFrame, leavers: Mapping[str, float], programmes: Iterable[str]) -> pd.DataFrame:
    """The crosswalk in use beside others that could be defended: variant, crebo, occupation_uri, weight.

    combined: as it is. even: every programme of an occupation the same part of what is linked. by_graduates: parts in proportion to
    the programmes' leavers in the country (`leavers`, crebo -> persons a year; even where no programme of an occupation has any).
    text: nothing but the text match. Each occupation's sum is at most 1, in even and by_graduates that of combined.
    """
    known = set(programmes)
    base = combined[["crebo", "occupation_uri", "weight"]]
    per = base.groupby("occupation_uri")
    linked, count = per["weight"].transform("sum"), per["weight"].transform("size")
    size = base["crebo"].map(leavers).fillna(0.0).clip(lower=0.0).astype(float)
    everyone = size.groupby(base["occupation_uri"]).transform("sum")
    by_size = (linked * (size / everyone.where(everyone > 0))).fillna(linked / count)
    alone = _divided(_best(text[text["crebo"].isin(known)]))[["crebo", "occupation_uri", "weight"]]
    made = pd.concat([
        base.assign(variant="combined"), base.assign(variant="even", weight=linked / count), base.assign(variant="by_graduates", weight=by_size),
        alone.assign(variant="text")], ignore_index=True)
    made["weight"] = made["weight"].astype(float).round(PLACES)
    return made.loc[made["weight"] > 0, ["variant", "crebo", "occupation_uri", "weight"]].reset_index(drop=True)


def unlinked_share(crosswalk: pd.DataFrame, occupations: Iterable[str]) -> pd.Series:
    """Share of each occupation's demand that goes to no programme, 0-1; 1 for an occupation without links."""
    sums = crosswalk.groupby("occupation_uri")["weight"].sum()
    return pd.Series({uri: max(0.0, round(1.0 - float(sums.get(uri, 0.0)), 6)) for uri in occupations}, dtype=float)
