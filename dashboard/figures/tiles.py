"""Where each labour-market region stands in the tile map: a grid of equal tiles, roughly as on the map. No borders are suggested."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Tile:
    """A region's place in the grid (column and row from the north-west, 0-based) and the short name that fits in a tile."""

    code: str
    x: int
    y: int
    short: str


@lru_cache(maxsize=1)
def tiles() -> dict[str, Tile]:
    """Tiles by region code."""
    with Path(__file__).with_name("tiles.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Tile(row["code"], int(row["x"]), int(row["y"]), row["short"]) for row in csv.DictReader(file)}


def place(codes: list[str], names: dict[str, str]) -> list[Tile]:
    """Tiles of these regions; a region without a tile (a new scheme) gets one in a row below the map, so that none is lost."""
    known = tiles()
    bottom = max(tile.y for tile in known.values()) + 1
    strangers = [code for code in codes if code not in known]
    extra = {code: Tile(code, i % 6, bottom + i // 6, names.get(code, code)[:10]) for i, code in enumerate(strangers)}
    return [known.get(code) or extra[code] for code in codes]
