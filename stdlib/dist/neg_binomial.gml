## Negative binomial distribution of a count: a Poisson with a gamma(alpha, beta) rate.
##
## Mean alpha / beta, variance alpha / beta (1 + 1 / beta).
dist neg_binomial(alpha: real<lower=0>, beta: real<lower=0>) on int<lower=0> {
  logpmf(x) {
    # lgamma(x + alpha) - lgamma(alpha) - lgamma(x + 1) + alpha log(beta / (1 + beta))
    # - x log(1 + beta): x failures and alpha successes, of which the last comes last
    failures = rate_drop(x, (x + alpha) / (1 + beta))
    successes = rate_drop(alpha, (x + alpha) * (beta / (1 + beta)))
    last = log((x + alpha) / alpha)
    some = binomial_peak(x, alpha) + failures + successes - last
    return if x == 0 then -alpha * softplus(-log(beta)) else some
  }
  sample() = draw_poisson(draw_gamma(alpha) / beta)
  log_cdf(x) = log_beta_i(alpha, x + 1, beta / (1 + beta), 1 / (1 + beta))
  log_ccdf(x) = log_beta_i(x + 1, alpha, 1 / (1 + beta), beta / (1 + beta))
  mean = alpha / beta
  variance = alpha / beta * (1 + 1 / beta)
  check neg_binomial(2, 0.5).logpmf(0) ~= -2.1972245773362196
  check neg_binomial(2, 0.5).logpmf(4) ~= -2.2096470973347766
  check neg_binomial(1e9, 1000).logpmf(1000000) ~= -7.827193645686768
  check neg_binomial(2, 0.5).mean() ~= 4
  check neg_binomial(2, 0.5).variance() ~= 12
}
