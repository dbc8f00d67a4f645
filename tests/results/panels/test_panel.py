"""The children of a stored run, read back with pandas: their sums are the tables of the store."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results.again.plan import CannotRepeat
from results.panels.panel import COLUMNS, write_panel
from results.store import Store
from sim.draws import prior_draws
from sim.measures.gaps import BANDS
from sim.run import ensemble
from tests.cities import all_policies, plan_of

pytest.importorskip("pyarrow")
DOCS = Path(__file__).parents[3] / "docs" / "results.md"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with two runs of the tiny city at drawn parameters."""
    where = str(tmp_path_factory.mktemp("panels") / "runs.sqlite")
    plans = [plan_of(name="as_it_is", years=3), plan_of(all_policies(), name="changed", years=3)]
    with Store(where) as store:
        store.save(ensemble(plans, [2], draws=prior_draws(1), workers=1))
    return where


@pytest.fixture(scope="module")
def children(place: str) -> pd.DataFrame:
    """Those of the changed plan, as pandas reads them."""
    with Store(place) as store:
        return pd.read_parquet(write_panel(store, 2, Path(place).parent / "panels"))


def test_the_file_is_noted_with_its_hash(place: str, children: pd.DataFrame) -> None:
    with Store(place) as store:
        (noted,) = store.panel_files().to_dict("records")
        again = write_panel(store, 2, Path(noted["path"]).parent)
        assert len(store.panel_files()) == 1
    content = again.read_bytes()
    assert noted["sha256"] == hashlib.sha256(content).hexdigest()
    assert (noted["run"], noted["bytes"], noted["rows"]) == (2, len(content), len(children))
    assert [one.name for one in again.parent.iterdir()] == [again.name]


def test_columns_are_those_of_the_docs(children: pd.DataFrame) -> None:
    assert list(children.columns) == list(COLUMNS)
    told = DOCS.read_text(encoding="utf-8").split("## Children")[1].split("\n## ")[0]
    for column in COLUMNS:
        assert f"`{column}`" in told


def test_sums_are_the_levels_of_the_store(place: str, children: pd.DataFrame) -> None:
    with Store(place) as store:
        levels = store.table("level_year", [2])
    assert set(levels["year"]) == set(children["year"])
    looked_at = 0
    for row in levels[levels["group"].isin([*children["group"].cat.categories, "low income"])].to_dict("records"):
        band = BANDS[row["band"]]
        mine = children[(children["year"] == row["year"]) & children["grade"].between(band.start, band.stop - 1)]
        mine = mine[mine["low_income"]] if row["group"] == "low income" else mine[mine["group"] == row["group"]]
        observed, truth = mine[f"observed_{row['subject']}"], mine[f"true_{row['subject']}"]
        assert (len(mine), observed.notna().sum()) == (row["pupils"], row["tested"])
        for found, stored in ((observed.mean(), row["mean"]), (truth.mean(), row["true_mean"])):
            # children's scores have single precision
            assert np.isnan(stored) == np.isnan(found)
            assert np.isnan(stored) or found == pytest.approx(stored, abs=1e-5)
        looked_at += row["pupils"] > 0
    assert looked_at > 50


def test_rolls_are_those_of_the_schools(place: str, children: pd.DataFrame) -> None:
    with Store(place) as store:
        schools = store.table("school_year", [2])
    rolls = children.groupby(["year", "school"], observed=True).size()
    stored = schools[schools["pupils"] > 0].set_index(["year", "school"])["pupils"]
    assert rolls.sort_index().to_dict() == stored.sort_index().to_dict()
    assert not children.duplicated(["year", "child"]).any()


def test_a_run_that_gives_another_result_has_no_panel(place: str, tmp_path: Path) -> None:
    copy = tmp_path / "runs.sqlite"
    copy.write_bytes(Path(place).read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE run SET result = '0' WHERE id = 1")
    connection.close()
    with Store(copy) as store, pytest.raises(CannotRepeat, match="another result today"):
        write_panel(store, 1, tmp_path / "panels")
    with Store(copy) as store, pytest.raises(CannotRepeat, match="no run 5"):
        write_panel(store, 5, tmp_path / "panels")
    assert not (tmp_path / "panels").exists()
