"""The documentation mentions what there is, where a reader would look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.registry import build_sources
from etl.__main__ import COMMANDS
from etl.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`(python -m etl )?{command}\b", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"## [{name}]" in text
        for key in field.annotation.model_fields:  # type: ignore[union-attr]
            assert f"| {key} |" in text, f"{name}.{key}"


@pytest.mark.parametrize("key", build_sources({}))
def test_every_source_is_in_docs(key: str) -> None:
    assert key.split("-werken")[0] in (ROOT / "docs/sources.md").read_text(encoding="utf-8")


def test_every_api_path_is_documented() -> None:
    from dashboard.api import ROUTES

    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert all(f"GET {path}" in text for path in ROUTES)


def test_readme_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_every_column_of_the_warehouse_says_what_it_is() -> None:
    from warehouse import schema

    for table in schema.metadata.sorted_tables:
        assert table.info["description"] and table.info["source"]
        for column in table.columns:
            assert len(column.info["description"]) > 3, f"{table.name}.{column.name}"
