## Number of successes in n trials that succeed with probability p. Mean n p.
dist binomial(n: int<lower=0>, p: real<lower=0, upper=1>) on int<lower=0, upper=n> {
  logpmf(x) {
    # log_choose(n, x) + x log(p) + (n - x) log(1 - p), around p = x / n
    successes = peak_drop(x, log(n * p / x))
    failures = peak_drop(n - x, log(n * (1 - p) / (n - x)))
    inside = binomial_peak(x, n - x) + successes + failures
    return if x == 0 then xlog1py(n, -p) else if x == n then n * log(p) else inside
  }
  sample() = draw_binomial(n, p)
  log_cdf(x) = log_beta_i(n - x, x + 1, 1 - p, p)
  log_ccdf(x) = log_beta_i(x + 1, n - x, p, 1 - p)
  mean = n * p
  variance = n * p * (1 - p)
  check binomial(10, 0.3).logpmf(4) ~= -1.6088333502186698
  check binomial(10, 0.0).logpmf(0) ~= 0
  check binomial(0, 0.3).logpmf(0) ~= 0
  check binomial(10, 1.0).logpmf(10) ~= 0
  check binomial(10, 0.3).mean() ~= 3
  check binomial(10, 0.3).variance() ~= 2.1
}
