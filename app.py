"""Regiokoers in one command: settings, first load if there is none, scheduler, web server.

    python app.py            the demonstration year (invented data over real structure)
    python app.py --live     the real open sources, on a schedule
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from etl.settings import Settings, SettingsError, read_settings
from etl.status import StatusFile

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(description="Regiokoers: vacancies, skills and mbo programmes per region.")
    parser.add_argument("--settings", help="settings file (default: ./regiokoers.toml when it exists)")
    parser.add_argument("--live", action="store_true", help="load the real open sources instead of the demonstration year")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--data", help="folder for data")
    chosen = parser.parse_args(arguments)
    if chosen.settings:
        os.environ["REGIOKOERS_SETTINGS"] = str(Path(chosen.settings).resolve())
    if chosen.live:
        os.environ["REGIOKOERS_GENERAL_MODE"] = "live"
    if chosen.port:
        os.environ["REGIOKOERS_WEB_PORT"] = str(chosen.port)
    if chosen.data:
        os.environ["REGIOKOERS_GENERAL_DATA"] = str(Path(chosen.data).resolve())
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 64
    settings.data.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    needed = first_load_needed(settings)
    print(f"Regiokoers: http://{settings.web.host}:{settings.web.port}  ({'live sources' if settings.general.mode == 'live' else 'demonstration year'})", flush=True)
    if needed:
        threading.Thread(target=first_load, args=(settings, stop), daemon=True, name="first-load").start()
    serve(settings)
    stop.set()
    return 0


def first_load_needed(settings: Settings) -> bool:
    """No publication yet, or live: the open sources are asked at every start."""
    from warehouse.publications import Publications

    return settings.general.mode == "live" or Publications(settings.data).current_id() is None


def first_load(settings: Settings, stop: threading.Event) -> None:
    """Run a load as a process of its own and show its progress here."""
    command = [sys.executable, "-m", "etl", "run", "--wait", "600"]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=HERE, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    for line in process.stdout:
        print(f"  {line.rstrip()}", flush=True)
        if stop.is_set():
            break
    code = process.wait()
    print(f"first load ended after {time.monotonic() - begun:.0f} s with code {code}; http://{settings.web.host}:{settings.web.port}", flush=True)


def serve(settings: Settings) -> None:
    """The web server, with as many processes as the settings say."""
    import uvicorn

    options: dict[str, Any] = {"host": settings.web.host, "port": settings.web.port, "log_level": "warning", "access_log": False}
    if settings.web.workers > 1:
        uvicorn.run("app:server", factory=True, workers=settings.web.workers, **options)
    else:
        uvicorn.run(server(), **options)


def server() -> Any:
    """The ASGI application of one web process; reads settings itself, starts the scheduler when it should run here."""
    from connectors.registry import build_sources
    from dashboard.api import register_api
    from dashboard.application import DashboardSettings, create_app
    from dashboard.pages import data
    from etl.curriculum import CurriculumReader
    from etl.pipeline import source_config
    from etl.schedule import Scheduler
    from warehouse.publications import Publications

    settings = read_settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    publications = Publications(settings.data)
    if settings.load.scheduler == "web":
        Scheduler(settings, build_sources(source_config(settings))).watch()
    status, schedule = StatusFile(settings.data / "status.json"), StatusFile(settings.data / "schedule.json")

    def now() -> dict[str, Any]:
        return {**status.read(), "schedule": schedule.read()}

    data.connect(now)
    app = create_app(publications, DashboardSettings(
        region=settings.general.region, language=settings.general.language, plotly_bundle=settings.web.plotly_bundle), now, CurriculumReader(lambda: publications.reader().skill_labels()))
    register_api(app.server, publications, now)
    # the first view after a start costs a second of imports and lists: make it before somebody asks
    threading.Thread(target=app.views.make, args=("/", ""), daemon=True, name="warm-up").start()
    return app.server


if __name__ == "__main__":
    sys.exit(main())
