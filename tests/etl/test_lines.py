"""python -m etl understand: every line is read or rejected with its number; offsets hold in the text as it was given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.enrich import lines
from etl.enrich.vocabulary import Vocabulary

TEXT = "Wat ga je doen?\nJe gaat lassen en slijpen. Je hebt ervaring met TIG-lassen.\nEen heftruckcertificaat is niet nodig.\nWat bieden wij?\nJe krijgt een cursus VCA."
KEYS = {"id", "language", "municipality_code", "place_status", "isco4", "esco_occupation", "occupation_confidence", "education_level", "hours_min", "hours_max", "sector", "vacancy_group", "skills", "ignored"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.shipped()


def run(tmp_path: Path, vocabulary: Vocabulary, content: bytes, workers: int = 1) -> tuple[lines.Summary, list[dict[str, Any]], list[dict[str, Any]]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(content)
    summary = lines.understand_file(source, target, vocabulary, workers)
    rejects = target.with_name("out.jsonl.rejects.jsonl")
    made = [json.loads(line) for line in target.read_bytes().splitlines()]
    return summary, made, [json.loads(line) for line in rejects.read_bytes().splitlines()] if rejects.exists() else []


def advert(identifier: str, text: str = TEXT, title: str = "Lasser", **more: Any) -> bytes:
    return json.dumps({"id": identifier, "title": title, "text": text, **more}).encode() + b"\n"


def test_every_bad_line_is_a_reject_with_its_number_and_the_rest_goes_on(tmp_path: Path, vocabulary: Vocabulary) -> None:
    content = b"".join([
        advert("1"), b"no json\n", b'{"id": "3", "title": "x"}\n', b'{"id": "4", "title": "x", "text": "' + b"a" * 10_000_000 + b'"}\n', b'{"id": "5", "title": "x", "text": "a\x00b"}\n',
        b"[1, 2]\n", b'{"id": "7", "title": 3, "text": "a"}\n', advert("1"), b"\n", b'{"id": "10", "title": "x", "text": ' + b"[" * 5000 + b"\n", b'{"id": " ", "title": "x", "text": "a"}\n', advert("12"),
    ])
    summary, made, rejects = run(tmp_path, vocabulary, content)
    assert [d["id"] for d in made] == ["1", "12"] and summary.read == 2 and summary.rejected == len(rejects) == 9
    assert [r["line"] for r in rejects] == [2, 3, 4, 5, 6, 7, 8, 10, 11]
    reasons = {r["line"]: r["reason"] for r in rejects}
    assert "'text' is missing" in reasons[3] and "bytes" in reasons[4] and "null byte" in reasons[5] and "no JSON object" in reasons[6] and "'title' is no text" in reasons[7] and "used before" in reasons[8]
    assert all(len(r["begin"]) <= lines.SHOWN for r in rejects)


def test_a_document_has_every_key_and_says_what_it_leaves_out(tmp_path: Path, vocabulary: Vocabulary) -> None:
    _, [made], _ = run(tmp_path, vocabulary, advert("1", employer="Staalbouw Vecht", location_text="Zwolle", published="2026-03-02"))
    assert set(made) >= KEYS
    assert made["municipality_code"] == "GM0193" and made["isco4"] == "7212" and made["language"] == "nl" and made["vacancy_group"] == "1"
    assert {i["why"] for i in made["ignored"]} >= {"negation", "benefit"}
    assert "VCA" not in {s["surface"] for s in made["skills"]}


@pytest.mark.parametrize("text", [
    TEXT, TEXT.replace("\n", "\r\n"), "<p>" + TEXT.replace("\n", "</p><p>") + "</p>", "&lt;p&gt;" + TEXT.replace("\n", "&lt;/p&gt;&lt;p&gt;") + "&lt;/p&gt;", "&amp;lt;ul&amp;gt;&amp;lt;li&amp;gt;Je gaat lassen &amp;amp; slijpen.&amp;lt;/li&amp;gt;&amp;lt;/ul&amp;gt;",
    "  Je   gaat\u00a0lassen \u2022 en  slijpen.  ", "Caf\u00e9 \U0001f600 je gaat lassen. Mail naar jan@bedrijf.example of bel 06-12345678, en je kunt metselen.", "<script>lassen()</script><b>Je gaat</b> <i>metsel</i>en en lassen.",
])
def test_offsets_count_characters_of_the_text_as_given(tmp_path: Path, vocabulary: Vocabulary, text: str) -> None:
    _, [made], _ = run(tmp_path, vocabulary, advert("1", text))
    found = [*made["skills"], *made["ignored"]]
    assert found
    for mention in found:
        if mention["start"] >= 0:
            assert text[mention["start"]:mention["end"]] == mention["surface"]
        else:
            assert mention["end"] == -1


def test_what_only_the_title_names_has_no_offset(tmp_path: Path, vocabulary: Vocabulary) -> None:
    _, [made], _ = run(tmp_path, vocabulary, advert("1", "Je werkt met ons team aan mooie dingen voor onze klanten in de regio.", "Medewerker met heftruckcertificaat"))
    assert [(s["start"], s["end"]) for s in made["skills"]] == [(-1, -1)]


def test_another_language_gives_no_skills(tmp_path: Path, vocabulary: Vocabulary) -> None:
    _, [made], _ = run(tmp_path, vocabulary, advert("1", "Wir suchen einen Schweißer und du bist mit dem Team in der Halle für uns auf der Arbeit. TIG und VCA."))
    assert made["language"] == "other" and made["skills"] == [] and made["ignored"] == []


def test_workers_change_nothing(tmp_path: Path, vocabulary: Vocabulary) -> None:
    content = b"".join(advert(str(i), TEXT + f"\nPlaats {i}. Je bent nauwkeurig en je werkt graag samen.", location_text="Zwolle", published="2026-03-02", employer=f"Bedrijf {i % 7}") for i in range(900))
    one, two = run(tmp_path, vocabulary, content), run(tmp_path, vocabulary, content, workers=2)
    assert one[1] == two[1] and one[0] == two[0]


def test_an_empty_file_and_a_byte_order_mark(tmp_path: Path, vocabulary: Vocabulary) -> None:
    summary, made, _ = run(tmp_path, vocabulary, b"")
    assert summary.read == 0 and made == []
    _, made, rejects = run(tmp_path, vocabulary, b"\xef\xbb\xbf" + advert("1"))
    assert len(made) + len(rejects) == 1


def test_what_was_read_before_or_stands_beside_it_does_not_matter(vocabulary: Vocabulary) -> None:
    matcher = vocabulary.matcher
    texts = [TEXT, TEXT.replace("lassen", "metselen"), "Je gaat lassen en slijpen. Je rekent af. Je zaagt, boort en zet.\nEen diploma is voor ons genoeg. Je zoekt het uit.\nJe bent sterk."]
    first = [matcher.read("Lasser", text, True) for text in texts]
    for order in ([0, 1, 2], [2, 1, 0, 2], [1, 1, 0, 2, 0]):
        together = matcher.scan([("Lasser", texts[which]) for which in order], True)
        assert [matcher.read("Lasser", texts[which], True, scanned) for which, scanned in zip(order, together, strict=True)] == [first[which] for which in order]
