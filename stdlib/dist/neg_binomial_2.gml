## Negative binomial distribution of a count with mean mu and variance mu + mu^2 / phi.
##
## A Poisson whose rate is gamma distributed; as phi grows it becomes poisson(mu).
dist neg_binomial_2(mu: real<lower=0>, phi: real<lower=0>) on int<lower=0> {
  logpmf(x) {
    # lgamma(x + phi) - lgamma(phi) - lgamma(x + 1) + x log(mu / (mu + phi))
    # + phi log(phi / (mu + phi))
    positive = neg_binomial_2_log(log(mu), phi).logpmf(x)
    return if x > 0 and log(mu) == -infinity() then -infinity() else positive
  }
  sample() = draw_poisson(mu * draw_gamma(phi) / phi)
  log_cdf(x) = log_beta_i(phi, x + 1, phi / (mu + phi), mu / (mu + phi))
  log_ccdf(x) = log_beta_i(x + 1, phi, mu / (mu + phi), phi / (mu + phi))
  mean = mu
  variance = mu + mu^2 / phi
  check neg_binomial_2(3.5, 2).logpmf(0) ~= -2.0232018233569597
  check neg_binomial_2(3.5, 2).logpmf(4) ~= -2.221704405895089
  check neg_binomial_2(3.5, 1e12).logpmf(4) ~= -1.6670019563683485
  check neg_binomial_2(3.5, 2).mean() ~= 3.5
  check neg_binomial_2(3.5, 2).variance() ~= 9.625
}
