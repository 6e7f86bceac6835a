"""Location quotients over the real open vacancies of CBS 83599NED, 2011-2023, by industry and province. What is odd in them is told in
docs/methodology.md ("Specialisation")."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.alignment import specialisation as sp

pytestmark = pytest.mark.real
SECTIONS = {"301000": "A", "305700": "B", "307500": "C", "346600": "D", "348000": "E", "350000": "F", "354200": "G", "383100": "H", "389100": "I", "391600": "J", "396300": "K", "402000": "L",
            "403300": "M", "410200": "N", "417400": "O", "419000": "P", "422400": "Q", "428100": "R", "435500": "S"}
LETTERS = list(SECTIONS.values())


@pytest.fixture(scope="module")
def figures(real_data: Path) -> pd.DataFrame:
    """Rows of the file: branch (letter, or the code of a group), part_code, period (quarter), value."""
    made = pd.read_csv(real_data / "nl/cbs/statline/vacatures_regio.csv", encoding="utf-8-sig")
    made.columns = ["id", "branch", "part_code", "period", "value"]
    made["part_code"] = made["part_code"].str.strip()
    return made.assign(branch=made["branch"].str.strip().replace(SECTIONS))


@pytest.fixture(scope="module")
def provinces(figures: pd.DataFrame) -> list[str]:
    return sorted(code for code in figures["part_code"].unique() if code.startswith("PV"))


def told(figures: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Quotients of the provinces and the country."""
    codes = [*regions, "NL01"]
    made = sp.amounts(figures, pd.DataFrame({"region_code": codes, "part_code": codes}), LETTERS, "T001081")
    return sp.quotients(made, made[made["region_code"] == "NL01"])


@pytest.fixture(scope="module")
def quarters(figures: pd.DataFrame, provinces: list[str]) -> pd.DataFrame:
    return told(figures, provinces)


@pytest.fixture(scope="module")
def years(figures: pd.DataFrame, provinces: list[str]) -> pd.DataFrame:
    """Means of the quarters of whole years; quarters that do not add up are left out."""
    sound = figures[~((figures["part_code"] == "PV21") & (figures["period"] == "2015KW03")) & (figures["period"] != "2011KW04") & (figures["period"] < "2023")]
    means = sound.assign(period=sound["period"].str[:4].astype(int)).groupby(["branch", "part_code", "period"], as_index=False)["value"].mean()
    return told(means, provinces)


def test_the_country_is_one_and_every_quotient_lies_in_its_interval(quarters: pd.DataFrame) -> None:
    shown = quarters[quarters["lq"].notna()]
    assert (shown.loc[shown["region_code"] == "NL01", ["lq", "lq_low", "lq_high"]] == 1.0).all(axis=None)
    assert ((shown["lq_low"] <= shown["lq"]) & (shown["lq"] <= shown["lq_high"])).all()
    provinces = quarters[quarters["region_code"] != "NL01"]
    assert len(provinces) == 11_400 and int((provinces["reason"] == "small").sum()) == 6_356, "more than half of the cells are below 500 vacancies"
    assert ((shown["lq_high"] - shown["lq_low"]) / shown["lq"] / 2).max() < 0.13, "what is shown is known to an eighth"


def test_shares_weighted_by_size_average_to_one(quarters: pd.DataFrame, figures: pd.DataFrame) -> None:
    """The mean of the provinces' quotients, weighted by their totals, is the sum over the country: 1, apart from rounding."""
    period = "2022KW04"
    rows = quarters[(quarters["period"] == period) & (quarters["region_code"] != "NL01")]
    for branch in ("C", "G", "N", "Q"):
        part = rows[rows["branch"] == branch]
        mean = (part["share"] / part["country_share"] * part["total"]).sum() / part["total"].sum()
        assert mean == pytest.approx(1.0, abs=12 * 0.05 / float(part["value_nl"].iloc[0]) + 0.005), branch


