"""CBS 83582NED: jobs by industry and region, in the form CBS publishes them; which kinds of regions there are is what comes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Raw
from connectors.cbs_jobs import Jobs
from connectors.errors import SchemaDrift
from etl.staging import to_frames

NOW = datetime(2026, 11, 1, tzinfo=UTC)
# Figures as on CBS's own page of this table: Venlo 2022 (D and E hidden), education in Groningen (hidden in 2016) and a municipality that is no more.
CELLS = [("T001081", "GM0983", "2022JJ00", 68.7), ("346600", "GM0983", "2022JJ00", None), ("419000", "GM0983", "2022JJ00", 3.5), ("419000", "PV20  ", "2015JJ00", 23.4),
         ("419000", "PV20  ", "2016JJ00", None), ("T001081", "PV20  ", "2016JJ00", 240.0), ("T001081", "GM0017", "2022JJ00", None), ("T001081", "RP12  ", "2022JJ00", 1.0), ("T001081", "NL01  ", "2022", 8000.0)]


def raws(measure: str = "Banen van werknemers in december", cells: Sequence[tuple[str, str, str, float | None]] = CELLS, dimension: str = "BedrijfstakkenBranchesSBI2008") -> list[Raw]:
    """The responses of the table, codes padded as CBS does."""
    def raw(name: str, document: Mapping[str, Any]) -> Raw:
        return Raw(f"83582NED/{name}", f"http://127.0.0.1/{name}", NOW, json.dumps(document).encode())

    names = {dimension: {c[0] for c in cells}, "RegioS": {c[1] for c in cells}, "Perioden": {c[2] for c in cells}}
    titles = {"T001081": "A-U Alle economische activiteiten", "419000": "P Onderwijs", "346600": "D Energievoorziening"}
    rows = [{"Id": i, "Measure": "D1", "ValueAttribute": "Impossible" if v is None else "None", "Value": v, "StringValue": None, dimension: s, "RegioS": r, "Perioden": p} for i, (s, r, p, v) in enumerate(cells)]
    return [raw("properties", {"Identifier": "83582NED"}), raw("dimensions", {"value": [{"Identifier": n, "Kind": "Dimension"} for n in names]}), raw("measure-codes", {"value": [{"Identifier": "D1", "Title": measure}]}),
            *(raw(f"codes-{n}-page-1", {"value": [{"Identifier": c, "Title": titles.get(c, c), "Status": "Definitief"} for c in sorted(codes)]}) for n, codes in names.items()), raw("observations-page-1", {"value": rows})]


def test_hidden_cells_stay_and_regions_that_were_not_there_do_not() -> None:
    parsed = Jobs().parse(raws())
    kept = {(r["sbi_code"], r["region_code"], r["period"]): r["jobs_thousand"] for r in parsed.records["jobs"]}
    assert kept[("346600", "GM0983", "2022JJ00")] is None and kept[("419000", "PV20", "2016JJ00")] is None and kept[("419000", "PV20", "2015JJ00")] == 23.4
    assert not any(region == "GM0017" for _, region, _ in kept), "a municipality that was merged has no figure in that year"
    assert [(r.reason, r.record[:4]) for r in parsed.rejects] == [("unknown period", "T001"), ("unknown region", "RP12")]
    assert any("GM 1" in note and "PV 2" in note for note in parsed.notes) and parsed.reference_period == "2022JJ00"
    _, refused = to_frames(parsed.records, Jobs().tables)
    assert not refused


@pytest.mark.parametrize(("changes", "named"), [({"measure": "Vestigingen"}, "banen van werknemers"), ({"dimension": "Takken"}, "Bedrijfstakken")])
def test_another_form_is_an_error_that_names_the_column(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(SchemaDrift, match=f"83582NED.*{named}"):
        Jobs().parse(raws(**changes))


def test_version_three_is_read_too() -> None:
    rows = [{"ID": 0, "BedrijfstakkenBranchesSBI2008": "419000 ", "RegioS": "PV24  ", "Perioden": "2019JJ00", "BanenVanWerknemersInDecember_1": 11.1}]
    parsed = Jobs().parse([Raw("83582NED/typed-page-1", "http://127.0.0.1/", NOW, json.dumps({"value": rows}).encode())])
    assert parsed.records["jobs"] == [{"sbi_code": "419000", "region_code": "PV24", "period": "2019JJ00", "jobs_thousand": 11.1, "status": None}]
