"""CBS 83582NED: jobs of employees in December by SBI section and region, x 1,000 with one decimal.

Which kinds of regions come (country, landsdeel, province, COROP, municipality, labour-market region) is what the table holds: all codes
of a known kind are kept, and counted per kind in the notes. A cell that CBS hides is kept without a value, as long as the region has
any figure in that year; a region without figures in a year (a municipality that was not there) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors.base import Parsed, Raw, Reject, Source
from connectors.cbs import PERIOD, REGION, CbsSource, described
from connectors.odata import CbsTable, read_v3, v3_column


class Jobs(CbsSource):
    """Jobs of employees by SBI section and region, per December."""

    key = "cbs-jobs"
    title = "CBS 83582NED: banen van werknemers naar bedrijfstak en regio"
    title_en = "CBS 83582NED: jobs of employees by industry and region"
    schedule = "55 6 3 * *"
    tables = ("jobs", "cbs_code")
    table_id = "83582NED"
    home_page = "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/83582NED"
    stale_after = timedelta(days=500)

    def parse_v4(self, table: CbsTable) -> Parsed:
        sbi, region, period = table.dimension("Bedrijfstakken"), table.dimension("Regio"), table.dimension("Perioden")
        measure = table.measure("banen van werknemers")
        rows = [(o[sbi], o[region], o[period], o["Value"], table.status(period, o[period])) for o in table.observations if o["Measure"] == measure]
        parsed = self._records(rows)
        return described(parsed, table, [r["period"] for r in parsed.records["jobs"]])

    def parse_v3(self, raws: Sequence[Raw]) -> Parsed:
        rows = read_v3(raws, self.table_id)
        names = [v3_column(rows[0], start, self.table_id) for start in ("Bedrijfstakken", "Regio", "Perioden", "BanenVanWerknemers")]
        parsed = self._records([(r[names[0]], r[names[1]], r[names[2]], r[names[3]], None) for r in rows])
        parsed.reference_period = max((r["period"] for r in parsed.records["jobs"]), default=None)
        parsed.notes.append("gelezen uit StatLine v3: de status van de cijfers en de namen van bedrijfstakken zijn onbekend")
        return parsed

    def _records(self, rows: Sequence[tuple[Any, ...]]) -> Parsed:
        parsed = Parsed()
        kept = parsed.records.setdefault("jobs", [])
        some = {(region, period) for _, region, period, value, _ in rows if value is not None}
        kinds, unknown = Counter(region[:2] for region, _ in some if REGION.match(region)), set()
        for sbi, region, period, value, status in rows:
            if not PERIOD.match(str(period)):
                parsed.rejects.append(Reject(f"{sbi} {region} {period} {value}", "unknown period", f"{period!r} is no CBS period"))
            elif not REGION.match(str(region)):
                unknown.add(region)
            elif (region, period) in some:
                kept.append({"sbi_code": sbi, "region_code": region, "period": period, "jobs_thousand": float(value) if value is not None else None, "status": status})
        for code in sorted(unknown, key=str):
            parsed.rejects.append(Reject(str(code), "unknown region", f"{code!r} is a kind of region that is not used here"))
        parsed.notes.append("soorten regio's (regio × jaar): " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
        return parsed


def sources(config: Mapping[str, Any]) -> list[Source]:
    """The source; config is not used."""
    return [Jobs()]
