"""How a load reports what it does: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from typing import Protocol, TextIO

from tqdm import tqdm


class Progress(Protocol):
    """Where a load reports: a step in words, and optionally how far it is."""

    def __call__(self, step: str, done: int | None = None, total: int | None = None) -> None: ...


def silent(step: str, done: int | None = None, total: int | None = None) -> None:
    """Report nothing."""


class Lines:
    """Plain lines: one per step, no counts in between."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._last = ""

    def __call__(self, step: str, done: int | None = None, total: int | None = None) -> None:
        if step != self._last:
            print(step, file=self._stream, flush=True)
            self._last = step


class Bar:
    """A progress bar per counted step, lines for the others."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar: tqdm[None] | None = None
        self._step = ""

    def __call__(self, step: str, done: int | None = None, total: int | None = None) -> None:
        if step != self._step:
            self._close()
            self._step = step
            if total is None:
                print(step, file=self._stream, flush=True)
        if total:
            if self._bar is None:
                self._bar = tqdm(total=total, desc=step, file=self._stream, leave=False, mininterval=0.2)
            self._bar.total = total
            self._bar.n = done or 0
            self._bar.refresh()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def for_stream(stream: TextIO | None = None) -> Progress:
    """A bar where a person looks on, lines elsewhere."""
    target = stream or sys.stderr
    return Bar(target) if target.isatty() else Lines(target)
