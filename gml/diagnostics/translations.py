"""What other languages call the types, functions and distributions of GML.

Only names whose arguments mean the same, in the same order, are here: a renaming must
not change a model.
"""

from __future__ import annotations

import re

_TYPES = {
    "vector": "real",
    "row_vector": "real",
    "matrix": "real",
    "array": "real",
    "float": "real",
    "double": "real",
    "number": "real",
    "integer": "int",
    "boolean": "bool",
    "logical": "bool",
    "cholesky_factor_corr": "cholesky_corr",
    "cholesky_factor_cov": "cholesky_cov",
    "row_stochastic_matrix": "row_stochastic",
    "sum_to_zero_vector": "sum_to_zero",
}
_FUNCTIONS = {
    "log_sum_exp": "logsumexp",
    "expit": "inv_logit",
    "invlogit": "inv_logit",
    "ln": "log",
    "fabs": "abs",
    "average": "mean",
    "product": "prod",
    "log_gamma": "lgamma",
    "gammaln": "lgamma",
    "loggamma": "lgamma",
    "log1pexp": "log1p_exp",
    "lchoose": "log_choose",
    "choose_log": "log_choose",
    "ceiling": "ceil",
    "sqr": "square",
    "arctan": "atan",
    "power": "pow",
    "cholesky_decompose": "cholesky",
    "mdivide_left_tri_low": "solve_lower",
    "rep_vector": "rep",
}
_DISTRIBUTIONS = {
    "norm": "normal",
    "gaussian": "normal",
    "double_exponential": "laplace",
    "log_normal": "lognormal",
    "inverse_gamma": "inv_gamma",
    "chi2": "chi_square",
    "chi_squared": "chi_square",
    "inverse_wishart": "inv_wishart",
    "multivariate_normal": "multi_normal",
    "mv_normal": "multi_normal",
    "mvn": "multi_normal",
    "multivariate_normal_cholesky": "multi_normal_cholesky",
    "categorical_logits": "categorical_logit",
    "bernoulli_logits": "bernoulli_logit",
    "half_t": "half_student_t",
    "unif": "uniform",
    "pois": "poisson",
    "improper_uniform": "flat",
}


def type_(name: str) -> str | None:
    return _TYPES.get(_words(name))


def function(name: str) -> str | None:
    return _FUNCTIONS.get(_words(name))


def distribution(name: str) -> str | None:
    return _DISTRIBUTIONS.get(_words(name))


def _words(name: str) -> str:
    """`HalfNormal` and `halfNormal` as `half_normal`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
