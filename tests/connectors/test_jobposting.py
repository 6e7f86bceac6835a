"""Vacancy sites: what is asked for, what is read from a page, and what is refused."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from connectors import jobposting
from connectors.base import Conditional, FetchContext, Parsed, Raw
from connectors.errors import ConfigurationError, RefusedError, SchemaDrift, TransientError
from connectors.http import HttpClient
from connectors.sitemap import moment, sitemap
from etl.staging import to_frames
from tests.conftest import Answers, send
from tests.connectors.samples_jobposting import NOW, POSTING, SAMPLES, SITE, crawled, page, urlset

SITEMAP = "/sitemap.xml"


def shipped() -> jobposting.JobPostingSite:
    made = jobposting.sources({})[0]
    assert isinstance(made, jobposting.JobPostingSite)
    return made


def read(*changes: dict[str, Any]) -> Parsed:
    return shipped().parse([crawled(page({**POSTING, **change}), f"/vacatures/{n}") for n, change in enumerate(changes)])


def one(**changes: Any) -> dict[str, Any]:
    parsed = read(changes)
    assert not parsed.rejects, parsed.rejects
    return parsed.records["advert"][0]


# --- the site -------------------------------------------------------------------------------------------------
def site(answers: Answers, pages: Iterable[tuple[str, str | None]], **options: Any) -> jobposting.JobPostingSite:
    """A site on loopback with a sitemap of these pages."""
    answers.give("/robots.txt", b"User-agent: *\nDisallow: /intern/\n")
    listed = list(pages)
    answers.give(SITEMAP, urlset(*((answers.url + path, changed) for path, changed in listed)))
    for path, _ in listed:
        answers.give(path, page({**POSTING, "title": f"Kok {path}"}))
    answers.requests.clear()
    return jobposting.JobPostingSite("x", "X", answers.url + SITEMAP, **options)


def crawl(source: jobposting.JobPostingSite, before: Iterable[Raw] = (), now: datetime = NOW) -> list[Raw]:
    previous = {raw.url: Conditional(raw.etag, raw.last_modified, lambda raw=raw: raw.content) for raw in before}  # type: ignore[misc]
    return list(source.fetch(FetchContext(HttpClient.for_source(source, sleep=lambda s: None), now, previous)))


def asked(answers: Answers) -> list[str]:
    found = [path for path, _ in answers.requests if path not in ("/robots.txt", SITEMAP)]
    answers.requests.clear()
    return found


def test_a_page_that_did_not_change_is_not_asked_for_again_and_still_counts_as_seen(answers: Answers) -> None:
    source = site(answers, [("/a", "2026-09-01"), ("/b", "2026-09-01T10:00:00Z")])
    first = crawl(source)
    assert asked(answers) == ["/a", "/b"]
    later = NOW + timedelta(days=3)
    second = crawl(source, first, later)
    assert asked(answers) == [] and [r.not_modified for r in second] == [False, True, True]
    assert [r["last_seen"] for r in source.parse(second).records["advert"]] == [later.date()] * 2


def test_a_page_with_a_newer_lastmod_is_asked_for_again(answers: Answers) -> None:
    first = crawl(site(answers, [("/a", "2026-09-01"), ("/b", "2026-09-01")]))
    source = site(answers, [("/a", "2026-09-01"), ("/b", "2026-10-15")])
    crawl(source, first)
    assert asked(answers) == ["/b"]


def test_a_page_that_may_still_change_today_is_asked_for_again(answers: Answers) -> None:
    source = site(answers, [("/a", f"{NOW:%Y-%m-%d}")])
    crawl(source, crawl(source))
    assert asked(answers) == ["/a", "/a"]


def test_a_page_without_lastmod_is_asked_for_conditionally(answers: Answers) -> None:
    source = site(answers, [("/a", None)])
    answers.give("/a", page(POSTING), ETag='"1"')
    first = crawl(source)
    answers.give("/a", b"", 304)
    second = crawl(source, first)
    assert answers.requests[-1][1]["If-None-Match"] == '"1"' and second[-1].content == page(POSTING)


def test_the_cap_takes_new_pages_first_and_the_rest_comes_next_time(answers: Answers) -> None:
    paths = [(f"/{n}", "2026-09-01") for n in range(5)]
    source = site(answers, paths, max_pages=2)
    first = crawl(source)
    assert asked(answers) == ["/0", "/1"]
    assert source.parse(first).notes == ["the sitemap lists 5 pages, 2 were read so far (setting sources.max_pages)"]
    second = crawl(source, first)
    assert asked(answers) == ["/2", "/3"] and len(source.parse(second).records["advert"]) == 4
    third = crawl(source, second)
    assert asked(answers) == ["/4"] and len(source.parse(third).records["advert"]) == 5 and not source.parse(third).notes


def test_the_newest_of_the_new_pages_come_first(answers: Answers) -> None:
    source = site(answers, [("/old", "2024-01-01"), ("/none", None), ("/new", "2026-10-01")], max_pages=1)
    crawl(source)
    assert asked(answers) == ["/new"]


def test_a_page_never_read_goes_before_one_that_changed(answers: Answers) -> None:
    first = crawl(site(answers, [("/changed", "2026-09-01")]))
    source = site(answers, [("/changed", "2026-10-20"), ("/new", "2026-09-01")], max_pages=1)
    crawl(source, first)
    assert asked(answers) == ["/new"]


def test_a_copy_that_cannot_be_read_does_not_stop_the_site(answers: Answers) -> None:
    def damaged() -> bytes:
        raise OSError("damaged")

    source = site(answers, [("/a", "2026-09-01"), ("/b", "2026-09-01")])
    client = HttpClient.for_source(source)
    kept = Conditional(None, "Thu, 29 Oct 2026 00:00:00 GMT", damaged)
    assert [r.name for r in source.fetch(FetchContext(client, NOW, {f"{answers.url}/a": kept}))] == ["sitemap-1", "/b"]


def test_a_sitemap_index_and_compressed_sitemaps_are_followed_once(answers: Answers) -> None:
    source = site(answers, [("/a", None)])
    answers.give(SITEMAP, f"<sitemapindex><sitemap><loc>{answers.url}/s1.xml.gz</loc></sitemap><sitemap><loc>{answers.url}{SITEMAP}</loc></sitemap></sitemapindex>".encode())
    answers.give("/s1.xml.gz", gzip.compress(urlset((f"{answers.url}/a", None))))
    assert [r.name for r in crawl(source)] == ["sitemap-1", "sitemap-2", "/a"]


@pytest.mark.parametrize(("status", "detail"), [(404, "gone"), (410, "gone"), (403, "refuses")])
def test_a_page_that_is_gone_is_rejected_and_the_others_stay(answers: Answers, status: int, detail: str) -> None:
    source = site(answers, [("/a", None), ("/b", None)])
    answers.give("/a", b"", status)
    parsed = source.parse(crawl(source))
    assert len(parsed.records["advert"]) == 1 and parsed.rejects[0].reason == "page not available" and detail in parsed.rejects[0].detail


def test_pages_closed_by_robots_and_on_other_hosts_are_rejected_unread(answers: Answers) -> None:
    source = site(answers, [("/intern/a", None), ("/b", None)])
    answers.give(SITEMAP, urlset((f"{answers.url}/intern/a", None), ("http://elders.example/c", None), (f"{answers.url}/b", None)))
    parsed = source.parse(crawl(source))
    assert asked(answers) == ["/b"] and [r.reason for r in parsed.rejects] == ["page not available"] * 2


def test_one_failing_page_is_left_for_the_next_load(answers: Answers) -> None:
    source = site(answers, [("/a", "2026-09-01"), ("/b", "2026-09-01")])
    answers.give("/a", b"", 500)
    first = crawl(source)
    assert [r.reason for r in source.parse(first).rejects] == ["page not available"] and len(source.parse(first).records["advert"]) == 1
    answers.give("/a", page(POSTING))
    asked(answers)
    assert len(source.parse(crawl(source, first)).records["advert"]) == 2 and asked(answers) == ["/a"]


def test_a_failing_site_is_not_hammered_page_by_page(answers: Answers) -> None:
    source = site(answers, [(f"/{n}", None) for n in range(30)])
    for n in range(30):
        answers.give(f"/{n}", b"", 503)
    with pytest.raises(TransientError):
        crawl(source)
    assert len(set(asked(answers))) == jobposting.FAILURES_IN_A_ROW


def test_any_number_of_sites_can_be_configured_and_a_wrong_key_is_named() -> None:
    made = jobposting.sources({"sites": [{"key": "a", "title": "A", "sitemap": "https://a.example/s.xml"}, {"key": "b", "title": "B", "sitemap": "https://b.example/s.xml"}]})
    assert [s.key for s in made] == ["jobposting-werkenvoornederland", "jobposting-a", "jobposting-b"] and all(s.crawls and s.keeps_history for s in made)
    with pytest.raises(ConfigurationError, match="lisence"):
        jobposting.sources({"sites": [{"key": "a", "title": "A", "sitemap": "https://a.example/s.xml", "lisence": "x"}]})
    with pytest.raises(ConfigurationError, match="'sitemap' is missing"):
        jobposting.sources({"sites": [{"key": "a", "title": "A"}]})


# --- sitemaps -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", [b"", b"<html>", b"<html><body/></html>", b"\x1f\x8bbroken", gzip.compress(b"<urlset>")[:-9], gzip.compress(b"<urlset>" * 99)[:10] + b"\xff" * 40, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>'])
def test_what_is_no_sitemap_is_named(body: bytes) -> None:
    with pytest.raises(SchemaDrift):
        sitemap(Raw("sitemap-1", "http://x", NOW, body))


def test_a_sitemap_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sitemap.MAX_SITEMAP_BYTES", 10_000)
    bomb = Raw("sitemap-1", "http://x", NOW, gzip.compress(b" " * 60_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(RefusedError):
            sitemap(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("text", "expected"), [
    ("2026-09-22T17:39:49Z", datetime(2026, 9, 22, 17, 39, 49, tzinfo=UTC)), ("2026-09-22T17:39+02:00", datetime(2026, 9, 22, 15, 39, tzinfo=UTC)), ("2026-09-22", datetime(2026, 9, 23, tzinfo=UTC)), ("9999-12-31", None), ("gisteren", None), (None, None),
])
def test_a_lastmod_is_the_latest_moment_it_can_mean(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


# --- the page -------------------------------------------------------------------------------------------------
def test_a_page_fits_the_schema() -> None:
    parsed = shipped().parse(SAMPLES["jobposting-werkenvoornederland"])
    _, refused = to_frames(parsed.records, ("advert",))
    row = parsed.records["advert"][0]
    assert not refused and not parsed.rejects and not parsed.notes
    assert (row["title"], row["description"], row["employer"], row["place_text"], row["country"]) == ("Kok", "<p>Koken in Zwolle</p>", "Eetcafé De Buren", "Zwolle", "NL")
    assert row["source_id"] == row["url"] == f"{SITE}/vacatures/kok" and row["first_seen"] == date(2026, 10, 1) and row["last_seen"] == NOW.date()


def test_the_sections_of_the_page_are_read_beside_a_description_of_one_line() -> None:
    body = '<section id="dit_ga_je_doen_anchor"><h2>Dit ga je doen</h2><p>Je laste &amp; zaagt.</p></section><section id="dit_vragen_wij_anchor"><ul><li>VCA</li></ul></section><section id="stel_gerust_je_vraag"><p>Bel Jan</p></section>'
    text = shipped().parse([crawled(page(POSTING, body))]).records["advert"][0]["description"]
    assert text.startswith("<p>Koken in Zwolle</p>") and "Je laste &amp; zaagt." in text and "VCA" in text and "Bel Jan" not in text


def test_sections_alone_are_text_enough() -> None:
    parsed = shipped().parse([crawled(page({**POSTING, "description": ""}, '<section id="dit_ga_je_doen_anchor">Lassen</section>'))])
    assert "Lassen" in parsed.records["advert"][0]["description"]


@pytest.mark.parametrize("form", [
    "%s", "[%s]", '{"@graph": [%s]}', '{"@type": "WebPage", "mainEntity": %s}', '{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": %s}]}', "<!-- %s -->", "//<![CDATA[\n%s\n//]]>", "/*<![CDATA[*/%s/*]]>*/", "%s;",
])
def test_job_postings_are_found_wherever_sites_put_them(form: str) -> None:
    assert [p["title"] for p in jobposting.job_postings(page(form % json.dumps(POSTING)))] == ["Kok"]


@pytest.mark.parametrize("kind", ["JobPosting", ["Thing", "JobPosting"], "http://schema.org/JobPosting", "https://schema.org/JobPosting", "schema:JobPosting"])
def test_the_type_is_known_in_all_its_spellings(kind: Any) -> None:
    assert len(jobposting.job_postings(page({**POSTING, "@type": kind}))) == 1


@pytest.mark.parametrize("kind", ["Organization", None, 3, {"x": 1}, [None, ["JobPosting"]]])
def test_other_types_are_no_job_posting(kind: Any) -> None:
    assert jobposting.job_postings(page({**POSTING, "@type": kind})) == []


@pytest.mark.parametrize("text", ['{"@type": "JobPosting", "title": "Kok\nin Zwolle"}', '{"@type": "JobPosting", "title": "Kok\x01in Zwolle",}', '{"@type": "JobPosting", "title": "Kok\tin Zwolle", "x": [1, 2,], }', "{&quot;@type&quot;: &quot;JobPosting&quot;, &quot;title&quot;: &quot;Kok in Zwolle&quot;}"])
def test_broken_json_is_mended_where_that_is_safe(text: str) -> None:
    assert jobposting.job_postings(page(text))[0]["title"].split() in (["Kok", "in", "Zwolle"], ["Kok\x01in", "Zwolle"])


def test_the_plus_in_the_script_type_may_be_escaped() -> None:
    assert len(jobposting.job_postings(page(POSTING).replace(b"ld+json", b"ld&#x2B;json"))) == 1


def test_a_page_in_windows_1252_is_read() -> None:
    assert jobposting.job_postings(page({**POSTING, "title": "Caféhulp"}).decode().encode("cp1252"))[0]["title"] == "Caféhulp"


@pytest.mark.parametrize("text", ["", "{", "null", "3", '"JobPosting"', "[" * 100_000, '{"@graph": "x"}', '{"a": ' * 5000])
def test_what_is_no_json_ld_gives_a_reject_with_a_reason(text: str) -> None:
    assert [r.reason for r in shipped().parse([crawled(page(text))]).rejects] == ["no JobPosting"]


@pytest.mark.parametrize(("change", "reason"), [
    ({"title": ""}, "no title"), ({"title": None}, "no title"), ({"description": ""}, "no text"), ({"description": None}, "no text"), ({"datePosted": None}, "no date"), ({"datePosted": "binnenkort"}, "no date"),
    ({"datePosted": "0001-01-01"}, "implausible date"), ({"datePosted": "2099-01-01"}, "implausible date"),
])
def test_a_posting_without_title_text_or_date_is_rejected_with_its_reason(change: dict[str, Any], reason: str) -> None:
    parsed = read(change)
    assert not parsed.records["advert"] and [r.reason for r in parsed.rejects] == [reason]


@pytest.mark.parametrize("text", [
    "2025-03-07", "2025-03-07T23:30:00Z", "2025-03-07T10:00:00+0200", "2025-3-7", "2025/03/07", "20250307", "20250307T1000", "07-03-2025", "7/3/2025", "07.03.2025", "7 maart 2025", "vrijdag 7 maart 2025", "7 mrt. 2025", "7th March 2025",
    "Mar 7, 2025", "March 7th, 2025", "Fri, 07 Mar 2025 10:00:00 GMT", "1741348800", 1741348800, 1741348800000, {"@value": "2025-03-07"},
])
def test_dates_come_in_many_forms(text: Any) -> None:
    assert jobposting.posted_on(text) == date(2025, 3, 7)


def test_month_first_is_read_only_where_day_first_cannot_be() -> None:
    assert jobposting.posted_on("12/25/2024") == date(2024, 12, 25) and jobposting.posted_on("04/05/2024") == date(2024, 5, 4)


@pytest.mark.parametrize("text", ["gisteren", "2025-13-40", "31-02-2025", "7 brumaire 2025", "", None, [], True, "99999999999999", "2025"])
def test_what_is_no_date_is_none(text: Any) -> None:
    assert jobposting.posted_on(text) is None


@pytest.mark.parametrize(("value", "place"), [
    ({"address": {"addressLocality": "Zwolle", "addressRegion": "Overijssel", "postalCode": "8017 JK", "addressCountry": {"@type": "Country", "name": "NL"}}}, jobposting.Place("Zwolle", "Overijssel", "8017 JK", "NL")),
    ([{"address": {"addressLocality": "Zwolle", "addressCountry": "NL"}}], jobposting.Place("Zwolle", country="NL")),
    ([{"address": {"addressLocality": "Zwolle", "addressRegion": "OV"}}, {"address": {"addressLocality": "Meppel"}}], jobposting.Place("Zwolle / Meppel")),
    ({"address": [{"addressLocality": "Zwolle"}]}, jobposting.Place("Zwolle")),
    ({"address": "Hanzelaan 1, 8017 JK Zwolle"}, jobposting.Place("Zwolle", postcode="8017 JK")),
    ("Zwolle", jobposting.Place("Zwolle")), ({"address": {"addressLocality": "&#39;s-Hertogenbosch"}}, jobposting.Place("'s-Hertogenbosch")),
    ({"address": {"addressLocality": None, "addressCountry": "BE"}}, jobposting.Place(country="BE")), (None, jobposting.Place()), ([], jobposting.Place()), (3, jobposting.Place()), ({"address": 3}, jobposting.Place()),
])
def test_a_place_is_an_object_a_list_text_or_missing(value: Any, place: jobposting.Place) -> None:
    assert jobposting.location(value) == place


def test_other_countries_are_kept_as_written() -> None:
    assert one(jobLocation={"address": {"addressLocality": "Antwerpen", "addressCountry": "BE"}})["country"] == "BE"


@pytest.mark.parametrize(("value", "name"), [({"name": "Bakkerij Vos"}, "Bakkerij Vos"), ("Bakkerij Vos", "Bakkerij Vos"), ([{"name": "Bakkerij Vos"}], "Bakkerij Vos"), ({"legalName": "Vos BV"}, "Vos BV"), ({}, None), (None, None), ({"name": None}, None)])
def test_an_employer_is_an_object_or_text(value: Any, name: str | None) -> None:
    assert one(hiringOrganization=value)["employer"] == name


def test_employment_type_is_text_or_a_list() -> None:
    assert one(employmentType=["FULL_TIME", "TEMPORARY"])["employment_type"] == "FULL_TIME, TEMPORARY" and one(employmentType="FULL_TIME")["employment_type"] == "FULL_TIME"


def test_an_endless_closing_date_is_no_closing_date_and_a_passed_one_ends_what_we_saw() -> None:
    assert one(validThrough="9999-12-31")["closes_on"] is None
    row = one(validThrough="2026-10-20T00:00")
    assert row["closes_on"] == row["last_seen"] == date(2026, 10, 20)


def test_an_identifier_is_the_identity_whatever_its_form() -> None:
    assert [one(identifier=v)["source_id"] for v in ({"@type": "PropertyValue", "name": "RVB", "value": "5508"}, "5508", 5508, [{"value": "5508"}], {"value": 5508})] == ["5508"] * 5


def test_an_identifier_shared_by_several_adverts_identifies_none_of_them() -> None:
    rows = read({"identifier": {"value": "KVK1"}}, {"identifier": {"value": "KVK1"}, "title": "Ober"}).records["advert"]
    assert [r["source_id"] for r in rows] == [f"{SITE}/vacatures/0", f"{SITE}/vacatures/1"]


def test_the_same_advert_on_two_pages_is_kept_once() -> None:
    parsed = read({"identifier": "1"}, {"identifier": "1"})
    assert len(parsed.records["advert"]) == 1 and [r.reason for r in parsed.rejects] == ["duplicate key"]


def test_two_adverts_on_one_page_without_identity_are_both_kept() -> None:
    parsed = shipped().parse([crawled(page([POSTING, {**POSTING, "title": "Ober"}]))])
    assert len({r["source_id"] for r in parsed.records["advert"]}) == 2 and not parsed.rejects


def test_a_very_long_identifier_keeps_its_identity() -> None:
    rows = read({"identifier": "x" * 300 + "1"}, {"identifier": "x" * 300 + "2", "title": "Ober"}).records["advert"]
    assert len({r["source_id"] for r in rows}) == 2 and all(len(r["source_id"]) <= 200 for r in rows)


@pytest.mark.parametrize(("url", "shown"), [("javascript:alert(1)", "/vacatures/0"), ("data:text/html,x", "/vacatures/0"), ("http://[x", "/vacatures/0"), ("ftp://x.example/1", "/vacatures/0"), ("", "/vacatures/0"), ("/werk/2", "/werk/2")])
def test_only_web_addresses_become_links(url: str, shown: str) -> None:
    assert one(url=url)["url"] == SITE + shown


@pytest.mark.parametrize("nasty", ["=HYPERLINK(\"http://x\")", "@SUM(A1)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_formulas_and_markup_in_titles_and_names_stay_text(nasty: str) -> None:
    escaped = json.dumps({**POSTING, "title": nasty, "hiringOrganization": nasty}).replace("</", "<\\/")
    row = shipped().parse([crawled(page(escaped))]).records["advert"][0]
    assert row["title"] == nasty and row["employer"] == nasty


def test_half_a_character_in_one_page_does_not_break_the_whole_site() -> None:
    row = shipped().parse([crawled(page('{"@type": "JobPosting", "title": "Kok \\ud83d\\u0000", "description": "Koken \\ude00", "datePosted": "2026-10-01"}'))]).records["advert"][0]
    frames, _ = to_frames({"advert": [row]}, ("advert",))
    connection = duckdb.connect()
    connection.register("adverts", frames["advert"])
    assert connection.execute("SELECT title FROM adverts").fetchone() == ("Kok \ufffd\ufffd",)


@pytest.mark.parametrize(("text", "clean"), [("&amp;lt;p&amp;gt;Kok&amp;lt;/p&amp;gt;", "<p>Kok</p>"), ("&lt;p&gt;Kok&lt;/p&gt;", "<p>Kok</p>"), ("<p>5 &lt; 6</p>", "<p>5 &lt; 6</p>"), ("Kok &amp; ober", "Kok & ober"), ("Kok", "Kok"),
    ("&lt;p&gt;Bel <TEL>, <3 jaar ervaring&lt;/p&gt;", "<p>Bel <TEL>, <3 jaar ervaring</p>")])
def test_descriptions_are_unescaped_at_most_twice(text: str, clean: str) -> None:
    assert jobposting.unescaped(text) == clean


def test_a_mirror_keeps_the_addresses_of_the_site(answers: Answers) -> None:
    answers.give("/robots.txt", b"")
    answers.give("/sitemap-vacatures.xml", urlset((f"{SITE}/vacatures/kok", None)))
    answers.routes["/vacatures/kok"] = lambda handler: send(handler, page(POSTING))
    source = shipped()
    source.base_url = answers.url
    assert source.parse(crawl(source)).records["advert"][0]["url"] == f"{SITE}/vacatures/kok"
