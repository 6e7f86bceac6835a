"""Writing invented adverts: a specification in, a title and a text out. The same seed writes the same text everywhere."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from connectors.demo import voices
from connectors.demo.voices import VOICES, Voice


@dataclass(frozen=True)
class Spec:
    """What an advert is about. `skills` are (form as it will be written, kind, required)."""

    title: str
    occupation: str
    sector: str
    employer: str
    branch: str
    place: str
    education: str
    hours: str
    skills: tuple[tuple[str, str, bool], ...]
    language: str = "nl"
    agency: str | None = None
    english_title: str = ""


@dataclass(frozen=True)
class Advert:
    """A written advert; the description is HTML or plain text."""

    title: str
    description: str
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Writer:
    """Writes adverts with task sentences per occupation (URI) and per sector (slug)."""

    def __init__(self, tasks: Mapping[str, Sequence[str]]) -> None:
        self._tasks = tasks

    def write(self, spec: Spec, rng: Random) -> Advert:
        """An advert in the voice that suits its employer (agencies have their own)."""
        if spec.language == "en":
            return self._english(spec, rng)
        if spec.language == "de":
            text = voices.GERMAN.format(p=spec.place, t=spec.title, e=spec.employer)
            return Advert(f"{spec.title.capitalize()} (m/w/d)", text, (("", (text,)),))
        voice = VOICES[3] if spec.agency else self._voice(spec, rng)
        parts = self._parts(spec, voice, rng)
        return Advert(self._title(spec, voice, rng), layout(parts, voice.shape, rng), parts)

    def _voice(self, spec: Spec, rng: Random) -> Voice:
        if spec.sector == "zorg":
            return VOICES[(1, 1, 9, 0)[rng.randrange(4)]]
        if spec.employer.startswith(("Gemeente", "Waterschap", "Omgevingsdienst", "Woningcorporatie")):
            return VOICES[5]
        own = sum(map(ord, spec.employer)) % 9  # an employer keeps its voice
        return VOICES[(0, 1, 2, 4, 6, 7, 8, 9, 2)[own]] if rng.random() < 0.85 else VOICES[(0, 9)[rng.randrange(2)]]

    def _title(self, spec: Spec, voice: Voice, rng: Random) -> str:
        title = spec.title if rng.random() < 0.25 else spec.title[0].upper() + spec.title[1:]
        r = rng.random()
        if r < 0.12:
            title += " (m/v)"
        elif r < 0.2:
            title += " m/v/x"
        elif r < 0.28:
            title += f" {spec.hours}"
        elif r < 0.36:
            title += f" in {spec.place}"
        elif r < 0.42:
            title += f" - {spec.place}"
        elif r < 0.46 and spec.education:
            title += f" ({spec.education})"
        if voice.agency and rng.random() < 0.25:
            title = ("Topbaan! ", "Per direct: ", "Leuke baan: ")[rng.randrange(3)] + title
        return title

    def _parts(self, spec: Spec, voice: Voice, rng: Random) -> tuple[tuple[str, tuple[str, ...]], ...]:
        words = {"t": spec.title, "e": (spec.agency and "onze opdrachtgever") or spec.employer, "p": spec.place, "b": spec.branch, "u": spec.hours, "o": spec.education or "mbo",
                 "n": f"{rng.choice(voices.FIRST_NAMES)} {rng.choice(voices.LAST_NAMES)}", "f": f"06-{rng.randrange(10_000_000, 99_999_999)}",
                 "m": f"{('werk', 'hr', 'info', 'vacatures')[rng.randrange(4)]}@{''.join(c for c in spec.employer.lower() if c.isascii() and c.isalnum())[:18]}.example",
                 "j": rng.randrange(8, 80), "k": rng.randrange(12, 900), "s1": 2100 + 50 * rng.randrange(16), "s2": 2950 + 50 * rng.randrange(20)}
        own = self._tasks.get(spec.occupation, ())
        tasks = [sentence(t) for t in rng.sample(list(own), min(len(own), 2 + rng.randrange(2)))]
        tasks += [t.format(**words) for t in rng.sample(voices.GENERAL_TASKS, 1 + rng.randrange(3))]
        asks = [a.format(**words) for a in rng.sample(voices.GENERAL_ASKS, 2 + rng.randrange(2))]
        for form, kind, required in spec.skills:
            if required and rng.random() < 0.22:
                tasks.append(rng.choice(voices.IN_TASK).format(s=form) if kind == "skill" else rng.choice(voices.ASK[kind]).format(s=form))
            else:
                bank = voices.ASK[kind] if required else voices.NICE
                asks.append(rng.choice(bank).format(s=form))
        rng.shuffle(asks)
        if rng.random() < 0.18:
            asks.append(rng.choice(voices.NEGATIONS))
        offers = [o.format(**words) for o in rng.sample(voices.OFFERS, 3 + rng.randrange(3))]
        fixed = Random(sum(map(ord, spec.employer)) * 7919)  # boilerplate stays the same for an employer
        about = [a.format(**{**words, "j": fixed.randrange(8, 80), "k": fixed.randrange(12, 900)}) for a in fixed.sample(voices.ABOUT, 2 + fixed.randrange(2))]
        return (
            ("", (rng.choice(voice.openings).format(**words),)), (rng.choice(voice.task_heads), tuple(tasks)), (rng.choice(voice.ask_heads), tuple(asks)),
            (rng.choice(voice.offer_heads), tuple(offers)), (rng.choice(voice.about_heads), tuple(about)), ("Solliciteren", (rng.choice(voice.closings).format(**words),)),
        )

    def _english(self, spec: Spec, rng: Random) -> Advert:
        asks = "\n".join(f"- Experience with {form}" if required else f"- {form} is a plus" for form, _, required in spec.skills)
        words = {"e": spec.employer, "t": spec.english_title or spec.title, "p": spec.place, "b": "our industry", "asks": asks, "m": "jobs@company.example",
                 "tasks": ("You plan your own work and report to the team lead.", "You talk to customers and suppliers on a daily basis.", "You keep our quality and safety at a high level.")[rng.randrange(3)]}
        text = "\n".join(p.format(**words) for p in voices.ENGLISH)
        title = (spec.english_title or spec.title).capitalize()
        return Advert(title, text, (("", (text,)),))

    def rewrite(self, advert: Advert, rng: Random, agency: bool) -> Advert:
        """A near-duplicate: a repost, or an agency's version with another opening and a sentence fewer."""
        if len(advert.parts) < 3:
            return advert
        parts = list(advert.parts)
        if agency:
            parts[0] = ("", ("Voor onze opdrachtgever zijn wij op zoek naar versterking. " + parts[0][1][0],))
        index = 1 + rng.randrange(3)
        head, lines = parts[index]
        if len(lines) > 2:
            parts[index] = (head, lines[:-1])
        title = advert.title.replace(" (m/v)", "") if rng.random() < 0.5 else f"{advert.title} | solliciteer nu"
        return replace(advert, title=title, description=layout(tuple(parts), ("list", "dashes")[rng.randrange(2)], rng), parts=tuple(parts))


