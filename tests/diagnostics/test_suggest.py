import pytest

from gml.diagnostics.suggest import did_you_mean, near_names


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("nromal", ["normal", "lognormal", "gamma"], ["normal"]),
        ("Normal", ["normal", "lognormal"], ["normal"]),
        ("halfnormal", ["half_normal", "normal"], ["half_normal"]),
        ("cauchy_half", ["half_cauchy", "cauchy"], ["half_cauchy"]),
        ("mu", ["m", "nu", "tau"], ["nu", "m"]),
        ("x", ["y", "z"], []),
        ("x", ["X"], ["X"]),
        ("theta", ["beta", "sigma"], []),
        ("theta", ["theta"], []),
        ("aaa", ["aab", "aac", "aad", "aae"], ["aab", "aac", "aad"]),
        ("theta", [], []),
    ],
)
def test_near_names_are_the_nearest_first(name, candidates, expected):
    assert near_names(name, candidates) == expected


def test_did_you_mean_lists_alternatives():
    assert did_you_mean("aa", ["ab"]) == "did you mean `ab`?"
    assert did_you_mean("aa", ["ab", "ac"]) == "did you mean `ab` or `ac`?"
    assert did_you_mean("aa", iter(["ab", "ac", "ad"])) == (
        "did you mean `ab`, `ac` or `ad`?"
    )
    assert did_you_mean("aa", ["zz"]) is None
