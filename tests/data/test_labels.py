"""Strings for indices: coded in a known order, and kept as labels of the dim."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gml
from gml.data import bind_data, read_data_file
from gml.data.bind import BoundData
from gml.diagnostics.diagnostic import GmlError
from gml.recording import _data_bytes, read_run_files

MODEL = """\
dim N, county, other = county
data where: index(county)[N]
data y: real[N]
data u: real[county]
mu ~ normal(0, 1)
a[county] ~ normal(mu + u, 1)
y ~ normal(a[where], 1)
b = a[where]
"""
WITHOUT_U = MODEL.replace("data u: real[county]\n", "").replace(" + u", "")


def bound(values: object, text: str = WITHOUT_U) -> BoundData:
    return bind_data(gml.loads(text).model, values, "data.json")


def codes(text: str, values: object) -> list[str]:
    with pytest.raises(GmlError) as caught:
        bound(values, text)
    return [d.code for d in caught.value.diagnostics]


def test_labels_that_occur_are_sorted() -> None:
    data = bound({"where": ["Cass", "Aitkin", "Cass"], "y": [1, 2, 3]})
    assert data.labels["county"] == ("Aitkin", "Cass")
    assert data.arrays["where"].tolist() == [1, 0, 1]
    assert data.arrays["where"].dtype == np.int64
    assert data.sizes["county"] == 2


def test_an_alias_has_the_labels_of_its_dim() -> None:
    data = bound({"where": ["b", "a"], "y": [1, 2]})
    assert data.labels["other"] == ("a", "b")


def test_labels_that_are_numbers_are_sorted_as_numbers() -> None:
    data = bound({"where": ["10", "9", "101"], "y": [1, 2, 3]})
    assert data.labels["county"] == ("9", "10", "101")


def test_listed_labels_have_their_own_order_and_size() -> None:
    values = {"county": ["Z", "A", "M"], "where": ["A", "Z"], "y": [1, 2]}
    data = bound(values | {"u": [0, 1, 2]}, MODEL)
    assert data.labels["county"] == ("Z", "A", "M")
    assert data.arrays["where"].tolist() == [1, 0]


def test_numbers_may_go_with_listed_labels() -> None:
    data = bound({"county": ["Z", "A", "M"], "where": [2, 0], "y": [1, 2]})
    assert data.labels["county"] == ("Z", "A", "M")
    assert data.arrays["where"].tolist() == [2, 0]


def test_a_base_does_not_move_labels() -> None:
    text = WITHOUT_U.replace("index(county)", "index(county)<base=1>")
    data = bound({"where": ["b", "a"], "y": [1, 2]}, text)
    assert data.arrays["where"].tolist() == [1, 0]


def test_two_indices_of_a_dim_share_its_labels() -> None:
    text = "dim N, team\ndata home: index(team)[N]\ndata away: index(team)[N]\n"
    text += "a[team] ~ normal(0, 1)\ndata y: real[N]\ny ~ normal(a[home] - a[away], 1)"
    data = bound({"home": ["B", "C"], "away": ["A", "B"], "y": [1, 2]}, text)
    assert data.labels["team"] == ("A", "B", "C")
    assert data.arrays["home"].tolist() == [1, 2]
    assert data.arrays["away"].tolist() == [0, 1]


def test_categories_of_a_data_frame_keep_their_order() -> None:
    kind = pd.CategoricalDtype(["low", "mid", "high"])
    frame = pd.DataFrame({"where": pd.Series(["high", "low"], dtype=kind), "y": [1, 2]})
    data = bound(frame)
    assert data.labels["county"] == ("low", "mid", "high")
    assert data.arrays["where"].tolist() == [2, 0]


def test_a_column_of_strings_of_a_data_frame() -> None:
    data = bound(pd.DataFrame({"where": ["b", "a"], "y": [1.0, 2.0]}))
    assert data.arrays["where"].tolist() == [1, 0]


def test_values_by_label_are_put_in_order() -> None:
    values = {"where": ["B", "A"], "y": [1, 2], "u": {"B": 2.0, "A": 1.0}}
    assert bound(values, MODEL).arrays["u"].tolist() == [1.0, 2.0]


def test_a_series_with_labels_is_put_in_order() -> None:
    u = pd.Series([2.0, 1.0], index=["B", "A"])
    values = {"where": ["B", "A"], "y": [1, 2], "u": u}
    assert bound(values, MODEL).arrays["u"].tolist() == [1.0, 2.0]


def test_the_index_of_a_data_frame_alone_is_no_label() -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0]}, index=["Mazda", "Audi"])
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)"
    data = bound(frame, text)
    assert data.labels == {}
    assert data.arrays["y"].tolist() == [1.0, 2.0]


def test_an_array_over_found_labels_has_no_known_order() -> None:
    values = {"where": ["B", "A"], "y": [1, 2], "u": [1.0, 2.0]}
    assert codes(MODEL, values) == ["GML0613"]


@pytest.mark.parametrize(
    "values",
    [
        {"county": ["A", "B"], "where": ["A", "C"], "y": [1, 2]},
        {"county": ["A", "A"], "where": ["A", "A"], "y": [1, 2]},
        {"where": ["A", 1], "y": [1, 2]},
    ],
)
def test_contradictory_labels(values: dict[str, object]) -> None:
    assert codes(WITHOUT_U, values) == ["GML0612"]


def test_other_categories_of_the_same_dim() -> None:
    text = "dim N, team\ndata home: index(team)[N]\ndata away: index(team)[N]\n"
    text += "a[team] ~ normal(0, 1)\ndata y: real[N]\ny ~ normal(a[home] - a[away], 1)"
    home = pd.Series(["A", "B"], dtype=pd.CategoricalDtype(["A", "B"]))
    away = pd.Series(["A", "C"], dtype=pd.CategoricalDtype(["A", "C"]))
    assert codes(text, {"home": home, "away": away, "y": [1, 2]}) == ["GML0612"]


@pytest.mark.parametrize("missing", [None, float("nan"), "", "NA"])
def test_a_missing_label_is_missing(missing: object) -> None:
    assert codes(WITHOUT_U, {"where": ["A", missing], "y": [1, 2]}) == ["GML0604"]


def test_a_csv_column_of_labels_some_of_which_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("where,y\n01,1\nB,2\n", "utf-8")
    data = bound(read_data_file(path))
    assert data.labels["county"] == ("01", "B")


def test_an_unknown_label_of_a_csv_file_is_found_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("where,y\nA,1\n\nC,2\n", "utf-8")
    values = read_data_file(path) | {"county": ["A", "B"]}
    with pytest.raises(GmlError, match=r"`where\[1\]` in .*, line 4 is \"C\""):
        bound(values)


def test_labels_name_rows_and_coordinates() -> None:
    model = gml.loads(WITHOUT_U)
    values = {"where": ["Cass", "Aitkin"], "y": [1, 2]}
    posterior = model.bind(values, backend="reference")
    fit = posterior.sample("mh", chains=2, warmup=5, draws=5, seed=1)
    assert list(fit.summary("a").names) == ["a[Aitkin]", "a[Cass]"]
    tree = fit.to_datatree()
    assert tree["posterior"]["county"].values.tolist() == ["Aitkin", "Cass"]


def test_labels_are_kept_with_a_stored_run(tmp_path: Path) -> None:
    model = gml.loads(WITHOUT_U)
    values = {"where": ["Cass", "Aitkin"], "y": [1, 2]}
    posterior = model.bind(values, backend="reference")
    posterior.sample(
        "mh", chains=2, warmup=5, draws=5, seed=1, stream_to=tmp_path / "run"
    )
    from gml.runtime.stored.record import RunRecord

    record = RunRecord.open(tmp_path / "run")
    _, data = read_run_files(record)
    record.close()
    assert data.labels == posterior.data.labels
    assert _data_bytes(data) == _data_bytes(posterior.data)


def test_simulated_data_can_be_bound_again() -> None:
    model = gml.loads(WITHOUT_U)
    values = {"where": ["Cass", "Aitkin"], "y": [1, 2]}
    prior = model.prior(values, 3, seed=1)
    again = bind_data(model.model, prior.data_set(0), "again")
    assert again.labels["county"] == ("Aitkin", "Cass")
    assert again.arrays["where"].tolist() == [1, 0]
    assert prior.to_datatree()["prior"]["county"].values.tolist() == ["Aitkin", "Cass"]


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    where = arrow.array(["B", "A", "B"]).dictionary_encode()
    table = arrow.table({"where": where, "y": [1.0, 2.0, 3.0]})
    parquet.write_table(table, tmp_path / "d.parquet")
    data = bound(read_data_file(tmp_path / "d.parquet"))
    assert data.arrays["where"].tolist() == [
        data.labels["county"].index(label) for label in ("B", "A", "B")
    ]
    assert data.arrays["y"].tolist() == [1.0, 2.0, 3.0]


def test_parquet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "d.parquet").write_text(json.dumps({}), "utf-8")
    with pytest.raises(GmlError, match="cannot be read"):
        read_data_file(tmp_path / "d.parquet")


def test_parquet_without_its_reader(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    (tmp_path / "d.parquet").write_bytes(b"PAR1")
    with pytest.raises(GmlError, match="pyarrow is not installed"):
        read_data_file(tmp_path / "d.parquet")
