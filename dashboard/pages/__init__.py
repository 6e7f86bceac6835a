"""The pages: a module each, with `render(reader, selection, t) -> list[Component]` and `tables(reader, selection, t)`.

Adding a page: a line in PAGES, a module here, its texts in i18n/nl/<page>.toml and i18n/en/<page>.toml.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


@dataclass(frozen=True)
class Page:
    """A page: module name, path, icon in the rail (None: not in the rail), the rail entry it belongs to, and the
    parameters of the address that mean something on it besides region, period, publication, lang and theme."""

    name: str
    path: str
    icon: str | None
    parent: str | None = None
    parameters: frozenset[str] = frozenset()
    immutable: bool = True  # False: shows what changes without a new publication, so answers are not kept


COUNTING = frozenset({"supply", "demand", "crosswalk"})
GENERAL = frozenset({"region", "near", "period", "publication", "lang", "theme"})
PAGES = (
    Page("overview", "/", "overview", parameters=frozenset({"sector", *COUNTING})),
    Page("skills", "/skills", "skills", parameters=frozenset({"programme", "occupation", "skill", "sector", "level", "pathway", "q", "curriculum"})),
    Page("programmes", "/programmes", "programmes", parameters=frozenset({"sector", "level", "pathway", "institution", "q", "programme", "compare", *COUNTING})),
    Page("programme", "/programme", None, parent="programmes",
         parameters=frozenset({"programme", "sector", "level", "pathway", "institution", "occupation", "skill", "compare", *COUNTING})),
    Page("regions", "/regions", "regions", parameters=frozenset({"compare", *COUNTING})),
    Page("vacancies", "/vacancies", "vacancies",
         parameters=frozenset({"q", "skill", "sector", "occupation", "vacancy", "offset", "programme"})),
    Page("selection", "/selection", None, parent="overview", parameters=frozenset({"members"}), immutable=False),
    Page("data", "/data", "data", parameters=frozenset({"q", "sector"}), immutable=False),
)


@lru_cache(maxsize=1)
def available() -> dict[str, Page]:
    """Pages whose module exists, by name."""
    return {page.name: page for page in PAGES if find_spec(f"{__name__}.{page.name}")}


def by_path(pathname: str) -> Page | None:
    """The page at a path (a trailing slash does not matter), or None."""
    wanted = "/" + pathname.strip("/")
    return next((page for page in available().values() if page.path == wanted), None)


@lru_cache(maxsize=32)
def module(name: str) -> ModuleType:
    """The module of a page."""
    return import_module(f"{__name__}.{name}")
