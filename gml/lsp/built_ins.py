"""Functions that are not written in GML: their arguments, and what they are."""

from __future__ import annotations

_X = ("x",)

BUILT_INS: dict[str, tuple[tuple[str, ...], str]] = {
    "abs": (_X, "Absolute value."),
    "square": (_X, "x^2."),
    "pow": (("x", "y"), "x^y."),
    "min": (("x", "y"), "The smaller of two values; `min(x over N)` reduces."),
    "max": (("x", "y"), "The larger of two values; `max(x over N)` reduces."),
    "floor": (_X, "The largest whole number that is not above x."),
    "ceil": (_X, "The smallest whole number that is not below x."),
    "sqrt": (_X, "Square root."),
    "exp": (_X, "Exponential function."),
    "log": (_X, "Natural logarithm."),
    "log1p": (_X, "log(1 + x), right for small x."),
    "expm1": (_X, "exp(x) - 1, right for small x."),
    "sigmoid": (_X, "1 / (1 + exp(-x))."),
    "softplus": (_X, "log(1 + exp(x)) without overflow."),
    "log_add_exp": (("x", "y"), "log(exp(x) + exp(y)) without overflow."),
    "log1m_exp": (_X, "log(1 - exp(x)) for negative x."),
    "sin": (_X, "Sine."),
    "cos": (_X, "Cosine."),
    "tan": (_X, "Tangent."),
    "atan": (_X, "Inverse tangent."),
    "tanh": (_X, "Hyperbolic tangent."),
    "erf": (_X, "Error function."),
    "erfc": (_X, "1 - erf(x), right for large x."),
    "lgamma": (_X, "Logarithm of the absolute value of the gamma function."),
    "digamma": (_X, "Derivative of `lgamma`."),
    "trigamma": (_X, "Derivative of `digamma`."),
    "real": (_X, "An integer or a truth value as a real number."),
    "int": (_X, "A truth value as 0 or 1; a real number without its fraction."),
    "cholesky": (
        ("A",),
        "The lower triangle L with L L' = A, for a symmetric positive definite A.",
    ),
    "solve_lower": (("L", "b"), "The x with L x = b, for a lower triangle L."),
    "solve_lower_transposed": (
        ("L", "b"),
        "The x with L' x = b, for a lower triangle L.",
    ),
    "draw_uniform": ((), "A draw from the uniform distribution on 0 to 1."),
    "draw_normal": ((), "A draw from the standard normal distribution."),
    "draw_exponential": ((), "A draw from the exponential distribution with rate 1."),
    "draw_gamma": (("shape",), "A draw from the gamma distribution with rate 1."),
    "draw_poisson": (("rate",), "A draw from the Poisson distribution."),
    "draw_binomial": (("n", "p"), "A draw from the binomial distribution."),
    "draw_von_mises": (
        ("concentration",),
        "A draw from the von Mises distribution around 0.",
    ),
    "draw_hypergeometric": (
        ("successes", "failures", "draws"),
        "A draw from the hypergeometric distribution.",
    ),
    "ode": (
        ("f", "initial", "start", "times", "..."),
        "The solution of a differential equation with right side `f`.",
    ),
    "ode_stiff": (
        ("f", "initial", "start", "times", "..."),
        "The solution of a stiff differential equation.",
    ),
    "draw_index": (("x over K",), "A position of K, drawn with log weights x."),
    "sum": (
        ("x over N",),
        "Sum over a dim, or over a range: `sum(f(k) over k: 1..K)`.",
    ),
    "prod": (("x over N",), "Product over a dim."),
    "mean": (("x over N",), "Mean over a dim."),
    "variance": (("x over N",), "Variance over a dim, divided by its size."),
    "sd": (("x over N",), "Standard deviation over a dim."),
    "logsumexp": (("x over N",), "log of the sum of exp(x) over a dim."),
    "truncated": (
        ("d", "lower", "upper"),
        "The distribution d between bounds, of which one may be left out.",
    ),
    "censored": (
        ("d", "lower", "upper"),
        "The distribution d with what is beyond a bound observed at the bound.",
    ),
    "mixture": (
        ("weights", "d1", "d2", "..."),
        "One of the distributions, by weights; or one family over the weights' dim.",
    ),
    "zero_inflated": (("p", "d"), "0 with probability p, else a count from d."),
    "hurdle": (("p", "d"), "0 with probability p, else a positive value from d."),
    "rep": (("x", "K"), "x at every position of the dim K."),
    "size": (("K",), "The number of elements of the dim K."),
}
"""What is not in it is shown with the number of its arguments alone."""
