import pytest

from gml.backend.layout import position_dimension, site_slices, size_value
from gml.ir.build import apply, integer
from gml.ir.nodes import Density, Read, Site, Size

K_LESS_ONE = apply("subtract", Size("K"), integer(1))
DENSITY = Density(
    name="m",
    dims=(),
    arrays=(),
    sites=(
        Site("mu", "u_mu", "mu", ()),
        Site("p", "u_p", "p", (Size("N"), K_LESS_ONE)),
        Site("nothing", "u_nothing", "nothing", (Size("E"),)),
        Site("tau", "u_tau", "tau", ()),
    ),
    host=(),
    body=(),
)
SIZES = {"N": 2, "K": 4, "E": 0}


def test_sites_follow_one_another():
    slices = [
        (site.name, part, shape) for site, part, shape in site_slices(DENSITY, SIZES)
    ]
    assert slices == [
        ("mu", slice(0, 1), ()),
        ("p", slice(1, 7), (2, 3)),
        ("nothing", slice(7, 7), (0,)),
        ("tau", slice(7, 8), ()),
    ]
    assert position_dimension(DENSITY, SIZES) == 8


def test_an_extent_reads_no_array():
    with pytest.raises(TypeError, match="not an extent"):
        size_value(Read("n"), SIZES)
