## Functions that every model can use, written over the primitives.

## The value that stands for a density without bound, or a moment that diverges.
fn infinity() -> real = -log(0.0)

## Not a number: a moment that does not exist.
fn undefined() -> real = infinity() - infinity()

# ------------------------------------------------------- logistic functions

## Inverse of `logit`: 1 / (1 + exp(-x)).
fn inv_logit(x: real) -> real = sigmoid(x)

## log(inv_logit(x)), right in both tails.
fn log_inv_logit(x: real) -> real = -softplus(-x)

## log(sigmoid(x)), right in both tails.
fn log_sigmoid(x: real) -> real = -softplus(-x)

## log(1 - inv_logit(x)), right in both tails.
fn log1m_inv_logit(x: real) -> real = -softplus(x)

## log(1 + exp(x)) without overflow.
fn log1p_exp(x: real) -> real = softplus(x)

## Log odds of a probability.
fn logit(p: real<lower=0, upper=1>) -> real = log(p) - log1p(-p)

# ------------------------------------------------------------ logarithms

## log(1 - x), right for small x.
fn log1m(x: real) -> real = log1p(-x)

# Where x is 0 and y is not, log(y) is still the derivative in x: the guards of the next
# two must not cover that case.

## x log(y), with 0 log(0) = 0.
fn xlogy(x: real, y: real) -> real = if x == 0 and y == 0 then 0.0 else x * log(y)

## x log(1 + y), with 0 log(0) = 0.
fn xlog1py(x: real, y: real) -> real = if x == 0 and y == -1 then 0.0 else x * log1p(y)

## log(x / y), also where x and y are near: there their difference is exact.
fn log_ratio(x: real<lower=0>, y: real<lower=0>) -> real {
  return if x < 2 * y and y < 2 * x then log1p((x - y) / y) else log(x / y)
}

## log(1 + z^2), also where z^2 overflows: there it is 2 log|z|.
fn log1p_square(z: real) -> real {
  # One logarithm serves both cases: beyond 1e17, log(1 + |z|) is log|z| to rounding.
  power = if abs(z) < 1e17 then 1.0 else 2.0
  argument = if abs(z) < 1e17 then z^2 else abs(z)
  return power * log1p(argument)
}

# ------------------------------------------------------ normal distribution

## Probability that a standard normal is below x.
fn normal_cdf(x: real) -> real = 0.5 * erfc(-0.7071067811865476 * x)

## Another name of `normal_cdf`.
fn Phi(x: real) -> real = normal_cdf(x)

## log((1 - normal_cdf(x)) / density(x)), the logarithm of Mills' ratio, for x >= 8.
fn log_mills_ratio(x: real) -> real {
  # A convergent of Laplace's continued fraction; its error is below 3e-16 from x = 8 on.
  v = 1 / x^2
  high = 45045 + v * (315315 + v * (945945 + v * (945945 + v * 135135)))
  below = 1 + v * (91 + v * (3003 + v * high))
  rest = 42300 + v * (278019 + v * (729330 + v * 509985))
  above = 1 + v * (90 + v * (2915 + v * rest))
  return log(above / below) - log(x)
}

## log(normal_cdf(x)), right in both tails.
fn log_normal_cdf(x: real) -> real {
  # 0.9189385332046727 is log(2 pi) / 2
  far = log_mills_ratio(-x) - 0.5 * x^2 - 0.9189385332046727
  nearer_tail = 0.5 * erfc(0.7071067811865476 * abs(x))
  near = if x < 0 then log(nearer_tail) else log1p(-nearer_tail)
  return if x < -8 then far else near
}

# ----------------------------------------------------- saddle-point expansions
#
# A log density such as x log(m) - m - lgamma(x + 1) is the small difference of large
# terms once x is large: with x = 1e6 float64 leaves nine digits and float32 none. Split
# around its peak (C. Loader, Fast and accurate computation of binomial probabilities,
# 2000) it keeps all of them: an exact constant, and a part that vanishes at the peak.

## log(x!) less Stirling's log(sqrt(2 pi x) (x / e)^x), for x that need not be whole.
fn stirling_error(x: real<lower=0>) -> real {
  # The asymptotic series; its next term is below 1e-16 from x = 8 on.
  v = 1 / x^2
  high = 1 / 1188.0 - v * (691 / 360360.0 - v * (1 / 156.0 - v * 3617 / 122400.0))
  low = 1 / 12.0 - v * (1 / 360.0 - v * (1 / 1260.0 - v * (1 / 1680.0 - v * high)))
  direct = lgamma(x + 1) - ((x + 0.5) * log(x) - x + 0.9189385332046727)
  return if x < 8 then direct else low / x
}

## log of the Poisson probability of x at its most likely rate, rate = x.
fn poisson_peak(x: real<lower=0>) -> real {
  inside = -stirling_error(x) - 0.5 * log(6.283185307179586 * x)
  return if x == 0 then 0.0 else inside
}

