"""A load: sources -> raw store -> staging -> understanding -> marts -> checks -> publication.

One load runs at a time. A source that fails leaves the others loaded and its own last data in place. Nothing is
published unless every hard check holds; the last good publication stays current.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from connectors.base import FetchContext, Parsed, Raw, Reject, Source
from connectors.errors import ConnectorError, SchemaDrift
from connectors.http import HttpClient
from connectors.registry import build_sources
from etl import enrich, quality, status
from etl.alignment.thresholds import Limits
from etl.derive import derive
from etl.rawstore import RawStore
from etl.reporting import Progress, silent
from etl.settings import Settings
from etl.staging import to_frames
from etl.status import StatusFile, exclusive
from warehouse.corrections import Correction, Corrections, fingerprint
from warehouse.publications import Manifest, Publications
from warehouse.schema import SCHEMA_VERSION
from warehouse.work import WorkDatabase

STATUS_SECONDS = 0.3  # between two writes of how far a step is


@dataclass
class SourceOutcome:
    """What a load did with one source: status is loaded, unchanged, failed, off or skipped."""

    key: str
    status: str
    message: str = ""
    rows: int = 0
    rejects: int = 0
    seconds: float = 0.0


@dataclass
class LoadReport:
    """What a load did. `published` is the current publication afterwards, `new` whether this load made it."""

    outcomes: list[SourceOutcome] = field(default_factory=list)
    published: Manifest | None = None
    new: bool = False
    failure: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 all well; 1 some source failed but there is a publication; 2 nothing could be published."""
        if self.failure or self.published is None:
            return 2
        return 1 if any(o.status == "failed" for o in self.outcomes) else 0


