"""The words on the pages: one TOML file per page and language (nl/<page>.toml, en/<page>.toml), keys "<page>.<key>"."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")


class MissingText(KeyError):
    """A text that is in no file of this language; the message names the key and the file."""


def read_texts(lang: str) -> dict[str, str]:
    """All texts of a language: "<file>.<key>" -> text. Tables inside a file add their name to the key."""
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / lang).glob("*.toml")):
        _flatten(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), texts)
    return texts


def _flatten(prefix: str, table: dict[str, Any], into: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}.{key}", value, into)
        else:
            into[f"{prefix}.{key}"] = str(value)


class Translator:
    """Texts of one language: t("overview.title", region="Zwolle"). Raises MissingText for a key that does not exist."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._texts = read_texts(lang)

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text of a key, with {placeholders} filled in."""
        try:
            text = self._texts[key]
        except KeyError:
            raise MissingText(f"no text {key!r} in dashboard/i18n/{self.lang}/{key.split('.')[0]}.toml") from None
        return text.format(**values) if values else text

    def plural(self, key: str, n: int, /, **values: Any) -> str:
        """The text `<key>_one` when n is 1, else `<key>_other`."""
        return self(f"{key}_one" if n == 1 else f"{key}_other", n=n, **values)

    def has(self, key: str) -> bool:
        """Whether the key exists in this language."""
        return key in self._texts

    def pick(self, row: Any, stem: str) -> str:
        """The column of this language: pick(row, "short") -> row["short_nl"] or row["short_en"]."""
        return str(row[f"{stem}_{self.lang}"])


@lru_cache(maxsize=4)
def translator(lang: str) -> Translator:
    """The translator of a language, read once."""
    return Translator(lang if lang in LANGUAGES else LANGUAGES[0])
