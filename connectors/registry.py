"""All sources, built from a plain mapping of settings.

config keys: base_urls {key: address}, schedule {key: cron}, region_year, older_region_years, esco_version, drop_folder, max_pages, sites, mappings.
A module listed here has `sources(config) -> list[Source]`; adding a source is adding its module name.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from connectors.base import Source

MODULES = (
    "cbs", "cbs_jobs", "cbs_leavers", "duo", "esco", "pdok", "sbb", "sbb_prospects", "roa", "crebo_occupations", "overrides", "progression", "uwv", "vacancy_export", "jobposting",
)


def build_sources(config: Mapping[str, Any]) -> dict[str, Source]:
    """Sources by key, in loading order. `base_urls` and `schedule` override what a source declares.

    Raises KeyError when an override names a source that does not exist.
    """
    found: dict[str, Source] = {}
    for name in MODULES:
        for source in import_module(f"connectors.{name}").sources(config):
            found[source.key] = source
    for option, attribute in (("base_urls", "base_url"), ("schedule", "schedule")):
        for key, value in dict(config.get(option) or {}).items():
            if key not in found:
                raise KeyError(f"sources.{option}: unknown source {key!r}; known are {', '.join(found)}")
            setattr(found[key], attribute, value.rstrip("/") if attribute == "base_url" else value)
    return found
