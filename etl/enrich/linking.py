"""Ranking the names of a classification for a query: `python -m etl link occupations|skills`.

A sparse ranker: names as weighted stems, parts of compounds and runs of letters (TF-IDF, cosine), the query widened with synonyms
(warehouse/reference/synonyms.csv: written by hand; Flemish and Dutch words for one thing). Lines of a corpus whose identifiers
differ only behind the concept ("C000012_nl_003") are names of one concept: the best of them stands for it. Of a skill query that is a
sentence, windows of some words are ranked too. No two lines of a run share a score, so ties cannot flatter.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import snowballstemmer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from warehouse import reference

Floats = npt.NDArray[np.float32]
STEMMERS = {"nl": "dutch_porter", "en": "english"}  # snowball 3's "dutch" cuts too much
STOP = {
    "nl": frozenset(["van", "de", "het", "een", "en", "in", "of", "voor", "met", "op", "aan", "bij", "tot", "te", "der", "des", "over", "door", "uit"]),
    "en": frozenset(["a", "an", "the", "of", "to", "in", "for", "and", "or", "with", "on", "at", "by", "be", "is", "are", "as", "your", "our", "you", "we", "will", "their", "its", "it", "this", "that", "from"]),
}
LINKS = ("", "s", "e", "en", "n", "er")  # what stands between the parts of a Dutch compound
SHORTEST_COMPOUND, SHORTEST_HEAD, SHORTEST_PART = 7, 4, 3
WIDENED = {"occupations": 0.8, "skills": 0.5}  # weight of synonyms beside the words of the query itself
BLOCK = 128  # queries at a time
WINDOW = 5  # words
WINDOW_SHARE = 0.9  # weight of the best window of a sentence beside the sentence as a whole
_WORD = re.compile(r"[a-z0-9+#]+")
_CONCEPT = re.compile(r"^(.+)_[a-z]{2}_\d+$")
# Weights of the fields, found on four fifths of the queries and checked on the fifth that was left out, five times over (docs/methodology.md).
WEIGHTS: dict[str, dict[str, float]] = {
    "occupations": {"letters": 1.75, "runs": 1.5, "first": 0.75, "parts": 2.0, "stems": 0.15, "covered": 2.0},
    "skills": {"letters": 1.0, "runs": 0.0, "first": 0.25, "parts": 1.0, "stems": 1.0, "covered": 0.5},
}


class BadTable(ValueError):
    """A file of queries or of a corpus that cannot be read; says which line."""


def read_table(path: Path) -> list[tuple[str, str]]:
    """(identifier, text) of the lines of a TSV file. Raises BadTable."""
    found = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            identifier, tab, text = line.rstrip("\r\n").partition("\t")
            if not tab or not identifier.strip():
                raise BadTable(f"{path}, line {number}: no identifier and text with a tab between them: {line[:80]!r}")
            found.append((identifier.strip(), text.split("\t")[0]))
    if not found:
        raise BadTable(f"{path} holds no lines")
    return found


def folded(text: str) -> str:
    """Lower case without accents."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


@dataclass
class Words:
    """Words of a language: content words, stems, parts of compounds. The compounds that can be split follow from the corpus."""

    language: str
    corpus: Iterable[str]
    _times: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._stemmer = snowballstemmer.stemmer(STEMMERS[self.language])
        self.stem = lru_cache(200_000)(self._stemmer.stemWord)
        self.split = lru_cache(200_000)(self._split)
        self._times = Counter(word for text in self.corpus for word in set(self.content(text)))

    def content(self, text: str) -> list[str]:
        return [word for word in _WORD.findall(folded(text)) if word not in STOP[self.language]]

    def stems(self, text: str) -> list[str]:
        return [self.stem(word) for word in self.content(text)]

    def parts(self, text: str) -> list[str]:
        """Stems of words and of the parts of compounds: schoonmaakbedrijf -> schoonmaak, bedrijf."""
        return [self.stem(part) for word in self.content(text) for part in self.split(word)]

    def spaced(self, text: str) -> str:
        return " ".join(self.content(text))

    def joined(self, text: str) -> str:
        return "".join(self.content(text))

    def _split(self, word: str) -> tuple[str, ...]:
        if self.language != "nl" or len(word) < SHORTEST_COMPOUND:
            return (word,)
        best, most = None, 0.0
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART):
            head = word[cut:]
            if self._times[head] < 2 or len(head) < SHORTEST_HEAD:
                continue
            for link in LINKS:
                first = word[:cut - len(link)] if link else word[:cut]
                if (link and not word[:cut].endswith(link)) or len(first) < SHORTEST_PART:
                    continue
                times = self._times[first] or (len(first) > SHORTEST_PART and (self._times[first + "en"] or self._times[first + "e"]))
                score = (min(times or 0, 50) * min(self._times[head], 50)) ** 0.5 * (0.8 if link else 1.0)
                if score > most:
                    best, most = (first, head), score
        if best is None or self._times[word] > 8 * most:
            return (word,)
        return self._split(best[0]) + self._split(best[1])


