## Number of successes in n trials whose probability is drawn once from beta(a, b).
##
## Mean n a / (a + b).
dist beta_binomial(
  n: int<lower=0>,
  a: real<lower=0>,
  b: real<lower=0>
) on int<lower=0, upper=n> {
  logpmf(x) = beta_binomial_term(x, n - x, a, b)
  sample() {
    successes = log(draw_gamma(a + 1)) - draw_exponential() / a
    failures = log(draw_gamma(b + 1)) - draw_exponential() / b
    return draw_binomial(n, sigmoid(successes - failures))
  }
  mean = n * (a / (a + b))
  variance = n * (a / (a + b)) * (b / (a + b)) * ((a + b + n) / (a + b + 1))
  check beta_binomial(12, 2, 3.5).logpmf(4) ~= -2.0402245487577297
  check beta_binomial(12, 2, 3.5).logpmf(0) ~= -2.787360039560094
  check beta_binomial(10, 1, 1).logpmf(5) ~= -2.3978952727983707
  check beta_binomial(1000000, 3e8, 7e8).logpmf(300000) ~= -7.046870001713394
  check beta_binomial(12, 2, 3.5).mean() ~= 4.363636363636363
  check beta_binomial(12, 2, 3.5).variance() ~= 7.47616020343293
}
