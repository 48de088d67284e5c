## Negative binomial distribution of a count with mean exp(eta) and precision phi.
##
## The variance is exp(eta) + exp(2 eta) / phi.
dist neg_binomial_2_log(eta: real, phi: real<lower=0>) on int<lower=0> {
  logpmf(x) {
    # x failures before so many successes: log odds of a failure, and the last of all
    # is a success
    u = eta - log(phi)
    last = log(x + phi) - log(phi)
    some = binomial_peak(x, phi) + binomial_logit_drop(x, phi, u) - last
    return if x == 0 then -phi * softplus(u) else some
  }
  sample() = draw_poisson(exp(eta) * draw_gamma(phi) / phi)
  log_cdf(x) {
    u = eta - log(phi)
    return log_beta_i(phi, x + 1, sigmoid(-u), sigmoid(u))
  }
  log_ccdf(x) {
    u = eta - log(phi)
    return log_beta_i(x + 1, phi, sigmoid(u), sigmoid(-u))
  }
  mean = exp(eta)
  variance = exp(eta) + exp(2 * eta) / phi
  check neg_binomial_2_log(1.2, 2).logpmf(0) ~= -1.956696201020187
  check neg_binomial_2_log(1.2, 2).logpmf(4) ~= -2.2332394128662427
  check neg_binomial_2_log(0, 2).mean() ~= 1
  check neg_binomial_2_log(0, 2).variance() ~= 1.5
}
