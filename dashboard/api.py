"""The API under /api/v1 and /health: the same answers as the pages. Documented in docs/api.md; writing is in correcting.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import orjson
import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import Response

from dashboard import areas, corrected, formats, state
from dashboard.correcting import register_correcting
from dashboard.exports import csv_bytes
from dashboard.refused import Refused
from dashboard.selecting import register_selecting
from warehouse.publications import NoPublication, Publications, UnknownPublication
from warehouse.queries import Reader

TERMS = ("skill", "occupation", "municipality")
SCHEMES = ("arbeidsmarktregio", "corop", "province", "country")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame with missing values as None and dates as ISO text."""
    return [{str(k): _value(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if formats.is_absent(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.tz_localize("UTC").isoformat()
    return value


class Api:
    """Answers from publications; parameters are checked and named when wrong."""

    def __init__(self, publications: Publications, status: Callable[[], Mapping[str, Any]]) -> None:
        self.publications, self.status = publications, status

    def reader(self, q: Mapping[str, str]) -> Reader:
        """The publication asked for. Raises Refused."""
        try:
            return areas.located(self.publications.reader(q.get("publication") or None), q.get("region", ""))
        except NoPublication as error:
            raise Refused(503, str(error), "publication", []) from error
        except UnknownPublication as error:
            raise Refused(404, str(error), "publication", error.available) from error

    def health(self, q: Mapping[str, str]) -> dict[str, Any]:
        """For monitoring: 200 with the current publication, 503 when there is none."""
        reader = self.reader({})
        now = self.status().get("sources", {})
        stale = sorted({str(k) for k in reader.sources().query("status in ['stale', 'failed']")["key"]} | {k for k, v in now.items() if v.get("status") in ("failed", "stale")})
        return {"status": "ok" if not stale else "stale", "publication": reader.info.id, "published_at": reader.info.created_at.replace(tzinfo=UTC).isoformat(), "stale_sources": stale}

    def list_publications(self, q: Mapping[str, str]) -> dict[str, Any]:
        """All publications, newest first."""
        return {"publications": [{"id": m.id, "created_at": m.created_at, "current": m.current, "pinned": m.pinned, "demonstration": m.demonstration, "sources": m.sources} for m in self.publications.list()]}

    def sources(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Sources with their state."""
        live = self.status()
        entries, following = live.get("sources", {}), live.get("schedule", {}).get("next", {})
        return {"sources": [{
            "key": r["key"], "title": r["title"], "publisher": r["publisher"], "licence": r["licence"], "status": entries.get(r["key"], {}).get("status", r["status"]),
            "last_success": entries.get(r["key"], {}).get("last_success") or r["retrieved_at"], "next_run": following.get(r["key"]), "rows": r["rows"], "rejects": r["rejects"],
        } for r in records(self.reader(q).sources())]}

    def regions(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Regions of a scheme."""
        scheme = q.get("scheme") or SCHEMES[0]
        if scheme not in SCHEMES:
            raise Refused(400, f"unknown scheme {scheme[:40]!r}", "scheme", list(SCHEMES))
        return {"regions": [{k: r[k] for k in ("code", "name", "scheme", "municipalities")} for r in records(self.reader(q).regions(scheme))]}

    def mismatch(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Demand and supply of a region by sector."""
        reader = self.reader(q)
        region, period = _region(reader, q), _period(reader, q)
        total = reader.region_total(region, period) or {}
        keep = ("sector", "sector_name", "demand", "demand_low", "demand_high", "supply", "supply_low", "supply_high", "ratio", "ratio_low", "ratio_high", "gap", "gap_low", "gap_high", "class", "reason", "n", "experienced", "factor", "factor_basis", "factor_year", "demand_alt_low", "demand_alt_high")
        rows = [{**{k: r[k] for k in keep}, "signals": [s for s in str(r["signals"] or "").split("|") if s]} for r in records(reader.mismatch(region, period))]
        return {"publication": reader.info.id, "region": region, "period": period, "total_demand": total.get("total_demand"), "unmapped_demand": total.get("unmapped_demand"),
                "experienced_demand": sum(r["experienced"] for r in rows),
                "unmapped": records(reader.unmapped(region, period)), "rows": rows}

    def skills(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Requested skills of a programme or an occupation in a region."""
        reader = self.reader(q)
        region, period = _region(reader, q), _period(reader, q)
        programme, occupation = q.get("programme"), q.get("occupation")
        if occupation:
            occupation = occupation if ":" in occupation else state.ESCO["occupation"] + occupation
            if occupation not in state.known(reader, "occupations"):
                raise Refused(404, "unknown occupation", "occupation", [])
            kind, subject, uris = "occupation", occupation, [occupation]
        elif programme:
            if reader.programme(programme) is None:
                raise Refused(404, f"unknown programme {programme[:20]!r}", "programme", [])
            kind, subject, uris = "programme", programme, list(reader.programme_occupations(programme)["occupation_uri"])
        else:
            raise Refused(400, "programme or occupation is needed", "programme", [])
        n = reader.subject(region, period, kind, subject) or 0
        rows = [{"skill": r["skill_id"], "label": r["label_nl"], "label_en": r["label_en"], "share": r["share"], "low": r["share_low"], "high": r["share_high"], "n": n, "asked": r["asked"], "trend": r["trend"], "p": r["trend_p"], "covered": r["covered"], "cover": r["cover"]}
                for r in records(reader.skills(region, period, kind, subject))]
        return {"publication": reader.info.id, "region": region, "period": period, "programme": programme if kind == "programme" else None, "occupations": uris, "n": n, "rows": rows, **({"reason": "n < 10"} if n < 10 else {})}

    def programmes(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Programmes of a region, a row per programme, pathway and institution."""
        reader = self.reader(q)
        region, period = _region(reader, q), _period(reader, q)
        rows = []
        for p in records(reader.programme_grid(region, period)):
            shared = {"crebo": p["crebo"], "name": p["name"], "level": p["level"], "demand": p["demand"], "ratio": p["ratio"], "gap": p["gap"], "coverage": p["coverage"], "class": p["class"], "reason": p["reason"], "signals": [s for s in str(p["signals"] or "").split("|") if s]}
            own = [r for r in records(reader.programme_institutions(region, p["crebo"])) if r["year"] == period] if p["providers"] else []
            rows.extend({**shared, "pathway": r["pathway"], "institution": r["institution_name"], "students": _exact(r, "students"), "students_low": r["students_low"], "students_high": r["students_high"],
                         "graduates": _exact(r, "graduates"), "graduates_low": r["graduates_low"], "graduates_high": r["graduates_high"]} for r in own)
        return {"publication": reader.info.id, "region": region, "period": period, "rows": rows}

    def vacancies(self, q: Mapping[str, str]) -> dict[str, Any]:
        """Vacancies of a region, newest first."""
        reader = self.reader(q)
        limit, offset = _whole(q, "limit", 50, 1, 500), _whole(q, "offset", 0, 0, 10_000_000)
        skill = q.get("skill") or None
        if skill:
            skill = skill if ":" in skill else state.ESCO["skill"] + skill
            if skill not in state.known(reader, "skills"):
                raise Refused(404, "unknown skill", "skill", [])
        period = _period(reader, q) if q.get("period") else None
        found, total = reader.vacancies(_region(reader, q), q.get("q", "")[:100], skill, None, None, period, limit, offset)
        if not q.get("publication"):
            found = corrected.adverts(reader, found)
        rows = [{"id": r["vacancy_id"], "title": r["title"], "employer": r["employer"], "municipality": r["municipality"], "first_seen": r["first_seen"], "occupation": r["occupation_nl"],
                 "skills": [s for s in r["skills_nl"].split("|") if s], "url": r["url"]} for r in records(found)]
        return {"publication": reader.info.id, "total": total, "rows": rows}

    def corrections(self, q: Mapping[str, str]) -> dict[str, Any]:
        """What people corrected, withdrawn corrections included, oldest first."""
        reader = self.reader(q)
        kept = corrected.store_of(reader).read()
        return {"publication": reader.info.id, "active": len(kept.active), "unreadable_lines": kept.bad_lines, "rows": records(corrected.table(reader))}

    def terms(self, q: Mapping[str, str]) -> dict[str, Any]:
        """What a correction can choose from: skills, occupations or municipalities."""
        reader, kind = self.reader(q), q.get("kind", "")
        if kind not in TERMS:
            raise Refused(400, "unknown kind" if kind else "kind is needed", "kind", list(TERMS))
        if kind == "municipality":
            found = [(code, name, name) for code, name in reader.municipality_names().items()]
        else:
            found = [(i, *names[:2]) for i, names in (reader.skill_names() if kind == "skill" else reader.occupation_names()).items()]
        return {"publication": reader.info.id, "kind": kind, "rows": [{"id": i, "label": nl, "label_en": en} for i, nl, en in found]}


def _exact(row: Mapping[str, Any], name: str) -> int | None:
    return row[f"{name}_low"] if row[f"{name}_low"] == row[f"{name}_high"] else None


def _region(reader: Reader, q: Mapping[str, str]) -> str:
    area = getattr(reader, "area", None)
    if area:
        return str(area.key)
    wanted = q.get("region", "")
    names = reader.region_names()
    if wanted not in names:
        raise Refused(404 if wanted else 400, f"unknown region {wanted[:20]!r}" if wanted else "region is needed", "region", sorted(names))
    return wanted


def _period(reader: Reader, q: Mapping[str, str]) -> int:
    text = q.get("period") or str(reader.info.latest_period)
    if not text.isdigit() or int(text[:6]) not in reader.periods():
        raise Refused(404 if text.isdigit() else 400, f"unknown period {text[:20]!r}", "period", list(reader.periods()))
    return int(text)


def _whole(q: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = q.get(name) or str(default)
    if not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise Refused(400, f"{name} must be a whole number from {least} to {most}", name, [least, most])
    return int(text)


ROUTES: Mapping[str, str] = {"/health": "health", "/api/v1/publications": "list_publications", "/api/v1/sources": "sources", "/api/v1/regions": "regions", "/api/v1/mismatch": "mismatch", "/api/v1/skills": "skills",
                             "/api/v1/programmes": "programmes", "/api/v1/vacancies": "vacancies", "/api/v1/corrections": "corrections", "/api/v1/terms": "terms"}
FRAME_OF: Mapping[str, str] = {"list_publications": "publications", "sources": "sources", "regions": "regions"}


def register_api(server: FastAPI, publications: Publications, status: Callable[[], Mapping[str, Any]]) -> None:
    """Add the routes. Errors are JSON: {error, parameter, allowed}; &format=csv gives the rows as CSV."""
    api = Api(publications, status)

    def route(name: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            q = dict(request.query_params)
            try:
                if q.get("format") not in (None, "", "json", "csv"):
                    raise Refused(400, "unknown format", "format", ["json", "csv"])
                document = getattr(api, name)(q)
            except Refused as error:
                return Response(orjson.dumps(error.body), error.status, media_type="application/json")
            if q.get("format") == "csv" and name != "health":
                rows = [{k: "|".join(map(str, v)) if isinstance(v, list) else str(v) if isinstance(v, dict) else v for k, v in row.items()} for row in document[FRAME_OF.get(name, "rows")]]
                return Response(csv_bytes(pd.DataFrame(rows), {"publication": str(document.get("publication") or publications.current_id() or "")}), media_type="text/csv; charset=utf-8")
            return Response(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")
        answer.__doc__ = getattr(Api, name).__doc__
        return answer

    register_correcting(server, publications)
    register_selecting(server, publications)
    for path, name in ROUTES.items():
        server.get(path, name=name, response_class=Response)(route(name))
