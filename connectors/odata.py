"""CBS OData: reading a table of StatLine v4 (datasets.cbs.nl), and of v3 (opendata.cbs.nl) where v4 lacks it.

v4 paths below {base}/{table}: /Properties, /Dimensions, /MeasureCodes, /MeasureGroups, /<Dimension>Codes, /Observations.
v3 paths below {base}/{table}: /TypedDataSet (one row per cell combination, measures as columns).
Both are followed page by page through @odata.nextLink (v4) or odata.nextLink (v3).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from connectors.base import FetchContext, Raw
from connectors.errors import ConfigurationError, SchemaDrift

MAX_PAGES = 2000


@dataclass(frozen=True)
class CbsTable:
    """A table as read: code lists per dimension, measures, and observations.

    codes: dimension -> code (trimmed) -> {Title, Status, ...}; measures: identifier -> {Title, Unit, MeasureGroupId, ...};
    groups: measure group id -> title; observations: rows with Measure, Value (float or None), StringValue and one trimmed
    code per dimension. A Value with ValueAttribute other than None ("Impossible", ...) is None.
    """

    identifier: str
    properties: Mapping[str, Any]
    dimensions: Mapping[str, str]
    measures: Mapping[str, Mapping[str, Any]]
    groups: Mapping[str, str]
    codes: Mapping[str, Mapping[str, Mapping[str, Any]]]
    observations: list[dict[str, Any]] = field(default_factory=list)

    def measure(self, *words: str) -> str:
        """Identifier of the only measure whose title holds all words. Raises SchemaDrift when there is not exactly one."""
        found = [i for i, m in self.measures.items() if all(w.lower() in str(m.get("Title", "")).lower() for w in words)]
        if len(found) != 1:
            titles = ", ".join(sorted(str(m.get("Title")) for m in self.measures.values()))
            raise SchemaDrift(f"CBS {self.identifier}: {len(found)} measures named {' '.join(words)!r}; there are: {titles}", " ".join(words))
        return found[0]

    def dimension(self, *starts: str) -> str:
        """Name of the dimension that begins with one of the given words. Raises SchemaDrift."""
        for name in self.dimensions:
            if any(name.lower().startswith(start.lower()) for start in starts):
                return name
        raise SchemaDrift(f"CBS {self.identifier}: no dimension {' or '.join(starts)}; there are: {', '.join(self.dimensions)}", starts[0])

    def status(self, dimension: str, code: str) -> str | None:
        """Status of a period (Voorlopig, NaderVoorlopig, Definitief), when given."""
        value = self.codes.get(dimension, {}).get(code, {}).get("Status")
        return str(value) if value else None


def fetch_v4(context: FetchContext, base: str, table: str, filter_of: Mapping[str, Sequence[str]] | None = None) -> Iterator[Raw]:
    """Yield all responses of a table. `filter_of` keeps only these codes per dimension (v4 $filter).

    Raises SchemaDrift when the dimensions cannot be read, ConfigurationError when the table does not exist.
    """
    root = f"{base}/{table}"
    get = _getter(context)
    yield get(f"{root}/Properties", f"{table}/properties")
    dimensions = get(f"{root}/Dimensions", f"{table}/dimensions")
    yield dimensions
    yield get(f"{root}/MeasureCodes", f"{table}/measure-codes")
    with contextlib.suppress(ConfigurationError):  # tables without groups have no such address
        yield get(f"{root}/MeasureGroups", f"{table}/measure-groups")
    for row in values(dimensions):
        name = text(row, "Identifier", table)
        yield from _pages(get, f"{root}/{quote(name)}Codes", f"{table}/codes-{name}")
    query = ""
    if filter_of:
        parts = [" or ".join(f"{name} eq '{code}'" for code in codes) for name, codes in filter_of.items()]
        query = "?$filter=" + quote(" and ".join(f"({part})" for part in parts), safe="()'")
    yield from _pages(get, f"{root}/Observations{query}", f"{table}/observations")


def fetch_v3(context: FetchContext, base: str, table: str) -> Iterator[Raw]:
    """Yield the pages of TypedDataSet of a v3 table."""
    yield from _pages(_getter(context), f"{base}/{table}/TypedDataSet", f"{table}/typed")


def _getter(context: FetchContext) -> Any:
    def get(url: str, name: str) -> Raw:
        return context.http.get(url, name, headers={"Accept": "application/json"}, previous=context.previous.get(url))
    return get


def _pages(get: Any, url: str, name: str) -> Iterator[Raw]:
    number = 1
    following: str | None = url
    while following:
        if number > MAX_PAGES:
            raise SchemaDrift(f"{url}: more than {MAX_PAGES} pages; the paging seems to run in circles", "nextLink")
        raw = get(following, f"{name}-page-{number}")
        yield raw
        document = read_json(raw)
        link = document.get("@odata.nextLink") or document.get("odata.nextLink")
        # A v3 link may name http or another host form of the same service; the client refuses foreign hosts.
        following = str(link) if link else None
        number += 1


def read_json(raw: Raw) -> dict[str, Any]:
    """A JSON object. Raises SchemaDrift naming the response when it is something else."""
    try:
        document = json.loads(raw.content)
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise SchemaDrift(f"{raw.name} is no JSON ({error}); first bytes: {raw.content[:60]!r}", raw.name) from error
    if not isinstance(document, dict):
        raise SchemaDrift(f"{raw.name} is a JSON {type(document).__name__}, expected an object", raw.name)
    return document


def values(raw: Raw) -> list[dict[str, Any]]:
    """The rows of an OData answer. Raises SchemaDrift."""
    rows = read_json(raw).get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SchemaDrift(f"{raw.name}: no list 'value'", "value")
    return rows


def text(row: Mapping[str, Any], key: str, where: str) -> str:
    """A trimmed text field (CBS pads codes). Raises SchemaDrift when it is missing."""
    value = row.get(key)
    if not isinstance(value, str):
        raise SchemaDrift(f"CBS {where}: field {key} is missing", key)
    return value.strip()


def by_part(raws: Sequence[Raw], table: str) -> dict[str, list[Raw]]:
    """Responses of one table by part: 'properties', 'codes-RegioS', 'observations' -> pages in order."""
    found: dict[str, list[Raw]] = {}
    for raw in raws:
        owner, _, part = raw.name.partition("/")
        if owner == table:
            found.setdefault(part.split("-page-")[0], []).append(raw)
    return found


def read_v4(raws: Sequence[Raw], table: str) -> CbsTable:
    """A v4 table from its responses (names as given by fetch_v4). Raises SchemaDrift naming what is missing."""
    parts = by_part(raws, table)
    for needed in ("properties", "dimensions", "measure-codes", "observations"):
        if needed not in parts:
            raise SchemaDrift(f"CBS {table}: the response {needed!r} is missing", needed)
    properties = read_json(parts["properties"][0])
    dimensions = {text(row, "Identifier", table): str(row.get("Kind") or "") for row in values(parts["dimensions"][0])}
    measures = {text(row, "Identifier", table): row for row in values(parts["measure-codes"][0])}
    groups = {str(row.get("Id")): str(row.get("Title", "")) for row in (values(parts["measure-groups"][0]) if "measure-groups" in parts else [])}
    codes: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name in dimensions:
        pages = parts.get(f"codes-{name}")
        if not pages:
            raise SchemaDrift(f"CBS {table}: the code list of {name} is missing", name)
        codes[name] = {text(row, "Identifier", table): row for page in pages for row in values(page)}
    observations = [_observation(row, dimensions, table) for page in parts["observations"] for row in values(page)]
    announced = str(properties.get("ObservationCount") or "")
    filtered = "filter" in parts["observations"][0].url
    if not observations:
        raise SchemaDrift(f"CBS {table}: no observations came; a table id in the wrong case gives an empty answer too", "Observations")
    if announced.isdecimal() and not filtered and len(observations) < int(announced):
        raise SchemaDrift(f"CBS {table}: {len(observations)} of {announced} observations came; a page is missing", "Observations")
    return CbsTable(table, properties, dimensions, measures, groups, codes, observations)


def _observation(row: Mapping[str, Any], dimensions: Mapping[str, str], table: str) -> dict[str, Any]:
    made: dict[str, Any] = {"Measure": text(row, "Measure", table), "StringValue": row.get("StringValue")}
    value = row.get("Value")
    usable = row.get("ValueAttribute") in (None, "None") and isinstance(value, int | float) and not isinstance(value, bool)
    made["Value"] = float(value) if usable and value is not None else None
    made["ValueAttribute"] = row.get("ValueAttribute")
    for name in dimensions:
        made[name] = text(row, name, table)
    return made


def read_v3(raws: Sequence[Raw], table: str) -> list[dict[str, Any]]:
    """Rows of a v3 TypedDataSet with trimmed text. Raises SchemaDrift when it is empty (a wrong case gives that)."""
    pages = by_part(raws, table).get("typed", [])
    rows = [{k: v.strip() if isinstance(v, str) else v for k, v in row.items()} for page in pages for row in values(page)]
    if not rows:
        raise SchemaDrift(f"CBS {table} (v3): no rows came; a table id in the wrong case gives an empty answer too", "TypedDataSet")
    return rows


def v3_column(row: Mapping[str, Any], start: str, table: str) -> str:
    """Name of the v3 column that begins with `start` (the number behind it changes). Raises SchemaDrift."""
    for name in row:
        if name.lower().startswith(start.lower()):
            return name
    raise SchemaDrift(f"CBS {table} (v3): no column {start}*; there are: {', '.join(row)}", start)


def v3_base(base: str) -> str:
    """Where v3 lives when v4 lives at `base`: the public v3 service, or the same origin for a mirror or test server."""
    parts = urlsplit(base)
    if parts.hostname == "datasets.cbs.nl":
        return "https://opendata.cbs.nl/ODataFeed/odata"
    return f"{parts.scheme}://{parts.netloc}/ODataFeed/odata"
