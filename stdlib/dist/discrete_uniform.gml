## Whole number from `lower` to `upper`, both among them, each as probable.
dist discrete_uniform(lower: int, upper: int) on int<lower=lower, upper=upper> {
  logpmf(x) {
    count = upper - lower + 1
    return if x < lower or x > upper then -infinity() else -log(count)
  }
  sample() = lower + int(floor((upper - lower + 1) * draw_uniform()))
  cdf(x) = (x - lower + 1) / (upper - lower + 1)
  log_cdf(x) = log((x - lower + 1) / (upper - lower + 1))
  log_ccdf(x) = log((upper - x) / (upper - lower + 1))
  mean = 0.5 * (lower + upper)
  variance = (upper - lower) * (upper - lower + 2) / 12
  check discrete_uniform(-1, 7).logpmf(3) ~= -2.1972245773362196
  check discrete_uniform(-1, 7).cdf(3) ~= 0.5555555555555556
  check discrete_uniform(-1, 7).mean() ~= 3
  check discrete_uniform(-1, 7).variance() ~= 6.666666666666667
}
