"""Settings: one TOML file (all keys optional) plus environment variables REGIOKOERS_<SECTION>_<KEY>.

A wrong key or value is an error that names the key and what is allowed. The documented list is docs/settings.md.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "REGIOKOERS_"


class SettingsError(ValueError):
    """A setting is wrong; the message names the key, what was found and what is allowed."""


class Section(BaseModel):
    """A table of the settings file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class General(Section):
    """Where things are."""

    data: Path = Field(Path("data"), description="Folder for raw responses, the work database and publications")
    mode: Literal["demo", "live"] = Field("demo", description="demo: the invented demonstration year; live: the real sources")
    region: str = Field("AM36", pattern=r"^(AM\d{2}|NL01)$", description="Region that pages open with")
    language: Literal["nl", "en"] = Field("nl", description="Language that pages open with")


class Web(Section):
    """The web server."""

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8050, ge=1, le=65535, description="Port to listen on")
    workers: int = Field(1, ge=1, le=32, description="Web processes")
    plotly_bundle: Path | None = Field(None, description="A smaller plotly bundle to serve instead of the packaged one")


class Load(Section):
    """Loading."""

    scheduler: Literal["web", "own", "off"] = Field("web", description="Run the scheduler in the web process, in a process of its own (python -m etl schedule) or not at all")
    workers: int = Field(0, ge=0, le=64, description="Processes for reading vacancy texts; 0 = as many as there are cores, at most 4")
    keep_publications: int = Field(10, ge=1, le=1000, description="Publications to keep; the current and pinned ones always stay")
    shrink_limit: float = Field(0.5, ge=0, le=1, description="A source that delivers less than this share of its previous rows is not taken over")
    jitter_seconds: int = Field(120, ge=0, le=3600, description="Scheduled loads start at most this much later, so that hosts are not asked all at once")
    memory_limit: str | None = Field(None, pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$", description="Memory for the work database, e.g. 2GB")


class Site(Section):
    """A site with a sitemap and schema.org JobPosting pages."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Identifier; the source is called jobposting-<key>")
    title: str = Field(description="Name on screens")
    sitemap: str = Field(pattern=r"^https?://", description="Address of the sitemap")
    publisher: str = Field("", description="Publisher; the title when empty")
    licence: str = Field("unknown: ask the site", description="Licence of its texts")
    requests_per_second: float = Field(1.0, gt=0, le=20, description="Politeness limit")


class Sources(Section):
    """The sources."""

    off: list[str] = Field(default_factory=list, description="Keys of sources that must not load")
    drop_folder: Path | None = Field(None, description="Folder with files that the operator drops (vacancies/, uwv/, roa/, sbb-kans/, esco/, crebo/, progression/, overrides/)")
    region_year: int = Field(2026, ge=2015, le=2100, description="Year of the municipal and regional boundaries")
    older_region_years: list[int] = Field(default_factory=list, description="Earlier years whose regions can be shown too, with the municipalities of now (AM04@2015)")
    esco_version: str = Field("v1.2.0", pattern=r"^v\d+\.\d+\.\d+$", description="Version of ESCO")
    max_pages: int = Field(2000, ge=1, le=200000, description="Vacancy pages fetched per site and load at most")
    demo_vacancies: int = Field(48_000, ge=300, le=500_000, description="Vacancies of the demonstration year, reposts not counted")
    contact: str = Field("", description="Mail address or page for site owners; part of the user agent")
    sites: list[Site] = Field(default_factory=list, description="Further vacancy sites")
    base_urls: dict[str, str] = Field(default_factory=dict, description="Other addresses per source key (a mirror, a test server)")
    schedule: dict[str, str] = Field(default_factory=dict, description="Other cron expressions per source key (5 fields, Europe/Amsterdam)")
    mappings: dict[str, dict[str, str]] = Field(default_factory=dict, description="Column mappings for dropped vacancy files: file pattern -> {advert column = header}")


class Thresholds(Section):
    """Thresholds of classes and signals; they are published with the figures and shown on the Data page."""

    shortage: float = Field(1.25, gt=1, le=10, description="Demand divided by supply above which a whole interval is a shortage")
    surplus: float = Field(0.8, gt=0, lt=1, description="Demand divided by supply below which a whole interval is a surplus")
    min_n: int = Field(10, ge=10, le=1000, description="Fewest vacancies and persons for any figure; SBB shows nothing below 10")
    few_students: float = Field(50, ge=1, le=1000, description="Students in the country below which a programme is signalled (CMMBO)")
    small_provider: float = Field(18, ge=1, le=500, description="Students at one of several institutions of a region below which they are signalled (CMMBO)")
    uncovered_below: float = Field(0.5, gt=0, lt=1, description="Coverage of requested skills below which a programme is signalled")
    uncovered_n: float = Field(30, ge=10, le=10000, description="Fewest vacancies for a signal about skills")
    asked_share: float = Field(0.2, gt=0, lt=1, description="A skill is often asked when the lower bound of its share is at least this")
    rare_share: float = Field(0.03, gt=0, lt=1, description="A skill is hardly asked when the upper bound of its share is below this")
    rare_n: float = Field(100, ge=10, le=100000, description="Fewest vacancies to say that a skill is hardly asked")
    enrolment_change: float = Field(0.1, gt=0, lt=1, description="Change of students that counts as rising or falling")


class Settings(Section):
    """All settings."""

    general: General = General()  # type: ignore[call-arg]
    web: Web = Web()  # type: ignore[call-arg]
    load: Load = Load()  # type: ignore[call-arg]
    sources: Sources = Sources()  # type: ignore[call-arg]
    thresholds: Thresholds = Thresholds()  # type: ignore[call-arg]

    @property
    def data(self) -> Path:
        """The data folder; live and demonstration data never share one."""
        return self.general.data / self.general.mode


def read_settings(path: Path | str | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the file (default: $REGIOKOERS_SETTINGS or ./regiokoers.toml when it exists), the environment and
    `overrides` ("section__key" = value), later ones first. Raises SettingsError naming the key.
    """
    env = os.environ if environ is None else environ
    named = path or env.get(f"{PREFIX}SETTINGS")
    file = Path(named) if named else Path("regiokoers.toml")
    document: dict[str, Any] = {}
    if file.exists():
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} is no valid TOML: {error}") from error
    elif named:
        raise SettingsError(f"the settings file {file} does not exist")
    for name, value in env.items():
        if name.startswith(PREFIX) and name != f"{PREFIX}SETTINGS":
            _put_environment(document, name, value)
    for name, value in overrides.items():
        section, _, key = name.partition("__")
        document.setdefault(section, {})[key] = value
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise SettingsError(_sentence(error, file)) from error


