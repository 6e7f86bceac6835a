"""A tiny valid vacancy export."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.base import Raw

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TEXT = ("Organisatienaam;Type adverteerder;Vacaturetitel;Standplaats;Vacaturelink (origineel);Functieomschrijving;Datum gevonden;Contracttype;Parttime / fulltime\n"
        "Bakkerij Vos;Directe werkgever;Bakker;Zwolle;https://bakker.example/1;Brood bakken;03-02-2026;Vast;Parttime\n")


def export(text: str | bytes, name: str = "jobfeed.csv") -> Raw:
    """A dropped file."""
    return Raw(name, f"file:///drop/{name}", NOW, text.encode() if isinstance(text, str) else text)


SAMPLES: dict[str, list[Raw]] = {"vacancy-export": [export(TEXT)]}
