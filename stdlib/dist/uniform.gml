## Uniform distribution between a and b, with a < b. Mean (a + b) / 2.
dist uniform(a: real, b: real) on real<lower=a, upper=b> {
  # the bounds may be parameters, so that data can lie outside them
  logpdf(x) = if x < a or x > b then -infinity() else -log(b - a)
  sample() = a + (b - a) * draw_uniform()
  cdf(x) = (x - a) / (b - a)
  icdf(p) = a + (b - a) * p
  log_cdf(x) = log((x - a) / (b - a))
  log_ccdf(x) = log((b - x) / (b - a))
  iccdf(p) = b - (b - a) * p
  mean = a + 0.5 * (b - a)
  variance = (b - a)^2 / 12
  check uniform(-1, 3).logpdf(0.5) ~= -1.3862943611198906
  check uniform(-1, 3).cdf(0.5) ~= 0.375
  check uniform(-1, 3).icdf(0.375) ~= 0.5
  check uniform(-1, 3).mean() ~= 1
  check uniform(-1, 3).variance() ~= 1.3333333333333333
}
