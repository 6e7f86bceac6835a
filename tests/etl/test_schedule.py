"""The scheduler: one per data folder, in Dutch time, one load after the other, and what ran and comes next is written down."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.registry import build_sources
from etl.schedule import AMSTERDAM, Scheduler, cron_for
from etl.settings import Settings, read_settings
from etl.status import StatusFile


def settings(folder: Path, **more: object) -> Settings:
    return read_settings(environ={}, general__data=str(folder), load__jitter_seconds=0, **more)


def test_exactly_one_scheduler_runs_and_another_takes_over_when_it_stops(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    chosen.data.mkdir(parents=True)
    first, second = (Scheduler(chosen, build_sources({}), run=lambda key: 0) for _ in range(2))
    assert first.start() and not second.start()
    first.stop()
    assert second.start()
    second.stop()


def test_next_runs_are_in_dutch_time_and_written_down(tmp_path: Path) -> None:
    chosen = settings(tmp_path, sources__off=["esco"])
    scheduler = Scheduler(chosen, build_sources({}), run=lambda key: 0)
    scheduler.start()
    try:
        runs = scheduler.next_runs()
        assert set(runs) == set(build_sources({})) - {"esco"}
        assert all(when.tzinfo is not None and when.utcoffset() == when.astimezone(AMSTERDAM).utcoffset() for when in runs.values())
        assert StatusFile(chosen.data / "schedule.json").read()["next"].keys() == runs.keys()
    finally:
        scheduler.stop()


def test_a_load_at_half_past_two_is_not_lost_when_clocks_go_forward() -> None:
    source = build_sources({})["vacancy-export"]
    trigger = cron_for(source, {"vacancy-export": "30 2 * * *"})
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
    following = trigger.get_next_fire_time(None, before)
    assert following is not None and (following - before).total_seconds() < 48 * 3600


def test_due_loads_wait_for_each_other_and_their_outcome_is_kept(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    chosen.data.mkdir(parents=True)
    running, most = [0], [0]

    def run(key: str) -> int:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.05)
        running[0] -= 1
        return 3

    scheduler = Scheduler(chosen, build_sources({}), run=run)
    threads = [threading.Thread(target=scheduler._due, args=(key,)) for key in ("esco", "duo-offer", "cbs-regions")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ran = StatusFile(chosen.data / "schedule.json").read()["ran"]
    assert most[0] == 1 and {k: v["exit_code"] for k, v in ran.items()} == {"esco": 3, "duo-offer": 3, "cbs-regions": 3}


def test_a_wrong_cron_expression_names_the_source() -> None:
    with pytest.raises(ValueError, match="esco"):
        cron_for(build_sources({})["esco"], {"esco": "every day"})
