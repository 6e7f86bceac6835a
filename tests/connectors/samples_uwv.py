"""A tiny valid tension file."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.base import Raw

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = "Arbeidsmarktregio;Beroepsgroep;Kwartaal;Spanningsindicator;Typering;Definitie\n"


def dropped(lines: str, head: str = HEAD) -> Raw:
    """A dropped file of these lines."""
    return Raw("spanning.csv", "file:///drop/spanning.csv", NOW, (head + lines).encode())


SAMPLES: dict[str, list[Raw]] = {"uwv-tension": [dropped("Regio Zwolle;Lassers;2026KW02;4,51;Zeer krap;WW korter dan 6 maanden\n")]}
