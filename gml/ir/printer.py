"""The textual form of models and densities: stable, one binding a line.

Computed arrays carry a `%`; data and the position do not. Floats are printed by
`repr`, so the text tells any two constants apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from gml.ir.model import (
    BooleanSupport,
    DataVariable,
    Definition,
    DistCall,
    IndexSupport,
    IntegerSupport,
    MatrixSupport,
    Model,
    ModelDim,
    ModelFactor,
    ModelSite,
    OrderedSupport,
    RealSupport,
    Recurrence,
    SimplexSupport,
    Statement,
    SumToZeroSupport,
    Support,
    UnitVectorSupport,
)
from gml.ir.nodes import (
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    MatrixElement,
    Read,
    Reduce,
    Scalar,
    Scan,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.source import Span

_INFIX = {
    "or": ("or", 1),
    "and": ("and", 2),
    "less": ("<", 4),
    "less_equal": ("<=", 4),
    "equal": ("==", 4),
    "not_equal": ("!=", 4),
    "add": ("+", 5),
    "subtract": ("-", 5),
    "multiply": ("*", 6),
    "divide": ("/", 6),
    "power": ("^", 8),
}
_NOT, _COMPARE, _NEGATE, _POWER, _ATOM = 3, 4, 7, 8, 9
_REDUCE = 0

_COMPUTED = (Storage.HOST, Storage.LOCAL, Storage.ADJOINT)


# ---------------------------------------------------------------- expressions


def print_expr(expr: Expr, computed: Collection[str] = ()) -> str:
    """Infix text with as few parentheses as the precedences allow.

    Parameters
    ----------
    expr
        Any expression.
    computed
        Names of the arrays to mark with a `%`.
    """
    return _expression(expr, computed)[0]


def _expression(expr: Expr, computed: Collection[str]) -> tuple[str, int]:
    """The text, and the precedence of its outermost operator."""
    match expr:
        case Const():
            return _constant(expr)
        case Var(name=name):
            return name, _ATOM
        case Size(dim=dim):
            return f"size({dim})", _ATOM
        case Read(array=array, indices=indices):
            return _element(array, indices, computed), _ATOM
        case Apply():
            return _application(expr, computed)
        case Reduce(kind=kind, axis=axis, body=body):
            text = _expression(body, computed)[0]
            return f"{kind.value} {print_axis(axis)}: {text}", _REDUCE
        case MatrixElement():
            return _matrix_element(expr, computed), _ATOM
        case _:
            assert_never(expr)


def _matrix_element(expr: MatrixElement, computed: Collection[str]) -> str:
    axes = f"{print_axis(expr.row)}, {print_axis(expr.column)}"
    operands = ", ".join(print_expr(e, computed) for e in expr.operands)
    return _element(
        f"{expr.function.value}({axes}: {operands})", expr.indices, computed
    )


def _constant(const: Const) -> tuple[str, int]:
    if const.scalar is Scalar.BOOL:
        return ("true" if const.value else "false"), _ATOM
    text = repr(const.value)
    return text, (_NEGATE if text.startswith("-") else _ATOM)


def _element(array: str, indices: tuple[Expr, ...], computed: Collection[str]) -> str:
    name = f"%{array}" if array in computed else array
    if not indices:
        return name
    return f"{name}[{', '.join(print_expr(index, computed) for index in indices)}]"


def _application(expr: Apply, computed: Collection[str]) -> tuple[str, int]:
    def operand(argument: Expr, lowest: int) -> str:
        text, precedence = _expression(argument, computed)
        return text if precedence >= lowest else f"({text})"

    name, arguments = expr.primitive, expr.arguments
    if name in _INFIX:
        symbol, level = _INFIX[name]
        # Operators group to the left; power and comparisons do not group at all.
        groups = level not in (_COMPARE, _POWER)
        left = operand(arguments[0], level if groups else level + 1)
        right = operand(arguments[1], level + 1)
        return (
            f"{left}^{right}" if symbol == "^" else f"{left} {symbol} {right}"
        ), level
    if name == "negate":
        return f"-{operand(arguments[0], _POWER)}", _NEGATE
    if name == "not":
        return f"not {operand(arguments[0], _NOT)}", _NOT
    texts = (print_expr(argument, computed) for argument in arguments)
    return f"{name}({', '.join(texts)})", _ATOM


def print_axis(axis: Axis) -> str:
    """`n in N`, `t in 1..size(T)`, or `N` alone when the variable is the dim's own."""
    if isinstance(axis.upper, Size) and axis.lower == Const(0, Scalar.INT):
        dim = axis.upper.dim
        return dim if axis.var == dim else f"{axis.var} in {dim}"
    return f"{axis.var} in {print_expr(axis.lower)}..{print_expr(axis.upper)}"


