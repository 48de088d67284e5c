"""Values that fit are converted; those that do not are explained, all at once."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
import pandas as pd
import pytest

from gml.data import BoundData, bind_data
from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.diagnostics.render import render_text
from gml.ir.model import (
    BooleanSupport,
    DataVariable,
    IndexSupport,
    IntegerSupport,
    Model,
    ModelDim,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    Support,
)
from gml.ir.nodes import Apply, Const, Read, Scalar, Size
from gml.source import Source, Span

TEXT = """\
dim N, P, school
data y: real[school]
data se: real<lower=0>[school]
data X: real[N, P]
data k: int<lower=0, upper=P>[N]
data b: bool[N]
data g: index(school)[N]
data g1: index(school)<base=1>[N]
data cut: ordered[P]
data w: simplex[P]
data s: real
"""
SOURCE = Source("model.gml", TEXT)

SUPPORTS: dict[str, tuple[Support, tuple[str, ...]]] = {
    "y": (RealSupport(), ("school",)),
    "se": (RealSupport(lower=Const(0.0)), ("school",)),
    "X": (RealSupport(), ("N", "P")),
    "k": (IntegerSupport(Const(0, Scalar.INT), Size("P")), ("N",)),
    "b": (BooleanSupport(), ("N",)),
    "g": (IndexSupport("school"), ("N",)),
    "g1": (IndexSupport("school"), ("N",)),
    "cut": (OrderedSupport("P"), ("P",)),
    "w": (SimplexSupport("P"), ("P",)),
    "s": (RealSupport(), ()),
}


def model(*names: str, dims: tuple[ModelDim, ...] | None = None) -> Model:
    used = {dim for name in names for dim in SUPPORTS[name][1]}
    for name in names:
        support = SUPPORTS[name][0]
        if isinstance(support, IndexSupport):
            used.add(support.dim)
        if isinstance(support, IntegerSupport):
            used.add("P")
    declared = tuple(ModelDim(dim) for dim in ("N", "P", "school") if dim in used)
    return Model("model", dims or declared, tuple(map(variable, names)), ())


def variable(name: str) -> DataVariable:
    support, dims = SUPPORTS[name]
    start = TEXT.index(f"data {name}:") + 5
    span = Span(SOURCE, start, TEXT.index("\n", start))
    base = 1 if name == "g1" else 0
    return DataVariable(name, dims, support, index_base=base, span=span)


def bind(
    values: Any, *names: str, dims: tuple[ModelDim, ...] | None = None
) -> BoundData:
    return bind_data(model(*(names or tuple(values)), dims=dims), values, "data.json")


def mistakes(values: Any, *names: str, **options: Any) -> list[str]:
    with pytest.raises(GmlError) as caught:
        bind(values, *names, **options)
    assert caught.value.exit_code == 3
    assert all(d.code in CODES for d in caught.value.diagnostics)
    return [f"{d.code} {d.message}" for d in caught.value.diagnostics]


# ------------------------------------------------------------ values that fit


@pytest.mark.parametrize(
    "value",
    [
        [1, 2.5],
        (1, 2.5),
        np.array([1, 2.5], dtype=np.float32),
        mx.array([1, 2.5]),
        pd.Series([1, 2.5], index=[7, 8]),
        [np.float64(1), 2.5],
        [mx.array(1.0), mx.array(2.5)],
    ],
    ids=lambda value: type(value).__module__ + "." + type(value).__name__,
)
def test_any_kind_of_column_becomes_float64(value: Any) -> None:
    bound = bind({"y": value})
    assert bound.arrays["y"].dtype == np.float64
    np.testing.assert_array_equal(bound.arrays["y"], [1, 2.5])
    assert bound.sizes == {"school": 2}


def test_a_data_frame_gives_its_columns() -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0], "se": [3, 4], "note": ["a", "b"]})
    bound = bind_data(model("y", "se"), frame, "the data frame")
    np.testing.assert_array_equal(bound.arrays["se"], [3.0, 4.0])


def test_int_bool_and_index_have_types_of_their_own() -> None:
    bound = bind(
        {"k": [2.0, 0], "b": [1, 0], "g": [1, 0], "y": [1, 2], "P": 3},
        "k",
        "b",
        "g",
        "y",
    )
    assert bound.arrays["k"].dtype == np.int64
    assert bound.arrays["b"].dtype == np.bool_
    assert bound.arrays["g"].dtype == np.int64
    assert bound.sizes == {"N": 2, "P": 3, "school": 2}


def test_index_base_is_subtracted() -> None:
    bound = bind({"g1": [1, 3], "school": 3}, "g1")
    np.testing.assert_array_equal(bound.arrays["g1"], [0, 2])


def test_bound_arrays_are_copies() -> None:
    mine = np.array([1.0, 2.0])
    bound = bind({"y": mine})
    mine[0] = 9
    assert bound.arrays["y"][0] == 1


def test_sizes_come_from_shapes_literals_aliases_and_entries() -> None:
    dims = (
        ModelDim("N", size=2),
        ModelDim("P"),
        ModelDim("Q", alias_of="P"),
        ModelDim("school"),
    )
    values = {"X": [[1, 2, 3], [4, 5, 6]], "school": np.array(8)}
    bound = bind(values, "X", dims=dims)
    assert bound.sizes == {"N": 2, "P": 3, "Q": 3, "school": 8}


def test_unknown_names_are_left_alone() -> None:
    assert list(bind({"y": [1], "J": 8, "notes": "text"}, "y").arrays) == ["y"]


def test_a_scalar_and_a_model_without_data() -> None:
    assert bind({"s": 3}).arrays["s"].shape == ()
    assert bind_data(Model("m", (), (), ()), {}, "nothing").arrays == {}


def test_an_empty_list_stands_for_an_empty_matrix() -> None:
    assert bind({"X": [], "P": 3}, "X").arrays["X"].shape == (0, 3)


def test_bounds_that_read_other_data_are_left_to_others() -> None:
    support = RealSupport(lower=Apply("add", (Read("s"), Const(1.0))))
    declared = DataVariable("y", ("N",), support)
    bound = bind_data(
        Model("m", (ModelDim("N"),), (declared,), ()), {"y": [-5]}, "here"
    )
    assert bound.arrays["y"][0] == -5


# ------------------------------------------------------------------ mistakes

MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "nan": (
        {"y": [1, float("nan"), 2, float("nan")]},
        "GML0604 `y[1]` in data.json is missing or NaN (and 1 more)",
    ),
    "null": ({"y": [1, None]}, "GML0604 `y[1]` in data.json is missing or NaN"),
    "NaN as Stan writes it": (
        {"y": [1, "NaN"]},
        "GML0604 `y[1]` in data.json is missing or NaN",
    ),
    "pandas NA": (
        {"k": pd.Series([1, None], dtype="Int64"), "P": 3},
        "GML0604 `k[1]` in data.json is missing or NaN",
    ),
    "infinity": ({"y": [1, "-Inf"]}, "GML0604 `y[1]` in data.json is infinite"),
    "number too large for a float": (
        {"y": [10**400]},
        "GML0604 `y[0]` in data.json is infinite",
    ),
    "string": (
        {"X": [[1, 2], [3, "x"]]},
        'GML0603 `X[1, 1]` in data.json is the string "x", not a number',
    ),
    "strings of a data frame": (
        {"y": pd.Series(["a", "b"])},
        'GML0603 `y[0]` in data.json is the string "a", not a number (and 1 more)',
    ),
    "object": ({"s": {"a": 1}}, "GML0603 `s` in data.json is an object, not a number"),
    "complex": (
        {"y": [1j]},
        (
            "GML0603 `y` in data.json cannot be read as numbers: "
            "its elements are of type complex128"
        ),
    ),
    "fraction": (
        {"k": [0, 1.5], "P": 3},
        "GML0603 `k[1]` in data.json = 1.5 is not a whole number",
    ),
    "fractional index": (
        {"g": [0.5], "school": 3},
        "GML0603 `g[0]` in data.json = 0.5 is not a whole number",
    ),
    "huge int": ({"k": [2**70], "P": 3}, "GML0603 `k[0]` in data.json does not fit in"),
    "neither 0 nor 1": (
        {"b": [0, 1, 2]},
        "GML0603 `b[2]` in data.json = 2 is neither 0 nor 1",
    ),
    "below": (
        {"se": [1, -0.5, -2]},
        "GML0605 `se[1]` in data.json = -0.5 is below its lower bound 0 (and 1 more)",
    ),
    "above a size": (
        {"k": [4], "P": 3},
        "GML0605 `k[0]` in data.json = 4 is above its upper bound 3",
    ),
    "index": (
        {"g": [0, -1, 9], "school": 3},
        (
            "GML0606 `g[1]` in data.json = -1 is no index of `school`, "
            "which runs from 0 to 2 (and 1 more)"
        ),
    ),
    "index from 1": (
        {"g1": [0, 2], "school": 3},
        (
            "GML0606 `g1[0]` in data.json = 0 is no index of `school`, "
            "which runs from 1 to 3"
        ),
    ),
    "order": ({"cut": [1, 3, 3]}, "GML0605 `cut[2]` in data.json = 3 breaks the order"),
    "simplex": ({"w": [0.5, 0.4]}, "GML0605 `w` in data.json sums to 0.9 over `P`"),
    "negative simplex": (
        {"w": [1.5, -0.5]},
        "GML0605 `w[1]` in data.json = -0.5 is neg",
    ),
    "scalar for a vector": (
        {"y": 3},
        "GML0602 `y` in data.json is a single value, not an array over [school]",
    ),
    "vector for a scalar": (
        {"s": [3, 4]},
        "GML0602 `s` in data.json is a vector of 2, not a single value",
    ),
    "vector for a matrix": (
        {"X": [1, 2]},
        "GML0602 `X` in data.json is a vector of 2, not an array over [N, P]",
    ),
    "ragged": (
        {"X": [[1, 2], [3, 4], [5]]},
        (
            "GML0610 rows of `X` in data.json differ: `X[1]` is a row of 2, "
            "`X[2]` is a row of 1"
        ),
    ),
    "number among rows": (
        {"X": [[1, 2], 3]},
        (
            "GML0610 rows of `X` in data.json differ: `X[0]` is a row of 2, "
            "`X[1]` is a single value"
        ),
    ),
    "contradiction": (
        {"y": [1] * 8, "se": [1] * 7},
        "GML0602 `school` has 8 elements in `y` but 7 in `se`",
    ),
    "size by name": (
        {"y": [1, 2], "school": 3},
        "GML0602 `school` has 3 elements by `school` in data.json but 2 in `y`",
    ),
    "negative size": (
        {"y": [], "school": -1},
        "GML0602 `school` = -1 in data.json is no number of elements",
    ),
    "size unknown": ({"k": [0, 0]}, "GML0404 `P` has no size"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_one_mistake_gives_one_message(case: str) -> None:
    values, expected = MISTAKES[case]
    names = [name for name in values if name in SUPPORTS]
    declared = model(*names)
    with pytest.raises(GmlError) as caught:
        bind_data(declared, values, "data.json")
    (diagnostic,) = caught.value.diagnostics
    assert f"{diagnostic.code} {diagnostic.message}".startswith(expected)
    assert diagnostic.code in CODES


def test_contradiction_with_a_literal_names_the_declaration() -> None:
    dims = (ModelDim("school", size=8),)
    assert mistakes({"y": [1, 2]}, dims=dims) == [
        "GML0602 `school` has 8 elements in its declaration but 2 in `y`"
    ]


def test_all_independent_mistakes_come_at_once_in_the_order_of_the_model() -> None:
    values = {"s": "x", "se": [1, -1], "b": [3], "cut": [2, 1], "g": [5]}
    found = mistakes(values, "y", "se", "b", "g", "cut", "s")
    assert [line[:7] for line in found] == [
        "GML0601",
        "GML0605",
        "GML0603",
        "GML0606",
        "GML0605",
        "GML0603",
    ]


def test_without_any_data_the_needed_names_are_listed() -> None:
    with pytest.raises(GmlError) as caught:
        bind_data(model("y", "X", "s"), {}, "nothing")
    assert render_text(caught.value.diagnostics[0]) == (
        "error[GML0609]: `model` needs data\n"
        "  = note: it declares y[school], X[N, P], s\n"
        "  = help: give a file with --data, or put it beside the model as "
        "model.data.json"
    )


def test_values_that_are_no_mapping() -> None:
    assert mistakes([1, 2], "y") == [
        "GML0603 data.json is a list, not a mapping from names to values"
    ]


# ------------------------------------------------------- as a terminal shows


def shown(values: Any, *names: str) -> str:
    with pytest.raises(GmlError) as caught:
        bind(values, *names)
    return "\n".join(render_text(d) for d in caught.value.diagnostics)


def test_missing_name_offers_a_near_one() -> None:
    assert shown({"y": [1.0], "s_e": [2.0]}, "y", "se") == (
        "error[GML0601]: `se` is missing from data.json\n"
        " --> model.gml:3:6\n"
        "  |\n"
        "3 | data se: real<lower=0>[school]\n"
        "  |      ^^^^^^^^^^^^^^^^^^^^^^^^^ declared here\n"
        "  = help: did you mean `s_e`?"
    )


def test_missing_name_lists_what_there_is() -> None:
    assert "= help: add it: the data have `y`, `other`" in shown(
        {"y": [1], "other": 2}, "y", "X"
    )


def test_contradictory_sizes_point_at_both() -> None:
    assert shown({"y": [1] * 8, "se": [1] * 7}) == (
        "error[GML0602]: `school` has 8 elements in `y` but 7 in `se`\n"
        " --> model.gml:3:6\n"
        "  |\n"
        "2 | data y: real[school]\n"
        "  |      --------------- 8 elements\n"
        "3 | data se: real<lower=0>[school]\n"
        "  |      ^^^^^^^^^^^^^^^^^^^^^^^^^ data.json has a vector of 7\n"
        "  = help: everything over `school` has the same length; another length needs "
        "a dim of its own"
    )


def test_transposed_matrix_is_recognised() -> None:
    text = shown({"b": [0, 1], "cut": [1, 2, 3], "X": [[1, 2], [3, 4], [5, 6]]})
    assert "a matrix of 3 rows and 2 columns" in text
    assert "= help: the data are laid out as [P, N]: transpose them" in text


def test_a_matrix_without_rows_is_none_that_is_transposed() -> None:
    text = shown({"b": [0, 1], "cut": [1, 2, 3], "X": []})
    assert "error[GML0602]" in text
    assert "transpose" not in text


def test_indices_counted_from_1_are_recognised() -> None:
    text = shown({"g": [1, 2, 3], "school": 3}, "g")
    assert "`school` has 3 elements, counted from 0" in text
    assert "= help: values run 1..3: declare it index(school)<base=1>" in text


def test_indices_counted_from_0_are_recognised() -> None:
    text = shown({"g1": [0, 1], "school": 3}, "g1")
    assert "= help: values run 0..1: declare it index(school), without <base=1>" in text


def test_strings_are_advised_on() -> None:
    assert "= help: give each category a number" in shown({"k": ["low"]}, "k")
    assert "= help: write a number, or leave the row" in shown({"y": ["low"]})
    assert "= help: write the number without quotes" in shown({"y": ["2.5"]})
