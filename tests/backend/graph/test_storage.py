"""Arrays in pieces, and accumulators."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gml.backend.graph.storage import Accumulator, WrittenArray, whole_region
from gml.backend.graph.trace import Constants, Trace

SHAPE = (4, 3)
CHAINS = 2


def new_trace():
    return Trace(Constants(mx.float32), CHAINS)


def ranges(extent):
    pairs = st.tuples(st.integers(0, extent), st.integers(0, extent))
    return pairs.filter(lambda p: p[0] != p[1]).map(lambda p: tuple(sorted(p)))


regions = st.tuples(*(ranges(extent) for extent in SHAPE))


@given(st.lists(regions, min_size=1, max_size=6), regions)
def test_an_accumulator_is_a_sum_of_its_contributions(contributions, wanted):
    accumulator = Accumulator(new_trace(), SHAPE)
    expected = np.zeros((*SHAPE, CHAINS), np.float32)
    for number, ((a, b), (c, d)) in enumerate(contributions):
        array = np.arange((b - a) * (d - c) * CHAINS, dtype=np.float32) + number
        array = array.reshape(b - a, d - c, CHAINS)
        expected[a:b, c:d] += array
        accumulator.add(((a, b), (c, d)), mx.array(array), 0)
    for (a, b), (c, d) in (wanted, whole_region(SHAPE)):
        found = np.array(accumulator.part(((a, b), (c, d))))
        found = np.broadcast_to(found, expected[a:b, c:d].shape)
        np.testing.assert_array_equal(found, expected[a:b, c:d])


def test_contributions_over_one_domain_are_summed_once():
    trace = new_trace()
    accumulator = Accumulator(trace, ())
    for number in range(3):
        accumulator.add((), mx.full((5, CHAINS), float(number)), 1)
    total = accumulator.part(())
    assert total.tolist() == [[15.0, 15.0]]
    assert trace.num_nodes == 3  # two additions and one sum


def test_elements_of_a_scan_are_read_back_without_an_operation():
    trace = new_trace()
    array = WrittenArray(trace, (50,))
    rows = [mx.full((1, CHAINS), float(t)) for t in range(50)]
    for t, row in enumerate(rows):
        array.write(((t, t + 1),), row)
        assert array.part(((t, t + 1),)) is row
    assert trace.num_nodes == 0
    assert np.array(array.part(((0, 50),)))[:, 0].tolist() == list(range(50))
    assert trace.num_nodes == 1


def test_pieces_of_two_axes_are_put_together():
    array = WrittenArray(new_trace(), SHAPE)
    truth = np.arange(24, dtype=np.float32).reshape(*SHAPE, CHAINS)
    for region in (
        ((0, 1), (0, 3)), ((1, 4), (0, 1)), ((1, 2), (1, 3)), ((2, 4), (1, 3)),
    ):  # fmt: skip
        (a, b), (c, d) = region
        array.write(region, mx.array(truth[a:b, c:d]))
    for a, b, c, d in ((0, 4, 0, 3), (1, 3, 1, 2), (0, 2, 1, 3)):
        found = np.array(array.part(((a, b), (c, d))))
        np.testing.assert_array_equal(found, truth[a:b, c:d])


def test_what_does_not_vary_is_repeated_over_its_region():
    array = WrittenArray(new_trace(), (3,))
    array.write(((0, 3),), mx.array([[7.0, 8.0]]))
    assert array.part(((1, 3),)).tolist() == [[7.0, 8.0]] * 2
