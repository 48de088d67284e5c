"""Trees as short texts, for tables of tests."""

import pytest

from gml.diagnostics.diagnostic import GmlError
from gml.source import Source
from gml.syntax import ast, parse


def _shape(node):
    """An expression in prefix form: `a + b * c` is `(+ a (* b c))`."""
    match node:
        case None:
            return ""
        case ast.Name(name=name):
            return name
        case ast.Integer(value=value) | ast.Number(value=value):
            return repr(value)
        case ast.Boolean(value=value):
            return str(value).lower()
        case ast.String(value=value):
            return f'"{value}"'
        case ast.Unary(operator=operator, operand=operand):
            return f"({operator} {_shape(operand)})"
        case ast.Binary(operator=operator, left=left, right=right):
            return f"({operator} {_shape(left)} {_shape(right)})"
        case ast.Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"(if {_shape(condition)} {_shape(then)} {_shape(otherwise)})"
        case ast.Call(function=function, arguments=arguments):
            return f"{_shape(function)}({', '.join(map(_shape, arguments))})"
        case ast.Argument(value=value, over=over, keyword=keyword):
            prefix = f"{keyword.name}=" if keyword else ""
            suffix = f" over {', '.join(map(_shape, over))}" if over else ""
            return prefix + _shape(value) + suffix
        case ast.Binder(variable=variable, domain=domain):
            return (f"{variable.name}: " if variable else "") + _shape(domain)
        case ast.Slice(lower=lower, upper=upper):
            return f"{_shape(lower)}..{_shape(upper)}"
        case ast.Index(base=base, subscripts=subscripts):
            return f"{_shape(base)}[{', '.join(map(_shape, subscripts))}]"
        case ast.Attribute(base=base, name=name):
            return f"{_shape(base)}.{name.name}"
        case ast.Vector(elements=elements):
            return f"[{', '.join(map(_shape, elements))}]"
    raise AssertionError(node)


@pytest.fixture(scope="session")
def shape():
    return _shape


@pytest.fixture(scope="session")
def model_of():
    """Text to ast.Model."""
    return lambda text: parse(Source("m.gml", text))


@pytest.fixture(scope="session")
def item_of(model_of):
    """Text of one item to its node."""

    def item(text):
        (only,) = model_of(text).items
        return only

    return item


@pytest.fixture(scope="session")
def expression_of(item_of):
    """Text of an expression to its node."""
    return lambda text: item_of(f"x = {text}\n").value


@pytest.fixture(scope="session")
def errors_of():
    """Text of a wrong model to its diagnostics."""

    def errors(text):
        with pytest.raises(GmlError) as caught:
            parse(Source("m.gml", text))
        assert caught.value.exit_code == 1
        return caught.value.diagnostics

    return errors
