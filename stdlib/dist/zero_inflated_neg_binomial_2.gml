## Negative binomial distribution of a count that is 0 with probability pi beforehand.
##
## mu and phi are those of `neg_binomial_2`. Mean (1 - pi) mu.
dist zero_inflated_neg_binomial_2(
  pi: real<lower=0,
  upper=1>,
  mu: real<lower=0>,
  phi: real<lower=0>
) on int<lower=0> {
  logpmf(x) {
    counted = log1p(-pi) + neg_binomial_2(mu, phi).logpmf(x)
    return if x == 0 then log_add_exp(log(pi), counted) else counted
  }
  sample() {
    count = draw_poisson(mu * draw_gamma(phi) / phi)
    return if draw_uniform() < pi then 0 else count
  }
  log_cdf(x) = log_add_exp(log(pi), log1p(-pi) + neg_binomial_2(mu, phi).log_cdf(x))
  log_ccdf(x) = log1p(-pi) + neg_binomial_2(mu, phi).log_ccdf(x)
  mean = (1 - pi) * mu
  variance = (1 - pi) * mu * (1 + mu * (pi + 1 / phi))
  check zero_inflated_neg_binomial_2(0.2, 3.5, 2).logpmf(0) ~= -1.1848726329525165
  check zero_inflated_neg_binomial_2(0.2, 3.5, 2).logpmf(4) ~= -2.4448479572092983
  check zero_inflated_neg_binomial_2(0.2, 3.5, 2).mean() ~= 2.8000000000000003
  check zero_inflated_neg_binomial_2(0.2, 3.5, 2).variance() ~= 9.66
}
