"""Writes docs/reference: types, functions, distributions and errors.

What there is comes from the compiler's tables and from stdlib/; the words on types and
on functions that are not written in GML are below, and a test says which are missing.
"""

from __future__ import annotations

from pathlib import Path

from gml.check.calls import CALLABLE, REDUCTIONS
from gml.check.library import FUNCTION_FILES
from gml.check.matrices import MATRIX_WORDS
from gml.check.odes import ODE_WORDS
from gml.check.types import TYPE_NAMES
from gml.diagnostics.codes import CODES
from gml.ir.primitives import PRIMITIVES
from gml.resources import stdlib_path
from gml.source import Source
from gml.syntax import ast, parse

TYPES = {
    "real": ("a number", "none; log(x - a) or log(b - x) for a bound, logit for two"),
    "int": ("a whole number", "data and generated values only"),
    "bool": ("`false` or `true`, 0 or 1", "data and generated values only"),
    "index": ("a position of a dim, from 0: `index(county)`", "data only"),
    "ordered": ("a vector that increases", "the first, and logs of the gaps"),
    "positive_ordered": ("one that begins above zero", "logs of the gaps"),
    "simplex": ("non-negative, sums to one", "stick breaking, one dimension less"),
    "unit_vector": ("of length one", "a vector that is divided by its length"),
    "sum_to_zero": ("sums to zero", "an orthogonal map, one dimension less"),
    "cov_matrix": ("symmetric, positive definite", "a Cholesky factor"),
    "corr_matrix": ("the same with a unit diagonal", "a factor of rows of length one"),
    "cholesky_cov": ("lower triangle, positive diagonal", "logs of the diagonal"),
    "cholesky_corr": ("the same with rows of length one", "stick breaking by tanh"),
    "row_stochastic": ("rows that are simplexes", "a simplex for each row"),
}
"""What a type holds, and how a parameter of it becomes unconstrained."""

FUNCTIONS = {
    "abs": "absolute value",
    "square": "x^2",
    "pow": "x^y",
    "min": "the smaller of two; over a dim, the least",
    "max": "the larger of two; over a dim, the greatest",
    "floor": "the largest whole number not above x",
    "ceil": "the smallest whole number not below x",
    "sqrt": "square root",
    "exp": "exponential",
    "log": "natural logarithm",
    "log1p": "log(1 + x), right for small x",
    "expm1": "exp(x) - 1, right for small x",
    "sigmoid": "1 / (1 + exp(-x))",
    "softplus": "log(1 + exp(x)) without overflow",
    "log_add_exp": "log(exp(x) + exp(y)) without overflow",
    "log1m_exp": "log(1 - exp(x)) for negative x",
    "sin": "sine",
    "cos": "cosine",
    "tan": "tangent",
    "atan": "inverse tangent",
    "tanh": "hyperbolic tangent",
    "erf": "error function",
    "erfc": "1 - erf(x), right for large x",
    "lgamma": "logarithm of the absolute value of the gamma function",
    "digamma": "derivative of lgamma",
    "trigamma": "derivative of digamma",
    "real": "an int or a bool as a real",
    "int": "a bool as 0 or 1; a real without its fraction",
    "draw_uniform": "a draw between 0 and 1; in `sample()` alone, as all draws",
    "draw_normal": "a standard normal draw",
    "draw_exponential": "an exponential draw of rate 1",
    "draw_gamma": "a gamma draw of a shape, rate 1",
    "draw_poisson": "a Poisson draw of a rate",
    "draw_binomial": "a binomial draw of n and p",
    "draw_von_mises": "a von Mises draw around 0, of a concentration",
    "draw_hypergeometric": "a hypergeometric draw of successes, failures and draws",
    "draw_index": "a position, drawn by log weights",
    "sum": "sum over a dim or a range",
    "prod": "product",
    "mean": "mean",
    "variance": "variance, divided by the number of elements",
    "sd": "standard deviation",
    "logsumexp": "log of the sum of exponentials",
    "cholesky": "the lower triangle L with L L' = A",
    "solve_lower": "the x with L x = b",
    "solve_lower_transposed": "the x with L' x = b",
    "ode": "the solution of a differential equation: see [odes.md](../odes.md)",
    "ode_stiff": "the same, of a stiff one",
}
"""Functions that are not written in GML."""


