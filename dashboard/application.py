"""The Dash application: one address, one server callback that makes the view of it, and the routes beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dash
import dash_ag_grid  # noqa: F401 - registers its files, which the browser fetches only on pages that use them
import dash_mantine_components  # noqa: F401 - registers its files
import orjson
from dash import ClientsideFunction, Input, State
from fastapi import FastAPI

from dashboard import corrected, curricula, shell, state
from dashboard.delivery import KEEP_HEADER, Delivery
from dashboard.exports import register_exports
from dashboard.i18n import translator
from dashboard.view import Views
from warehouse.publications import Publications

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
# Fetched when a page first uses the component; the others are not used at all.
LATER = {"dash_ag_grid": "/dash_ag_grid/dash_ag_grid."}
UNUSED = ("/dash/dash_table/",)


@dataclass(frozen=True)
class DashboardSettings:
    """What the web process must know. `plotly_bundle` is a smaller plotly file to serve instead of the packaged one."""

    region: str = "AM36"
    language: str = "nl"
    plotly_bundle: Path | None = None


class Application(dash.Dash):
    """Dash with our own first page: a skeleton in the final shape, and only the scripts that every page needs."""

    first_language = "nl"
    views: Views  # for warming up: app.views.make("/", "")

    @cached_property
    def _early(self) -> str:
        script = ASSETS / "early" / "theme.js"
        return f'<script src="/assets/early/theme.js?m={script.stat().st_mtime}"></script>'

    def _config(self) -> dict[str, Any]:
        """Dash's settings for the browser, without its websocket: every open page would hold a connection that nothing uses."""
        return {name: value for name, value in super()._config().items() if name != "websocket"}

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """The first HTML; `parts` as Dash gives them."""
        later: dict[str, list[str]] = {}
        kept = []
        for line in parts["scripts"].split("\n"):
            found = SCRIPT.search(line)
            name = next((name for name, part in LATER.items() if found and part in found[1]), None)
            if name and found:
                later.setdefault(name, []).append(found[1])
            elif not (found and any(part in found[1] for part in UNUSED)):
                kept.append(line)
        return FIRST_PAGE.format(
            lang=self.first_language, metas=parts["metas"], css=parts["css"], early=self._early, config=parts["config"],
            later=orjson.dumps(later).decode(), scripts="\n".join(kept), renderer=parts["renderer"], favicon=ICON,
            loading=translator(self.first_language)("shell.loading"))


def create_app(
    publications: Publications, settings: DashboardSettings, status: Callable[[], Mapping[str, Any]] = dict, read_curriculum: curricula.Read | None = None,
) -> Application:
    """The application; `.server` is its FastAPI app. `status` tells what the loader is doing (etl status file),
    `read_curriculum` gives the skills in a curriculum (etl/curriculum.py)."""
    server = FastAPI(title="Regiokoers", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app = Application(
        "regiokoers", server=server,  # type: ignore[arg-type]
        backend="fastapi", assets_folder=str(ASSETS), assets_ignore=r"theme\.js", title="Regiokoers",
        update_title=None,  # type: ignore[arg-type]
        suppress_callback_exceptions=True, serve_locally=True, add_log_handler=False, enable_mcp=False)
    app.first_language = settings.language
    defaults = state.Defaults(settings.region, settings.language)
    views = app.views = Views(publications, defaults, status)
    app.layout = shell.frame(translator(settings.language))
    _register_callbacks(app, views)
    register_exports(server, publications, defaults)
    curricula.register_curricula(server, publications, read_curriculum)
    server.router.routes[:] = [route for route in server.router.routes if not getattr(route, "path", "").endswith("_dash-ws-callback")]
    # Dash does this at the first request for "/" only; a link to another page may well be the first request.
    app._setup_server()
    corrections, kept = corrected.store(publications.root), curricula.store(publications.root)
    server.add_middleware(Delivery, current=lambda: f"{publications.current_id() or ''} {corrections.stamp()} {kept.stamp()}", assets=ASSETS, plotly_bundle=settings.plotly_bundle)  # type: ignore[arg-type]
    return app


def _register_callbacks(app: Application, views: Views) -> None:
    @app.callback(dash.Output("view", "data"), Input("url", "pathname"), Input("url", "search"), Input("tick", "data"), Input("curriculum", "data"))
    def view(pathname: str | None, search: str | None, _tick: Any, own: Any = None) -> str:
        made = views.make(pathname, search, own)
        if made.keep:
            dash.callback_context.response.set_header(KEEP_HEADER, "1")
        return made.document.decode()

    app.clientside_callback(ClientsideFunction("regiokoers", "apply"), Input("view", "data"))
    app.clientside_callback(
        ClientsideFunction("regiokoers", "choose"), Input({"type": "select", "name": dash.ALL}, "value"),
        State({"type": "select", "name": dash.ALL}, "id"))


ICON = ("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230B5563'/%3E"
        "%3Cpath d='M7 23.5 16 7l9 16.5-9-5z' fill='none' stroke='white' stroke-width='2.2' stroke-linejoin='round'/%3E%3C/svg%3E")
# Braces are doubled for str.format; the shapes of the skeleton follow assets/30-shell.css.
FIRST_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
{metas}
<title>Regiokoers</title>
<link rel="icon" href="{favicon}">
{early}
{css}
</head>
<body>
<div id="skeleton" role="status" aria-label="{loading}"><div class="sk-rail"></div><div class="sk-bar"></div>
<div class="sk-page"><i class="sk-line short"></i><i class="sk-line title"></i><i class="sk-line"></i>
<div class="sk-cards"><i></i><i></i></div><div class="sk-cards"><i></i><i></i></div></div></div>
<div id="react-entry-point"><div class="_dash-loading"></div></div>
<footer>{config}
<script id="later" type="application/json">{later}</script>
{scripts}
{renderer}
</footer>
</body>
</html>"""
