"""make bench: ten million vacancies through the real marts and publication; all figures are ratios within this run or times on this machine."""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import create_engine, func, select, true

from etl.demonstration import lists, loader_for
from etl.marts import boundary_year, build_marts, latest_period
from etl.settings import read_settings
from etl.status import now
from warehouse import scale
from warehouse import schema as s
from warehouse.engine import compiled
from warehouse.publications import Publications
from warehouse.queries import Reader
from warehouse.work import WorkDatabase

HERE = Path(__file__).resolve().parents[1]


def timed(act: Callable[[], Any], times: int = 40) -> list[float]:
    """Milliseconds of repeated calls, after one to warm up."""
    act()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1e3)
    return found


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> list[Any]:
    """All rows of a question on a raw cursor."""
    return connection.execute(sql, parameters).fetchall()


def p(values: list[float], share: float) -> float:
    """A percentile."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def peak() -> float:
    """Peak memory of this process so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def draws(seed: int = 5) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows to draw vacancies from, skills per occupation), from the demonstration's own distribution."""
    from connectors.demo.world import SIZES, World

    world = World(lists(), seed, 60_000)
    occupations = {r["esco_uri"]: r for r in world.lists.occupations}
    linked = {r["esco_uri"] for r in world.lists.programme_occupations}
    demand = world.demand()
    rng = random.Random(seed)
    rows = []
    for region, uri, year, _ in rng.choices(demand, [d[3] for d in demand], k=scale.DRAWS):
        towns = world.by_region[region]
        town = rng.choices(towns, [SIZES.get(t["name"], 1.0) for t in towns])[0]
        row = occupations[uri]
        reason = "other level" if int(row["level_min"]) >= 5 else None if uri in linked else "no programme"
        lost = rng.random() < 0.03
        rows.append((None if lost else region, None if lost else town["code"], uri, row["isco4"], None if reason else row["sector"], reason, year))
    skills = pd.DataFrame(world.lists.occupation_skills)[["esco_uri", "skill_id"]].rename(columns={"esco_uri": "occupation_uri"})
    every = list(dict.fromkeys(skills["skill_id"]))
    extra = [(uri, sid) for uri, own in skills.groupby("occupation_uri") for sid in rng.sample(every, 14) if sid not in set(own["skill_id"])]
    skills = pd.concat([skills, pd.DataFrame(extra, columns=skills.columns)]).groupby("occupation_uri").head(12)
    return pd.DataFrame(rows, columns=["region_code", "municipality_code", "occupation_uri", "isco4", "sector", "unmapped_reason", "year"]), skills


