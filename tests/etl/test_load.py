"""A load: what is published reconciles, a second one changes nothing, one source's trouble stays its own, and a kill harms nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from etl import quality
from etl.demonstration import loader_for
from etl.rawstore import CorruptRaw, RawStore
from etl.settings import Settings, SettingsError, read_settings
from etl.status import Busy, StatusFile, exclusive
from warehouse.publications import NoPublication, Publications, UnknownPublication

ROOT = Path(__file__).resolve().parents[2]


def test_demand_by_sector_plus_unmapped_is_the_total_of_every_region(small_year: Publications) -> None:
    reader = small_year.reader()
    regions = [*reader.regions()["code"], "NL01"]
    assert len(regions) == 36
    for region in regions:
        for period in reader.periods():
            total = reader.region_total(region, period)
            assert total is not None
            cells = reader.mismatch(region, period)
            assert len(cells) == 8
            assert cells["n"].sum() + cells["experienced"].sum() + total["unmapped_demand"] == total["total_demand"], (region, period)
            assert reader.unmapped(region, period)["demand"].sum() == total["unmapped_demand"]
            months = reader.demand_months(region)
            assert months[months["month"].dt.year == period]["demand"].sum() == total["total_demand"]


def test_the_country_is_its_regions_plus_places_that_were_not_resolved(small_year: Publications) -> None:
    reader = small_year.reader()
    for period in reader.periods():
        regional = sum((reader.region_total(r, period) or {"total_demand": 0})["total_demand"] for r in reader.regions()["code"])
        country = reader.region_total("NL01", period)
        assert country is not None and 0 < country["total_demand"] - regional < 0.06 * country["total_demand"]


def test_supply_of_sectors_and_outside_add_up_to_the_region(small_year: Publications) -> None:
    reader = small_year.reader()
    for region in reader.regions()["code"]:
        total = reader.region_total(region, 2025)
        assert total is not None
        sectors = reader.mismatch(region, 2025)["supply"].sum()
        outside = total["supply_outside_sectors"] or 0.0
        assert sectors + outside == pytest.approx(total["supply"] or 0.0, abs=1e-6)


def test_no_number_stands_on_a_quiet_row_and_every_class_is_known(small_year: Publications) -> None:
    cells = small_year.reader().matrix(2025)
    quiet = cells[cells["class"] == "too_little_data"]
    assert quiet["ratio"].isna().all() and quiet["gap"].isna().all() and quiet["reason"].notna().all()
    assert (quiet["n"] >= 10).sum() < len(quiet)
    loud = cells[cells["class"] != "too_little_data"]
    assert (loud["n"] >= 10).all() and loud["ratio"].notna().all()
    assert set(cells["class"]) <= {"shortage", "balance", "surplus", "borderline", "too_little_data"}


def test_students_equal_the_source_to_the_unit_with_masks_as_bounds(small_year: Publications, small_settings: Settings) -> None:
    import csv
    import io

    raw = next(r for r in RawStore(small_settings.data).raws("duo-students") if r.name.startswith("03"))
    low = high = 0
    for row in csv.DictReader(io.StringIO(raw.content.decode("utf-8-sig"))):
        for column in ("MAN2025", "VROUW2025"):
            value = int(row[column])
            low, high = low + (1 if value == -1 else value), high + (4 if value == -1 else value)
    grid = small_year.reader().programme_grid("NL01", 2025)
    assert (int(grid["students_low"].sum()), int(grid["students_high"].sum())) == (low, high)
    assert high > low


def test_rejects_are_kept_with_their_reason_and_counted(small_year: Publications) -> None:
    reader = small_year.reader()
    counts = reader.reject_counts()
    assert set(counts["reason"]) >= {"no title or text", "unreadable date", "no JobPosting"}
    info = reader.sources().set_index("key")["rejects"]
    assert counts.groupby("source")["count"].sum().to_dict() == {k: v for k, v in info.to_dict().items() if v}


def test_adverts_hold_no_mail_addresses_or_phone_numbers(small_year: Publications) -> None:
    reader = small_year.reader()
    found, _ = reader.vacancies("AM36", limit=200)
    for identifier in found["vacancy_id"]:
        advert = reader.vacancy(identifier)
        assert advert is not None
        assert "@" not in advert["text"] and "06-" not in advert["text"]
        for m in advert["mentions"]:
            assert m["start"] == -1 or advert["text"][m["start"]:m["end"]].strip()


def test_loading_again_changes_nothing(small_year: Publications, small_settings: Settings) -> None:
    before = small_year.current_id()
    with loader_for(small_settings) as loader:
        report = loader.run(rederive=True)
    assert not report.new and report.exit_code == 0 and small_year.current_id() == before


def test_a_failed_hard_check_publishes_nothing_and_names_itself(small_year: Publications, small_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small_year.current_id()
    monkeypatch.setattr(quality, "CHECKS", (quality.Check("always wrong", True, lambda work: "found nothing good"),))
    monkeypatch.setattr(quality.run_checks, "__defaults__", (quality.CHECKS,))
    with loader_for(small_settings) as loader:
        report = loader.run(rederive=True)
    assert report.exit_code == 2 and "always wrong: found nothing good" in report.failure
    assert small_year.current_id() == before
    monkeypatch.undo()
    with loader_for(small_settings) as loader:
        assert loader.run().exit_code == 0  # the interrupted load is picked up


def test_a_source_that_is_down_leaves_the_others_and_its_own_data(small_year: Publications, small_settings: Settings) -> None:
    with loader_for(small_settings) as loader:
        loader.sources["duo-graduates"].base_url = "http://127.0.0.1:9"
        import connectors.http

        original = connectors.http.HttpClient.for_source
        connectors.http.HttpClient.for_source = classmethod(lambda cls, source, **o: original(source, **{**o, "sleep": lambda s: None}))  # type: ignore[method-assign,assignment]
        try:
            report = loader.run()
        finally:
            connectors.http.HttpClient.for_source = original  # type: ignore[method-assign]
        states = {o.key: o.status for o in report.outcomes}
        assert states["duo-graduates"] == "failed" and states["duo-students"] in ("loaded", "unchanged") and report.exit_code == 1
        from etl.pipeline import source_row
        from etl.status import now

        row = source_row(loader.sources["duo-graduates"], loader.status.read()["sources"]["duo-graduates"], now())
    assert row["status"] == "stale" and row["rows"] > 0
    assert small_year.reader().mismatch("AM36", 2025)["supply"].sum() > 0
    with loader_for(small_settings) as loader:
        assert loader.run(["duo-graduates"]).exit_code == 0


def test_a_changed_column_stops_that_source_only_with_the_column_named(small_year: Publications, small_settings: Settings) -> None:
    folder = small_settings.data / "sources"
    path = next(folder.glob("dataset/adressen_mbo/resource/*/download/*.csv"))
    kept = path.read_bytes()
    try:
        path.write_bytes(kept.replace(b"INSTELLINGSCODE", b"BRIN"))
        with loader_for(small_settings) as loader:
            report = loader.run(["duo-institutions", "duo-offer"])
        states = {o.key: o for o in report.outcomes}
        assert states["duo-institutions"].status == "failed" and "INSTELLINGSCODE" in states["duo-institutions"].message
        assert states["duo-offer"].status != "failed"
    finally:
        path.write_bytes(kept)
    with loader_for(small_settings) as loader:
        assert loader.run(["duo-institutions"]).exit_code == 0


def test_two_loads_never_run_at_once(small_settings: Settings, small_year: Publications) -> None:
    with exclusive(small_settings.data / "load.lock", "a load"), loader_for(small_settings) as loader, pytest.raises(Busy):
        loader.run()


@pytest.mark.slow
def test_killing_the_load_at_ten_random_moments_never_harms_what_is_served(tmp_path: Path) -> None:
    def environment(vacancies: int) -> dict[str, str]:
        return {**os.environ, "REGIOKOERS_GENERAL_DATA": str(tmp_path), "REGIOKOERS_SOURCES_DEMO_VACANCIES": str(vacancies), "REGIOKOERS_LOAD_WORKERS": "1"}

    command = [sys.executable, "-m", "etl", "run", "--json"]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment(600), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    whole = time.monotonic() - begun
    store = Publications(tmp_path / "demo")
    rng = random.Random(7)
    for attempt in range(10):
        before = store.current_id()
        process = subprocess.Popen(command, cwd=ROOT, env=environment(610 + attempt), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(rng.uniform(0.15, 1.0) * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        served = Publications(tmp_path / "demo")
        reader = served.reader()
        total = reader.region_total("NL01", 2025)
        assert total is not None and reader.mismatch("NL01", 2025)[["n", "experienced"]].to_numpy().sum() + total["unmapped_demand"] == total["total_demand"]
        assert served.current_id() is not None and (before in [m.id for m in served.list()])
    done = subprocess.run(command, cwd=ROOT, env=environment(700), capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["new"] and report["publication"] == Publications(tmp_path / "demo").current_id()
    assert not list((tmp_path / "demo" / "publications").glob(".*part*"))


def test_publications_are_listed_rolled_back_pinned_and_pruned(small_year: Publications, small_settings: Settings, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(small_settings.data, copy, ignore=shutil.ignore_patterns("sources", "raw"))
    store = Publications(copy)
    first = store.current_id()
    assert first is not None
    from datetime import timedelta

    from etl.status import now
    from warehouse.work import WorkDatabase

    with WorkDatabase(copy / "work.duckdb") as work:
        made = [store.publish(work.connection, {}, demonstration=True, latest_period=2025, boundary_year=2026, sources={}, now=now() + timedelta(seconds=k), force=True)[0].id for k in (5, 6, 7)]
    assert store.current_id() == made[-1] and len({first, *made}) == 4
    store.pin(first, "overleg 12 maart")
    store.rollback(made[0])
    assert store.current_id() == made[0]
    gone = store.prune(keep=1)
    assert gone == [made[1]] and {m.id for m in store.list()} == {first, made[0], made[2]}
    with pytest.raises(UnknownPublication) as caught:
        store.reader(made[1])
    assert first in caught.value.available
    (copy / "current.json").write_text("{broken")
    assert store.current_id() == made[2]


def test_an_empty_folder_has_no_publication(tmp_path: Path) -> None:
    with pytest.raises(NoPublication):
        Publications(tmp_path).reader()


def test_a_damaged_raw_body_is_noticed(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha = store.put(b"hello")
    assert store.get(sha) == b"hello"
    next(tmp_path.rglob("*.gz")).write_bytes(b"damage")
    with pytest.raises(CorruptRaw, match="fetch the source again"):
        store.get(sha)


def test_reparse_reads_from_the_raw_store_without_a_network(small_year: Publications, small_settings: Settings) -> None:
    from etl.pipeline import Loader

    report = Loader(small_settings, demonstration=True).run(["duo-students"], reparse=True, rederive=True)
    assert report.exit_code == 0 and not report.new


@pytest.mark.parametrize(("text", "named"), [
    ("[web]\nport = 99999", "web.port"), ("[web]\npoort = 1", "web.poort"), ("[general]\nmode = 'test'", "general.mode"), ("[sources]\nregion_year = 1900", "sources.region_year"),
    ("[load]\nscheduler = 'yes'", "load.scheduler"), ("nonsense", "no valid TOML"),
])
def test_a_wrong_setting_is_named_with_what_is_allowed(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named.replace(".", r"\.")):
        read_settings(file, {})


def test_environment_variables_override_the_file(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("[web]\nport = 8051")
    assert read_settings(file, {"REGIOKOERS_WEB_PORT": "8052", "REGIOKOERS_SOURCES_OFF": "esco, uwv-tension"}).web.port == 8052
    with pytest.raises(SettingsError, match="REGIOKOERS_WEP_PORT"):
        read_settings(file, {"REGIOKOERS_WEP_PORT": "1"})


@pytest.mark.parametrize(("arguments", "code"), [(["status"], 0), (["sources"], 0), (["publications"], 0), (["rejects", "vacancy-export"], 0), (["rejects", "nonsense"], 64), (["run", "nonsense"], 64), (["rollback", "20000101-000000-00000000"], 64)])
def test_every_command_answers_in_json_with_an_exit_code(small_year: Publications, small_settings: Settings, arguments: list[str], code: int) -> None:
    environment = {**os.environ, "REGIOKOERS_GENERAL_DATA": str(small_settings.general.data), "REGIOKOERS_SOURCES_DEMO_VACANCIES": str(small_settings.sources.demo_vacancies)}
    done = subprocess.run([sys.executable, "-m", "etl", *arguments, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    json.loads(done.stdout)


def test_the_status_file_survives_a_half_written_one(tmp_path: Path) -> None:
    file = StatusFile(tmp_path / "s.json")
    file.update("load", {"state": "running"})
    (tmp_path / ".s.json.1.part").write_text("{")
    assert file.read()["load"]["state"] == "running"
    (tmp_path / "s.json").write_text("{")
    assert file.read() == {}


def test_staging_rejects_what_breaks_the_declared_contract() -> None:
    from etl.staging import fit
    from warehouse import schema

    good = {"crebo": "25655", "name": "x", "level": 4, "sector": None, "sector_name": "Zorg", "main_group": None, "dossier": None}
    kept, rejects = fit(schema.programme, [good, good, {**good, "crebo": None}, {**good, "crebo": "1", "level": "4"}])
    assert len(kept) == 1 and [r.reason for r in rejects] == ["duplicate key", "missing value", "wrong type"]
    with pytest.raises(ValueError, match="no column"):
        fit(schema.programme, [{**good, "extra": 1}])


def test_history_keeps_adverts_that_a_new_fetch_lacks(tmp_path: Path) -> None:
    from datetime import date

    from warehouse.work import WorkDatabase

    def advert(identifier: str, seen: date) -> dict[str, object]:
        return {"source": "s", "source_id": identifier, "title": "t", "description": "d", "published_on": seen, "first_seen": seen, "last_seen": seen}

    with WorkDatabase(tmp_path / "w.duckdb") as work:
        work.replace_staged("s", {"advert": pd.DataFrame([advert("a", date(2025, 1, 1)), advert("b", date(2025, 1, 1))])}, keeps_history=True)
        work.replace_staged("s", {"advert": pd.DataFrame([advert("b", date(2025, 2, 1)), advert("c", date(2025, 2, 1))])}, keeps_history=True)
        from sqlalchemy import select

        from warehouse import schema

        rows = work.frame(select(schema.advert)).sort_values("source_id")
        assert list(rows["source_id"]) == ["a", "b", "c"]
        b = rows.iloc[1]
        assert b["first_seen"].date() == date(2025, 1, 1) and b["last_seen"].date() == date(2025, 2, 1)
