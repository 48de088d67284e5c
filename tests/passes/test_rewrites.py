"""Before and after, for each pass; and what must stay as it is."""

import pytest

from gml.ir.nodes import Storage
from gml.ir.printer import print_statement
from gml.ir.verify import verify
from gml.passes.cancel_inverses import cancel_inverses
from gml.passes.compensate_rounding import compensate_rounding
from gml.passes.differentiate import differentiate
from gml.passes.drop_constant_terms import drop_constant_terms
from gml.passes.fold_constants import fold_constants
from gml.passes.hoist_data import hoist_data
from gml.passes.hoist_invariants import hoist_invariants
from gml.passes.hoist_known_arrays import hoist_known_arrays
from gml.passes.inline_adjoints import inline_adjoints
from gml.passes.inline_copies import inline_copies
from gml.passes.name_reductions import name_reductions
from gml.passes.prune_dead import prune_dead
from gml.passes.share_subexpressions import share_subexpressions
from gml.passes.shift_ranges import shift_ranges
from gml.passes.split_scans import split_scans

DECLARATIONS = (
    "data y[N]; data x[N, K]; data int g[N]; data int c[N]; position a; position b[K];"
    "position w[N]; local s; local t[N]; local v[N]; local m[N, K]"
)


def lines(statements):
    return [line for stmt in statements for line in print_statement(stmt).splitlines()]


def expected(text):
    return [line.strip() for line in text.strip().splitlines()]


@pytest.fixture
def check(density_of):
    def check(apply_pass, before, after, host=""):
        result = apply_pass(density_of(DECLARATIONS, before))
        verify(result)
        assert [line.strip() for line in lines(result.body)] == expected(after)
        assert [line.strip() for line in lines(result.host)] == expected(host)
        return result

    return check


@pytest.fixture
def keeps(density_of):
    def keeps(apply_pass, *bodies):
        for body in bodies:
            density = density_of(DECLARATIONS, body)
            assert apply_pass(density) == density

    return keeps


# ------------------------------------------------------------- fold_constants


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2.0 * 3.0 + a", "6.0 + a"),
        ("1 * a", "a"),
        ("2 * a", "2.0 * a"),
        ("a ** 2", "square(a)"),
        ("a ** 2.0", "square(a)"),
        ("a ** 3", "a * square(a)"),
        ("a ** -1", "1.0 / a"),
        ("a ** 0.5", "sqrt(a)"),
        ("a ** 0", "1.0"),
        ("a ** 1.5", "a^1.5"),
        ("a / 4", "0.25 * a"),
        ("2.0 * (3.0 * a)", "6.0 * a"),
        ("a - -a", "a + a"),
        ("-(-a)", "a"),
        ("-(a - s)", "s - a"),
        ("a + 0.0", "a"),
        ("real(a)", "a"),
        ("real(c[0])", "real(c[0])"),
        ("1.0 * c[0]", "real(c[0])"),
        ("c[0] ** 2", "square(real(c[0]))"),
        ("a / (1 / 2)", "2.0 * a"),
        ("select(1 < 2, a, log(a))", "a"),
        ("select(a < 0.0 and True, a, 1.0)", "select(a < 0.0, a, 1.0)"),
        ("exp(0.0) + a", "1.0 + a"),
        ("log(2.0) * a", "0.6931471805599453 * a"),
        ("sum(n in N, 0.5)", "0.5 * real(size(N))"),
        ("lgamma(0.0) + a", "lgamma(0.0) + a"),
        ("0.0 * a", "0.0 * a"),
        ("a / 0.0", "a / 0.0"),
        ("sum(n in range(1, size(N)), 0.5)", "sum n in 1..size(N): 0.5"),
    ],
)
def test_fold_constants(before, after, check):
    check(
        fold_constants,
        f"let s = a\nadd score += {before}",
        f"let s = a\nadd score += {after}  # likelihood y",
    )


def test_folding_keeps_the_sign_of_infinite_products(density_of):
    density = fold_constants(density_of("position a", "add score += 0 * exp(a)"))
    assert "exp(a)" in lines(density.body)[0]


# --------------------------------------------------------------- shift_ranges


