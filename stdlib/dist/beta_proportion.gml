## Beta distribution of a proportion with mean mu and precision kappa.
##
## `beta(mu * kappa, (1 - mu) * kappa)`: the variance is mu (1 - mu) / (1 + kappa).
dist beta_proportion(
  mu: real<lower=0,
  upper=1>,
  kappa: real<lower=0>
) on real<lower=0, upper=1> {
  logpdf(x) = beta(mu * kappa, (1 - mu) * kappa).logpdf(x)
  # as beta: in logarithms a small kappa does not underflow
  sample() {
    a = mu * kappa
    b = (1 - mu) * kappa
    successes = log(draw_gamma(a + 1)) - draw_exponential() / a
    return sigmoid(successes - log(draw_gamma(b + 1)) + draw_exponential() / b)
  }
  log_cdf(x) = log_beta_i(mu * kappa, (1 - mu) * kappa, x, 1 - x)
  log_ccdf(x) = log_beta_i((1 - mu) * kappa, mu * kappa, 1 - x, x)
  mean = mu
  variance = mu * (1 - mu) / (1 + kappa)
  check beta_proportion(0.4, 5).logpdf(0.3) ~= 0.5675839575845996
  check beta_proportion(0.5, 1).logpdf(1e-12) ~= 12.670780672115374
  check beta_proportion(0.4, 5).mean() ~= 0.4
  check beta_proportion(0.4, 5).variance() ~= 0.04
}
