"""Every text exists in both languages, is used, and says the same placeholders."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import dashboard
from dashboard.i18n import read_texts

CODE = Path(dashboard.__file__).parent
KEY = re.compile(r"[a-z_]+\.[A-Za-z0-9_.]+")
TEXTS = {lang: read_texts(lang) for lang in ("nl", "en")}


def _literals() -> tuple[set[str], set[str], set[str]]:
    """(keys asked for in calls of t, all literals that look like keys, beginnings of keys made at runtime)."""
    asked, seen, begun = set(), set(), set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == "t":
                    asked.add(node.args[0].value)
                elif name == "plural":
                    asked |= {f"{node.args[0].value}_one", f"{node.args[0].value}_other"}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                seen.add(node.value)
                if node.value.endswith("_"):
                    begun.add(node.value)
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z0-9_.]*", str(node.values[0].value)):
                begun.add(str(node.values[0].value))
    return asked, seen, begun


def test_both_languages_have_the_same_texts() -> None:
    assert set(TEXTS["nl"]) == set(TEXTS["en"])


def test_no_text_is_missing() -> None:
    asked, _, begun = _literals()
    assert not sorted(asked - set(TEXTS["nl"]))
    assert not sorted(start for start in begun if not any(key.startswith(start) for key in TEXTS["nl"]))


def test_no_text_is_unused() -> None:
    asked, seen, begun = _literals()
    assert not sorted(key for key in TEXTS["nl"] if key not in asked | seen and not key.startswith(tuple(begun)))


def test_placeholders_are_the_same_in_both_languages() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    assert {key for key, text in TEXTS["nl"].items() if key in TEXTS["en"] and names(text) != names(TEXTS["en"][key])} == set()


def test_no_text_is_empty_or_still_in_the_other_language() -> None:
    same = {key for key, text in TEXTS["nl"].items() if len(text.split()) > 3 and TEXTS["en"].get(key) == text}
    assert not same
    assert not {key for lang in TEXTS for key, text in TEXTS[lang].items() if not text.strip()}
