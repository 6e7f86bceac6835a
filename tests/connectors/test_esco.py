"""ESCO archives: what is read, where a dropped archive goes first, and what is refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from connectors import esco
from connectors.base import FetchContext
from connectors.errors import RefusedError, SchemaDrift
from connectors.http import HttpClient
from etl.staging import to_frames
from tests.conftest import Answers
from tests.connectors.samples_esco import COOK, EN, KNIFE, NL, NOW, OCCUPATIONS_NL, SAMPLES, archive, raws


def source() -> esco.Esco:
    return esco.Esco("v1.2.0")


def test_occupations_skills_and_relations_fit_the_schema() -> None:
    parsed = source().parse(SAMPLES["esco"])
    frames, refused = to_frames(parsed.records, source().tables)
    assert not refused and not parsed.rejects and {name: len(f) for name, f in frames.items()} == {"occupation": 1, "esco_skill": 1, "occupation_skill": 1, "skill_broader": 1}
    assert parsed.records["occupation"][0] == {"uri": COOK, "isco4": "5120", "label_nl": "kok", "label_en": "cook", "alt_labels_nl": "keukenhulp|chef", "alt_labels_en": "chef"}
    assert parsed.records["esco_skill"][0]["label_en"] == "sharpen knives" and parsed.records["occupation_skill"] == [{"occupation_uri": COOK, "skill_uri": KNIFE, "relation": "essential"}]


@pytest.mark.parametrize("text", ["mes\naanzetten", "mes\r\naanzetten", "mes | aanzetten", "mes\n\naanzetten\nmes"])
def test_alternative_labels_are_split_at_newlines_and_bars_and_kept_once(text: str) -> None:
    assert esco.labels(text) == "mes|aanzetten"


@pytest.mark.parametrize(("group", "isco"), [("5120", "5120"), ("C5120", "5120"), ("0110", "0110"), ("51", None), ("", None)])
def test_the_isco_group_is_four_digits_kept_as_text_or_unknown(group: str, isco: str | None) -> None:
    rows = source().parse(raws(archive({**NL, "occupations_nl.csv": OCCUPATIONS_NL.replace("5120", group)}))).records["occupation"]
    assert rows[0]["isco4"] == isco


def test_members_in_a_folder_and_without_a_language_are_found() -> None:
    parsed = source().parse(raws(archive({f"ESCO dataset/{name}".replace("_nl", ""): text for name, text in NL.items()})))
    assert parsed.count() == 4


def test_an_archive_without_skills_says_so_and_still_gives_occupations() -> None:
    parsed = source().parse(raws(archive({"occupations_nl.csv": OCCUPATIONS_NL})))
    assert len(parsed.records["occupation"]) == 1 and any("skills_nl.csv" in note for note in parsed.notes)


@pytest.mark.parametrize("column", ["conceptUri", "iscoGroup", "preferredLabel", "altLabels"])
def test_a_missing_column_is_named(column: str) -> None:
    with pytest.raises(SchemaDrift) as caught:
        source().parse(raws(archive({**NL, "occupations_nl.csv": OCCUPATIONS_NL.replace(column, "anders", 1)})))
    assert caught.value.column == column and column in str(caught.value)


def test_a_missing_member_is_named() -> None:
    with pytest.raises(SchemaDrift, match=r"occupations_nl\.csv"):
        source().parse(raws(archive({"readme.txt": "x"})))


def test_rows_without_an_esco_address_and_relations_of_another_kind_are_rejected() -> None:
    odd = {**NL, "occupations_nl.csv": OCCUPATIONS_NL + "Occupation,http://elders/1,5120,ober,\n", "occupationSkillRelations_nl.csv": NL["occupationSkillRelations_nl.csv"].replace("essential", "sometimes")}
    assert [r.reason for r in source().parse(raws(archive(odd))).rejects] == ["no occupation", "no relation"]


def damaged(kind: str) -> bytes:
    content = bytearray(archive({"occupations_nl.csv": OCCUPATIONS_NL * 400}))
    if kind == "encrypted":
        content[6] |= 1
        content[content.rfind(b"PK\x01\x02") + 8] |= 1
    elif kind == "bad deflate":
        content[60:75] = b"\xff" * 15
    elif kind == "cut short":
        del content[len(content) // 2:]
    elif kind == "not utf-8":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr("occupations_nl.csv", OCCUPATIONS_NL.replace("kok", "cafébaas").encode("latin-1"))
        return buffer.getvalue()
    return bytes(content)


@pytest.mark.parametrize("kind", ["encrypted", "bad deflate", "cut short", "not utf-8"])
def test_a_damaged_archive_is_named_and_never_a_bare_error(kind: str) -> None:
    with pytest.raises(SchemaDrift, match="esco"):
        source().parse(raws(damaged(kind)))


def test_a_bomb_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esco, "MAX_MEMBER_BYTES", 1_000_000)
    bomb = raws(archive({"occupations_nl.csv": OCCUPATIONS_NL + "x" * 60_000_000}))
    tracemalloc.start()
    try:
        with pytest.raises(RefusedError, match="unpacks to more"):
            source().parse(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_of_very_many_members_is_refused() -> None:
    with pytest.raises(RefusedError, match="members"):
        source().parse(raws(archive({**NL, **{f"{n}.csv": "" for n in range(esco.MAX_MEMBERS)}})))


def test_a_member_name_that_points_outside_touches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source().parse(raws(archive({**NL, "../../outside.csv": "x"})))
    assert not list(tmp_path.iterdir()) and not (tmp_path.parent / "outside.csv").exists()


def test_archives_come_over_http_from_the_published_addresses(answers: Answers) -> None:
    for language, members in (("nl", NL), ("en", EN)):
        answers.give("/esco/download/" + quote(f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip"), archive(members))
    made = source()
    made.base_url = answers.url
    parsed = made.parse(list(made.fetch(FetchContext(HttpClient.for_source(made), NOW))))
    assert parsed.count() == 4 and parsed.reference_period == "v1.2.0"


def test_a_dropped_archive_goes_before_the_network(tmp_path: Path, answers: Answers) -> None:
    folder = tmp_path / "esco"
    folder.mkdir()
    (folder / "ESCO dataset - v1.2.1 - classification - nl - csv.zip").write_bytes(archive(NL))
    (folder / "ESCO dataset - v1.2.1 - classification - en - csv.zip").write_bytes(archive(EN))
    (folder / "notes.txt").write_text("x")
    (folder / "ESCO dataset - v9.9.9 - nl.zip").symlink_to(tmp_path / "elsewhere.zip")
    (tmp_path / "elsewhere.zip").write_bytes(b"not ours")
    made = esco.sources({"drop_folder": tmp_path})[0]
    made.base_url = answers.url
    fetched = list(made.fetch(FetchContext(HttpClient.for_source(made), NOW)))
    assert not answers.requests and made.unmet_needs() is None
    parsed = made.parse(fetched)
    assert parsed.records["occupation"][0]["label_en"] == "cook" and parsed.reference_period == "v1.2.1"
