"""The command line: python -m etl COMMAND. Every command takes --json. Exit codes: 0 well, 1 partly, 2 failed, 3 busy, 64 usage."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from connectors.registry import build_sources
from etl.demonstration import loader_for
from etl.pipeline import Loader, source_config
from etl.reporting import for_stream, silent
from etl.settings import Settings, SettingsError, read_settings
from etl.status import Busy, StatusFile
from warehouse.publications import Manifest, Publications, UnknownPublication

WELL, PARTLY, FAILED, BUSY, USAGE = 0, 1, 2, 3, 64


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings(chosen.settings)
        return int(COMMANDS[chosen.command](settings, chosen))
    except SettingsError as error:
        return _fail(chosen, str(error), USAGE)
    except (KeyError, UnknownPublication) as error:
        return _fail(chosen, str(error.args[0] if error.args else error), USAGE)
    except Busy as error:
        return _fail(chosen, str(error), BUSY)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="Load sources, look at what was loaded, manage publications.")
    parser.add_argument("--settings", help="settings file (default: ./regiokoers.toml when it exists)")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text)
        made.add_argument("--json", action="store_true", help="answer as JSON on standard output")
        return made

    run = command("run", "load sources (all by default) and publish")
    run.add_argument("source", nargs="*", help="keys of sources")
    run.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait this long for another load to end")
    command("status", "what ran last, what runs next, what is published")
    command("sources", "the sources and how they stand")
    rejects = command("rejects", "records of a source that could not be used, with the reason")
    rejects.add_argument("source")
    command("publications", "list publications")
    rollback = command("rollback", "make an earlier publication current")
    rollback.add_argument("id")
    pin = command("pin", "keep a publication from being pruned")
    pin.add_argument("id")
    pin.add_argument("--reason", default="command line")
    prune = command("prune", "delete old publications (never the current or pinned ones)")
    prune.add_argument("--keep", type=int, default=None)
    reparse = command("reparse", "read a source again from the raw store and publish")
    reparse.add_argument("source")
    command("schedule", "run the scheduler in this process")
    lines = command("understand", "read adverts (JSON lines) and write what they say")
    lines.add_argument("source", type=Path, metavar="IN.jsonl")
    lines.add_argument("target", type=Path, metavar="OUT.jsonl")
    lines.add_argument("--workers", type=int, default=0, help="processes (default: as many as there are processors, at most 4)")
    link = command("link", "rank the lines of a corpus (occupation or skill names) for each query")
    link.add_argument("kind", choices=["occupations", "skills"])
    link.add_argument("--language", choices=["nl", "en"], default="nl")
    link.add_argument("--queries", type=Path, required=True, metavar="Q.tsv", help="identifier, tab, text")
    link.add_argument("--corpus", type=Path, required=True, metavar="C.tsv", help="identifier, tab, text")
    link.add_argument("--top", type=_positive, default=10)
    link.add_argument("--out", type=Path, required=True, metavar="RUN.tsv", help="in the form of TREC runs")
    link.add_argument("--without", choices=["competentnl"], action="append", default=[], help="knowledge to leave out")
    return parser


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{written} is no number of one or more")
    return number


def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    progress = silent if chosen.json else for_stream()
    with loader_for(settings, progress) as loader:
        until = time.monotonic() + chosen.wait
        while True:
            try:
                report = loader.run(chosen.source or None)
                break
            except Busy:
                if time.monotonic() >= until:
                    raise
                time.sleep(1)
    return _report(chosen, report)


def _understand(settings: Settings, chosen: argparse.Namespace) -> int:
    from etl.enrich.lines import understand_file
    from etl.enrich.vocabulary import Vocabulary

    if not chosen.source.is_file():
        raise KeyError(f"there is no file {chosen.source}")
    begun = time.perf_counter()
    summary = understand_file(chosen.source, chosen.target, Vocabulary.shipped(), chosen.workers or min(os.cpu_count() or 1, 4))
    took = time.perf_counter() - begun
    lines = [f"{summary.read:,} adverts read in {took:.1f} s ({summary.read / took:,.0f} a second), {summary.rejected:,} lines rejected"]
    lines += [f"  {count:,} x {reason}" for reason, count in sorted(summary.reasons.items())]
    _answer(chosen, {**asdict(summary), "seconds": round(took, 3)}, lines)
    return WELL if summary.read or not summary.rejected else FAILED


def _link(settings: Settings, chosen: argparse.Namespace) -> int:
    from etl.enrich import linking

    for path in (chosen.queries, chosen.corpus):
        if not path.is_file():
            raise KeyError(f"there is no file {path}")
    folder = settings.sources.drop_folder / "competentnl" if settings.sources.drop_folder else None
    wanted = chosen.kind == "occupations" and chosen.language == "nl" and "competentnl" not in chosen.without
    try:
        names = linking.dropped_names(folder) if wanted and folder and folder.is_dir() else []
        queries, corpus = linking.read_table(chosen.queries), linking.read_table(chosen.corpus)
    except linking.BadTable as error:
        return _fail(chosen, str(error), USAGE)
    begun = time.perf_counter()
    ranker = linking.Ranker(corpus, chosen.kind, chosen.language, names)
    ready = time.perf_counter()
    count = linking.write_run(chosen.out, queries, ranker.rank([text for _, text in queries], chosen.top))
    took = time.perf_counter() - ready
    _answer(chosen, {"queries": count, "corpus": len(corpus), "other_names": len(names), "index_seconds": round(ready - begun, 3), "seconds": round(took, 3)},
            [f"{count:,} queries ranked in {took:.2f} s ({count / took:,.0f} a second) after {ready - begun:.1f} s of reading {len(corpus):,} lines"
             + (f", with {len(names):,} names of CompetentNL" if names else "")])
    return WELL


def _reparse(settings: Settings, chosen: argparse.Namespace) -> int:
    loader = Loader(settings, progress=silent if chosen.json else for_stream())
    return _report(chosen, loader.run([chosen.source], reparse=True, rederive=True))


def _report(chosen: argparse.Namespace, report: Any) -> int:
    document = {
        "sources": [asdict(o) for o in report.outcomes], "publication": report.published.id if report.published else None,
        "new": report.new, "failure": report.failure, "seconds": report.seconds, "exit_code": report.exit_code,
    }
    lines = []
    if report.failure:
        lines.append(report.failure)
    if report.published:
        lines.append(f"publication {report.published.id} ({'new' if report.new else 'nothing changed'})")
    _answer(chosen, document, lines)
    return int(report.exit_code)


def _status(settings: Settings, chosen: argparse.Namespace) -> int:
    document = {**StatusFile(settings.data / "status.json").read(), "schedule": StatusFile(settings.data / "schedule.json").read(),
                "current": Publications(settings.data).current_id()}
    lines = [f"publication: {document['current'] or 'none yet'}"]
    load = document.get("load", {})
    lines.append(f"load: {load.get('state', 'never ran')} {load.get('step', '')} {load.get('message', '')}".rstrip())
    following = document["schedule"].get("next", {})
    for key, entry in sorted(document.get("sources", {}).items()):
        lines.append(f"{key:32} {entry.get('status', ''):10} last success {entry.get('last_success', 'never')[:19]}  next {following.get(key, 'not scheduled')[:19]}")
    _answer(chosen, document, lines)
    return WELL


def _list_sources(settings: Settings, chosen: argparse.Namespace) -> int:
    entries = StatusFile(settings.data / "status.json").read().get("sources", {})
    rows = []
    for key, source in build_sources(source_config(settings)).items():
        entry = entries.get(key, {})
        rows.append({
            "key": key, "title": source.title, "publisher": source.publisher, "licence": source.licence, "home_page": source.home_page,
            "schedule": settings.sources.schedule.get(key, source.schedule), "tables": list(source.tables),
            "needs": sorted(need.value for need in source.needs), "unmet": source.unmet_needs(),
            "status": entry.get("status", "never loaded"), "rows": entry.get("rows", 0), "rejects": entry.get("rejects", 0),
        })
    _answer(chosen, rows, [f"{r['key']:32} {r['status']:13} {r['rows']:>9} records  {r['schedule']:14} {r['title']}" for r in rows])
    return WELL


def _rejects(settings: Settings, chosen: argparse.Namespace) -> int:
    if chosen.source not in build_sources(source_config(settings)):
        raise KeyError(f"unknown source {chosen.source!r}; see python -m etl sources")
    rows = Loader(settings, sources={}).rejects(chosen.source).to_dict("records")
    _answer(chosen, rows, [f"{r['reason']}: {r['record'][:120]} ({r['detail']})" for r in rows] or ["nothing rejected"])
    return WELL


def _publications(settings: Settings, chosen: argparse.Namespace) -> int:
    found = Publications(settings.data).list()
    _answer(chosen, [asdict(m) for m in found], [_line(m) for m in found] or ["no publications yet"])
    return WELL


def _line(m: Manifest) -> str:
    marks = " ".join(word for word, on in (("current", m.current), ("pinned", m.pinned), ("demonstration", m.demonstration)) if on)
    return f"{m.id}  {m.created_at}  {m.size / 1e6:8.1f} MB  {m.rows.get('vacancy', 0):>9} adverts  {marks}"


def _rollback(settings: Settings, chosen: argparse.Namespace) -> int:
    manifest = Publications(settings.data).rollback(chosen.id)
    _answer(chosen, {"current": manifest.id}, [f"{manifest.id} is current"])
    return WELL


def _pin(settings: Settings, chosen: argparse.Namespace) -> int:
    Publications(settings.data).pin(chosen.id, chosen.reason)
    _answer(chosen, {"pinned": chosen.id}, [f"{chosen.id} stays: {chosen.reason}"])
    return WELL


def _prune(settings: Settings, chosen: argparse.Namespace) -> int:
    gone = Publications(settings.data).prune(chosen.keep if chosen.keep is not None else settings.load.keep_publications)
    _answer(chosen, {"deleted": gone}, [f"deleted {name}" for name in gone] or ["nothing to delete"])
    return WELL


def _schedule(settings: Settings, chosen: argparse.Namespace) -> int:
    from etl.schedule import Scheduler

    scheduler = Scheduler(settings, build_sources(source_config(settings)), settings_file=Path(chosen.settings) if chosen.settings else None)
    if not scheduler.start():
        raise Busy("another scheduler runs for this data folder; this command stops")
    for key, when in sorted(scheduler.next_runs().items(), key=lambda item: item[1]):
        print(f"{key:32} next {when:%Y-%m-%d %H:%M %Z}", flush=True)
    scheduler.wait()
    return WELL


COMMANDS = {
    "run": _run, "status": _status, "sources": _list_sources, "rejects": _rejects, "publications": _publications,
    "rollback": _rollback, "pin": _pin, "prune": _prune, "reparse": _reparse, "schedule": _schedule, "understand": _understand, "link": _link,
}


def _answer(chosen: argparse.Namespace, document: Any, lines: list[str]) -> None:
    if chosen.json:
        print(json.dumps(document, ensure_ascii=False, default=str))
    else:
        print("\n".join(lines))


def _fail(chosen: argparse.Namespace, message: str, code: int) -> int:
    if getattr(chosen, "json", False):
        print(json.dumps({"error": message, "exit_code": code}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