def test_shift_ranges(check):
    check(
        shift_ranges,
        """
        let s = sum(k in range(-3, 4), exp(-(a * k)))
        add score += s
        """,
        """
        let s = sum k in 0..7: exp(-(a * (k + -3)))
        add score += s  # likelihood y
        """,
    )


def test_shift_ranges_must_not_fire(keeps):
    keeps(
        shift_ranges,
        # slices as they are
        "let s = sum(k in K, b[k])\nadd score += s",
        "let s = sum(k in range(1, size(K)), b[k])\nadd score += s",
        "let s = sum(k in range(size(K) - 1, size(K)), b[k])\nadd score += s",
    )


# ------------------------------------------------------------ cancel_inverses


def test_cancel_inverses(check):
    check(
        cancel_inverses,
        """
        let s = exp(a)
        let t[n] = sigmoid(w[n]) over n in N
        add score += log(s) + log(t[g[n]]) + log1p(-t[n]) + log(1.0 - t[n]) over n in N
        """,
        """
        let s = exp(a)
        let t[n] = sigmoid(w[n]) over n in N
        add score += a + -softplus(-w[g[n]]) + -softplus(w[n]) + -softplus(w[n]) \
over n in N  # likelihood y
        """,
    )


def test_cancel_inverses_in_products(check):
    check(
        cancel_inverses,
        """
        let s = exp(a)
        let t[n] = sigmoid(w[n]) over n in N
        add score += log(y[n] / (s / exp(w[n] - a))) over n in N
        add score += log(2.0 * exp(a)) + log(s * t[n]) over n in N
        """,
        """
        let s = exp(a)
        let t[n] = sigmoid(w[n]) over n in N
        add score += log(y[n]) - (a - (w[n] - a)) over n in N  # likelihood y
        add score += log(2.0) + a + (a + -softplus(-w[n])) over n in N  # likelihood y
        """,
    )


def test_cancel_inverses_must_not_fire(keeps):
    keeps(
        cancel_inverses,
        # a softplus costs more than a product: only with another factor that is known
        "let s = sigmoid(a)\nadd score += log(s * w[n]) over n in N",
        # neither factor need be positive
        "add score += log(a * w[n]) over n in N",
        # costly: it would be computed again
        "let s = exp(sum(k in K, b[k]))\nadd score += log(s)",
        # two definitions of different elements
        """
        let t[0] = 1.0
        let t[n] = exp(w[n]) over n in range(1, size(N))
        add score += log(t[n]) over n in N
        """,
        "let s = 1.0 + exp(a)\nadd score += log(s)",
    )


def test_inline_copies(check):
    check(
        inline_copies,
        """
        let s = a
        let t[n] = w[n] over n in N
        let v[n] = t[n] over n in N
        let m[n, k] = v[g[n]] * s over n in N, k in K
        add score += t[n + 1] over n in range(0, 3)
        """,
        """
        let s = a
        let t[n] = w[n] over n in N
        let v[n] = w[n] over n in N
        let m[n, k] = w[g[n]] * a over n in N, k in K
        add score += w[n + 1] over n in 0..3  # likelihood y
        """,
    )


def test_inline_copies_must_not_fire(keeps):
    keeps(
        inline_copies,
        # a copy of some elements
        """
        let t[0] = a
        let t[n] = w[n] over n in range(1, size(N))
        add score += t[n] over n in N
        """,
        """
        scan n in range(0, size(N)) {
            let t[n] = w[n]
        }
        add score += t[n] over n in N
        """,
    )


# --------------------------------------------- hoist_known_arrays, hoist_data


def test_hoist_known_arrays(check):
    result = check(
        hoist_known_arrays,
        """
        let t[0] = 0.0
        scan i in range(1, size(N)) {
            let t[i] = t[i - 1] + y[i]
            let v[i] = t[i] * a
        }
        let s = t[0] + 1.0
        add score += s * a
        """,
        """
        scan i in 1..size(N) {
        let v[i] = t[i] * a
        }
        add score += s * a  # likelihood y
        """,
        """
        let t[0] = 0.0
        scan i in 1..size(N) {
        let t[i] = t[i - 1] + y[i]
        }
        let s = t[0] + 1.0
        """,
    )
    assert result.array("t").storage is Storage.HOST
    assert result.array("v").storage is Storage.LOCAL