## log of the binomial probability of x successes and m failures, which need not be
## whole, at its most likely success probability x / (x + m).
fn binomial_peak(x: real<lower=0>, m: real<lower=0>) -> real {
  correction = stirling_error(x + m) - stirling_error(x) - stirling_error(m)
  width = 0.5 * (log(6.283185307179586 * x) + (log(m) - log(x + m)))
  return if x == 0 or m == 0 then 0.0 else correction - width
}

## y - x, given r = y / x, for use beside x log(r).
##
## r - 1 is exact near 1, so that an error in r itself cancels. Where r is large the
## plain difference is exact, and so is its derivative.
fn gap(x: real<lower=0>, y: real<lower=0>, r: real<lower=0>) -> real {
  return if r > 2 then y - x else x * (r - 1)
}

## x l - (y - x) with y = x exp(l): how far a count of x falls below its peak when the
## rate is y.
##
## An error in l cancels near the peak. Given as log(y / x), it costs nothing where y is
## an exponential.
fn peak_drop(x: real<lower=0>, l: real) -> real = x * (l - expm1(l))

## x log(y / x) - (y - x), the same for a count that may be 0 and a rate that is no
## exponential.
fn rate_drop(x: real<lower=0>, y: real<lower=0>) -> real {
  l = log(y / x)
  # as `gap`: far above x the derivative is that of the plain difference
  excess = if l > 0.7 then y - x else x * expm1(l)
  return if x == 0 then -y else x * l - excess
}

## How far x successes and m failures, some of each, fall below their peak when the log
## odds of success are u.
fn binomial_logit_drop(x: real<lower=0>, m: real<lower=0>, u: real) -> real {
  # Told from the rarer outcome, of which there are k, so that log1p stays far from -1.
  k = min(x, m)
  odds = log(x / m)
  d = if x < m then u - odds else odds - u
  # log1p(p expm1(d)) grows as d long before d = 80, and must not overflow after it
  growth = log1p(k / (x + m) * expm1(min(d, 80))) + max(d - 80, 0)
  return k * d - (x + m) * growth
}

## log of the binomial probability of x successes and m failures, which need not be
## whole, when the log odds of success are u.
fn binomial_logit_term(x: real<lower=0>, m: real<lower=0>, u: real) -> real {
  inside = binomial_peak(x, m) + binomial_logit_drop(x, m, u)
  never = -m * softplus(u)
  return if x == 0 then never else if m == 0 then -x * softplus(-u) else inside
}

## log of the probability of x successes and m failures, which need not be whole, when
## the chance of a success is drawn once from beta(a, b).
fn beta_binomial_term(
  x: real<lower=0>,
  m: real<lower=0>,
  a: real<lower=0>,
  b: real<lower=0>
) -> real {
  # log C(x + m, x) + lbeta(x + a, m + b) - lbeta(a, b), around the pooled chance of a
  # success, to which both the trials and the beta come near
  success = (a + x) / (a + b + (x + m))
  failure = (b + m) / (a + b + (x + m))
  trials = rate_drop(x, (x + m) * success) + rate_drop(m, (x + m) * failure)
  prior = rate_drop(a, (a + b) * success) + rate_drop(b, (a + b) * failure)
  at_peak = binomial_peak(x, m) + binomial_peak(a, b) - binomial_peak(a + x, b + m)
  return at_peak + trials + prior + log(a / (a + b) / success) + log(b / (b + m))
}

# ------------------------------------------- beta function, binomial coefficient

## log of the beta function, without cancellation for large arguments.
fn lbeta(a: real<lower=0>, b: real<lower=0>) -> real {
  correction = stirling_error(a) + stirling_error(b) - stirling_error(a + b)
  peak = -a * log1p(b / a) - b * log1p(a / b)
  # 0.9189385332046727 is log(2 pi) / 2
  return correction + peak + 0.5 * log(1 / a + 1 / b) + 0.9189385332046727
}

## log of the binomial coefficient, the number of ways to choose k of n.
fn log_choose(n: real<lower=0>, k: real<lower=0>) -> real {
  inside = -log1p(n) - lbeta(n - k + 1, k + 1)
  return if k == 0 or k == n then 0.0 else inside
}

# ------------------------------------------------------------------ matrices

## Sum of the logarithms of a diagonal: half of log det(L L').
fn log_diagonal(L: cholesky_cov[K, J]) -> real = sum(log(L[k, k]) over k: K)

## log of the multivariate gamma function whose dimension is that of the matrix x.
fn log_multi_gamma(a: real<lower=0>, x: cov_matrix[K, J]) -> real {
  # 1.1447298858494002 is log(pi)
  constant = 0.25 * size(K) * (size(K) - 1) * 1.1447298858494002
  return constant + sum(lgamma(a - 0.5 * k) over k: K)
}

## log of the integral of det(x)^(eta - 1) over the correlation matrices like x.
fn lkj_normaliser(eta: real<lower=0>, x: real[K, J]) -> real {
  # the rows are balls, with powers of 1 - r^2 that grow (1.1447298858494002 is log(pi))
  balls = sum(
    0.5 * k * 1.1447298858494002 + lgamma(eta + 0.5 * (size(K) - 1 - k))
    over k: 1..K
  )
  return balls - (size(K) - 1) * lgamma(eta + 0.5 * (size(K) - 1))
}
