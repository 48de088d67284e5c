## Poisson distribution of a count that is 0 with probability pi beforehand.
##
## Mean (1 - pi) rate.
dist zero_inflated_poisson(
  pi: real<lower=0,
  upper=1>,
  rate: real<lower=0>
) on int<lower=0> {
  logpmf(x) {
    counted = log1p(-pi) + poisson(rate).logpmf(x)
    return if x == 0 then log_add_exp(log(pi), counted) else counted
  }
  sample() = if draw_uniform() < pi then 0 else draw_poisson(rate)
  log_cdf(x) = log_add_exp(log(pi), log1p(-pi) + poisson(rate).log_cdf(x))
  log_ccdf(x) = log1p(-pi) + poisson(rate).log_ccdf(x)
  mean = (1 - pi) * rate
  variance = (1 - pi) * rate * (1 + pi * rate)
  check zero_inflated_poisson(0.2, 3.5).logpmf(0) ~= -1.4954045346871543
  check zero_inflated_poisson(0.2, 3.5).logpmf(4) ~= -1.8901455076806835
  check zero_inflated_poisson(0.2, 1000).logpmf(0) ~= -1.6094379124341003
  check zero_inflated_poisson(0.2, 3.5).mean() ~= 2.8000000000000003
  check zero_inflated_poisson(0.2, 3.5).variance() ~= 4.760000000000001
}
