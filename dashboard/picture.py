"""What the Skills page shows of one programme or occupation: requested skills, what covers them, and what a curriculum adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from dashboard import curricula, state
from dashboard.finding import Programmes, known_by
from dashboard.i18n import Translator
from etl.alignment import coverage, intervals
from warehouse import asking_skills
from warehouse.curricula import Curriculum

LEAST = coverage.MIN_N
ASKED_BY = 3  # vacancies that ask for a skill before it is listed as a gap
RARE_BELOW = 0.10  # taught and hardly asked: the upper bound of the share is below this
Bounds = tuple[float, float, float]  # point, low, high


@dataclass(frozen=True)
class Subject:
    """A programme or an occupation, its name, what it is (level and crebo), and the occupations behind it."""

    kind: str
    key: str
    name: str
    detail: str
    occupations: pd.DataFrame

    @property
    def uris(self) -> list[str]:
        """ESCO addresses of the occupations."""
        return [str(uri) for uri in self.occupations["occupation_uri"]]


@dataclass(frozen=True)
class Picture:
    """`rows`: mart_skill with labels, largest share first; `cover` holds the curriculum too, `cover_before` does not.

    `known`: whether anything is known of what is taught. `without` and `covered`: coverage without and with the curriculum.
    """

    subject: Subject
    n: int
    rows: pd.DataFrame
    known: bool
    without: Bounds | None
    covered: Bounds | None
    own: Curriculum | None
    taught: pd.DataFrame

    def gaps(self) -> pd.DataFrame:
        """Asked by ASKED_BY vacancies or more, and found neither in the programme nor in the curriculum."""
        return self.rows[(self.rows["cover"] == coverage.NOT) & (self.rows["asked"] >= ASKED_BY)]

    def rare(self) -> pd.DataFrame:
        """Taught by the programme and hardly asked: columns of `taught`, share and share_high (below RARE_BELOW)."""
        return self._with_shares(self.taught)

    def own_rare(self, labels: pd.DataFrame) -> pd.DataFrame:
        """The same of what the curriculum teaches beside the programme; `labels` as Reader.skill_labels."""
        if self.own is None:
            return self._with_shares(labels.head(0))
        extra = set(self.own.taught) - set(self.taught["skill_id"])
        return self._with_shares(labels[labels["skill_id"].isin(extra)])

    def _with_shares(self, listed: pd.DataFrame) -> pd.DataFrame:
        made = listed.merge(self.rows[["skill_id", "asked"]], on="skill_id", how="left")
        asked = made["asked"].fillna(0).astype(float)
        made["share"] = asked / self.n
        made["share_high"] = intervals.wilson(asked, np.full(len(made), float(self.n)))[1] if len(made) else []
        return made[made["share_high"] < RARE_BELOW].sort_values(["share", "label_nl"]).reset_index(drop=True)

    def rare_needs(self) -> int:
        """Vacancies that are needed before something can be called hardly asked at all."""
        return int(np.floor(intervals.Z**2 * (1 - RARE_BELOW) / RARE_BELOW)) + 1

    def gained(self) -> pd.DataFrame:
        """Rows that the curriculum covers (partly) and the programme did not, largest share first."""
        better = coverage.weight(self.rows["cover"]) > coverage.weight(self.rows["cover_before"].fillna(coverage.NOT)) if self.known else np.zeros(len(self.rows), dtype=bool)
        return self.rows[better]


def subject_of(reader: Any, selection: state.Selection, t: Translator) -> Subject | None:
    """The chosen programme or occupation (an occupation goes first when both are in the address)."""
    if selection.occupation:
        found = reader.occupations()
        mine = found[found["uri"] == selection.occupation]
        name = str(mine.iloc[0][f"label_{t.lang}"] or mine.iloc[0]["label_nl"]).capitalize()
        return Subject("occupation", selection.occupation, name, t("skills.an_occupation"), mine.rename(columns={"uri": "occupation_uri"}))
    if selection.programme:
        row = reader.programme(selection.programme)
        return Subject("programme", selection.programme, row["name"], t("skills.a_programme", level=row["level"], crebo=row["crebo"]), reader.programme_occupations(selection.programme))
    return None


def curriculum_of(reader: Any, selection: state.Selection) -> Curriculum | None:
    """The kept curriculum of the address, or the one that the browser holds; None when it is of another programme."""
    own = curricula.store_of(reader).get(selection.curriculum) if selection.curriculum else selection.own
    return own if own is not None and own.programme == selection.programme and not selection.occupation else None


def picture_of(reader: Any, selection: state.Selection, subject: Subject) -> Picture:
    """Everything the page shows of a subject in the chosen region and year."""
    n = reader.subject(selection.region, selection.period, subject.kind, subject.key) or 0
    rows = reader.skills(selection.region, selection.period, subject.kind, subject.key)
    own = curriculum_of(reader, selection)
    taught = reader.programme_skills(subject.key) if subject.kind == "programme" else reader.skill_labels().head(0)
    rows = rows.assign(cover_before=rows["cover"])
    official = bool(len(taught))
    before = _bounds(rows, n) if official else None
    if own is not None:
        rows["cover"] = coverage.with_curriculum(rows["cover"], rows["skill_id"], own.taught, own.passing, asking_skills.near_skills(reader))
    return Picture(subject, n, rows, official or own is not None, before,
                   before if own is None else _bounds(rows, n), own, taught)


def _bounds(rows: pd.DataFrame, n: int) -> Bounds | None:
    if rows.empty or rows["cover"].isna().any():
        return None
    made = coverage.coverage(rows.assign(n=n, one=1), ["one"])
    return tuple(float(made.iloc[0][c]) for c in ("coverage", "coverage_low", "coverage_high")) if len(made) else None  # type: ignore[return-value]


_SEARCHABLE: WeakKeyDictionary[Any, Programmes] = WeakKeyDictionary()  # a closed publication must not stay in memory


def programmes_of(reader: Any) -> Programmes:
    """The searchable programmes of a publication, made once."""
    made = _SEARCHABLE.get(reader)
    if made is None:
        titles: dict[str, list[tuple[str, float]]] = {}
        for row in asking_skills.programme_titles(reader).to_dict("records"):
            named = [row["label_nl"], row["label_en"], *str(row["alt_labels_nl"] or "").split("|")]
            titles.setdefault(row["crebo"], []).extend((str(title), float(row["weight"])) for title in named if isinstance(title, str) and title)
        made = Programmes(known_by(r["crebo"], r["name"], int(r["level"]), titles.get(r["crebo"], ()), r["main_group"] or "") for r in reader.programmes().to_dict("records"))
        _SEARCHABLE[reader] = made
    return made
