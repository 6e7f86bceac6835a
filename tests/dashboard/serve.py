"""Serve the dashboard over an existing data folder, for looking at pages while writing them."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from dashboard.api import register_api
from dashboard.application import DashboardSettings, create_app
from etl.curriculum import CurriculumReader
from warehouse.publications import Publications


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8051)
    chosen = parser.parse_args()
    publications = Publications(chosen.data)
    app = create_app(publications, DashboardSettings(), dict, CurriculumReader(lambda: publications.reader().skill_labels()))
    register_api(app.server, Publications(chosen.data), dict)
    uvicorn.run(app.server, host="127.0.0.1", port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
