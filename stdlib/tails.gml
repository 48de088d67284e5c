## Tails of distributions: quantiles, incomplete gamma and beta functions.

# ------------------------------------------------------- quantiles of a normal

## The x at which log(normal_cdf(x)) is l, for l up to log(1/2).
##
## Wichura's rational approximations (AS 241, 1988): 16 digits down to l = -700.
fn normal_quantile_of_log(l: real) -> real {
  p = exp(l)
  q = p - 0.5
  v = 0.180625 - q^2
  above = (
    (2509.0809287301226727 * v + 33430.575583588128105) * v
    + 67265.770927008700853
  )
  above_2 = ((above * v + 45921.953931549871457) * v + 13731.693765509461125)
  above_3 = (above_2 * v + 1971.5909503065514427) * v + 133.14166789178437745
  below = (
    (5226.495278852545925 * v + 28729.085735721942674) * v
    + 39307.89580009271061
  )
  below_2 = ((below * v + 21213.794301586595867) * v + 5394.1960214247511077)
  below_3 = (below_2 * v + 687.1870074920579083) * v + 42.313330701600911252
  central = q * (above_3 * v + 3.387132872796366608) / (below_3 * v + 1)
  r = sqrt(-l)
  s = r - 1.6
  up = (7.7454501427834140764e-4 * s + 0.0227238449892691845833) * s
  up_2 = ((up + 0.24178072517745061177) * s + 1.27045825245236838258) * s
  up_3 = ((up_2 + 3.64784832476320460504) * s + 5.7694972214606914055) * s
  up_4 = (up_3 + 4.6303378461565452959) * s + 1.42343711074968357734
  down = (1.05075007164441684324e-9 * s + 5.475938084995344946e-4) * s
  down_2 = ((down + 0.0151986665636164571966) * s + 0.14810397642748007459) * s
  down_3 = ((down_2 + 0.68976733498510000455) * s + 1.6763848301838038494) * s
  near = up_4 / ((down_3 + 2.05319162663775882187) * s + 1)
  t = r - 5
  top = (2.01033439929228813265e-7 * t + 2.71155556874348757815e-5) * t
  top_2 = ((top + 0.0012426609473880784386) * t + 0.026532189526576123093) * t
  top_3 = ((top_2 + 0.29656057182850489123) * t + 1.7848265399172913358) * t
  top_4 = (top_3 + 5.4637849111641143699) * t + 6.6579046435011037772
  base = (2.04426310338993978564e-15 * t + 1.4215117583164458887e-7) * t
  base_2 = ((base + 1.8463183175100546818e-5) * t + 7.868691311456132591e-4) * t
  base_3 = ((base_2 + 0.0148753612908506148525) * t + 0.13692988092273580531) * t
  far = top_4 / ((base_3 + 0.59983220655588793769) * t + 1)
  return if q > -0.425 then central else if r < 5 then -near else -far
}

## The x at which normal_cdf(x) is p.
fn normal_quantile(p: real<lower=0, upper=1>) -> real {
  lower = normal_quantile_of_log(log(min(p, 1 - p)))
  return if p < 0.5 then lower else -lower
}

# ---------------------------------------------------- incomplete gamma and beta
#
# Tails are integrals of log-concave functions from their peak on. The trapezoidal rule
# in a variable in which they vanish doubly exponentially at both ends (Takahasi and Mori
# 1974) gives ten digits and more with 50 points; it is smooth in all parameters, so that
# derivatives are as good.

## expm1(u) - u, without cancellation near 0.
fn expm1_excess(u: real) -> real {
  high = 1 + u / 13 * (1 + u / 14 * (1 + u / 15 * (1 + u / 16)))
  middle = 1 + u / 8 * (1 + u / 9 * (1 + u / 10 * (1 + u / 11 * (1 + u / 12 * high))))
  low = 1 + u / 3 * (1 + u / 4 * (1 + u / 5 * (1 + u / 6 * (1 + u / 7 * middle))))
  return if abs(u) < 1 then 0.5 * u^2 * low else expm1(u) - u
}

## log1p(v) - v, without cancellation near 0.
fn log1p_excess(v: real) -> real {
  # log1p(v) is 2 atanh(r)
  r = v / (2 + v)
  q = r^2
  high = 1 / 15.0 + q * (1 / 17.0 + q * (1 / 19.0 + q * (1 / 21.0 + q / 23.0)))
  middle = 1 / 9.0 + q * (1 / 11.0 + q * (1 / 13.0 + q * high))
  low = 1 / 3.0 + q * (1 / 5.0 + q * (1 / 7.0 + q * middle))
  return if abs(v) < 0.4 then 2 * r * q * low - v * r else log1p(v) - v
}

