"""Errors of connectors, sorted by what the caller should do about them.

Every message names what happened, where, and what to do.
"""

from __future__ import annotations


class ConnectorError(Exception):
    """Base of all errors a source may raise; `advice` says what the caller can do."""

    advice = "Read the message; if it makes no sense, report it as a bug."


class ConfigurationError(ConnectorError):
    """A setting, key or file the operator must supply is missing or wrong. Do not retry."""

    advice = "Correct the setting or the dropped file that the message names, then run the source again."


class TransientError(ConnectorError):
    """The source did not answer properly now; a later try may succeed. Retry later."""

    advice = "Nothing to do: the next scheduled load tries again; the last good data stay in place."


class SchemaDrift(ConnectorError):
    """The source changed its form (a column, a code list, a table id). Stops this source only.

    `column` names the column (or field) that is missing or changed.
    """

    advice = "The source changed its form: the connector needs an update; the last good data stay in place."

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.column = column


class RefusedError(ConnectorError):
    """We refuse the answer or the address: too large, wrong host, not http(s), forbidden by robots.txt."""

    advice = "Check the address in the settings; the limits stand in docs/operations.md."