def print_over(axes: tuple[Axis, ...]) -> str:
    """` over n in N, p in P`, or nothing."""
    return f" over {', '.join(map(print_axis, axes))}" if axes else ""


# ----------------------------------------------------------------- statements


def print_statement(stmt: Stmt, arrays: Iterable[Array] = ()) -> str:
    """The statement's text; `arrays` give the types and the marks.

    Parameters
    ----------
    stmt
        A statement; a Scan prints as several lines.
    arrays
        The arrays of its density.
    """
    return "\n".join(_statement(stmt, {array.name: array for array in arrays}))


def _statement(stmt: Stmt, arrays: dict[str, Array]) -> Iterator[str]:
    computed = _computed(arrays.values())
    match stmt:
        case Let(array=name, indices=indices, axes=axes, value=value):
            target = _element(name, indices, computed)
            typed = f": {arrays[name].scalar.value}" if name in arrays else ""
            yield f"let {target}{typed} = {_summand(value, axes, computed)}"
        case Add(array=name, indices=indices, axes=axes, value=value, term=term):
            target = _element(name, indices, computed)
            note = f"  # {term.kind.value} {term.site}" if term else ""
            yield f"add {target} += {_summand(value, axes, computed)}{note}"
        case Scan(axis=axis, body=body, reverse=reverse, is_plate=is_plate):
            keyword = "plate" if is_plate else "scan"
            yield f"{keyword} {print_axis(axis)}{' reversed' if reverse else ''} {{"
            for inner in body:
                yield from ("  " + line for line in _statement(inner, arrays))
            yield "}"
        case _:
            assert_never(stmt)


def _summand(value: Expr, axes: tuple[Axis, ...], computed: Collection[str]) -> str:
    text, precedence = _expression(value, computed)
    if axes and precedence == _REDUCE:
        text = f"({text})"
    return text + print_over(axes)


# ------------------------------------------------------------------- densities


def _computed(arrays: Iterable[Array]) -> frozenset[str]:
    return frozenset(a.name for a in arrays if a.storage in _COMPUTED)


def _declaration(array: Array, mark: str = "") -> str:
    shape = ", ".join(_extent(extent) for extent in array.shape)
    return f"{mark}{array.name}: {array.scalar.value}" + (f"[{shape}]" if shape else "")


def _extent(extent: Expr) -> str:
    return extent.dim if isinstance(extent, Size) else print_expr(extent)


def print_density(density: Density, locations: bool = False) -> str:
    """The whole program, as golden files have it.

    Parameters
    ----------
    density
        A density at any stage between lowering and a backend.
    locations
        Whether statements end in the place in the source they come from.
    """
    return "\n".join(_density(density, locations)) + "\n"


def _density(density: Density, locations: bool) -> Iterator[str]:
    arrays = {array.name: array for array in density.arrays}
    position = ", ".join(_declaration(arrays[site.position]) for site in density.sites)
    yield f"density {density.name}({position})"
    for dim in density.dims:
        yield f"  dim {dim.name}" + ("" if dim.size is None else f" = {dim.size}")
    for array in density.arrays:
        if array.storage is Storage.DATA:
            yield f"  data {_declaration(array)}"
    for site in density.sites:
        yield f"  site {site.name}: %{site.value} of {site.position}"
    for title, statements in (("host", density.host), ("body", density.body)):
        if statements:
            yield f"  {title}"
            yield from _accumulators(statements, arrays)
            for stmt in statements:
                lines = list(_statement(stmt, arrays))
                if locations and stmt.span is not None:
                    lines[0] += _location(stmt.span)
                yield from ("    " + line for line in lines)
    if density.gradient:
        yield f"  gradient {', '.join('%' + name for name in density.gradient)}"


def _location(span: Span) -> str:
    return f"  @ {span}"


def _accumulators(
    statements: Iterable[Stmt], arrays: dict[str, Array]
) -> Iterator[str]:
    """A line for each array that starts at zero, in the order of the first Add."""
    names: dict[str, None] = {}

    def collect(stmts: Iterable[Stmt]) -> None:
        for stmt in stmts:
            if isinstance(stmt, Add):
                names.setdefault(stmt.array)
            elif isinstance(stmt, Scan):
                collect(stmt.body)

    collect(statements)
    for name in names:
        yield f"    zero {_declaration(arrays[name], '%')}"