def generate(folder: Path) -> None:
    """Write the pages, those that have changed."""
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by name."""
    return {
        "types": types_page(),
        "functions": functions_page(),
        "distributions": distributions_page(),
        "errors": errors_page(),
    }


def types_page() -> str:
    rows = ["| type | holds | as a parameter, unconstrained by |", "|---|---|---|"]
    for name in TYPE_NAMES:
        holds, transform = TYPES.get(name, ("", ""))
        rows.append(f"| `{name}` | {holds} | {transform} |")
    return "\n".join(["# Types", "", _TYPES, "", *rows, ""])


_TYPES = """\
`real<lower=0>[county]`: a name, bounds in angle brackets, dims in square ones. Bounds
are arithmetic, and those of a parameter may depend on other parameters. Vectors lie
along their last dim, matrices along their last two, the second an alias of the first
(`dim K, J = K`). `real?[N]` may have missing cells: each becomes a parameter.
A type is written for data, and where a parameter is narrower than its distribution:
`sigma: real<lower=0> ~ normal(0, 1)`."""


def functions_page() -> str:
    lines = ["# Functions", "", "## Of numbers", ""]
    lines += ["Element by element, with dims aligned by name.", ""]
    lines += ["| function | value |", "|---|---|"]
    for name in sorted(CALLABLE):
        arity = PRIMITIVES[CALLABLE[name]].arity
        arguments = ", ".join(("x", "y", "z")[:arity])
        lines.append(f"| `{name}({arguments})` | {FUNCTIONS.get(name, '')} |")
    lines += [
        "",
        "## Over a dim",
        "",
        "`sum(x over N)`, `mean(f(i) over i: 1..N)`.",
        "",
    ]
    lines += ["| function | value |", "|---|---|"]
    lines += [f"| `{n}(x over N)` | {FUNCTIONS.get(n, '')} |" for n in REDUCTIONS]
    lines += ["", "## Of shapes and matrices", "", "| function | value |", "|---|---|"]
    lines += ["| `rep(x, K)` | x at every position of the dim K |"]
    lines += ["| `size(K)` | the number of elements of the dim K |"]
    lines += ["| `X @ b` | the product over the one dim that both have |"]
    words = (*MATRIX_WORDS, *ODE_WORDS)
    lines += [f"| `{name}(..)` | {FUNCTIONS.get(name, '')} |" for name in words]
    lines += [
        "",
        "## Of the standard library",
        "",
        "Written in GML, in `prelude.gml` and `tails.gml`.",
        "",
    ]
    for item in (i for file in FUNCTION_FILES for i in _parse(file).items):
        if isinstance(item, ast.FunctionDefinition):
            head = _one_line(_before_body(item.span.text))
            lines += [f"`{head}`", f": {_one_line(item.doc or '')}", ""]
    return "\n".join(lines)


def _before_body(text: str) -> str:
    """A function's head: what stands before `=` or `{`, outside of brackets."""
    depth = 0
    for place, char in enumerate(text):
        if char in "([<":
            depth += 1
        elif char in ")]>" and text[place - 1 : place + 1] != "->":
            depth -= 1
        elif char in "={" and depth == 0:
            return text[:place]
    return text


def distributions_page() -> str:
    lines = ["# Distributions", "", _DISTRIBUTIONS, ""]
    for title, names in _grouped().items():
        lines += [f"## {title}", ""]
        for name in names:
            lines += _distribution(name)
    return "\n".join(lines)


_DISTRIBUTIONS = """\
Each is a file of `stdlib/dist`, shown here whole: its arguments and support, the
density, how it is drawn, its moments, and `check` lines, which the tests compare with
what the compiler computes. Arguments may be given by name, `normal(mu=0, sigma=1)`."""


def _grouped() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {
        "Of real numbers": [],
        "Of whole numbers": [],
        "Of vectors and matrices": [],
    }
    for path in sorted((stdlib_path() / "dist").glob("*.gml")):
        support = definition(path.stem).support
        is_scalar = support.name.name in ("real", "int", "bool", "index")
        title = "Of vectors and matrices"
        if is_scalar and not support.dims:
            title = "Of real numbers"
            if support.name.name != "real":
                title = "Of whole numbers"
        groups[title].append(path.stem)
    return groups


def _distribution(name: str) -> list[str]:
    node = definition(name)
    parameters = ", ".join(_one_line(p.span.text) for p in node.parameters)
    words = (node.doc or "").split("\n\n")
    return [
        f"### {name}",
        "",
        f"`{name}({parameters})` on `{_one_line(node.support.span.text)}`",
        "",
        *[f"{_one_line(text)}\n" for text in words if text],
        "```gml",
        node.span.text,
        "```",
        "",
    ]


def definition(name: str) -> ast.DistDefinition:
    """The definition in a distribution's file."""
    for item in _parse(f"dist/{name}.gml").items:
        if isinstance(item, ast.DistDefinition) and item.name.name == name:
            return item
    raise ValueError(f"dist/{name}.gml does not define {name}")


def errors_page() -> str:
    lines = ["# Errors", "", _ERRORS, ""]
    stages: dict[str, list[str]] = {code[3:5]: [] for code in CODES}
    for code, title in CODES.items():
        stages[code[3:5]].append(f"- [{code}](../errors/{code}.md): {title}")
    for stage, rows in stages.items():
        lines += [f"## {_STAGES.get(stage, stage)}", "", *rows, ""]
    entries = [f"../errors/{code}" for code in CODES]
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *entries, "```", ""])


_ERRORS = """\
Every message has a code; `gmlc explain GML0203` prints the page that is linked here. A
code keeps its meaning for ever."""

_STAGES = {
    "01": "Syntax",
    "02": "Names",
    "03": "Types",
    "04": "Shapes",
    "05": "Supports",
    "06": "Data",
    "07": "Sampling",
    "08": "Usage and files",
    "09": "Roles",
}


def _parse(relative: str) -> ast.Model:
    text = (stdlib_path() / relative).read_text(encoding="utf-8")
    return parse(Source(relative, text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