def sentence(text: str) -> str:
    """A task phrase as a line of its own."""
    return text[0].upper() + text[1:]


def layout(parts: Sequence[tuple[str, Sequence[str]]], shape: str, rng: Random) -> str:
    """Parts (heading, lines) as HTML list, dashes or running prose; a few are escaped once or twice, as sites do."""
    if shape == "list":
        blocks = []
        for head, lines in parts:
            escaped = [html.escape(line, quote=False) for line in lines]
            body = f"<p>{escaped[0]}</p>" if len(escaped) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in escaped) + "</ul>"
            blocks.append((f"<h3>{head}</h3>" if head else "") + body)
        text = "\n".join(blocks)
        r = rng.random()
        if r < 0.06:
            text = html.escape(text)
        if r < 0.02:
            text = html.escape(text)
        return text
    joined = []
    for head, lines in parts:
        if shape == "dashes" and len(lines) > 1:
            body = "\n".join(f"- {line}" for line in lines)
        else:
            body = " ".join(line if line.endswith((".", "!", "?")) else line + "." for line in lines)
        joined.append((f"{head}\n" if head else "") + body)
    text = "\n\n".join(joined)
    return typos(text, rng) if rng.random() < 0.03 else text


def typos(text: str, rng: Random) -> str:
    """A few swapped letters."""
    letters = list(text)
    for _ in range(4):
        i = rng.randrange(1, max(len(letters) - 2, 2))
        if letters[i].isalpha() and letters[i + 1].isalpha():
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)
