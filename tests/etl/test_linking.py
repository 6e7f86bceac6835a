"""Ranking names of a classification: what must hold for any corpus, on small ones whose answer is plain."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.enrich import linking

CORPUS = [
    ("C000001_nl_000", "slager"), ("C000001_nl_001", "medewerker slagerij"), ("C000002_nl_000", "fysiotherapeut"), ("C000003_nl_000", "timmerman"), ("C000003_nl_001", "bouwtimmerman"),
    ("C000004_nl_000", "treinmachinist"), ("C000005_nl_000", "machinist grondverzetmachine"), ("C000006_nl_000", "verpleegkundige"), ("C000007_nl_000", "leraar lager onderwijs"),
    ("C000008_nl_000", "schoonmaker"), ("C000009_nl_000", "schrijver"), ("C000010_nl_000", "softwareontwikkelaar"),
]


@pytest.fixture(scope="module")
def ranker() -> linking.Ranker:
    return linking.Ranker(CORPUS, "occupations", "nl")


@pytest.mark.parametrize(("query", "concept"), [
    ("Slager", "C000001"), ("slagers", "C000001"), ("beenhouwer", "C000001"), ("kinesist", "C000002"), ("timmerman in de bouw", "C000003"),
    ("machinist grondverzet", "C000005"), ("verpleger", "C000006"), ("poetshulp", "C000008"), ("programmeur software", "C000010"),
])
def test_the_right_name_comes_first(ranker: linking.Ranker, query: str, concept: str) -> None:
    assert linking.concept(next(ranker.rank([query]))[0][0]) == concept


def test_a_concept_is_named_once_and_scores_fall(ranker: linking.Ranker) -> None:
    found = next(ranker.rank(["slager"], 10))
    concepts = [linking.concept(line) for line, _ in found]
    assert len(found) == 10 and len(set(concepts)) == 10
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_lines_without_concepts_stand_for_themselves() -> None:
    ranker = linking.Ranker([("a", "lassen"), ("b", "lassen"), ("c", "metselen")], "skills", "nl")
    assert {line for line, _ in next(ranker.rank(["lassen"], 2))} == {"a", "b"}


def test_many_queries_give_what_each_gives_alone(ranker: linking.Ranker) -> None:
    queries = [text for _, text in CORPUS] * 30
    many = [[line for line, _ in found] for found in ranker.rank(queries, 3)]
    assert many[:12] == [[line for line, _ in next(ranker.rank([query], 3))] for query in queries[:12]]


def test_a_skill_is_found_in_a_sentence() -> None:
    corpus = [("s1", "web programming"), ("s2", "accounting techniques"), ("s3", "manage staff"), ("s4", "operate forklift")]
    ranker = linking.Ranker(corpus, "skills", "en")
    assert next(ranker.rank(["Our ideal candidate has at least three years of professional web programming behind them and enjoys long walks"]))[0][0] == "s1"


def test_compounds_are_split_by_the_words_of_the_corpus() -> None:
    words = linking.Words("nl", ["grondverzet machine", "machine bediener", "grondverzet", "bediener"])
    assert words.split("grondverzetmachine") == ("grondverzet", "machine")
    assert words.split("schaap") == ("schaap",)


def test_the_command_writes_a_run_without_ties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queries, corpus, out = (tmp_path / name for name in ("q.tsv", "c.tsv", "run.tsv"))
    queries.write_text("Q1\tslager\nQ2\ttreinmachinist\n", encoding="utf-8")
    corpus.write_text("".join(f"{line}\t{text}\n" for line, text in CORPUS), encoding="utf-8")
    assert main(["link", "occupations", "--queries", str(queries), "--corpus", str(corpus), "--top", "4", "--out", str(out)]) == 0
    rows = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row[0] for row in rows] == ["Q1"] * 4 + ["Q2"] * 4 and [row[3] for row in rows[:4]] == ["1", "2", "3", "4"]
    assert rows[0][2] == "C000001_nl_000" and rows[4][2] == "C000004_nl_000"
    for query in ("Q1", "Q2"):
        scores = [float(row[4]) for row in rows if row[0] == query]
        assert all(a > b for a, b in pairwise(scores))
    assert "2 queries ranked" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "named"), [("Q1 slager\n", "line 1"), ("", "no lines"), ("Q1\tslager\n\tkok\n", "line 2")])
def test_a_table_that_cannot_be_read_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, named: str) -> None:
    queries, corpus = tmp_path / "q.tsv", tmp_path / "c.tsv"
    queries.write_text(content, encoding="utf-8")
    corpus.write_text("a\tslager\n", encoding="utf-8")
    assert main(["link", "occupations", "--queries", str(queries), "--corpus", str(corpus), "--out", str(tmp_path / "run.tsv")]) == 64
    assert named in capsys.readouterr().err
    assert not (tmp_path / "run.tsv").exists()


def test_names_of_a_classification_can_be_dropped(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("label,pref_label\nVideojockey,VJ\nVJ,VJ\n", encoding="utf-8")
    assert linking.dropped_names(tmp_path) == [("Videojockey", "VJ")]
    (tmp_path / "other.csv").write_text("naam\nx\n", encoding="utf-8")
    with pytest.raises(linking.BadTable, match="label and pref_label"):
        linking.dropped_names(tmp_path)
