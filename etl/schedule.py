"""The scheduler: a cron per source in Europe/Amsterdam; each due load runs as a process of its own.

Exactly one scheduler runs per data folder, however many web workers there are: it holds a lock file. Loads never
overlap (the loader holds a lock too; a due load waits its turn), misfires are coalesced, starts are jittered.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from connectors.base import Source
from etl import status
from etl.settings import Settings
from etl.status import Busy, StatusFile, exclusive

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MISFIRE_GRACE_SECONDS = 24 * 3600
log = logging.getLogger(__name__)


def cron_for(source: Source, chosen: Mapping[str, str]) -> CronTrigger:
    """The trigger of a source: the operator's cron expression or the source's own, in Europe/Amsterdam.

    Raises ValueError naming the source when the expression is wrong.
    """
    expression = chosen.get(source.key, source.schedule)
    try:
        return CronTrigger.from_crontab(expression, timezone=AMSTERDAM)
    except ValueError as error:
        raise ValueError(f"schedule of {source.key}: {expression!r} is no cron expression of five fields ({error})") from error


class Scheduler:
    """Runs loads on schedule as long as this process lives, if it is the one that holds the lock."""

    def __init__(self, settings: Settings, sources: Mapping[str, Source], run: Callable[[str], int] | None = None,
                 settings_file: Path | None = None) -> None:
        self.settings = settings
        self.sources = sources
        self.file = StatusFile(settings.data / "schedule.json")
        self._settings_file = settings_file
        self._run = run or self._run_process
        self._turn = threading.Lock()
        self._stack = ExitStack()
        self._scheduler: BackgroundScheduler | None = None

    @property
    def running(self) -> bool:
        """True when this process is the one that schedules."""
        return self._scheduler is not None

    def start(self) -> bool:
        """Start scheduling unless another process does already; returns whether this one does."""
        try:
            self._stack.enter_context(exclusive(self.settings.data / "scheduler.lock", "a scheduler"))
        except Busy:
            return False
        scheduler = BackgroundScheduler(timezone=AMSTERDAM)
        for source in self.sources.values():
            if source.key in self.settings.sources.off:
                continue
            trigger = cron_for(source, self.settings.sources.schedule)
            trigger.jitter = self.settings.load.jitter_seconds or None
            scheduler.add_job(
                self._due, trigger, args=[source.key], id=source.key, name=source.title, coalesce=True, max_instances=1,
                misfire_grace_time=MISFIRE_GRACE_SECONDS,
            )
        scheduler.start()
        self._scheduler = scheduler
        self._note()
        return True

    def wait(self) -> None:
        """Block until interrupted, retrying to become the scheduler if another process was."""
        try:
            while True:
                if not self.running:
                    self.start()
                time.sleep(5)
        except KeyboardInterrupt:
            self.stop()

    def watch(self) -> threading.Thread:
        """Start in the background, and take over should the process that schedules now end."""
        def keep_trying() -> None:
            while not self.start():
                time.sleep(15)
        thread = threading.Thread(target=keep_trying, name="scheduler-watch", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Stop scheduling and give the lock back."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        self._stack.close()

    def next_runs(self) -> dict[str, datetime]:
        """Next run per source key (aware, Europe/Amsterdam)."""
        if self._scheduler is None:
            return {}
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.next_run_time}

    # --- inside ----------------------------------------------------------------------------------------------
    def _due(self, key: str) -> None:
        with self._turn:  # one load after the other
            begun = status.now()
            code = self._run(key)
            self.file.update("ran", {key: {"started": begun.isoformat(), "finished": status.now().isoformat(), "exit_code": code}})
        self._note()

    def _note(self) -> None:
        self.file.update("next", {key: when.isoformat() for key, when in self.next_runs().items()})
        self.file.update("scheduler", {"since": status.now().isoformat(), "time_zone": str(AMSTERDAM)})

    def _run_process(self, key: str) -> int:
        command = [sys.executable, "-m", "etl"]
        if self._settings_file:
            command += ["--settings", str(self._settings_file)]
        command += ["run", key, "--wait", "3600", "--json"]
        environment = mode_environment(self.settings)
        done = subprocess.run(command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            log.warning("scheduled load of %s ended with %s: %s", key, done.returncode, done.stderr[-2000:])
        return done.returncode


def mode_environment(settings: Settings) -> dict[str, str]:
    """The environment for a load process: ours, with the mode and data folder of these settings."""
    import os

    values: dict[str, Any] = {**os.environ, "REGIOKOERS_GENERAL_MODE": settings.general.mode,
                              "REGIOKOERS_GENERAL_DATA": str(settings.general.data.resolve())}
    return values
