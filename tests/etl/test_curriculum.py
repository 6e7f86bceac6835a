"""Curricula are read from files as schools have them; what cannot be read says why, and hostile files do no harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pandas as pd
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from etl import curriculum
from etl.curriculum import Unreadable, named_in, text_of
from etl.enrich.vocabulary import Vocabulary

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SENTENCE = "Studenten leren TIG-lassen en technische tekeningen lezen."


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.shipped()


def docx(*paragraphs: str, head: str = "", **members: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>')
        for name, text in members.items():
            file.writestr(name, text)
    return buffer.getvalue()


def pdf(*pages: str, password: str = "") -> bytes:
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(595, 842)
        if text:
            font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica")})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})})
            stream = DecodedStreamObject()
            lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.split("\n"))
            stream.set_data(f"BT /F1 11 Tf 60 780 Td {lines} ET".encode("latin-1"))
            page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


LONG = SENTENCE + " Ook leren zij samenwerken met collega's en veilig werken volgens de regels van het bedrijf en de wet."


@pytest.mark.parametrize(("name", "content"), [
    ("les.txt", SENTENCE.encode()), ("les.txt", ("\ufeff" + SENTENCE).encode()), ("les.txt", SENTENCE.encode("utf-16")), ("zonder naam", SENTENCE.encode("cp1252")),
    ("les.csv", ("periode;inhoud\r\n1;" + SENTENCE).encode()), ("les.csv", ('periode,inhoud\n1,"' + SENTENCE + '"').encode()),
    ("les.docx", docx(SENTENCE)), ("verkeerde naam.txt", docx("Inleiding op de opleiding", SENTENCE)), ("les.pdf", pdf(LONG)), ("les", pdf(LONG, "Tweede bladzijde met nog meer tekst over de opleiding."))])
def test_the_skills_of_every_kind_of_file_are_found(name: str, content: bytes, vocabulary: Vocabulary) -> None:
    found = {vocabulary.skills[n.skill_id].label_nl for n in named_in(text_of(name, content), vocabulary)}
    assert {"TIG-lassen", "Technische tekeningen lezen"} <= found


def test_lines_that_a_pdf_broke_are_put_together(vocabulary: Vocabulary) -> None:
    text = text_of("les.pdf", pdf("In het tweede jaar leren studenten techni-\nsche tekeningen\nlezen en daarna ook samenwerken met collega's in een team."))
    assert "technische tekeningen lezen" in text


@pytest.mark.parametrize(("name", "content", "code"), [
    ("groot.txt", b"a" * (curriculum.MOST_BYTES + 1), "too_large"), ("leeg.txt", b"  \n", "empty"), ("oud.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
    ("plaatje.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "unknown_kind"), ("archief.zip", docx().replace(b"word/document.xml", b"word/document.xxx"), "unknown_kind"),
    ("kapot.docx", b"geen zip", "damaged"), ("kapot.docx", docx(SENTENCE)[:120], "damaged"), ("kapot.pdf", b"%PDF-1.7\nkapot", "damaged"), ("bits.txt", b"abc\0\1\2" * 50, "unknown_kind"),
    ("geheim.pdf", pdf(LONG, password="geheim"), "encrypted"), ("scan.pdf", pdf("", ""), "no_text_layer"), ("cijfers.txt", b"1234 5678", "no_text"),
    ("bom.docx", docx("&a;", head='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'), "damaged")])
def test_what_cannot_be_read_says_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        text_of(name, content)
    assert caught.value.code == code


def test_a_document_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curriculum, "MOST_UNPACKED", 50_000)
    with pytest.raises(Unreadable) as caught:
        text_of("bom.docx", docx("a" * 200_000))
    assert caught.value.code == "too_long"


@pytest.mark.parametrize("spoil", [lambda c: c[:len(c) // 2], lambda c: c[:200] + b"\xff" * 40 + c[240:], lambda c: c.replace(b"/Page", b"/Pgae")], ids=["cut off", "overwritten", "renamed"])
@pytest.mark.parametrize("made", [pdf(LONG), docx(LONG)], ids=["pdf", "docx"])
def test_a_damaged_file_is_an_error_or_a_text_and_never_a_crash(made: bytes, spoil: Callable[[bytes], bytes]) -> None:
    try:
        assert isinstance(text_of("les", spoil(made)), str)
    except Unreadable as error:
        assert error.code in ("damaged", "no_text_layer", "unknown_kind", "encrypted")


def test_what_is_offered_or_told_about_the_school_is_taught_and_what_is_denied_is_not(vocabulary: Vocabulary) -> None:
    text = ("Lesplan\nWij bieden je les in MIG/MAG-lassen.\nStudenten maken kennis met CNC-frezen tijdens een excursie.\nEr wordt geen aandacht besteed aan Photoshop.\n"
            "Over de school\nWij leren iedereen Excel.\nPython komt kort aan bod. In periode 3 is Python een vak.")
    found = {vocabulary.skills[n.skill_id].label_nl: n for n in named_in(text, vocabulary)}
    assert {label: n.how for label, n in found.items()} == {"MIG/MAG-lassen": "taught", "CNC-frezen": "passing", "Excel": "taught", "Python": "taught"}
    assert all(n.sentence[n.start:n.end].lower() in text.lower() and len(n.sentence) < 400 for n in found.values())
    assert found["Python"].sentence == "In periode 3 is Python een vak.", "the clearest sentence is the one that is shown"


def test_the_reader_knows_the_skills_of_the_publication_too() -> None:
    labels = pd.DataFrame({"skill_id": ["http://data.europa.eu/esco/skill/x"], "label_nl": ["glasinstrumenten blazen"], "label_en": ["blow glass"], "kind": ["skill"]})
    read = curriculum.CurriculumReader(lambda: labels)
    assert [r["skill_id"] for r in read("les.txt", b"Studenten leren glasinstrumenten blazen.")] == ["http://data.europa.eu/esco/skill/x"]
