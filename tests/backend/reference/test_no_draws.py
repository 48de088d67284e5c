import numpy as np

import gml


def test_values_of_no_positions_have_their_shapes():
    text = "dim J = 3\nparam m[J] ~ normal(0, 1)\ngenerated x ~ poisson(4)\n"
    bound = gml.loads(text).bind(backend="reference")
    values = bound._values(0).evaluate(["m", "x"], np.empty((3, 0)))
    assert values["m"].shape == (3, 0)
    assert values["x"].shape == (0,)
