## Number of successes in n trials that succeed with log odds eta.
##
## Mean n inv_logit(eta).
dist binomial_logit(n: int<lower=0>, eta: real) on int<lower=0, upper=n> {
  logpmf(x) = binomial_logit_term(x, n - x, eta)
  sample() = draw_binomial(n, sigmoid(eta))
  log_cdf(x) = log_beta_i(n - x, x + 1, sigmoid(-eta), sigmoid(eta))
  log_ccdf(x) = log_beta_i(x + 1, n - x, sigmoid(eta), sigmoid(-eta))
  mean = n * sigmoid(eta)
  variance = n * sigmoid(eta) * sigmoid(-eta)
  check binomial_logit(10, 0).logpmf(5) ~= -1.4020427180880288
  check binomial_logit(10, -1.3).logpmf(4) ~= -2.262977007612453
  check binomial_logit(10, 1.3).logpmf(0) ~= -15.410084538329922
  check binomial_logit(10, 1.3).logpmf(10) ~= -2.4100845383299223
  check binomial_logit(10, 0).mean() ~= 5
  check binomial_logit(10, 0).variance() ~= 2.5
}
