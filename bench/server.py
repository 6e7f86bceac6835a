"""A server for the click benchmark: ours, or the same views with figures built by plotly.express."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from warehouse.publications import Publications


def ours(store: Publications) -> Any:
    """The application as it is."""
    from dashboard.application import DashboardSettings, create_app

    return create_app(store, DashboardSettings()).server


def express(store: Publications) -> Any:
    """The same questions, figures by plotly.express, components by Dash."""
    import dash
    import plotly.express as px
    from dash import Input, Output, dcc, html

    from dashboard import state

    app = dash.Dash("express", backend="fastapi", suppress_callback_exceptions=True)
    app.layout = html.Div([dcc.Location(id="url"), html.Div(id="view"), dcc.Store(id="tick")])

    @app.callback(Output("view", "data"), Input("url", "pathname"), Input("url", "search"), Input("tick", "data"))
    def view(pathname: str, search: str, _tick: Any) -> Any:
        reader = store.reader()
        selection, _ = state.parse(pathname, search, reader)
        if pathname == "/skills":
            rows = reader.skills(selection.region, selection.period, "programme", selection.programme or "25655").head(20)
            figures = [px.bar(rows, x="share", y="label_nl", error_x=rows["share_high"] - rows["share"], color="covered")]
        elif pathname == "/vacancies":
            rows, _ = reader.vacancies(selection.region, selection.q, selection.skill, selection.sector, None, selection.period, 25)
            figures = [px.histogram(rows, x="first_seen")]
        elif pathname in ("/programmes", "/programme"):
            rows = reader.programme_grid(selection.region, selection.period, selection.sector)
            figures = [px.scatter(rows, x="supply", y="demand", hover_name="name", color="class")]
        else:
            rows = reader.mismatch(selection.region, selection.period)
            matrix = reader.matrix(selection.period).pivot_table(index="region_name", columns="sector", values="ratio")
            figures = [px.bar(rows, x="ratio", y="short_nl", color="class"), px.imshow(matrix), px.line(reader.demand_months(selection.region, selection.sector), x="month", y="demand")]
        table = html.Table([html.Tr([html.Td(str(v)) for v in row]) for row in rows.head(25).itertuples(index=False)])
        return html.Div([*[dcc.Graph(figure=f) for f in figures], table])

    app._setup_server()
    return app.server


if __name__ == "__main__":
    made = {"ours": ours, "express": express}[sys.argv[1]](Publications(Path(sys.argv[2])))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(made, log_level="error", access_log=False)).run(sockets=[listening])
