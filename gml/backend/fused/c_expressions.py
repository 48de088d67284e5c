"""Operations as C expressions over scalars and vectors of chains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

from attrs import frozen

from gml.backend.fused.values import Kind
from gml.ir.nodes import Reduction, Scalar

C_TYPES = {
    Kind.INT: "int64_t",
    Kind.BOOL: "int",
    Kind.REAL: "real",
    Kind.CHAIN_BOOL: "vint",
    Kind.CHAIN_REAL: "vreal",
}


class Binding(IntEnum):
    """How tightly an expression's outermost operator binds."""

    LOOSE = 0
    SUM = 1
    PRODUCT = 2
    UNARY = 3
    ATOM = 4


@frozen
class Text:
    """A C expression and its kind."""

    text: str
    kind: Kind
    binding: Binding = Binding.ATOM

    def within(self, binding: Binding) -> str:
        """In parentheses if it binds less tightly."""
        return self.text if self.binding >= binding else f"({self.text})"

    def real(self, binding: Binding = Binding.LOOSE) -> str:
        """As an operand of arithmetic on reals, a scalar or a vector."""
        match self.kind:
            case Kind.CHAIN_BOOL:
                return f"gml_real({self.text})"
            case Kind.INT | Kind.BOOL:
                return f"(real){self.within(Binding.ATOM)}"
            case Kind.REAL | Kind.CHAIN_REAL:
                return self.within(binding)

    def vector(self) -> str:
        """As a vector of reals."""
        return self.real() if self.kind.is_varying else f"vbroadcast({self.real()})"

    def mask(self) -> str:
        """As a vector of truth values."""
        if self.kind is Kind.CHAIN_BOOL:
            return self.text
        return f"vbroadcast_mask({self.text})"


def literal(value: float, scalar: Scalar) -> Text:
    """A number or truth value."""
    if scalar is not Scalar.REAL:
        return Text(str(int(value)), Kind(scalar.value), _sign_binding(value))
    if math.isnan(value):
        return Text("REAL_NAN", Kind.REAL)
    if math.isinf(value):
        sign = "-" if value < 0 else ""
        return Text(f"{sign}REAL_INFINITY", Kind.REAL, _sign_binding(value))
    return Text(f"C({value!r})", Kind.REAL)


def _sign_binding(value: float) -> Binding:
    return Binding.UNARY if value < 0 else Binding.ATOM


_SUMS = {"add": "+", "subtract": "-"}
_PRODUCTS = {"multiply": "*", "divide": "/"}
_COMPARISONS = {"less": "<", "less_equal": "<=", "equal": "==", "not_equal": "!="}
_LOGIC = {"and": ("&&", "&"), "or": ("||", "|")}


def call(primitive: str, arguments: Sequence[Text], kind: Kind) -> Text:
    """A primitive applied to arguments, of the kind that `call_kind` says."""
    if primitive in _SUMS:
        sign = _SUMS[primitive]
        return _binary(sign, arguments, kind, Binding.SUM)
    if primitive in _PRODUCTS:
        return _binary(_PRODUCTS[primitive], arguments, kind, Binding.PRODUCT)
    if primitive in _COMPARISONS:
        return _comparison(_COMPARISONS[primitive], arguments, kind)
    if primitive in _LOGIC:
        return _logic(primitive, arguments, kind)
    match primitive:
        case "negate":
            operand = _operand(arguments[0], kind, Binding.ATOM)
            return Text(f"-{operand}", kind, Binding.UNARY)
        case "not" if kind is Kind.BOOL:
            return Text(f"!{arguments[0].within(Binding.ATOM)}", kind, Binding.UNARY)
        case "not":
            return Text(f"~{arguments[0].within(Binding.ATOM)}", kind, Binding.UNARY)
        case "select":
            return _select(arguments, kind)
        case "real" | "int":
            return _converted(primitive, arguments[0], kind)
        case _ if kind.is_varying:
            inner = ", ".join(argument.vector() for argument in arguments)
            return Text(f"gml_{primitive}({inner})", kind)
        case _:
            return _scalar_function(primitive, arguments, kind)


def _operand(argument: Text, kind: Kind, binding: Binding) -> str:
    return argument.within(binding) if kind is Kind.INT else argument.real(binding)


def _binary(sign: str, arguments: Sequence[Text], kind: Kind, binding: Binding) -> Text:
    # What stands on the right keeps its parentheses: sums are not reassociated.
    left = _operand(arguments[0], kind, binding)
    right = _operand(arguments[1], kind, Binding(binding + 1))
    return Text(f"{left} {sign} {right}", kind, binding)