def _put_environment(document: dict[str, Any], name: str, value: str) -> None:
    section, _, key = name.removeprefix(PREFIX).lower().partition("_")
    known = Settings.model_fields.get(section)
    if known is None or not key:
        raise SettingsError(f"environment variable {name}: no setting of that name; sections are {', '.join(Settings.model_fields)}")
    kind = known.annotation.model_fields.get(key) if known.annotation else None
    if kind is not None and ("list" in str(kind.annotation) or "dict" in str(kind.annotation)):
        try:
            parsed: Any = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            parsed = [part.strip() for part in value.split(",") if part.strip()]
        document.setdefault(section, {})[key] = parsed
    else:
        document.setdefault(section, {})[key] = value


def _sentence(error: ValidationError, file: Path) -> str:
    lines = []
    for found in error.errors():
        where = ".".join(str(part) for part in found["loc"])
        if found["type"] == "extra_forbidden":
            lines.append(f"{where}: no such setting; {_allowed(found['loc'])}")
        else:
            lines.append(f"{where}: {found['msg']} (found {found.get('input')!r})")
    return f"settings ({file} and environment): " + "; ".join(lines)


def _allowed(loc: tuple[int | str, ...]) -> str:
    model: Any = Settings
    for part in loc[:-1]:
        info = model.model_fields.get(part) if isinstance(part, str) else None
        model = info.annotation if info and hasattr(info.annotation, "model_fields") else model
    return "allowed are " + ", ".join(model.model_fields)
