"""Small drawings, inline so that they take the colour of the text: icons of the rail, and one glyph per class."""

from __future__ import annotations

from dashboard.markup import Markup, h

STROKES = {
    "overview": ("M4 4h7v7H4z", "M13 4h7v4h-7z", "M13 11h7v9h-7z", "M4 14h7v6H4z"),
    "skills": ("M4 6l2 2 3-4", "M12 6h8", "M4 13l2 2 3-4", "M12 13h8", "M12 20h8", "M5 20h2"),
    "programmes": ("M2 9l10-5 10 5-10 5z", "M6 11.5V17c2 2 10 2 12 0v-5.5", "M22 9v6"),
    "regions": ("M9 4l6 2.5v13.5l-6-2.5z", "M9 4L3 6.5V20l6-2.5", "M15 6.5L21 4v13.5L15 20"),
    "vacancies": ("M3 8h18v11H3z", "M9 8V5h6v3", "M3 13h18"),
    "data": ("M4 6c0-3 16-3 16 0s-16 3-16 0z", "M4 6v12c0 3 16 3 16 0V6", "M4 12c0 3 16 3 16 0"),
    "fold": ("M4 4h16v16H4z", "M9.5 4v16", "M16.5 9.5L14 12l2.5 2.5"),
    "sun": ("M12 8a4 4 0 100 8 4 4 0 000-8z", "M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2"),
    "moon": ("M20 14.5A8 8 0 019.5 4 8 8 0 1020 14.5z",),
    "screen": ("M3 5h18v11H3z", "M8 20h8M12 16v4"),
    "download": ("M12 4v11M7.5 11l4.5 4.5 4.5-4.5", "M5 20h14"),
    "table": ("M4 5h16v14H4z", "M4 10h16M10 10v9"),
    "arrow": ("M5 12h14M13 6l6 6-6 6",),
    "up": ("M6 18L18 6M9 6h9v9",),
    "down": ("M6 6l12 12M18 9v9H9",),
    "link": ("M14 4h6v6M20 4l-9 9", "M18 14v6H4V6h6"),
    "warning": ("M12 4l9 16H3z", "M12 10v5M12 17.5v.5"),
}
CLASSES = ("shortage", "balance", "surplus", "borderline", "too_little_data")


def icon(name: str, size: int = 20) -> Markup:
    """An icon that screen readers skip: the words stand beside it."""
    paths = "".join(f'<path d="{d}"/>' for d in STROKES[name])
    return Markup(
        f'<svg class="icon" viewBox="0 0 24 24" width="{size}" height="{size}" fill="none" stroke="currentColor" '
        f'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{paths}</svg>')


def glyph() -> Markup:
    """The shape of a class (up for shortage, down for surplus, bars for balance, hollow for borderline, hatched for too little
    data). Which one comes from the class-<name> around it: assets/10-tokens.css."""
    return Markup('<i class="g"></i>')


def class_chip(kind: str, word: str) -> Markup:
    """A class in words with its glyph; the colour comes from assets by the class name."""
    return h("span", glyph(), h("span", word), cls=f"chip class-{kind}")
