import pytest
from attrs import evolve

from gml.ir.build import apply, integer, real
from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Density,
    Dim,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Site,
    Size,
    Storage,
    Var,
)
from gml.ir.verify import InvalidDensity, verify

N = Axis.over("n", "N")
n, t = Var("n"), Var("t")
ONE = integer(1)
TAIL = Axis("n", ONE, Size("N"))
EARLIER = Read("v", (apply("subtract", t, ONE),))


def array(name, storage, dims="", scalar=Scalar.REAL):
    return Array(name, scalar, tuple(map(Size, dims)), storage)


def density(*body, host=(), **changes):
    base = Density(
        name="m",
        dims=(Dim("N"), Dim("K")),
        arrays=(
            array("y", Storage.DATA, "N"),
            array("g", Storage.DATA, "N", Scalar.INT),
            array("h", Storage.HOST, "N"),
            array("u", Storage.POSITION),
            array("s", Storage.LOCAL),
            array("i", Storage.LOCAL, scalar=Scalar.INT),
            array("v", Storage.LOCAL, "N"),
            array("w", Storage.LOCAL, "NN"),
            array("score", Storage.ADJOINT),
            array("d_v", Storage.ADJOINT, "N"),
        ),
        sites=(Site("u", "u", "u", ()),),
        host=host,
        body=body,
    )
    return evolve(base, **changes)


def let(value, name="v", indices=(n,), axes=(N,)):
    return Let(name, indices, axes, value)


def scan(*body):
    return Scan(Axis("t", ONE, Size("N")), body)


def total(axis, body):
    return Reduce(Reduction.SUM, axis, body)


K = Axis("k", integer(0), t)
EARLIER_COLUMNS = total(
    K, apply("multiply", Read("w", (n, Var("k"))), Read("w", (t, Var("k"))))
)

VALID = [
    [let(Read("y", (n,))), Add("score", (), (N,), Read("v", (n,)))],
    [let(real(0), indices=(integer(0),), axes=()), let(real(0), axes=(TAIL,))],
    [
        let(real(0), indices=(integer(0),), axes=()),
        scan(let(EARLIER, indices=(t,), axes=())),
    ],
    [scan(let(EARLIER, indices=(t,), axes=()))],
    [Add("d_v", (Read("g", (n,)),), (N,), Read("y", (n,)))],
    [let(real(0), "w", (n, t), (N, Axis("t", integer(0), n)))],
    # A column of w from the columns before it, at its own row and at row t.
    [scan(let(EARLIER_COLUMNS, "w", (n, t), (N,)))],
    # The ranges of these meet only if N is 3 or more: nothing is certain.
    [
        let(real(0), indices=(integer(2),), axes=()),
        let(real(0), axes=(Axis("n", integer(0), Size("K")),)),
    ],
]


@pytest.mark.parametrize("body", VALID)
def test_valid(body):
    verify(density(*body))


INVALID = [
    ("q is not declared", [let(Read("q"), "s", (), ())]),
    ("v has 1 indices, not 0", [let(real(0)), let(Read("v"), "s", (), ())]),
    ("v has 1 indices, not 2", [let(real(0), indices=(n, integer(0)))]),
    ("v is read before", [let(Read("v", (ONE,)), "s", (), ()), let(real(0))]),
    ("v is read before", [scan(let(Read("v", (t,)), indices=(t,), axes=()))]),
    (
        "w is read before",
        [scan(let(total(K, Read("w", (Var("k"), t))), "w", (n, t), (N,)))],
    ),
    ("v is defined twice", [let(real(0)), let(real(1))]),
    ("v is defined twice", [let(real(0)), let(real(1), axes=(TAIL,))]),
    ("s is not a adjoint array", [Add("s", (), (), real(0))]),
    ("d_v is not a local array", [let(real(0), "d_v")]),
    (r"unbound index variables \['n'\]", [let(Read("y", (n,)), "s", (), ())]),
    ("n is bound twice", [let(real(0), "w", (n, n), (N, N))]),
    ("bound twice", [let(total(N, Read("y", (n,))))]),
    ("n is bound twice", [let(total(N, total(N, real(1))), "s", (), ())]),
    ("is not an int", [let(Read("y", (Read("u"),)), "s", (), ())]),
    ("is not a bool", [let(apply("select", ONE, ONE, ONE), "s", (), ())]),
    ("a real value for a int array", [let(Read("u"), "i", (), ())]),
    ("draws nothing", [let(apply("draw_normal"), "s", (), ())]),
    ("draws nothing", [let(Reduce(Reduction.DRAW_INDEX, N, real(1)), "i", (), ())]),
    ("exp takes 1 arguments", [let(apply("exp", ONE, ONE), "s", (), ())]),
    ("no primitive sine", [let(apply("sine", ONE), "s", (), ())]),
    ("no dim M", [let(Size("M"), "i", (), ())]),
    ("a value for each n", [let(real(0), "s", (), (N,))]),
    ("distinct variables", [let(real(0), indices=(Read("g", (n,)),))]),
    (
        "a bound of n reads an array",
        [let(total(Axis("n", integer(0), Read("i")), real(1)), "s", (), ())],
    ),
]


@pytest.mark.parametrize(("reason", "body"), INVALID)
def test_invalid(reason, body):
    with pytest.raises(InvalidDensity, match=reason) as caught:
        verify(density(*body))
    assert "\n  in: " in str(caught.value)


def test_the_host_reads_data_and_host_arrays_alone():
    verify(density(host=(let(Read("y", (n,)), "h"),)))
    for name in ("u", "score"):
        with pytest.raises(InvalidDensity, match=f"{name} is read before"):
            verify(density(host=(let(Read(name), "h"),)))
    with pytest.raises(InvalidDensity, match="v is not a host array"):
        verify(density(host=(let(real(0)),)))


def test_declarations():
    arrays = density().arrays
    with pytest.raises(InvalidDensity, match="one name"):
        verify(density(arrays=(*arrays, arrays[0])))
    with pytest.raises(InvalidDensity, match="no position array v"):
        verify(density(sites=(Site("v", "v", "v", (Size("N"),)),)))
    with pytest.raises(InvalidDensity, match="shape differs"):
        verify(density(sites=(Site("u", "u", "u", (Size("N"),)),)))
    with pytest.raises(InvalidDensity, match="gradient names v"):
        verify(density(gradient=("v",)))