def test_hoist_data(check):
    check(
        hoist_data,
        """
        add score += lgamma(c[n] + 1) * a + (w[n] - a) / y[n] over n in N
        add score += sum(k in K, b[k] * y[n - 1 - k]) over n in range(3, size(N))
        add score += w[n] * y[g[n]] over n in N
        """,
        """
        add score += lgamma_c[n] * a + (w[n] - a) * reciprocal_y[n] over n in N  \
# likelihood y
        add score += (sum k in K: b[k] * part_y[n, k]) over n in 3..size(N)  \
# likelihood y
        add score += w[n] * part_y_1[n] over n in N  # likelihood y
        """,
        """
        let lgamma_c[n] = lgamma(c[n] + 1) over n in N
        let reciprocal_y[n] = 1.0 / y[n] over n in N
        let part_y[n, k] = y[n - 1 - k] over n in 3..size(N), k in K
        let part_y_1[n] = y[g[n]] over n in N
        """,
    )


def test_hoist_data_must_not_fire(keeps):
    keeps(
        hoist_data,
        "add score += y[n - 1] * w[n] over n in range(1, size(N))",
        "add score += 2.0 * y[n] * w[n] + w[g[n]] over n in N",
        "add score += exp(a) * real(size(N)) + n over n in N",
        # out of range where the condition is false
        "add score += select(w[n] < 0.0, a, log(y[n - 1])) over n in N",
    )


def test_a_whole_guarded_value_of_data_may_move(check):
    check(
        hoist_data,
        "add score += a * select(0 < n, log(y[n - 1]), 0.0) over n in N",
        "add score += a * part_y[n] over n in N  # likelihood y",
        "let part_y[n] = select(0 < n, log(y[n - 1]), 0.0) over n in N",
    )


def test_equal_data_are_hoisted_once(check):
    check(
        hoist_data,
        """
        add score += log(y[n]) * a over n in N
        add score += log(y[n]) * w[n] over n in N
        """,
        """
        add score += log_y[n] * a over n in N  # likelihood y
        add score += log_y[n] * w[n] over n in N  # likelihood y
        """,
        "let log_y[n] = log(y[n]) over n in N",
    )


# -------------------------------------------------------- drop_constant_terms


def test_drop_constant_terms(check):
    check(
        drop_constant_terms,
        """
        add score += -0.5 * (square(w[n] - y[n]) + log(y[n])) - 0.9 over n in N
        add score += -lgamma(y[n]) over n in N
        """,
        "add score += -0.5 * square(w[n] - y[n]) over n in N  # likelihood y",
        """
        add score_constant += -0.5 * log(y[n]) - 0.9 over n in N  # likelihood y
        add score_constant += -lgamma(y[n]) over n in N  # likelihood y
        """,
    )


def test_drop_constant_terms_must_not_fire(keeps):
    keeps(
        drop_constant_terms,
        "add score += -0.5 * (square(a) * 2.0 - a) * y[n] over n in N",
        "add score += square(a - 1.0)",
        "add score += select(0.0 < a, 1.0 + a, 1.0)",
    )


# ---------------------------------------------------------------- split_scans


def test_split_scans(check):
    check(
        split_scans,
        """
        let t[0] = a
        scan i in range(1, size(N)) {
            let v[i] = square(y[i - 1]) * exp(w[i])
            let t[i] = v[i] + b[0] * square(w[i] - a) + 0.5 * t[i - 1]
            add score += -square(y[i] - t[i])
        }
        """,
        """
        let t[0] = a
        let v[i] = square(y[i - 1]) * exp(w[i]) over i in 1..size(N)
        let part_v[i] = v[i] + b[0] * square(w[i] - a) over i in 1..size(N)
        scan i in 1..size(N) {
        let t[i] = part_v[i] + 0.5 * t[i - 1]
        }
        add score += -square(y[i] - t[i]) over i in 1..size(N)  # likelihood y
        """,
    )


def test_statements_that_need_one_another_stay_together(keeps):
    keeps(
        split_scans,
        """
        let t[0] = a
        let v[0] = a
        scan i in range(1, size(N)) {
            let t[i] = t[i - 1] + v[i - 1]
            let v[i] = t[i] * a
        }
        """,
    )


# ----------------------------------------------------------- hoist_invariants