class Synonyms:
    """Words and phrases -> others for the same thing, both ways (backwards for half)."""

    def __init__(self, pairs: Iterable[tuple[str, str]], words: Words) -> None:
        self._words = words
        self._table: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
        self.others: list[str] = []
        place: dict[str, int] = {}
        for term, other in pairs:
            for one, two, weight in ((term, other, 1.0), (other, term, 0.5)):
                key = tuple(words.parts(one))
                if key:
                    at = place.setdefault(two, len(place))
                    self._table[key][at] = max(weight, self._table[key].get(at, 0.0))
        self.others = list(place)
        self._longest = max(map(len, self._table), default=0)

    def weights(self, queries: Sequence[str]) -> Any:
        """Sparse (queries x others): how much of each other word belongs to a query."""
        rows, columns, values = [], [], []
        for row, query in enumerate(queries):
            parts = self._words.parts(query)
            for begin in range(len(parts)):
                for size in range(1, min(self._longest, len(parts) - begin) + 1):
                    found = self._table.get(tuple(parts[begin:begin + size]))
                    if found:
                        share = sum(found.values()) ** 0.5
                        for at, weight in found.items():
                            rows.append(row)
                            columns.append(at)
                            values.append(weight / share)
        return sp.csr_matrix((values, (rows, columns)), shape=(len(queries), max(len(self.others), 1)), dtype=np.float32)


class Ranker:
    """A corpus made ready; `rank` may be called with any number of queries."""

    def __init__(self, corpus: Sequence[tuple[str, str]], kind: str, language: str, extra: Iterable[tuple[str, str]] = ()) -> None:
        self.kind, self.language = kind, language
        self.corpus = sorted(corpus, key=lambda line: concept(line[0]))
        names = [text for _, text in self.corpus]
        groups = [concept(identifier) for identifier, _ in self.corpus]
        self._starts = np.array([i for i, group in enumerate(groups) if not i or group != groups[i - 1]])
        self.words = words = Words(language, names)
        self._synonyms = Synonyms([*synonyms(language), *extra], words)
        self._weights = WEIGHTS[kind]
        made: dict[str, Callable[[], TfidfVectorizer]] = {
            "letters": lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), preprocessor=words.spaced, sublinear_tf=True, dtype=np.float32),
            "runs": lambda: TfidfVectorizer(analyzer="char", ngram_range=(3, 5), preprocessor=words.joined, sublinear_tf=True, dtype=np.float32),
            "parts": lambda: TfidfVectorizer(analyzer=words.parts, sublinear_tf=True, dtype=np.float32),
            "stems": lambda: TfidfVectorizer(analyzer=words.stems, sublinear_tf=True, dtype=np.float32),
        }
        self._fields: dict[str, tuple[TfidfVectorizer, Any]] = {}
        blocks: list[Any] = []
        for name, make in made.items():
            vectorizer = make()
            vectors = vectorizer.fit_transform(names)
            self._fields[name] = (vectorizer, vectorizer.transform(self._synonyms.others) if self._synonyms.others else None)
            blocks.append(vectors.T * self._weights[name])
            if name == "runs":
                self._first = (vectors[self._starts].T * self._weights["first"]).tocsr()
            if name == "parts":
                present = (vectors > 0).multiply(vectorizer.idf_.astype(np.float32)).tocsr()
                whole = np.maximum(np.asarray(present.sum(axis=1)).ravel(), 1e-6)
                blocks.append(sp.diags(self._weights["covered"] / whole).astype(np.float32).dot(present).T)
        self._turned = sp.vstack(blocks, format="csr", dtype=np.float32)  # all fields below each other: one product adds them up

    def rank(self, queries: Sequence[str], top: int = 10, workers: int = 2) -> Iterator[list[tuple[str, float]]]:
        """Per query the best `top` (identifier, score), descending; one line per concept."""
        with ThreadPoolExecutor(workers) as pool:
            for found in pool.map(lambda begin: self._ranked(list(queries[begin:begin + BLOCK]), top), range(0, len(queries), BLOCK)):
                yield from found

    def _ranked(self, queries: list[str], top: int) -> list[list[tuple[str, float]]]:
        best = self._scores(queries)
        if self.kind == "skills":
            best = self._with_windows(queries, best)
        made = []
        for scores in best:
            count = min(top, len(scores))
            order = np.argpartition(-scores, count - 1)[:count]
            order = order[np.lexsort((order, -scores[order]))]
            made.append([(self.corpus[self._starts[i]][0], float(scores[i])) for i in order])
        return made

    def _scores(self, queries: Sequence[str]) -> Floats:
        """(queries x concepts): how well the best name of each concept fits."""
        widened = self._synonyms.weights(queries)
        blocks, runs = [], None
        for name, (vectorizer, others) in self._fields.items():
            asked = vectorizer.transform(queries)
            if others is not None:
                asked = normalize(asked + WIDENED[self.kind] * widened.dot(others))
            blocks.append(asked)
            if name == "runs":
                runs = asked
            if name == "parts":
                blocks.append((asked > 0).astype(np.float32))
        total = sp.hstack(blocks, format="csr", dtype=np.float32).dot(self._turned).toarray()
        best = np.maximum.reduceat(total, self._starts, axis=1) if len(self._starts) < total.shape[1] else total
        return best + runs.dot(self._first).toarray() if runs is not None else best

    def _with_windows(self, queries: Sequence[str], best: Floats) -> Floats:
        windows = [(row, window) for row, query in enumerate(queries) for window in windows_of(query, self.words)]
        made = np.array(best)
        for begin in range(0, len(windows), BLOCK):
            part = windows[begin:begin + BLOCK]
            for (row, _), score in zip(part, self._scores([window for _, window in part]), strict=True):
                np.maximum(made[row], WINDOW_SHARE * score, out=made[row])
        return made


