"""The syntax tree: one class for each rule of the grammar that means something.

Spans take no part in equality, so two texts that differ in layout alone have
equal trees.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from gml.source import Span


def _span() -> Span:
    return field(eq=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


@frozen
class Identifier:
    """A name at a place."""

    name: str
    span: Span = _span()


# ---------------------------------------------------------------- expressions


@frozen
class Name:
    """A reference to a dim, a datum, a site, a definition or a loop variable."""

    name: str
    span: Span = _span()


@frozen
class Number:
    """A literal with a decimal point or exponent."""

    value: float
    span: Span = _span()


@frozen
class Integer:
    """A literal without one."""

    value: int
    span: Span = _span()


@frozen
class Boolean:
    """`true` or `false`."""

    value: bool
    span: Span = _span()


@frozen
class String:
    """A quoted text (without its quotes)."""

    value: str
    span: Span = _span()


@frozen
class Unary:
    """`-x` or `not x`; operator is "-" or "not"."""

    operator: str
    operand: Expr
    span: Span = _span()


@frozen
class Binary:
    """Operator one of + - * / ^ @ < <= > >= == != and or."""

    operator: str
    left: Expr
    right: Expr
    span: Span = _span()


@frozen
class Conditional:
    """`if condition then x else y`."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = _span()


@frozen
class Binder:
    """`dim`, `variable: dim`, a loop variable, an integer, or a range.

    In `y[n: N]` variable is n and domain is Name(N); in `theta[school]` variable is
    None and domain Name(school); in `s[0]` domain is Integer(0); in `s[t]` inside
    `for t in T` domain is Name(t). In `y[1..T]` variable is None and domain a Slice.
    In `sum(x over visit(patient))` domain is Name(visit) and parent patient.
    """

    variable: Identifier | None
    domain: Name | Integer | Slice
    span: Span = _span()
    parent: Identifier | None = None


@frozen
class Argument:
    """An argument of a call: `x`, `x over N, k: K`, or `name=x`."""

    value: Expr
    over: tuple[Binder, ...] = ()
    keyword: Identifier | None = None
    span: Span = _span()


@frozen
class Call:
    """`f(x, y)`; function is a Name, or an Attribute as in `normal(0, 1).logpdf(x)`."""

    function: Expr
    arguments: tuple[Argument, ...]
    span: Span = _span()


@frozen
class Slice:
    """`a..b`, `..b`, `a..` or `..`, half open, as a subscript or a domain."""

    lower: Expr | None
    upper: Expr | None
    span: Span = _span()


@frozen
class Index:
    """`x[i, a..b]`."""

    base: Expr
    subscripts: tuple[Expr | Slice, ...]
    span: Span = _span()


@frozen
class Attribute:
    """`x.name`."""

    base: Expr
    name: Identifier
    span: Span = _span()


@frozen
class Vector:
    """`[a, b, c]`."""

    elements: tuple[Expr, ...]
    span: Span = _span()


Expr = (
    Name
    | Number
    | Integer
    | Boolean
    | String
    | Unary
    | Binary
    | Conditional
    | Call
    | Index
    | Attribute
    | Vector
)

# ---------------------------------------------------------------------- types


@frozen
class Bound:
    """`lower=e` or `upper=e` inside `< >`."""

    name: Identifier
    value: Expr
    span: Span = _span()


@frozen
class Type:
    """`index(county)<base=1>?[N, P]`: name, argument, bounds, missing cells, dims."""

    name: Identifier
    arguments: tuple[Identifier, ...] = ()
    bounds: tuple[Bound, ...] = ()
    has_missing: bool = False
    dims: tuple[Identifier, ...] = ()
    span: Span = _span()


# ---------------------------------------------------------------------- items


class Role(Enum):
    """What a user may assert about a declaration."""

    PARAM = "param"
    GENERATED = "generated"
    LOCAL = "local"


@frozen
class Decorator:
    """`@name` or `@name(arguments)` on the line before a site."""

    name: Identifier
    arguments: tuple[Argument, ...] = ()
    span: Span = _span()


@frozen
class Target:
    """Left side of `~` and `=`: name, binders, and a narrowing type."""

    name: Identifier
    binders: tuple[Binder, ...] = ()
    type: Type | None = None
    span: Span = _span()


@frozen
class DimItem:
    """One name of a `dim` line: free, `= 3`, `= K` (an alias), or `child(parent)`."""

    name: Identifier
    size: Integer | Name | None = None
    parent: Identifier | None = None
    doc: str | None = None
    span: Span = _span()


@frozen
class DimDeclaration:
    items: tuple[DimItem, ...]
    span: Span = _span()


@frozen
class DataDeclaration:
    name: Identifier
    type: Type
    doc: str | None = None
    span: Span = _span()


@frozen
class ConstDeclaration:
    name: Identifier
    type: Type | None
    value: Expr
    doc: str | None = None
    span: Span = _span()


@frozen
class Sample:
    """`target ~ distribution`."""

    target: Target
    distribution: Expr
    role: Role | None = None
    decorators: tuple[Decorator, ...] = ()
    doc: str | None = None
    span: Span = _span()


@frozen
class Define:
    """`target = value`."""

    target: Target
    value: Expr
    role: Role | None = None
    decorators: tuple[Decorator, ...] = ()
    doc: str | None = None
    span: Span = _span()


@frozen
class Factor:
    """`factor value`: adds to the score."""

    value: Expr
    span: Span = _span()


@frozen
class For:
    """`for variable in domain { items }`; domain is a dim or a range."""

    variable: Identifier
    domain: Name | Slice
    body: tuple[Item, ...]
    span: Span = _span()


@frozen
class Parameter:
    """A parameter of a function or distribution."""

    name: Identifier
    type: Type | None = None
    default: Expr | None = None
    span: Span = _span()


@frozen
class FunctionDefinition:
    """`fn f(a: T) -> T = e` or with `{ local definitions; return e }`."""

    name: Identifier
    parameters: tuple[Parameter, ...]
    returns: Type | None
    locals: tuple[Define, ...]
    result: Expr
    doc: str | None = None
    span: Span = _span()


@frozen
class Member:
    """`logpdf(x) = e`, `mean = e`, or `sample() { local definitions; return e }`."""

    name: Identifier
    parameters: tuple[Parameter, ...]
    locals: tuple[Define, ...]
    result: Expr
    span: Span = _span()


@frozen
class Reparam:
    """`reparam noncentered(z ~ normal(0, 1)) = mu + sigma * z`."""

    name: Identifier
    variable: Identifier
    base: Expr
    result: Expr
    span: Span = _span()


@frozen
class Check:
    """`check a ~= b`: a test that lives beside the distribution."""

    left: Expr
    right: Expr
    span: Span = _span()


@frozen
class DistDefinition:
    """`dist normal(mu: real, ..) on real { members }`."""

    name: Identifier
    parameters: tuple[Parameter, ...]
    support: Type
    members: tuple[Member, ...]
    reparams: tuple[Reparam, ...] = ()
    checks: tuple[Check, ...] = ()
    doc: str | None = None
    span: Span = _span()


Item = (
    DimDeclaration
    | DataDeclaration
    | ConstDeclaration
    | Sample
    | Define
    | Factor
    | For
    | FunctionDefinition
    | DistDefinition
)


@frozen
class Model:
    """A file: its items in order, and the doc comment at its top."""

    items: tuple[Item, ...]
    doc: str | None = None
    span: Span = _span()