def build(folder: Path, vacancies: int) -> Publications:
    """The demonstration's other tables with synthetic vacancies, through marts, checks and publication."""
    settings = read_settings(environ={}, general__data=str(folder), sources__demo_vacancies=3000, load__scheduler="off")
    with loader_for(settings) as loader:
        loader.run()
    frame, skills = draws()
    with WorkDatabase(settings.data / "work.duckdb", "9GB") as work:
        work.connection.execute(f"SET temp_directory = '{folder}/tmp'")
        begun = time.perf_counter()
        scale.fill(work, vacancies, frame, skills)
        rows = work.connection.execute("SELECT (SELECT count(*) FROM vacancy), (SELECT count(*) FROM vacancy_skill)").fetchone()
        print(f"generated {rows[0]:,} vacancies, {rows[1]:,} vacancy-skill rows in {time.perf_counter() - begun:.0f} s" if rows else "")
        begun = time.perf_counter()
        build_marts(work)
        print(f"marts in {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        store = Publications(settings.data)
        info = Reader(store.folder / f"{store.current_id()}.duckdb").sources()
        manifest, _ = store.publish(work.connection, {"source_info": info}, demonstration=True, latest_period=latest_period(work), boundary_year=boundary_year(work), sources={}, now=now())
        print(f"published in {time.perf_counter() - begun:.0f} s: {manifest.size / 1e9:.2f} GB, peak memory of the loading process {peak():.1f} GB")
    return store


def marts_against_raw(path: Path) -> None:
    """The same questions to marts and to raw facts, and SQLAlchemy beside a raw cursor."""
    connection = duckdb.connect(str(path), read_only=True, config={"threads": 2})
    v, m, k = s.vacancy, s.vacancy_skill, s.mart_skill
    subject = connection.execute("SELECT subject FROM mart_subject WHERE subject_kind = 'occupation' AND region_code = 'AM36' ORDER BY n DESC LIMIT 1").fetchone()
    assert subject
    questions = {
        "demand of a region by sector": (select(s.mart_mismatch.c.sector, s.mart_mismatch.c.n).where(s.mart_mismatch.c.region_code == "AM36", s.mart_mismatch.c.period == 2025),
                                         select(v.c.sector, func.count()).where(v.c.region_code == "AM36", v.c.year == 2025, v.c.counts == true()).group_by(v.c.sector)),
        "demand of all regions by sector": (select(s.mart_mismatch).where(s.mart_mismatch.c.period == 2025), select(v.c.region_code, v.c.sector, func.count()).where(v.c.year == 2025, v.c.counts == true()).group_by(v.c.region_code, v.c.sector)),
        "skills of an occupation in a region": (select(k).where(k.c.region_code == "AM36", k.c.period == 2025, k.c.subject_kind == "occupation", k.c.subject == subject[0]),
                                                select(m.c.skill_id, func.count()).join(v, v.c.vacancy_id == m.c.vacancy_id).where(m.c.region_code == "AM36", v.c.region_code == "AM36", v.c.year == 2025, v.c.occupation_uri == subject[0]).group_by(m.c.skill_id)),
    }
    for name, (mart, raw) in questions.items():
        asked = [compiled(mart), compiled(raw)]
        fast, slow = (statistics.median(timed(partial(rows_of, connection, *q), 12)) for q in asked)
        print(f"marts against raw, {name}: {fast:.2f} ms against {slow:.1f} ms, ratio {slow / fast:.0f}")
    connection.close()
    engine = create_engine(f"duckdb:///{path}", connect_args={"read_only": True, "config": {"threads": 2}})
    statement = questions["demand of a region by sector"][0]
    sql = compiled(statement)
    with engine.connect() as alchemy:
        a = statistics.median(timed(lambda: alchemy.execute(statement).fetchall(), 200))
        raw_connection: Any = alchemy.connection.driver_connection
        b = statistics.median(timed(lambda: raw_connection.execute(*sql).fetchall(), 200))
    engine.dispose()
    print(f"SQLAlchemy against a raw cursor, 8 rows: {a:.2f} ms against {b:.2f} ms, ratio {a / b:.2f}")


def addresses(reader: Reader, count: int, seed: int = 3) -> list[tuple[str, str, str]]:
    """(page, path, search) of random selections over all pages, every one different."""
    rng = random.Random(seed)
    regions, years = [*reader.regions()["code"], "NL01"], reader.periods()
    crebos, sectors = list(reader.programme_grid("NL01", years[-1]).query("n > 0")["crebo"]), list(reader.sectors()["code"])
    skills = [i.rsplit("/", 1)[-1] for i in reader.skills("NL01", years[-1], "programme", crebos[0])["skill_id"] if i.startswith("http")]
    made = []
    for number in range(count):
        region, year = rng.choice(regions), rng.choice(years)
        page, path, extra = rng.choice([
            ("overview", "/", f"&sector={rng.choice(sectors)}"), ("overview", "/", ""), ("skills", "/skills", f"&programme={rng.choice(crebos)}"), ("programmes", "/programmes", f"&sector={rng.choice(sectors)}"),
            ("programme", "/programme", f"&programme={rng.choice(crebos)}"), ("vacancies", "/vacancies", rng.choice([f"&sector={rng.choice(sectors)}", f"&q=vacature+{number % 700}", f"&skill={rng.choice(skills)}" if skills else ""])), ("data", "/data", "")])
        made.append((page, path, f"?region={region}&period={year}{extra}"))
    return made


def page_times(store: Publications, count: int) -> None:
    """Server time of a view that nobody asked for before; lists every page needs (regions, programmes) are there already."""
    from dashboard import state
    from dashboard.view import Views

    views = Views(store, state.Defaults(), dict)
    reader = store.reader()
    wanted = list(dict.fromkeys(addresses(reader, count)))
    for _, path, search in addresses(reader, 30, seed=99):
        views.make(path, search)
    found: dict[str, list[float]] = {}
    for page, path, search in wanted:
        begun = time.perf_counter()
        views.make(path, search)
        found.setdefault(page, []).append((time.perf_counter() - begun) * 1e3)
    for page, values in sorted(found.items()):
        print(f"server time of a view nobody asked before, {page}: p50 {p(values, .5):.1f} ms, p95 {p(values, .95):.1f} ms, n {len(values)}")
    everything = [v for values in found.values() for v in values]
    print(f"server time of a view nobody asked before, all pages: p50 {p(everything, .5):.1f} ms, p95 {p(everything, .95):.1f} ms")


def clicking(data: Path, clients: int, seconds: float) -> None:
    """Clients clicking at once at our server, and at the same views built with plotly.express."""
    store = Publications(data)
    every = [[path, search] for page, path, search in addresses(store.reader(), 2400, seed=11) if page != "data"]
    rates: dict[str, float] = {}
    for kind, views, warm in (("ours, 2,000 different views, nothing asked before", 2000, 0), ("ours", 300, 8), ("express", 300, 8)):
        (data / "clicks.json").write_text(json.dumps(every[:views]))
        server = subprocess.Popen([sys.executable, "-m", "bench.server", kind.split(",")[0], str(data)], cwd=HERE, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            done = subprocess.run([sys.executable, "-m", "bench.clicks", str(port), str(data / "clicks.json"), str(clients), str(seconds), str(warm)], cwd=HERE, capture_output=True, text=True, check=False)
            outcome = json.loads(done.stdout.strip().splitlines()[-1]) if done.returncode == 0 else {"error": done.stderr[-500:]}
        finally:
            server.kill()
            server.wait()
        print(f"{clients} clients clicking, {kind} ({views} views, {warm} s to warm up): {outcome}")
        rates[kind] = outcome.get("per_second", 0.0)
    if rates.get("express"):
        print(f"view updates per second, ours against plotly.express: ratio {rates['ours'] / rates['express']:.1f}")


def main() -> None:
    """Run everything and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--vacancies", type=int, default=10_000_000)
    parser.add_argument("--views", type=int, default=600)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=15)
    chosen = parser.parse_args()
    for part in ("bench.simulation", "bench.reading"):
        subprocess.run([sys.executable, "-m", part], check=True, cwd=HERE)
    with tempfile.TemporaryDirectory(prefix="regiokoers-bench-", dir=HERE / "bench") as folder:
        store = build(Path(folder), chosen.vacancies)
        path = store.folder / f"{store.current_id()}.duckdb"
        marts_against_raw(path)
        page_times(store, chosen.views)
        print(f"peak memory of the reading process {peak():.1f} GB (the loading process above included)")
        clicking(store.root, chosen.clients, chosen.seconds)


if __name__ == "__main__":
    main()