def windows_of(query: str, words: Words) -> list[str]:
    """Windows of one to WINDOW words of a sentence that is longer than that."""
    content = words.content(query)
    if len(content) <= WINDOW:
        return []
    return [" ".join(content[begin:begin + size]) for size in (1, 2, 3) for begin in range(len(content) - size + 1)]


def concept(identifier: str) -> str:
    """What a line is a name of: its identifier up to the language and number, when it has these."""
    found = _CONCEPT.match(identifier)
    return found[1] if found else identifier


def synonyms(language: str) -> Iterator[tuple[str, str]]:
    """(word or phrase, another for the same) of the list that the product ships."""
    for row in reference.read("synonyms").itertuples():
        if row.language == language:
            for other in str(row.synonyms).split("|"):
                yield str(row.term), other


def write_run(path: Path, queries: Sequence[tuple[str, str]], ranked: Iterable[list[tuple[str, float]]], name: str = "regiokoers") -> int:
    """A run in the form that trec_eval reads: query, Q0, line, rank, score, name. Scores fall strictly. Returns the number of queries."""
    draft = path.with_name(path.name + ".part")
    count = 0
    with draft.open("w", encoding="utf-8", newline="\n") as out:
        for (identifier, _), found in zip(queries, ranked, strict=True):
            count += 1
            for rank, (line, score) in enumerate(found, 1):
                out.write(f"{identifier}\tQ0\t{line}\t{rank}\t{score - rank * 1e-6:.6f}\t{name}\n")
    draft.replace(path)
    return count


def dropped_names(folder: Path) -> list[tuple[str, str]]:
    """(other name, preferred name) from the CSV files of a folder, with columns label and pref_label (as CompetentNL's names are
    kept), or occupation_uri, label and label_type. Raises BadTable for a file with other columns."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows, columns = list(reader), set(reader.fieldnames or ())
        if {"label", "pref_label"} <= columns:
            found += [(row["label"], row["pref_label"]) for row in rows if row["label"] and row["pref_label"] and row["label"] != row["pref_label"]]
        elif {"occupation_uri", "label", "label_type"} <= columns:
            preferred = {row["occupation_uri"]: row["label"] for row in rows if "pref" in row["label_type"].lower()}
            found += [(row["label"], preferred[row["occupation_uri"]]) for row in rows if row["label"] != preferred.get(row["occupation_uri"], row["label"])]
        else:
            raise BadTable(f"{path}: columns label and pref_label are needed, found {', '.join(sorted(columns)) or 'none'}")
    return found
