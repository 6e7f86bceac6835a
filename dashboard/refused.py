"""The error every route answers with: what is wrong, with which parameter, and what is allowed."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that cannot be answered: status, parameter, what is allowed."""

    def __init__(self, status: int, error: str, parameter: str, allowed: list[Any]) -> None:
        super().__init__(error)
        self.status, self.body = status, {"error": error, "parameter": parameter, "allowed": allowed}
