"""The selection and the address that holds it. What is not in the address has its default."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus
from weakref import WeakKeyDictionary

from dashboard import curricula, pages
from etl.alignment.area import CROSSWALKS, DEMANDS, SUPPLIES, Count
from warehouse import asking_programmes, asking_regions
from warehouse.selections import MOST

if TYPE_CHECKING:
    from warehouse.curricula import Curriculum
    from warehouse.queries import Reader

ESCO = {"occupation": "http://data.europa.eu/esco/occupation/", "skill": "http://data.europa.eu/esco/skill/"}
LEVELS = ("1", "2", "3", "4")
PATHWAYS = ("bol", "bbl")
LANGUAGES = ("nl", "en")
THEMES = ("light", "dark", "system")
PARAMETERS = (
    "region", "near", "members", "period", "sector", "programme", "occupation", "level", "pathway", "institution", "supply", "demand", "crosswalk", "compare", "skill", "q", "vacancy", "curriculum",
    "offset", "publication", "lang", "theme",
)
# A change of one of these makes the place in a list and the opened advert meaningless.
LIST_PARAMETERS = frozenset({"region", "near", "period", "sector", "programme", "occupation", "skill", "q"})
LONGEST_TEXT = 100
MOST_COMPARED = 3
COUNTING = {"supply": SUPPLIES, "demand": DEMANDS, "crosswalk": CROSSWALKS}
PLAIN = re.compile(r"[A-Za-z0-9_.:,@-]*").fullmatch
TRACKING = ("utm_", "fbclid", "gclid", "mc_")


@dataclass(frozen=True)
class Defaults:
    """What an address without parameters means."""

    region: str = "AM36"
    lang: str = "nl"


@dataclass(frozen=True)
class Selection:
    """What the page shows. None and "" mean: not chosen. `period` is a calendar year, `publication` None the current one."""

    page: str = "overview"
    region: str = "AM36"
    near: bool = False  # the neighbours of the region are in it
    members: tuple[str, ...] = ()  # municipalities of a selection that is being made
    period: int = 0
    sector: str | None = None
    programme: str | None = None
    occupation: str | None = None
    level: int | None = None
    pathway: str | None = None
    institution: str | None = None
    supply: str = SUPPLIES[0]
    demand: str = DEMANDS[0]
    crosswalk: str = CROSSWALKS[0]
    compare: str | None = None  # up to three region codes, separated by commas
    skill: str | None = None
    q: str = ""
    vacancy: str | None = None
    offset: int = 0
    publication: str | None = None
    lang: str = "nl"
    theme: str | None = None
    curriculum: str | None = None
    latest: int = 0
    defaults: Defaults = field(default=Defaults(), compare=False)
    own: Curriculum | None = field(default=None, compare=False)  # what the browser holds for its session; never in the address

    @property
    def count(self) -> Count:
        """How is counted."""
        return Count(self.supply, self.demand, self.crosswalk)


@dataclass(frozen=True)
class Problem:
    """Something in the address that does not exist: the parameter, what it said, and a code for the reason."""

    parameter: str
    value: str
    reason: str  # unknown_value, unknown_parameter, unknown_page
    used: str = ""


def parse(pathname: str | None, search: str | None, reader: Reader, defaults: Defaults = Defaults()) -> tuple[Selection, list[Problem]]:
    """Selection of an address, and what was wrong with it; wrong values leave their default in place. Never raises."""
    given, problems = _split(search)
    area = getattr(reader, "area", None)  # dashboard/areas.py: what the address says in region and near
    values: dict[str, Any] = {"region": _default_region(reader, defaults), "period": reader.info.latest_period, "lang": defaults.lang}
    for name, text in given.items():
        if name not in PARAMETERS:
            if not name.startswith(TRACKING):
                problems.append(Problem(name[:40], text[:60], "unknown_parameter"))
            continue
        found = area.key if area and name == "region" else _read(name, text.strip(), reader)
        if found is None:
            if text.strip():
                problems.append(Problem(name, text[:60], "unknown_value", str(values.get(name) or "")))
        else:
            values[name] = found
    values |= {"region": area.key, "near": area.near} if area else {"near": False}
    page = pages.by_path(pathname or "/")
    if page is None:
        problems.insert(0, Problem("page", (pathname or "")[:60], "unknown_page"))
    made = Selection(page=page.name if page else "not_found", latest=reader.info.latest_period, defaults=defaults, **values)
    return made, problems


def language(search: str | None, default: str = "nl") -> str:
    """The language an address asks for, before anything else about it is known."""
    lang = _split(search)[0].get("lang", default)
    return lang if lang in LANGUAGES else default


def wanted_area(search: str | None, default: str) -> tuple[str, bool, Count]:
    """The region an address asks for, whether with its neighbours, and how is counted; what is wrong in it has its default."""
    given = {name: text.strip() for name, text in _split(search)[0].items()}
    chosen = {name: given[name] for name, choices in COUNTING.items() if given.get(name) in choices}
    return given.get("region") or default, given.get("near") == "1", Count(**chosen)


def wanted_publication(search: str | None) -> str | None:
    """The publication an address asks for; None for the current one."""
    return _split(search)[0].get("publication", "").strip() or None


def to_url(selection: Selection, **changes: Any) -> str:
    """Address of a selection with changes; only what differs from the default is in it, in a fixed order.

    to_url(s, sector="zorg") stays on the page, to_url(s, page="skills", programme="25655") goes to another one and
    takes along what means something there. A value of None takes a parameter away.
    """
    if "offset" not in changes and not LIST_PARAMETERS.isdisjoint(changes):
        changes = {"offset": 0, "vacancy": None, **changes}
    name = changes.get("page", selection.page)
    page = pages.available().get(name) or pages.available()["overview"]
    parts = []
    for parameter in PARAMETERS:
        if parameter in changes:
            value = changes[parameter]
        elif name != selection.page and parameter in ("q", "skill", "vacancy", "offset"):
            continue
        else:
            value = getattr(selection, parameter)
        if value and (parameter in pages.GENERAL or parameter in page.parameters):
            text = _write(parameter, value, selection)
            if text:
                parts.append(f"{parameter}={text if PLAIN(text) else quote_plus(text, safe='-:,@')}")
    return f"{page.path}?{'&'.join(parts)}" if parts else page.path


def query_of(selection: Selection) -> str:
    """The selection as query parameters without the leading question mark, for exports of this page."""
    return to_url(selection).partition("?")[2]


def _split(search: str | None) -> tuple[dict[str, str], list[Problem]]:
    try:
        return dict(parse_qsl((search or "")[:4000].lstrip("?"), keep_blank_values=True, max_num_fields=60)), []
    except ValueError:
        return {}, [Problem("address", (search or "")[:60], "unknown_value")]


def _default_region(reader: Reader, defaults: Defaults) -> str:
    names = reader.region_names()
    return defaults.region if defaults.region in names else next(iter(names))


def _write(name: str, value: Any, selection: Selection) -> str:
    """A parameter as it stands in the address; "" for the default."""
    if name == "region":
        value = value.removesuffix("+")  # what near says
        return "" if value == selection.defaults.region else value
    if name == "near":
        return "1"
    if name == "members":
        return ",".join(value)
    if name in COUNTING:
        return "" if value == COUNTING[name][0] else value
    if name == "period":
        return "" if value == selection.latest else str(value)
    if name == "lang":
        return "" if value == selection.defaults.lang else value
    return str(value).removeprefix(ESCO[name]) if name in ESCO else str(value)


def _read(name: str, text: str, reader: Reader) -> Any:
    """The value of a parameter, or None when there is no such thing in this publication."""
    if name == "region":
        return text if text in reader.region_names() else None
    if name == "compare":
        wanted = list(dict.fromkeys(text.split(",")))
        return ",".join(wanted) if len(wanted) <= MOST_COMPARED and all(code in known(reader, "regions") for code in wanted) else None
    if name == "near":
        return True if text == "1" else None
    if name == "members":
        codes, names = tuple(sorted(set(text.split(",")))), reader.municipality_names()
        return codes if len(codes) <= MOST and all(code in names for code in codes) else None
    if name == "period":
        return int(text) if text.isdigit() and len(text) == 4 and int(text) in reader.periods() else None
    if name == "sector":
        return text if text == "unmapped" or text in known(reader, "sectors") else None
    if name == "programme":
        return text if text in known(reader, "programmes") else None
    if name == "institution":
        return text if text in known(reader, "institutions") else None
    if name in ("occupation", "skill"):
        uri = text if ":" in text else ESCO[name] + text
        return uri if uri in known(reader, f"{name}s") else None
    if name == "level":
        return int(text) if text in LEVELS else None
    if name == "offset":
        return int(text) if text.isdigit() and len(text) < 8 else None
    if name == "q":
        return " ".join(text.split())[:LONGEST_TEXT]
    if name == "curriculum":
        return text if curricula.store_of(reader).get(text) else None
    if name == "vacancy":
        return text if text.isdigit() and len(text) < 20 else None
    choices = {**COUNTING, "pathway": PATHWAYS, "lang": LANGUAGES, "theme": THEMES}.get(name)
    return text if choices is None or text in choices else None


_KNOWN: WeakKeyDictionary[Any, dict[str, frozenset[str]]] = WeakKeyDictionary()  # a closed publication must not stay in memory


def known(reader: Reader, what: str) -> frozenset[str]:
    """Codes that exist in a publication: sectors, programmes, occupations, skills, institutions or regions (of every kind)."""
    codes = _KNOWN.setdefault(reader, {})
    if what not in codes:
        frame, column = {
            "sectors": (reader.sectors, "code"), "programmes": (reader.programmes, "crebo"),
            "occupations": (reader.occupations, "uri"), "skills": (reader.skill_labels, "skill_id"),
            "institutions": (partial(asking_programmes.institutions, reader), "institution_code"), "regions": (partial(asking_regions.codes, reader), "code"),
        }[what]
        codes[what] = frozenset(frame()[column])
    return codes[what]