def test_friesland_in_the_third_quarter_of_2015_does_not_add_up_and_stays_quiet(quarters: pd.DataFrame, figures: pd.DataFrame) -> None:
    wrong = quarters[quarters["reason"] == "unsound"]
    assert set(wrong.loc[wrong["period"] != "2011KW04", ["region_code", "period"]].itertuples(index=False, name=None)) == {("PV21", "2015KW03")} and wrong["lq"].isna().all()
    cells = figures[(figures["part_code"] == "PV21") & (figures["period"] == "2015KW03")].set_index("branch")["value"]
    country = figures[(figures["part_code"] == "NL01") & (figures["period"] == "2015KW03")].set_index("branch")["value"]
    assert cells["B"] > country["B"], "more vacancies in mining than the country has"
    assert cells[LETTERS].sum() - cells["T001081"] == pytest.approx(3.8)
    # three of the four cells in which provinces do not add up to the country (docs/sources.md): with Friesland as a quarter later they do
    for branch in ("G", "H", "300007"):
        others = figures[figures["part_code"].str.startswith("PV") & (figures["branch"] == branch)]
        there = others[others["period"] == "2015KW03"]["value"].sum()
        later = others[(others["period"] == "2015KW04") & (others["part_code"] == "PV21")]["value"].sum()
        assert abs(there - country[branch]) > 0.6 and abs(there - cells[branch] + later - country[branch]) <= 13 * sp.ROUNDING, branch


def test_limburg_in_the_third_quarter_of_2014_explains_the_fourth(figures: pd.DataFrame) -> None:
    own = figures[figures["part_code"] == "PV31"].pivot(index="period", columns="branch", values="value")
    assert own.loc[["2014KW02", "2014KW03", "2014KW04"], "300007"].to_list() == [4.0, 1.6, 4.1] and np.isnan(own.loc["2014KW03", "300013"])


def test_the_total_of_the_fourth_quarter_of_2011_is_of_another_edition_and_stays_quiet(figures: pd.DataFrame, quarters: pd.DataFrame) -> None:
    country = figures[figures["part_code"] == "NL01"].pivot(index="period", columns="branch", values="value")
    rest = country["T001081"] - country[LETTERS].sum(axis=1)
    assert rest["2011KW04"] == pytest.approx(17.2) and rest.drop("2011KW04").abs().max() < 0.6
    parts = figures[figures["part_code"].str.startswith("PV")].pivot(index=["part_code", "period"], columns="branch", values="value")
    share = ((parts["T001081"] - parts[LETTERS].sum(axis=1)) / parts["T001081"]).xs("2011KW04", level="period")
    assert share.between(0.09, 0.24).all(), "in every province, but not equally: quotients of that quarter would be off by up to a tenth"
    assert set(quarters.loc[quarters["period"] == "2011KW04", "reason"]) == {"unsound"}


@pytest.mark.parametrize(("region", "branch", "kind"), [
    ("PV26", "J", "many"), ("PV27", "K", "many"), ("PV30", "C", "many"), ("PV28", "O", "many"), ("PV29", "I", "many"), ("PV27", "C", "few"), ("PV28", "C", "few")])
def test_what_is_known_of_the_provinces_is_found(years: pd.DataFrame, region: str, branch: str, kind: str) -> None:
    """Utrecht: ict; Noord-Holland: finance, little industry; Brabant: industry; Zuid-Holland: government, little industry; Zeeland: catering (2022)."""
    row = years[(years["region_code"] == region) & (years["branch"] == branch) & (years["period"] == 2022)].iloc[0]
    assert row["kind"] == kind, row[["lq", "lq_low", "lq_high"]].to_dict()


def test_trends_over_eleven_years(years: pd.DataFrame) -> None:
    found = sp.trends(years[years["region_code"] != "NL01"]).set_index(["region_code", "branch"])
    assert found.loc[("PV27", "K"), "change"] == "up" and found.loc[("PV30", "K"), "change"] == "down" and found.loc[("PV30", "C"), "change"] == "up"
    assert (found.loc[("PV27", "K"), ["lq_first", "lq_last"]].to_numpy(float) == pytest.approx([1.11, 1.93], abs=0.01))
    assert (found["change"] == "steady").mean() > 0.6, "most of what is precise enough does not change by a tenth"


def test_likeness_of_the_provinces_in_2022(years: pd.DataFrame, provinces: list[str]) -> None:
    shares = sp.profiles(years[years["period"] == 2022])
    assert np.allclose(shares.sum(axis=1), 1.0) and shares[sp.REST].max() < 0.01
    nearest = {code: sp.alike(shares, code, provinces).iloc[0] for code in provinces}
    assert nearest["PV23"]["region_code"] == "PV30" and nearest["PV30"]["region_code"] == "PV23" and nearest["PV23"]["distance"] == pytest.approx(0.044, abs=0.001)
    assert max(nearest.values(), key=lambda row: row["distance"])["region_code"] == nearest["PV29"]["region_code"], "Zeeland is least like any other"