def _comparison(sign: str, arguments: Sequence[Text], kind: Kind) -> Text:
    both = all(a.kind in (Kind.INT, Kind.BOOL) for a in arguments)
    left, right = (
        a.within(Binding.SUM) if both else a.real(Binding.SUM) for a in arguments
    )
    return Text(f"{left} {sign} {right}", kind, Binding.LOOSE)


def _logic(primitive: str, arguments: Sequence[Text], kind: Kind) -> Text:
    if kind is Kind.BOOL:
        left, right = (a.within(Binding.UNARY) for a in arguments)
        return Text(f"{left} {_LOGIC[primitive][0]} {right}", kind, Binding.LOOSE)
    left, right = (_in_parentheses(a) for a in arguments)
    return Text(f"{left} {_LOGIC[primitive][1]} {right}", kind, Binding.LOOSE)


def _in_parentheses(argument: Text) -> str:
    if argument.kind is Kind.CHAIN_BOOL:
        return argument.within(Binding.UNARY)
    return argument.mask()


def _select(arguments: Sequence[Text], kind: Kind) -> Text:
    condition, then, otherwise = arguments
    if condition.kind is Kind.CHAIN_BOOL:
        if kind is Kind.CHAIN_BOOL:
            inner = f"{condition.text}, {then.mask()}, {otherwise.mask()}"
            return Text(f"vselect_int({inner})", kind)
        inner = f"{condition.text}, {then.vector()}, {otherwise.vector()}"
        return Text(f"vselect({inner})", kind)
    match kind:
        case Kind.CHAIN_REAL:
            branches = then.vector(), otherwise.vector()
        case Kind.CHAIN_BOOL:
            branches = then.mask(), otherwise.mask()
        case Kind.REAL:
            branches = then.real(Binding.SUM), otherwise.real(Binding.SUM)
        case Kind.INT | Kind.BOOL:
            branches = then.within(Binding.SUM), otherwise.within(Binding.SUM)
    test = condition.within(Binding.SUM)
    return Text(f"{test} ? {branches[0]} : {branches[1]}", kind, Binding.LOOSE)


def _converted(primitive: str, argument: Text, kind: Kind) -> Text:
    if kind is Kind.INT:
        return Text(argument.text, kind, argument.binding)
    if kind is Kind.REAL:
        return Text(argument.real(Binding.UNARY), kind, Binding.UNARY)
    if primitive == "int" and argument.kind is Kind.CHAIN_REAL:
        return Text(f"vtruncate({argument.text})", kind)
    return Text(argument.vector(), kind, argument.binding)


def _scalar_function(primitive: str, arguments: Sequence[Text], kind: Kind) -> Text:
    """Functions of data alone that C computes without a library."""
    first = _operand(arguments[0], kind, Binding.UNARY)
    if primitive == "square":
        return Text(f"{first} * {first}", kind, Binding.PRODUCT)
    second = _operand(arguments[1], kind, Binding.UNARY)
    sign = "<" if primitive == "minimum" else ">"
    test = f"{first} {sign} {second}"
    if kind is Kind.REAL:
        test = f"{test} || {first} != {first}"
    return Text(f"{test} ? {first} : {second}", kind, Binding.LOOSE)


# ---------------------------------------------------------------------- folds


def neutral(reduction: Reduction, kind: Kind) -> str:
    """What a fold starts from."""
    match reduction:
        case Reduction.PROD:
            value = literal(1, Scalar.INT if kind is Kind.INT else Scalar.REAL)
        case Reduction.MAX | Reduction.MIN:
            sign = -1 if reduction is Reduction.MAX else 1
            if kind is Kind.INT:
                return "INT64_MIN" if sign < 0 else "INT64_MAX"
            value = literal(sign * math.inf, Scalar.REAL)
        case _ if kind.is_varying:
            return "(vreal){0}"
        case _:
            value = literal(0, Scalar.INT if kind is Kind.INT else Scalar.REAL)
    return value.vector() if kind.is_varying else value.text


def fold_step(reduction: Reduction, total: Text, value: Text) -> str:
    """The statement that takes a value into a fold."""
    match reduction:
        case Reduction.SUM:
            return f"{total.text} += {_operand(value, total.kind, Binding.LOOSE)};"
        case Reduction.PROD:
            return f"{total.text} *= {_operand(value, total.kind, Binding.LOOSE)};"
        case _:
            name = "maximum" if reduction is Reduction.MAX else "minimum"
            result = call(name, (total, value), total.kind)
            return f"{total.text} = {result.text};"