def test_hoist_invariants(check):
    check(
        hoist_invariants,
        """
        add score += w[n] / exp(a) - log(a) * y[n] over n in N
        add score += w[n] * sum(i in N, w[i]) over n in N
        add score += exp(b[k]) * x[n, k] over n in N, k in K
        add score += 2.0 * a over n in N
        """,
        """
        let reciprocal_a = 1.0 / exp(a)
        let log_a = log(a)
        add score += w[n] * reciprocal_a - log_a * y[n] over n in N  # likelihood y
        let sum_w = sum i in N: w[i]
        add score += w[n] * sum_w over n in N  # likelihood y
        let exp_b[k] = exp(b[k]) over k in K
        add score += exp_b[k] * x[n, k] over n in N, k in K  # likelihood y
        add score += 2.0 * (a * real(size(N)))  # likelihood y
        """,
    )


def test_invariants_leave_scans(check):
    check(
        hoist_invariants,
        """
        let t[0] = a
        scan i in range(1, size(N)) {
            let m[i, k] = exp(a) * t[i - 1] + exp(t[i - 1]) * b[k] over k in K
            let t[i] = m[i, 0]
        }
        """,
        """
        let t[0] = a
        let exp_a = exp(a)
        scan i in 1..size(N) {
        let exp_t[i] = exp(t[i - 1])
        let m[i, k] = exp_a * t[i - 1] + exp_t[i] * b[k] over k in K
        let t[i] = m[i, 0]
        }
        """,
    )


def test_hoist_invariants_must_not_fire(keeps):
    keeps(
        hoist_invariants,
        "add score += exp(w[n]) * a over n in N",
        "add score += (a + 1.0) * w[n] over n in N",
        "add score += select(0 < n, exp(w[g[0] - 1]), w[n]) over n in N",
        "add score += exp(a) * b[0]",
    )


# ------------------------------------------------------- share_subexpressions


def test_share_subexpressions(check):
    check(
        share_subexpressions,
        """
        let s = exp(a)
        add score += exp(w[n]) * y[n] - exp(a) over n in N
        add score += exp(w[i]) + sum(j in N, log1p(exp(w[j]))) over i in N
        add score += sum(n in N, log1p(exp(w[n])))
        """,
        """
        let s = exp(a)
        let exp_w[n] = exp(w[n]) over n in N
        add score += exp_w[n] * y[n] - s over n in N  # likelihood y
        let sum_w = sum j in N: log1p(exp(w[j]))
        add score += exp_w[i] + sum_w over i in N  # likelihood y
        add score += sum_w  # likelihood y
        """,
    )


def test_a_forward_scan_shares_with_a_later_one(check):
    check(
        share_subexpressions,
        """
        let t[0] = a
        scan i in range(1, size(N)) {
            let t[i] = w[i] * exp(t[i - 1])
        }
        add score += exp(t[n - 1]) over n in range(1, size(N))
        """,
        """
        let t[0] = a
        scan i in 1..size(N) {
        let exp_t[i] = exp(t[i - 1])
        let t[i] = w[i] * exp_t[i]
        }
        add score += exp_t[n] over n in 1..size(N)  # likelihood y
        """,
    )


def test_share_subexpressions_must_not_fire(keeps):
    keeps(
        share_subexpressions,
        # over different ranges
        """
        add score += exp(w[n]) over n in N
        add score += exp(w[n]) over n in range(1, size(N))
        """,
        # cheap
        "add score += w[n] - a over n in N\nadd score += (w[n] - a) * 2.0 over n in N",
        # in one statement alone
        "add score += exp(a) * exp(a)",
        # out of range where the condition is false
        """
        add score += select(0 < n, exp(w[n - 1]), 0.0) over n in N
        add score += select(0 < n, exp(w[n - 1]), 1.0) over n in N
        """,
    )


def test_what_reads_an_accumulator_is_not_shared(density_of):
    density = density_of(
        "position a; adjoint d; adjoint e",
        "add d += exp(a)\nadd e += exp(d)\nadd d += a\nadd e += exp(d)",
    )
    assert share_subexpressions(density) == density


def test_equal_parts_of_a_statement_become_one_object(density_of):
    density = density_of("position a", "add score += exp(a) * exp(a)")
    value = share_subexpressions(density).body[0].value
    assert value.arguments[0] is value.arguments[1]


