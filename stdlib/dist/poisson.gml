## Poisson distribution of a count with the given rate, its mean and its variance.
dist poisson(rate: real<lower=0>) on int<lower=0> {
  # x log(rate) - rate - lgamma(x + 1), around rate = x
  logpmf(x) = if x == 0 then -rate else poisson_peak(x) + peak_drop(x, log(rate / x))
  sample() = draw_poisson(rate)
  log_cdf(x) = log_gamma_q(x + 1, rate)
  log_ccdf(x) = log_gamma_p(x + 1, rate)
  mean = rate
  variance = rate
  check poisson(3.5).logpmf(0) ~= -3.5
  check poisson(3.5).logpmf(4) ~= -1.6670019563664735
  check poisson(0.0).logpmf(0) ~= 0
  check poisson(1e6).logpmf(1000000) ~= -7.826693895520143
  check poisson(3.5).mean() ~= 3.5
  check poisson(3.5).variance() ~= 3.5
}
