"""How well names are ranked: python -m bench.linking FOLDER, with the benchmarks' own files (they are not part of this project).

FOLDER holds linking/melo_bel_q_nl_c_nl (MELO: Flemish occupation names and ESCO), linking/house_ and tech_validation_annotations.csv
(sentences whose skills carry ESCO labels), esco/skill_labels_en_v1.1.1.csv.gz and, where there is one, competentnl/cnl_occupation_labels.csv.
The synonyms were written by people who knew the Flemish names, so the figure of MELO flatters somewhat. 90% bootstrap intervals over queries.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from bench import quality as kept
from bench.understanding import interval
from etl.enrich import linking
from warehouse import quality

NO_LABEL = ("LABEL NOT PRESENT", "UNDERSPECIFIED")
TOP, FIVE = 10, 5


def melo(folder: Path, names: list[tuple[str, str]]) -> tuple[list[float], float]:
    """(reciprocal rank per query within TOP, queries a second)."""
    wanted = defaultdict(set)
    for line in (folder / "annotations.tsv").read_text(encoding="utf-8").splitlines():
        query, _, element, _ = line.split()
        wanted[query].add(element)
    queries = linking.read_table(folder / "queries.tsv")
    ranker = linking.Ranker(linking.read_table(folder / "corpus_elements.tsv"), "occupations", "nl", names)
    many = [text for _, text in queries] * 10
    begun = time.perf_counter()
    found = list(ranker.rank(many, TOP))[:len(queries)]
    rate = len(many) / (time.perf_counter() - begun)
    return [next((1 / rank for rank, (element, _) in enumerate(ranked, 1) if element in wanted[query]), 0.0) for (query, _), ranked in zip(queries, found, strict=True)], rate


def skills(folder: Path) -> dict[str, list[float]]:
    """Precision among the first FIVE per sentence, over at most as many as the sentence has (RP@5); ESCO's preferred and alternative labels."""
    labels: list[tuple[str, str]] = []
    preferred: dict[str, str] = {}
    times: Counter[str] = Counter()
    with gzip.open(folder / "esco" / "skill_labels_en_v1.1.1.csv.gz", "rt", encoding="utf-8", newline="") as rows:
        for row in sorted((r for r in csv.DictReader(rows) if r["type"] in ("preferredLabel", "altLabels")), key=lambda r: (r["id"], r["type"] != "preferredLabel")):
            if row["type"] == "preferredLabel":
                preferred[row["description"]] = row["id"]
            labels.append((f"{row['id']}_en_{times[row['id']]:03d}", row["description"]))
            times[row["id"]] += 1
    ranker = linking.Ranker(labels, "skills", "en")
    made = {}
    for name in ("house", "tech"):
        wanted: dict[str, set[str]] = defaultdict(set)
        with (folder / "linking" / f"{name}_validation_annotations.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["label"] not in NO_LABEL:
                    wanted[row["sentence"]].add(preferred.get(row["label"], row["label"]))
        found = ranker.rank(list(wanted), FIVE)
        made[name] = [len({linking.concept(line) for line, _ in ranked} & right) / min(FIVE, len(right)) for ranked, right in zip(found, wanted.values(), strict=True)]
    return made


def main() -> None:
    """Measure, print, and with --write keep the figures for the Data page and docs/methodology.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.linking", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    found: dict[str, list[float]] = {}
    found["MELO MRR"], rate = melo(chosen.folder / "linking" / "melo_bel_q_nl_c_nl", [])
    names = chosen.folder / "competentnl"
    if (names / "cnl_occupation_labels.csv").is_file():
        with (names / "cnl_occupation_labels.csv").open(encoding="utf-8-sig", newline="") as rows:
            pairs = [(r["label"], r["pref_label"]) for r in csv.DictReader(rows) if r["pref_label"] and r["label"] != r["pref_label"]]
        found["MELO MRR with CompetentNL"], _ = melo(chosen.folder / "linking" / "melo_bel_q_nl_c_nl", pairs)
    for name, values in skills(chosen.folder).items():
        found[f"{name.upper()} RP5"] = values
    rows = []
    for name, values in found.items():
        value = sum(values) / len(values)
        low, high = interval(values, lambda drawn: sum(drawn) / len(drawn))
        print(f"{name:28} {value:.3f}  [{low:.3f}, {high:.3f}]  n {len(values)}")
        rows.append({"part": quality.LINKING, "sector": "", "measure": name, "value": f"{value:.4f}", "low": f"{low:.4f}", "high": f"{high:.4f}", "n": str(len(values)), "adverts": "", "version": kept.version(),
                     "measured_on": datetime.now(ZoneInfo("Europe/Amsterdam")).date().isoformat(), "vocabulary": ""})
    print(f"MELO: {rate:,.0f} queries a second once the corpus is read")
    if chosen.write:
        before = pd.read_csv(kept.CSV, dtype=str, keep_default_na=False, encoding="utf-8")
        pd.concat([before[before["part"] != quality.LINKING], pd.DataFrame(rows)], ignore_index=True).to_csv(kept.CSV, index=False, encoding="utf-8", lineterminator="\n")
        text = kept.DOC.read_text(encoding="utf-8")
        kept.DOC.write_text(kept._BLOCK.sub(lambda _: kept.block(quality.read(kept.CSV)), text), encoding="utf-8")


if __name__ == "__main__":
    main()
