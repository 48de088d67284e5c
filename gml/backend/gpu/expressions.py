"""Operations as expressions of one chain: where the CPU has vectors, one number."""

from __future__ import annotations

from collections.abc import Sequence

from gml.backend.fused.c_expressions import Binding, Text
from gml.backend.fused.c_expressions import call as scalar_call
from gml.backend.fused.c_expressions import neutral as scalar_neutral
from gml.backend.fused.values import Kind
from gml.ir.nodes import Reduction

TYPES = {Kind.INT: "int", Kind.BOOL: "bool", Kind.REAL: "real"}
_ONE_CHAIN = {Kind.CHAIN_REAL: Kind.REAL, Kind.CHAIN_BOOL: Kind.BOOL}
_OPERATORS = frozenset(
    """
    add subtract multiply divide less less_equal equal not_equal and or not negate
    select real
    """.split()  # noqa: SIM905  a list of words reads better so
)


def one_chain(kind: Kind) -> Kind:
    """The kind of a value that differs between chains, in one of them."""
    return _ONE_CHAIN.get(kind, kind)


def call(primitive: str, arguments: Sequence[Text], kind: Kind) -> Text:
    """A primitive applied to arguments; `kind` as `call_kind` says, for all chains."""
    single = one_chain(kind)
    if primitive in _OPERATORS:
        return scalar_call(primitive, arguments, single)
    if primitive == "int" and kind is Kind.CHAIN_REAL:  # ints of a chain are reals
        if arguments[0].kind is Kind.REAL:
            return Text(f"vtruncate({arguments[0].text})", Kind.REAL)
        return scalar_call("real", arguments, Kind.REAL)
    if single is Kind.INT:
        return scalar_call(primitive, arguments, single)
    inner = ", ".join(argument.real() for argument in arguments)
    return Text(f"gml_{primitive}({inner})", single)


def neutral(reduction: Reduction, kind: Kind) -> str:
    """What a fold starts from."""
    text = scalar_neutral(reduction, kind)
    return {"INT64_MIN": "(-2147483647 - 1)", "INT64_MAX": "2147483647"}.get(text, text)


def fold_step(reduction: Reduction, total: Text, value: Text) -> str:
    """The statement that takes a value into a fold."""
    operand = value.text if total.kind is Kind.INT else value.real()
    match reduction:
        case Reduction.SUM:
            return f"{total.text} += {operand};"
        case Reduction.PROD:
            return f"{total.text} *= {value.within(Binding.LOOSE)};"
        case _:
            name = "maximum" if reduction is Reduction.MAX else "minimum"
            return f"{total.text} = {call(name, (total, value), total.kind).text};"