class Loader:
    """Loads sources into a data folder according to the settings."""

    def __init__(self, settings: Settings, sources: Mapping[str, Source] | None = None, progress: Progress = silent,
                 demonstration: bool | None = None) -> None:
        self.settings = settings
        self.folder = settings.data
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sources = dict(sources) if sources is not None else build_sources(source_config(settings))
        self.raw = RawStore(self.folder)
        self.status = StatusFile(self.folder / "status.json")
        self.publications = Publications(self.folder)
        self.corrections = Corrections(self.folder)
        self.limits = Limits(**settings.thresholds.model_dump())
        self.progress = progress
        self.demonstration = settings.general.mode == "demo" if demonstration is None else demonstration

    def run(self, keys: Iterable[str] | None = None, *, reparse: bool = False, rederive: bool = False) -> LoadReport:
        """Load the named sources (default: all) and publish.

        `reparse` reads them from the raw store instead of the network; `rederive` publishes even if nothing changed.
        Raises status.Busy when another load runs, KeyError for an unknown source.
        """
        wanted = list(self.sources) if keys is None else list(keys)
        for key in wanted:
            if key not in self.sources:
                raise KeyError(f"unknown source {key!r}; known are {', '.join(self.sources)}")
        with exclusive(self.folder / "load.lock", "a load"):
            started = status.now()
            self.status.update("load", {"state": "running", "started": started.isoformat(), "step": "", "message": ""})
            report = LoadReport()
            if (self.settings.load.workers or os.cpu_count() or 1) > 1:
                enrich.prepare()
            try:
                self._run(wanted, report, reparse, rederive)
            except quality.ChecksFailed as error:
                report.failure = f"not published, checks failed: {error}"
            except Exception as error:
                report.failure = f"{type(error).__name__}: {error}"
                raise
            finally:
                current = self.publications.current_id()
                self.status.update("load", {
                    "state": "idle", "finished": status.now().isoformat(), "step": "", "message": report.failure,
                    "publication": current, "new": report.new, "ok": not report.failure,
                    "seconds": {k: round(v, 2) for k, v in report.seconds.items()},
                })
        return report

    # --- inside ----------------------------------------------------------------------------------------------
    def _run(self, wanted: list[str], report: LoadReport, reparse: bool, rederive: bool) -> None:
        self.publications.sweep()
        with WorkDatabase(self.folder / "work.duckdb", self.settings.load.memory_limit) as work:
            changed = rederive or self._is_outdated()
            for position, key in enumerate(wanted, 1):
                self._step(f"{self.sources[key].title}", position, len(wanted))
                outcome = self._load_source(work, self.sources[key], reparse)
                report.outcomes.append(outcome)
                report.seconds[key] = outcome.seconds
                changed = changed or outcome.status == "loaded"
            kept = self.corrections.read()
            held = fingerprint(kept.corrections)
            made_of = {"corrections": held, "thresholds": self.settings.thresholds.model_dump_json()}
            before = self.status.read().get("derived", {})
            changed = changed or any(before.get(name, made_of[name] if name == "thresholds" else "") != value for name, value in made_of.items())
            if not changed and not self._interrupted():
                report.published = self._current()
                return
            self.status.update("derived", {"complete": False})
            self._timed(report, "derive", lambda: self._derive(work, kept.corrections))
            self._step("Controles")
            checks = self._timed(report, "checks", lambda: quality.run_checks(work))
            self._step("Publicatie")
            manifest, new = self._timed(report, "publish", lambda: self._publish(work, checks))
            report.published, report.new = manifest, new
            self.status.update("derived", {"complete": True, **made_of, "corrections_unreadable": kept.bad_lines})
            self.publications.prune(self.settings.load.keep_publications)

    def _current(self) -> Manifest | None:
        current = self.publications.current_id()
        return next((m for m in self.publications.list() if m.id == current), None)

    def _is_outdated(self) -> bool:
        """There is no publication, or its tables are those of another version of the program."""
        current = self._current()
        return current is None or current.schema_version != SCHEMA_VERSION

    def _interrupted(self) -> bool:
        return not self.status.read().get("derived", {}).get("complete", False)

    def _derive(self, work: WorkDatabase, corrections: Sequence[Correction]) -> None:
        derive(work, workers=self.settings.load.workers, progress=self._step, corrections=corrections, limits=self.limits)

    def _timed(self, report: LoadReport, name: str, act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        try:
            return act()
        finally:
            report.seconds[name] = time.perf_counter() - begun

    _told: tuple[str, float] = ("", 0.0)

    def _step(self, step: str, done: int | None = None, total: int | None = None) -> None:
        now = time.monotonic()
        if step != self._told[0] or now - self._told[1] >= STATUS_SECONDS or done == total:  # a page a record would write a file a record
            self._told = (step, now)
            self.status.update("load", {"step": step, "done": done, "total": total})
        self.progress(step, done, total)

    def _load_source(self, work: WorkDatabase, source: Source, reparse: bool) -> SourceOutcome:
        begun = time.perf_counter()
        outcome = self._try_source(work, source, reparse)
        outcome.seconds = time.perf_counter() - begun
        now = status.now().isoformat()
        values: dict[str, Any] = {"status": outcome.status, "message": outcome.message, "last_attempt": now}
        if outcome.status in ("loaded", "unchanged"):
            values["last_success"] = now
        self.status.update_source(source.key, values)
        suffix = f": {outcome.message}" if outcome.message else ""
        self.progress(f"  {source.key}: {outcome.status}, {outcome.rows} records, {outcome.rejects} rejected{suffix}")
        return outcome

    def _try_source(self, work: WorkDatabase, source: Source, reparse: bool) -> SourceOutcome:
        kept = self.status.read().get("sources", {}).get(source.key, {})
        known = {"rows": int(kept.get("rows", 0)), "rejects": int(kept.get("rejects", 0))}
        if source.key in self.settings.sources.off:
            return SourceOutcome(source.key, "off", "switched off in the settings (sources.off)", **known)
        unmet = source.unmet_needs()
        if unmet and not reparse:
            return SourceOutcome(source.key, "off", unmet, **known)
        try:
            if not reparse:
                self._fetch(source)
            lines = self.raw.last_fetch(source.key)
            if reparse and not lines:
                return SourceOutcome(source.key, "failed", "nothing in the raw store; run a load with the network first", **known)
            fingerprint = _fingerprint(lines, by_day=source.keeps_history)
            if not reparse and kept.get("fingerprint") == fingerprint and self._still_staged(work, source, kept):
                return SourceOutcome(source.key, "unchanged", "", **known)
            raws = list(self.raw.raws(source.key))
            parsed = source.parse(raws)
            return self._stage(work, source, parsed, raws, lines, fingerprint, kept)
        except ConnectorError as error:
            return SourceOutcome(source.key, "failed", f"{type(error).__name__}: {error} {error.advice}", **known)
        except Exception as error:  # a bug in one connector must not stop the others
            return SourceOutcome(source.key, "failed", f"bug in connector: {type(error).__name__}: {error}", **known)

    def _still_staged(self, work: WorkDatabase, source: Source, kept: Mapping[str, Any]) -> bool:
        counts = work.staged_counts(source.key, source.tables)
        return counts == kept.get("counts")

    def _fetch(self, source: Source) -> None:
        client = HttpClient.for_source(source, contact=self.settings.sources.contact)
        context = FetchContext(
            http=client, now=status.now(), previous=self.raw.conditionals(source.key),
            progress=lambda done, total: self._step(source.title, done, total),
        )
        fetch = self.raw.begin(source.key)
        try:
            for raw in source.fetch(context):
                fetch.add(raw, source.licence)
        except BaseException:
            fetch.abandon()
            raise
        fetch.complete()

    def _stage(
        self, work: WorkDatabase, source: Source, parsed: Parsed, raws: list[Raw], lines: list[dict[str, Any]],
        fingerprint: str, kept: Mapping[str, Any],
    ) -> SourceOutcome:
        frames, refused = to_frames(parsed.records, source.tables)
        rejects = [*parsed.rejects, *refused]
        rows = sum(len(f) for f in frames.values())
        before = int(kept.get("rows", 0))
        if before and not source.keeps_history and not source.may_shrink and rows < before * self.settings.load.shrink_limit:
            raise SchemaDrift(
                f"{source.key} delivered {rows} records where the previous load had {before}; less than "
                f"{self.settings.load.shrink_limit:.0%} is not taken over (setting load.shrink_limit)")
        if not rows and before and source.keeps_history and not rejects:
            return SourceOutcome(source.key, "unchanged", "nothing new", before, int(kept.get("rejects", 0)))
        self.status.update("derived", {"complete": False})  # until the marts have followed, whatever happens to us
        work.replace_staged(source.key, frames, source.keeps_history)
        counts = work.staged_counts(source.key, source.tables)
        shas = {line["name"]: line["sha256"] for line in lines}
        self._keep_rejects(source.key, rejects, shas)
        retrieved = max((r.retrieved_at for r in raws), default=status.now())
        self.status.update_source(source.key, {
            "rows": sum(counts.values()), "rejects": len(rejects), "counts": counts, "fingerprint": fingerprint,
            "retrieved_at": retrieved.isoformat(), "reference_period": parsed.reference_period,
            "next_release": parsed.next_release, "notes": parsed.notes,
        })
        return SourceOutcome(source.key, "loaded", "; ".join(parsed.notes[:2]), sum(counts.values()), len(rejects))

    def _keep_rejects(self, key: str, rejects: list[Reject], shas: Mapping[str, str]) -> None:
        path = self.folder / "rejects"
        path.mkdir(parents=True, exist_ok=True)
        columns = ["source", "reason", "record", "detail", "raw_name", "raw_sha256"]
        rows = pd.DataFrame(
            [(key, r.reason, r.record[:500], r.detail[:500], r.raw_name, shas.get(r.raw_name)) for r in rejects], columns=columns)
        part = path / f".{key}.parquet.part"
        rows.astype("string").to_parquet(part, index=False)
        part.replace(path / f"{key}.parquet")

    def rejects(self, key: str | None = None) -> pd.DataFrame:
        """Rejects of the last loads: columns of table reject."""
        files = sorted((self.folder / "rejects").glob(f"{key or '*'}.parquet"))
        found = [pd.read_parquet(file) for file in files]
        columns = ["source", "reason", "record", "detail", "raw_name", "raw_sha256"]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)

    def _publish(self, work: WorkDatabase, checks: pd.DataFrame) -> tuple[Manifest, bool]:
        from etl.marts import boundary_year, latest_period

        entries = self.status.read().get("sources", {})
        info = pd.DataFrame([source_row(source, entries.get(key, {}), status.now()) for key, source in self.sources.items()])
        summary = {
            row["key"]: {"retrieved_at": str(row["retrieved_at"]), "reference_period": row["reference_period"],
                         "rows": row["rows"], "rejects": row["rejects"], "status": row["status"]}
            for row in info.to_dict("records")
        }
        return self.publications.publish(
            work.connection, {"source_info": info, "reject": self.rejects(), "check_result": checks},
            demonstration=self.demonstration, latest_period=latest_period(work), boundary_year=boundary_year(work),
            sources=summary, now=status.now(),
        )


