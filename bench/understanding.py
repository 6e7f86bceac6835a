"""How well adverts are understood, measured on adverts that people annotated (bench/adverts): python -m bench.understanding.

An advert is a header of `key: value` lines, an empty line and the text with `{{surface|kind|req or nice|label =ESCO uuid}}` for
a skill and `[[surface|why]]` for what only looks like one. Every third advert of a file is unseen: only totals over
these are looked at while the rules are written. Intervals are 90% bootstrap intervals over adverts; where all adverts agree, which a bootstrap cannot
tell from certainty, Wilson's. With --write the measures go to where the Data page and docs/methodology.md show them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from etl.enrich.lines import SOURCE, Advert, _day, _groups, read_part
from etl.enrich.reading import vacancy_id
from etl.enrich.vocabulary import Vocabulary

FOLDER = Path(__file__).parent / "adverts"
UNSEEN_EVERY = 3
SAME_LABEL = 75  # token set ratio from which two labels without an ESCO address are the same skill
_MARK = re.compile(r"\{\{(.+?)\}\}|\[\[(.+?)\]\]", re.DOTALL)


@dataclass
class Wanted:
    """A skill mention as annotated."""

    start: int
    end: int
    kind: str
    required: bool
    label: str
    uri: str | None


@dataclass
class Annotated:
    """An advert with what people say it says."""

    advert: Advert
    head: dict[str, str]
    mentions: list[Wanted] = field(default_factory=list)
    traps: list[tuple[int, int, str]] = field(default_factory=list)
    unseen: bool = False


def read(folder: Path = FOLDER) -> list[Annotated]:
    """All adverts of a folder, by file and order. Raises ValueError with the advert's name when a mark cannot be read."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        parts = [p.strip("\n= ") for p in re.split(r"^=====\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE) if p.strip()]
        for number, part in enumerate(parts):
            made = annotated(part)
            made.unseen = number % UNSEEN_EVERY == UNSEEN_EVERY - 1
            found.append(made)
    return found


def annotated(part: str) -> Annotated:
    """One advert."""
    written, _, marked = part.partition("\n\n")
    head = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in written.splitlines())}
    made = Annotated(Advert(head["id"], head["title"], "", head.get("employer") or None, head.get("location") or None, _day(head.get("published"))), head)
    text, at = [], 0
    size = 0
    for mark in _MARK.finditer(marked):
        before = marked[at:mark.start()]
        text.append(before)
        size += len(before)
        at = mark.end()
        fields = (mark[1] or mark[2]).split("|")
        surface = fields[0]
        if mark[1]:
            if len(fields) < 4:
                raise ValueError(f"{head['id']}: {mark.group()[:80]}")
            label, _, uuid = fields[3].partition("=")
            uri = f"http://data.europa.eu/esco/skill/{uuid.strip()}" if uuid.strip() else None
            made.mentions.append(Wanted(size, size + len(surface), fields[1].strip(), fields[2].strip() == "req", label.strip(), uri))
        else:
            made.traps.append((size, size + len(surface), fields[-1].strip()))
        text.append(surface)
        size += len(surface)
    text.append(marked[at:])
    made.advert.text = "".join(text)
    return made


# --- scores ---------------------------------------------------------------------------------------------------
@dataclass
class Counts:
    """What one advert adds: per measure (right, of how many)."""

    values: dict[str, tuple[float, float]] = field(default_factory=dict)


def overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """True when two spans share at least half of the shorter."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > 0 and shared * 2 >= min(a[1] - a[0], b[1] - b[0])


def same_skill(wanted: Wanted, found: dict[str, Any], forms: dict[str, list[str]]) -> bool:
    """True when a found skill is the annotated one: by ESCO address; or when the annotated label, read by itself, gives that skill;
    or by label and forms where one of the two has no ESCO address."""
    if (wanted.uri and wanted.uri == found["esco_uri"]) or found["label_nl"] in read_as(wanted.label):
        return True
    if wanted.uri and found["esco_uri"]:
        return False
    names = [found["label_nl"].lower(), *forms.get(found["label_nl"], [])]
    return any(fuzz.token_set_ratio(wanted.label.lower(), name) >= SAME_LABEL for name in names)


@lru_cache(10_000)
def read_as(label: str) -> frozenset[str]:
    """Dutch labels of the skills that a label names by itself."""
    vocabulary = shipped()
    return frozenset(vocabulary.skills[m.skill].label_nl for m in vocabulary.matcher.read("", label)[0] if m.skill in vocabulary.skills)


@lru_cache(1)
def shipped() -> Vocabulary:
    """The vocabulary that the product ships."""
    return Vocabulary.shipped()


def counts_of(gold: Annotated, document: dict[str, Any], forms: dict[str, list[str]]) -> Counts:
    """Of one advert."""
    found = [s for s in document["skills"] if s["start"] >= 0]
    free = list(range(len(gold.mentions)))
    right = linked = required = 0
    for skill in found:
        match = next((i for i in free if overlaps((skill["start"], skill["end"]), (gold.mentions[i].start, gold.mentions[i].end))), None)
        if match is not None:
            free.remove(match)
            right += 1
            linked += same_skill(gold.mentions[match], skill, forms)
            required += gold.mentions[match].required == skill["required"]
    taken = sum(any(overlaps((s["start"], s["end"]), (a, b)) for s in found) for a, b, _ in gold.traps)
    head = gold.head
    place = None if head.get("municipality", "-") in ("-", "") else head["municipality"]
    got = document["municipality_code"]
    made = {
        "mention precision": (right, len(found)), "mention recall": (right, len(gold.mentions)), "linking": (linked, right), "required": (required, right), "traps taken": (taken, len(gold.traps)),
        "isco4": (float(document["isco4"] == head["isco4"]), 1.0), "level": (float(document["education_level"] == head["level"]), 1.0),
        "place precision": (float(got is not None and got == place), float(got is not None)), "place recall": (float(got == place and place is not None), float(place is not None)),
        "sector": (float((document["sector"] or "-") == head.get("sector", "-")), float(head.get("sector") != "Entree")),
    }
    return Counts(made)


def share(all_counts: Iterable[Counts], name: str) -> float:
    """Right divided by all, over adverts."""
    right, total = (sum(c.values[name][i] for c in all_counts) for i in (0, 1))
    return right / total if total else float("nan")


def f1(all_counts: Sequence[Counts]) -> float:
    """Of mentions."""
    precision, recall = share(all_counts, "mention precision"), share(all_counts, "mention recall")
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(values: Sequence[Any], measure: Callable[[Sequence[Any]], float], times: int = 400) -> tuple[float, float]:
    """90% bootstrap interval over adverts."""
    rng = random.Random(1)
    drawn = sorted(measure(rng.choices(values, k=len(values))) for _ in range(times))
    return drawn[int(0.05 * times)], drawn[int(0.95 * times) - 1]


def bounded(low: float, high: float, value: float, n: float) -> tuple[float, float]:
    """The interval as drawn, or Wilson's (1927) of a share where all draws were the same."""
    if low < high or not n or value != value:
        return low, high
    z = NormalDist().inv_cdf(0.95)
    middle, spread = (value + z * z / (2 * n)) / (1 + z * z / n), z / (1 + z * z / n) * ((value * (1 - value) + z * z / (4 * n)) / n) ** 0.5
    return min(value, max(0.0, middle - spread)), max(value, min(1.0, middle + spread))


def pairs(groups: dict[str, str]) -> set[tuple[str, str]]:
    """Pairs of adverts in one group."""
    members: dict[str, list[str]] = {}
    for advert, group in groups.items():
        members.setdefault(group, []).append(advert)
    return {pair for found in members.values() for pair in itertools.combinations(sorted(found), 2)}


def pair_f1(found: set[tuple[str, str]], wanted: set[tuple[str, str]]) -> float:
    """Of duplicate pairs."""
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found or wanted else 1.0


MEASURES = ("mention precision", "mention recall", "linking", "required", "traps taken", "isco4", "place precision", "place recall", "level", "sector")


