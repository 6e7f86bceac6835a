"""Figure cards: title as conclusion, what is plotted, the figure, and under it the table, the download and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box
from dashboard.components.icons import icon
from dashboard.components.tables import hidden_table, rows_of
from dashboard.i18n import Translator
from dashboard.markup import Markup, h


class Context(NamedTuple):
    """What every part of a page needs: who answers, what is chosen, in which words."""

    reader: Any
    selection: state.Selection
    t: Translator


VACANCY_SOURCES = ("vacancy-export", "jobposting")
DUO_GRADUATES = "duo-graduates"


def figure_card(
    context: Context, name: str, title: str, subtitle: str | Markup, body: Sequence[Component], *, table: Markup | None, footer: Markup,
    controls: Sequence[Component] = (), cls: str = "", csv: bool = True,
) -> Component:
    """A card with a figure. `title` is the conclusion, `subtitle` says what is plotted, in which unit and period; `table` is
    the same data as a table (None when the figure is one), `footer` comes from `figure_footer`. The CSV link gives the page's `tables(...)[name]`."""
    t = context.t
    actions = [hidden_table(name, table, t("shell.show_table"))] if table else []
    if csv:
        actions.append(h("span", downloads(context, name), cls="downloads"))
    return box(
        box(block(f"{name}-head", h("h2", title, id=f"{name}-title"), h("p", subtitle, cls="subtitle")), *controls, cls="card-head"),
        *body,
        block(f"{name}-foot", h("div", actions, cls="card-actions"), footer, cls="card-foot"),
        tag="Section", cls=f"card {cls}".strip(), **{"aria-labelledby": f"{name}-title"})


def downloads(context: Context, figure: str) -> list[Markup]:
    """Links to the rows of a figure as CSV and as a workbook."""
    address = csv_address(context, figure)
    return [h("a", icon("download", 16), word, href=href, download=True, cls="download")
            for word, href in ((context.t("shell.download_csv"), address), (context.t("shell.download_xlsx"), address.replace("/export.csv?", "/export.xlsx?", 1)))]


def csv_address(context: Context, figure: str) -> str:
    """Where the rows of a figure can be had as CSV, from exactly this publication."""
    selection = context.selection
    pinned = state.query_of(replace(selection, publication=context.reader.info.id))
    return f"/export.csv?figure={figure}&page={selection.page}&{pinned}"


def figure_footer(context: Context, sources: Sequence[str], period: str, n: Any = None) -> Markup:
    """Source, period the data are about, when they were retrieved, number of observations, publication."""
    reader, t = context.reader, context.t
    found = described_sources(reader, sources)
    titles = list(dict.fromkeys(source_title(row, t) for row in found))
    retrieved = max((row["retrieved_at"] for row in found if not formats.is_absent(row["retrieved_at"])), default=None)
    parts: list[Any] = [
        h("span", h("b", t("shell.source")), " ", ", ".join(titles) or formats.ABSENT, [" ", t("shell.invented")] if reader.info.demonstration else None),
        h("span", t("shell.period", period=period)),
        h("span", t("shell.retrieved", date=formats.day(retrieved.date(), t.lang))) if retrieved is not None else None,
        h("span", formats.sample(n, t.lang)) if n is not None else None,
        h("a", t("shell.publication", moment=formats.moment(reader.info.created_at, t.lang)), href=state.to_url(context.selection, page="data"), title=reader.info.id),
    ]
    return h("p", parts, cls="footer")


def described_sources(reader: Any, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of source_info of these sources that hold data; a key also stands for keys that begin with it and a dash."""
    rows = rows_of(reader.sources())
    return [row for row in rows if row["rows"] and any(row["key"] == key or row["key"].startswith(f"{key}-") for key in keys)]


def source_title(row: dict[str, Any], t: Translator) -> str:
    """Short title of a row of source_info."""
    title = str(row["title"] if t.lang == "nl" else row["title_en"])
    return title.split(":")[0] if title.startswith(("CBS:", "DUO:", "UWV:")) else title


def stat(label: str, value: str | Markup, note: str = "") -> Markup:
    """A number with its label, for the line of key figures under a page's title."""
    return h("div", h("dt", label), h("dd", value, h("small", note) if note else None), cls="stat")


def page_title(name: str, eyebrow: str, conclusion: str, lead: str | Markup = "", stats: Sequence[Markup] = ()) -> Component:
    """Head of a page: where we are, the conclusion in one sentence, and what it rests on."""
    return block(
        f"{name}-title-block", h("div", h("p", eyebrow, cls="eyebrow"), h("h1", conclusion), h("p", lead, cls="lead") if lead else None, cls="title-text"),
        h("dl", stats, cls="stats") if stats else None, tag="header", cls="page-title")
