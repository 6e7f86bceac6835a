"""Real vacancy pages through the whole connector: sitemap, robots.txt, pages, a second load."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Conditional, FetchContext, Raw
from connectors.http import HttpClient
from connectors.jobposting import JobPostingSite
from etl.staging import to_frames
from tests.conftest import Answers
from tests.connectors.samples_jobposting import page, urlset

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def crawl(source: JobPostingSite, before: list[Raw], now: datetime) -> list[Raw]:
    previous = {raw.url: Conditional(raw.etag, raw.last_modified, lambda raw=raw: raw.content) for raw in before}  # type: ignore[misc]
    return list(source.fetch(FetchContext(HttpClient.for_source(source), now, previous)))


def test_600_real_postings_are_read_once_and_not_asked_for_again(real_data: Path, answers: Answers) -> None:
    with gzip.open(real_data / "vacancies/jobposting_en_600.jsonl.gz", "rt", encoding="utf-8") as file:
        postings = [line.strip() for line in file]
    for number, text in enumerate(postings):
        answers.give(f"/job/{number}", page(text))
    answers.give("/index.xml", f"<sitemapindex><sitemap><loc>{answers.url}/jobs.xml.gz</loc></sitemap></sitemapindex>".encode())
    answers.give("/jobs.xml.gz", gzip.compress(urlset(*((f"{answers.url}/job/{n}", "2026-10-01") for n in range(len(postings))))))
    source = JobPostingSite("real", "Real", f"{answers.url}/index.xml")
    first = crawl(source, [], NOW)
    parsed = source.parse(first)
    _, refused = to_frames(parsed.records, source.tables)
    rows = parsed.records["advert"]
    assert len(postings) == 600 and len(rows) + len(parsed.rejects) == 600 and not refused
    assert len(parsed.rejects) <= 6 and all(r.reason and r.detail for r in parsed.rejects)
    assert all(r["employer"] and r["place_text"] and r["url"].startswith("http") for r in rows)
    assert not [r for r in rows if re.search(r"&lt;/?(p|br|ul|li|strong|div)\b", r["description"])], "still escaped"
    answers.requests.clear()
    second = crawl(source, first, NOW + timedelta(days=1))
    assert not [path for path, _ in answers.requests if path.startswith("/job/")]
    assert [r["source_id"] for r in source.parse(second).records["advert"]] == [r["source_id"] for r in rows]


def test_real_dutch_pages_become_adverts(real_data: Path, answers: Answers) -> None:
    names = sorted(path.name for path in (real_data / "vacancies/jobposting_html").glob("*.html"))
    for name in names:
        answers.give(f"/{name}", (real_data / "vacancies/jobposting_html" / name).read_bytes())
    answers.give("/sitemap.xml", urlset(*((f"{answers.url}/{name}", None) for name in names)))
    source = JobPostingSite("villamedia", "Villamedia", f"{answers.url}/sitemap.xml")
    parsed = source.parse(crawl(source, [], NOW))
    _, refused = to_frames(parsed.records, source.tables)
    rows = parsed.records["advert"]
    assert len(names) == 2 and len(rows) == 2 and not parsed.rejects and not refused
    assert [(r["title"], r["employer"], r["place_text"], r["published_on"], r["closes_on"], r["source_id"]) for r in rows] == [
        ("Online Marketeer", "VONQ BV", "Amsterdam", date(2026, 7, 29), date(2026, 8, 5), "233922"),
        ("Zakelijk Medewerker Productiehuis", "Theater Rotterdam", "Rotterdam", date(2026, 7, 13), date(2026, 8, 12), "233770")]
    assert all(len(r["description"]) > 300 for r in rows)