def measure(gold: Sequence[Annotated], documents: Sequence[dict[str, Any]], groups: dict[str, str], wanted_groups: dict[str, str], forms: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """measure -> value, low, high, n. Pairs of duplicates count where one of the two is in this part."""
    counts = [counts_of(g, d, forms) for g, d in zip(gold, documents, strict=True)]
    low, high = interval(counts, f1)
    made = {"mention F1": {"value": f1(counts), "low": low, "high": high, "n": sum(c.values["mention recall"][1] for c in counts)}}
    for name in MEASURES:
        n, value = sum(c.values[name][1] for c in counts), share(counts, name)
        low, high = bounded(*interval(counts, lambda drawn, name=name: share(drawn, name)), value, n)
        made[name] = {"value": value, "low": low, "high": high, "n": n}
    ids = {g.head["id"] for g in gold}
    wanted = {pair for pair in pairs(wanted_groups) if ids & set(pair)}
    found = {pair for pair in pairs(groups) if ids & set(pair)}
    made["duplicate pair F1"] = {"value": pair_f1(found, wanted), "low": float("nan"), "high": float("nan"), "n": float(len(wanted))}
    return made


def run(folder: Path = FOLDER) -> tuple[list[Annotated], list[dict[str, Any]], dict[str, str], dict[str, list[str]]]:
    """Read all adverts with the shipped vocabulary: gold, documents, groups and forms by label."""
    from warehouse import reference

    vocabulary = shipped()
    gold = read(folder)
    part = read_part([g.advert for g in gold], vocabulary)
    identifiers = [g.advert.id for g in gold]
    assert len({vacancy_id(SOURCE, i) for i in identifiers}) == len(identifiers)
    groups = dict(zip(identifiers, _groups([part], identifiers), strict=True))
    forms = {r["label_nl"]: r["forms"].lower().replace("~", "").split("|") for r in reference.read("skills").to_dict("records")}
    return gold, part.documents, groups, forms


def main() -> None:
    """Print the measures for the part that was looked at and the unseen part."""
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__)
    parser.add_argument("--part", choices=["seen", "unseen", "all"], default="all")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help="keep the measures for the Data page and docs/methodology.md")
    parser.add_argument("--errors", action="store_true", help="list what went wrong in the part that may be looked at")
    chosen = parser.parse_args()
    gold, documents, groups, forms = run()
    result: dict[str, Any] = {}
    for part in ("seen", "unseen"):
        if chosen.part in (part, "all"):
            rows = [(g, d) for g, d in zip(gold, documents, strict=True) if g.unseen == (part == "unseen")]
            result[part] = {"adverts": len(rows), "measures": measure([g for g, _ in rows], [d for _, d in rows], groups, {g.head["id"]: g.head.get("group") or g.head["id"] for g in gold}, forms)}
            print(f"{part}: {len(rows)} adverts")
            for name, m in result[part]["measures"].items():
                print(f"  {name:20} {m['value']:.3f}  [{m['low']:.3f}, {m['high']:.3f}]  n {m['n']:.0f}")
    if chosen.errors:
        list_errors([(g, d) for g, d in zip(gold, documents, strict=True) if not g.unseen], groups, forms)
    if chosen.write:
        from bench import quality

        quality.write(quality.table(gold, documents, groups, forms, datetime.now(ZoneInfo("Europe/Amsterdam")).date()))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1))


def list_errors(rows: Sequence[tuple[Annotated, dict[str, Any]]], groups: dict[str, str], forms: dict[str, list[str]]) -> None:
    """What went wrong, an advert a block."""
    for g, d in rows:
        lines = []
        for name, key in (("isco4", "isco4"), ("level", "education_level")):
            if d[key] != g.head[name]:
                lines.append(f"{name}: {d[key]} for {g.head[name]}")
        if (d["municipality_code"] or "-") != (g.head.get("municipality") or "-"):
            lines.append(f"place: {d['municipality_code']} ({d['place_status']}) for {g.head.get('municipality')} <{g.advert.location_text}>")
        spans = [(s["start"], s["end"], s) for s in d["skills"] if s["start"] >= 0]
        left = [w for w in g.mentions if not any(overlaps((a, b), (w.start, w.end)) for a, b, _ in spans)]
        if left:
            lines.append("missed: " + "; ".join(f"{g.advert.text[w.start:w.end]} = {w.label}" for w in left))
        extra = [s for a, b, s in spans if not any(overlaps((a, b), (w.start, w.end)) for w in g.mentions)]
        if extra:
            lines.append("too much: " + "; ".join(f"{s['surface']} = {s['label_nl']}" for s in extra))
        taken = [f"{g.advert.text[a:b]} ({why})" for a, b, why in g.traps if any(overlaps((s, e), (a, b)) for s, e, _ in spans)]
        if taken:
            lines.append("traps: " + "; ".join(taken))
        wrong = [f"{s['surface']}: {s['label_nl']} for {w.label}" for a, b, s in spans for w in g.mentions if overlaps((a, b), (w.start, w.end)) and not same_skill(w, s, forms)]
        if wrong:
            lines.append("linked: " + "; ".join(wrong))
        if groups[g.head["id"]] != (g.head.get("group") or g.head["id"]):
            lines.append(f"group: {groups[g.head['id']]} for {g.head.get('group')}")
        if lines:
            print(f"--- {g.head['id']} {g.head['title']}\n  " + "\n  ".join(lines))


if __name__ == "__main__":
    main()