# ---------------------------------------------- name_reductions, inline, prune


def test_name_reductions(check):
    check(
        name_reductions,
        """
        let v[n] = 2.0 * sum(k in K, b[k] * max(i in N, w[i] * b[k])) over n in N
        add score += sum(n in N, v[n] * w[n])
        add score += logsumexp(k in K, b[k])
        """,
        """
        let v_max[k] = (max i in N: w[i] * b[k]) over k in K
        let v_sum = sum k in K: b[k] * v_max[k]
        let v[n] = 2.0 * v_sum over n in N
        add score += v[n] * w[n] over n in N  # likelihood y
        let y_logsumexp = logsumexp k in K: b[k]
        add score += y_logsumexp  # likelihood y
        """,
    )


def test_a_guarded_reduction_takes_its_guard_along(check):
    check(
        name_reductions,
        "add score += exp(select(0 < n, sum(k in K, w[n - 1] * b[k]), a)) over n in N",
        """
        let y_sum[n] = (sum k in K: select(0 < n, w[n - 1] * b[k], 0.0)) over n in N
        add score += exp(select(0 < n, y_sum[n], a)) over n in N  # likelihood y
        """,
    )


def test_inline_adjoints(density_of):
    density = density_of(
        DECLARATIONS,
        """
        let t[n] = w[n] + a over n in N
        let m[n, k] = t[n] * b[k] over n in N, k in K
        add score += m[n, k] over n in N, k in K
        """,
    )
    result = inline_adjoints(differentiate(density))
    verify(result)
    assert lines(result.body)[3:] == [
        "add d_t[n] += b[k] over n in N, k in K",
        "add d_b[k] += t[n] over n in N, k in K",
        "add d_w[n] += d_t[n] over n in N",
        "add d_a += d_t[n] over n in N",
    ]


def test_an_adjoint_read_beyond_its_range_stays(density_of):
    density = density_of(
        DECLARATIONS,
        """
        let t[n] = w[n] * a over n in N
        add score += t[n] over n in range(1, size(N))
        """,
    )
    result = inline_adjoints(differentiate(density))
    assert "add d_t[n] += 1.0 over n in 1..size(N)" in lines(result.body)


def test_prune_dead(check):
    result = check(
        prune_dead,
        """
        let s = exp(a)
        let t[0] = a
        scan i in range(1, size(N)) {
            let t[i] = t[i - 1] * w[i]
            let v[i] = t[i] + s
        }
        add score += t[2]
        """,
        """
        let t[0] = a
        scan i in 1..size(N) {
        let t[i] = t[i - 1] * w[i]
        }
        add score += t[2]  # likelihood y
        """,
    )
    names = [array.name for array in result.arrays]
    assert "v" not in names
    assert "s" not in names
    assert "x" in names  # data stay declared: the user still supplies them


def test_passes_are_pure(density_of):
    density = density_of(DECLARATIONS, "add score += exp(w[n]) / y[n] over n in N")
    assert hoist_data(density) == hoist_data(density)
    assert len(density.body) == 1


# -------------------------------------------------------- compensate_rounding


def test_compensate_rounding(density_of):
    density = differentiate(
        density_of(
            DECLARATIONS,
            """
            let s = exp(a)
            let t[n] = exp(w[n]) over n in N
            add score += y[n] * t[n] * s over n in N
            """,
        )
    )
    after = compensate_rounding(density)
    verify(after)
    assert lines(after.body[: len(density.body)]) == lines(density.body)
    sizes = " + ".join(f"size({dim.name})" for dim in density.dims)
    correction = f"select(10000 < {sizes}, d_s * exp_rounding(a, s), 0.0)"
    assert lines(after.body[len(density.body) :]) == [f"add score += {correction}"]


def test_compensate_rounding_must_not_fire(density_of):
    without_gradient = "let s = exp(a)\nadd score += y[n] * s over n in N"
    for text, change in (
        (without_gradient, lambda density: density),
        ("let s = a + 1.0\nadd score += y[n] * s over n in N", differentiate),
        ("let s = exp(1.0)\nadd score += y[n] * s + a over n in N", differentiate),
    ):
        density = change(density_of(DECLARATIONS, text))
        assert compensate_rounding(density) == density