def source_row(source: Source, entry: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row of source_info from a source's declaration and its status entry; old data are marked stale."""
    success = entry.get("last_success")
    state = entry.get("status", "never loaded")
    if (state == "failed" and success) or (success and state in ("loaded", "unchanged") and now - datetime.fromisoformat(success) > source.stale_after):
        state = "stale"
    retrieved = entry.get("retrieved_at")
    return {
        "key": source.key, "title": source.title, "title_en": source.title_en, "publisher": source.publisher,
        "licence": source.licence, "attribution": source.attribution, "home_page": source.home_page,
        "schedule": source.schedule, "status": state, "message": entry.get("message") or None,
        "retrieved_at": pd.Timestamp(retrieved).tz_convert("UTC").tz_localize(None) if retrieved else pd.NaT,
        "reference_period": entry.get("reference_period"), "next_release": entry.get("next_release"),
        "rows": int(entry.get("rows", 0)), "rejects": int(entry.get("rejects", 0)),
    }


def source_config(settings: Settings) -> dict[str, Any]:
    """The plain mapping that connectors/registry.py builds the sources from."""
    chosen = settings.sources
    return {
        "base_urls": dict(chosen.base_urls), "region_year": chosen.region_year, "older_region_years": list(chosen.older_region_years), "esco_version": chosen.esco_version,
        "drop_folder": chosen.drop_folder, "max_pages": chosen.max_pages, "mappings": dict(chosen.mappings),
        "sites": [site.model_dump() for site in chosen.sites], "schedule": dict(chosen.schedule),
    }


def _fingerprint(lines: list[dict[str, Any]], *, by_day: bool) -> str:
    """Hash of what was fetched; `by_day` for adverts, where the same page seen again another day is news: it was still open."""
    named = sorted((line["name"], line["sha256"], line["retrieved_at"][:10] if by_day else "") for line in lines)
    return hashlib.sha256(repr(named).encode()).hexdigest()