# --------------------------------------------------------------------- models


def print_model(model: Model) -> str:
    """The whole model, one declaration a line.

    Parameters
    ----------
    model
        A checked model.
    """
    return "\n".join(_model(model)) + "\n"


def print_support(support: Support) -> str:
    """A support as the language writes it: `real<lower=0>`, `index(school)`.

    Parameters
    ----------
    support
        The support of data, a latent or an observed value.
    """
    match support:
        case RealSupport(lower=lower, upper=upper):
            return "real" + _bounds(lower, upper)
        case IntegerSupport(lower=lower, upper=upper):
            return "int" + _bounds(lower, upper)
        case BooleanSupport():
            return "bool"
        case IndexSupport(dim=dim):
            return f"index({dim})"
        case OrderedSupport(is_positive=is_positive):
            return "positive_ordered" if is_positive else "ordered"
        case SimplexSupport():
            return "simplex"
        case UnitVectorSupport():
            return "unit_vector"
        case SumToZeroSupport():
            return "sum_to_zero"
        case MatrixSupport(kind=kind):
            return kind.value
        case _:
            assert_never(support)


def _bounds(lower: Expr | None, upper: Expr | None) -> str:
    bounds = []
    if lower is not None:
        bounds.append(f"lower={print_expr(lower)}")
    if upper is not None:
        bounds.append(f"upper={print_expr(upper)}")
    return f"<{', '.join(bounds)}>" if bounds else ""


def _model(model: Model) -> Iterator[str]:
    yield f"model {model.name}"
    for dim in model.dims:
        yield f"  dim {_dim(dim)}"
    for variable in model.data:
        yield f"  data {_data(variable)}"
    for statement in model.statements:
        yield from ("  " + line for line in _model_statement(statement))


def _dim(dim: ModelDim) -> str:
    if dim.size is not None:
        return f"{dim.name} = {dim.size}"
    return dim.name if dim.alias_of is None else f"{dim.name} = {dim.alias_of}"


def _data(variable: DataVariable) -> str:
    base = f" base {variable.index_base}" if variable.index_base else ""
    mark = "" if variable.missing is None else "?"
    typed = _shaped(print_support(variable.support) + mark, variable.dims)
    return f"{variable.name}: {typed}{base}"


def _shaped(element: str, dims: tuple[str, ...]) -> str:
    return element + (f"[{', '.join(dims)}]" if dims else "")


def _model_statement(statement: Statement) -> Iterator[str]:
    match statement:
        case ModelSite():
            yield _site(statement)
        case Definition():
            yield _definition(statement)
        case ModelFactor(term=term, axes=axes, value=value):
            text = _grouped(value, axes)
            yield f"factor {text}{print_over(axes)}  # {term.kind.value} {term.site}"
        case Recurrence(axis=axis, body=body):
            yield f"scan {print_axis(axis)} {{"
            for inner in body:
                yield from ("  " + line for line in _model_statement(inner))
            yield "}"
        case _:
            assert_never(statement)


def _site(site: ModelSite) -> str:
    typed = _shaped(print_support(site.support), site.dims)
    flag = "  # noncentered" if site.is_noncentered else ""
    return (
        f"{site.role.value} {_target(site.name, site.indices)}: {typed}"
        f" ~ {_call(site.call)}{print_over(site.axes)}{flag}"
    )


def _call(call: DistCall) -> str:
    dims = dict(call.argument_axes)

    def argument(name: str, value: Expr) -> str:
        text = print_expr(value)
        if not dims.get(name):
            return f"{name}={text}"
        return f"{name}=({text} over {', '.join(dims[name])})"

    return f"{call.distribution}({', '.join(argument(*a) for a in call.arguments)})"


def _definition(definition: Definition) -> str:
    typed = _shaped(definition.scalar.value, definition.dims)
    flag = "  # local" if definition.is_local else ""
    value = _grouped(definition.value, definition.axes)
    return (
        f"{definition.role.value} {_target(definition.name, definition.indices)}: "
        f"{typed} = {value}{print_over(definition.axes)}{flag}"
    )


def _target(name: str, indices: tuple[Expr, ...]) -> str:
    return name + (f"[{', '.join(map(print_expr, indices))}]" if indices else "")


def _grouped(value: Expr, axes: tuple[Axis, ...]) -> str:
    """The value, in parentheses where a following `over` would be misread."""
    text = print_expr(value)
    return f"({text})" if axes and isinstance(value, Reduce) else text