## Points of the rule for an integral from 0 on that decays at a rate of about 1.
fn tail_point(k: int) -> real = exp(0.152 * k - 3.6 - exp(3.6 - 0.152 * k))

## Their weights.
fn tail_weight(k: int) -> real = 0.152 * tail_point(k) * (1 + exp(3.6 - 0.152 * k))

## Five terms of Kummer's series for `1F1(1; a + 1; x)` from number n on, before `rest`.
fn kummer_terms(a: real, x: real, n: real, rest: real) -> real {
  inner = 1 + x / (a + n + 4) * (1 + x / (a + n + 5) * rest)
  return 1 + x / (a + n + 1) * (1 + x / (a + n + 2) * (1 + x / (a + n + 3) * inner))
}

## log of the smaller or the easier one of P(a, x) and Q(a, x): of P where x < max(a, 1).
fn log_gamma_nearer_tail(a: real<lower=0>, x: real<lower=0>) -> real {
  # x^a exp(-x) / Gamma(a), around x = a
  front = poisson_peak(a) + log(a) + peak_drop(a, log(x / a))
  series = kummer_terms(
    a,
    x,
    0,
    kummer_terms(a, x, 5, kummer_terms(a, x, 10, kummer_terms(a, x, 15, 1)))
  )
  # of t = x exp(-s) below x, and of t = x (1 + s) above it
  left = 1 / (a - x + min(sqrt(x), x))
  right = 1 / (x - a + 1 + sqrt(max(a - 1, 0)))
  scale = if x < a then left else right
  integral = sum(
    tail_weight(k)
    * exp(
      if x < a
      then -(a - x) * (scale * tail_point(k)) - x * expm1_excess(-scale * tail_point(k))
      else (a - 1) * log1p_excess(scale * tail_point(k))
      - (x - a + 1) * (scale * tail_point(k))
    )
    over k: 0..50
  )
  is_small = a < 1 and x < 1
  return front + (if is_small then log(series / a) else log(scale * integral))
}

## log of P(a, x), the regularised lower incomplete gamma function.
fn log_gamma_p(a: real<lower=0>, x: real<lower=0>) -> real {
  nearer = min(log_gamma_nearer_tail(a, x), 0)
  return if x < max(a, 1) and (a < 1 or x < a) then nearer else log1m_exp(nearer)
}

## log of Q(a, x) = 1 - P(a, x), the upper one.
fn log_gamma_q(a: real<lower=0>, x: real<lower=0>) -> real {
  nearer = min(log_gamma_nearer_tail(a, x), 0)
  return if x < max(a, 1) and (a < 1 or x < a) then log1m_exp(nearer) else nearer
}

## Five terms of Gauss's series for `2F1(1, c; b + 1; y)` from number n on, before `rest`.
fn gauss_terms(c: real, b: real, y: real, n: real, rest: real) -> real {
  fourth = 1 + y * (c + n + 4) / (b + n + 5) * rest
  third = 1 + y * (c + n + 3) / (b + n + 4) * fourth
  second = 1 + y * (c + n + 2) / (b + n + 3) * third
  first = 1 + y * (c + n + 1) / (b + n + 2) * second
  return 1 + y * (c + n) / (b + n + 1) * first
}

