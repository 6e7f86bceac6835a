"""How fast adverts are read: python -m bench.reading. JSON lines of about 2,000 characters to rows in a work database, in as many
processes as there are processors (at most two), and the ratio against spaCy's PhraseMatcher over the same forms in one process.

The adverts are sentences of bench/adverts in a random order, with a word in every second sentence that no other advert has, so that
little can be remembered. spaCy is not needed by the product: pip install -e ".[bench]".
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import tempfile
import time
from pathlib import Path

import pandas as pd

from bench.understanding import read
from etl.enrich import Recipe, understand
from etl.enrich.lines import parse
from etl.enrich.vocabulary import Vocabulary, shipped_lists
from warehouse import reference
from warehouse import schema as s
from warehouse.work import WorkDatabase

CHARACTERS = 2000
LETTERS = "aeioustnrlbdgkmp"


def adverts(count: int, seed: int = 7) -> list[bytes]:
    """JSON lines of adverts."""
    rng = random.Random(seed)
    sentences = [part for a in read() for part in re.split(r"(?<=[.!?\n])\s*", a.advert.text) if len(part) > 20 and "<" not in part]
    titles, places = list(reference.read("titles")["title"]), list(reference.read("places")["place"])
    made = []
    for number in range(count):
        text = ""
        while len(text) < CHARACTERS:
            words = rng.choice(sentences).split(" ")
            if rng.random() < 0.5:
                words[rng.randrange(len(words))] = "".join(rng.choices(LETTERS, k=rng.randint(4, 11)))
            text += " ".join(words) + rng.choice(["\n", " ", " "])
        made.append(json.dumps({"id": str(number), "title": rng.choice(titles), "text": text[:CHARACTERS], "employer": f"Werkgever {number % 900}", "location_text": rng.choice(places),
                                "published": f"2026-{rng.randint(1, 9):02d}-{1 + number % 28:02d}"}).encode())
    return made


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the shipped vocabulary."""
    towns = reference.read("municipalities")
    none = pd.DataFrame(columns=["uri", "isco4", "label_nl", "label_en", "alt_labels_nl", "alt_labels_en", "kind"])
    links = towns.rename(columns={"code": "municipality_code"})[["municipality_code", "region_code"]]
    return {"occupation": none, "esco_skill": none, "municipality": towns, "municipality_region": links, **shipped_lists()}


def chain(lines: list[bytes], folder: Path, workers: int) -> tuple[float, int]:
    """(seconds, mentions) from JSON lines to rows in a work database."""
    begun = time.perf_counter()
    parsed = [parse(line) for line in lines]
    days = pd.to_datetime([a.published for a in parsed])
    frame = pd.DataFrame({
        "source": "bench", "source_id": [a.id for a in parsed], "url": None, "title": [a.title for a in parsed], "description": [a.text for a in parsed], "employer": [a.employer for a in parsed],
        "place_text": [a.location_text for a in parsed], "province_text": None, "country": None, "employment_type": None, "education_text": None, "first_seen": days, "last_seen": days})
    found = understand(frame, Recipe(tables()), workers=workers)
    with WorkDatabase(folder / "work.duckdb") as work, work.transaction():
        work.replace(s.vacancy, found.vacancies)
        work.replace(s.vacancy_skill, found.mentions)
        work.replace(s.vacancy_ignored, found.ignored)
    return time.perf_counter() - begun, len(found.mentions)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--adverts", type=int, default=12_000)
    chosen = parser.parse_args()
    workers = min(os.cpu_count() or 1, 2)
    lines = adverts(chosen.adverts)
    with tempfile.TemporaryDirectory() as folder:
        seconds, mentions = chain(lines, Path(folder), workers)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1e6
    print(f"reading: {len(lines):,} adverts of {CHARACTERS:,} characters in {seconds:.1f} s with {workers} processes: {len(lines) / seconds:,.0f} a second, {mentions / len(lines):.1f} skills each, at most {memory:.1f} GB together")
    part = lines[:1500]
    vocabulary = Vocabulary.shipped()
    texts = [(a.title, a.text) for a in map(parse, part)]
    begun = time.perf_counter()
    for at in range(0, len(texts), 250):  # as the product does: the words of many adverts are looked up together
        part_of = texts[at:at + 250]
        for (title, text), scanned in zip(part_of, vocabulary.matcher.scan(part_of), strict=True):
            vocabulary.matcher.read(title, text, scanned=scanned)
    ours = time.perf_counter() - begun
    print(f"reading: forms, cues and sections of one advert {ours / len(texts) * 1e6:,.0f} microseconds in one process")
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        print('reading: no ratio against spaCy, which is not installed (pip install -e ".[bench]")')
        return
    language = spacy.blank("nl")
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    forms = sorted({form.strip(" ~").lower() for written in reference.read("skills")["forms"] for form in written.split("|") if form.strip(" ~")})
    matcher.add("skill", [language.make_doc(form) for form in forms])
    begun = time.perf_counter()
    for _, text in texts:
        matcher(language.make_doc(text))
    theirs = time.perf_counter() - begun
    print(f"reading: spaCy's PhraseMatcher over the same {len(forms):,} forms {theirs / len(texts) * 1e6:,.0f} microseconds: ratio {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