## log of the regularised incomplete beta function I_x(a, b), with y = 1 - x.
##
## y is an argument because it may be known better than as a difference.
fn log_beta_i(
  a: real<lower=0>,
  b: real<lower=0>,
  x: real<lower=0>,
  y: real<lower=0>
) -> real {
  # x^a y^b / B(a, b), around x = a / (a + b)
  n = a + b
  front = (
    binomial_peak(a, b)
    + log(a / n * b)
    + peak_drop(a, log(x / (a / n)))
    + peak_drop(b, log(y / (b / n)))
  )
  # from here on p / q is below the mean
  is_left = a * y > b * x
  f = if is_left then a else b
  g = if is_left then b else a
  p = if is_left then x else y
  q = if is_left then y else x
  slope = f * q - g * p
  spread = min(sqrt(n * p * q), n * p * q)
  scale = min(1 / (slope + spread), log1p(p / q) + 1 / min(f, sqrt(f)))
  # of t / (1 - t) = p / q exp(-s); the derivatives of logarithms without cancellation
  # where s is small
  sign = if p < 0.5 then -1.0 else 1.0
  less = min(p, q)
  integral = sum(
    tail_weight(k)
    * exp(
      if scale * tail_point(k) < 1
      then -slope * (scale * tail_point(k))
      - n
      * (
        log1p_excess(less * expm1(sign * min(scale * tail_point(k), 1)))
        + less * expm1_excess(sign * min(scale * tail_point(k), 1))
      )
      else -f * (scale * tail_point(k)) - n * log(q + p * exp(-scale * tail_point(k)))
    )
    over k: 0..50
  )
  # next to q = 0 with g < 1 the integrand falls off a cliff: the other tail has a series
  last = gauss_terms(n, g, q, 20, gauss_terms(n, g, q, 25, 1))
  series = gauss_terms(
    n,
    g,
    q,
    0,
    gauss_terms(n, g, q, 5, gauss_terms(n, g, q, 10, gauss_terms(n, g, q, 15, last)))
  )
  is_steep = g < 1 and n * q < 1 and q < 0.3
  tail = min(front + (if is_steep then log(series / g) else log(scale * integral)), 0)
  # the tail of x if it is below the mean or else y's series was taken
  is_own = if is_left then not is_steep else is_steep
  return if is_own then tail else log1m_exp(tail)
}

# ------------------------------------------------------ cdfs of heavy tails

## log of the cdf of a standard Cauchy distribution.
fn log_cauchy_cdf(z: real) -> real {
  # 1.1447298858494002 is log(pi), 0.3183098861837907 is 1 / pi
  angle = if z < -1 then atan(-1 / z) else 1.5707963267948966 + atan(z)
  upper = log1p(-0.3183098861837907 * atan(1 / z))
  return if z > 1 then upper else log(angle) - 1.1447298858494002
}

## log of the cdf of Student's t with nu degrees of freedom.
fn log_student_t_cdf(nu: real<lower=0>, z: real) -> real {
  # half of what lies further out than z; 0.6931471805599453 is log(2)
  v = max(z^2 / nu, 1e-60)
  further = log_beta_i(0.5 * nu, 0.5, 1 / (1 + v), v / (1 + v)) - 0.6931471805599453
  return if z < 0 then further else log1m_exp(further)
}

# ------------------------------------------------------------- Bessel functions

## log(exp(-k) I0(k)), of the modified Bessel function of order 0.
fn log_bessel_i0_scaled(k: real<lower=0>) -> real {
  # the mean of exp(k (cos(t) - 1)) over half a turn: the midpoint rule of a periodic
  # function; and Hankel's asymptotic series, whose next term is below 1e-15 from 20 on
  angles = sum(exp(-2 * k * sin(0.06544984694978735 * (j + 0.5))^2) over j: 0..24)
  v = 1 / (8 * max(k, 20))
  last = hankel_terms(v, 15, hankel_terms(v, 20, 1))
  series = hankel_terms(v, 0, hankel_terms(v, 5, hankel_terms(v, 10, last)))
  # 1.8378770664093453 is log(2 pi)
  far = log(series) - 0.5 * (log(max(k, 20)) + 1.8378770664093453)
  return if k < 20 then log(angles / 24) else far
}

## Five terms of Hankel's series for I0 from number n on, before `rest`.
fn hankel_terms(v: real, n: real, rest: real) -> real {
  fifth = 1 + v * (2 * n + 9)^2 / (n + 5) * rest
  fourth = 1 + v * (2 * n + 7)^2 / (n + 4) * fifth
  third = 1 + v * (2 * n + 5)^2 / (n + 3) * fourth
  second = 1 + v * (2 * n + 3)^2 / (n + 2) * third
  return 1 + v * (2 * n + 1)^2 / (n + 1) * second
}

# ------------------------------------------------------------- Wiener processes

## log of the density of the time t at which a Wiener process without drift, started at w,
## leaves the unit interval at 0.
fn log_first_passage(t: real<lower=0>, w: real<lower=0, upper=1>) -> real {
  # images of the boundaries, relative to the first one
  early = sum((w + 2 * k) / w * exp(-2 * k * (k + w) / t) over k: -4..5)
  small = log(w * early) - 0.5 * w^2 / t - 1.5 * log(t) - 0.9189385332046727
  # eigenfunctions, relative to the first one; 4.934802200544679 is pi^2 / 2
  late = sum(
    k * exp(-4.934802200544679 * (k^2 - 1) * t) * sin(3.141592653589793 * k * w)
    over k: 1..10
  )
  large = log(3.141592653589793 * late) - 4.934802200544679 * t
  return if t < 0.4 then small else large
}
