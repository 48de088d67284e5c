## Standard normal distribution: `normal(0, 1)`, without work on its parameters.
dist std_normal() on real {
  # 0.9189385332046727 is log(2 pi) / 2
  logpdf(x) = -0.5 * x^2 - 0.9189385332046727
  sample() = draw_normal()
  cdf(x) = normal_cdf(x)
  log_cdf(x) = log_normal_cdf(x)
  log_ccdf(x) = log_normal_cdf(-x)
  icdf(p) = normal_quantile(p)
  iccdf(p) = -normal_quantile(p)
  mean = 0.0
  variance = 1.0
  check std_normal().logpdf(0.0) ~= -0.9189385332046727
  check std_normal().logpdf(-40.0) ~= -800.9189385332047
  check std_normal().cdf(-10.0) ~= 7.61985302416047e-24
  check std_normal().mean() ~= 0
  check std_normal().variance() ~= 1
}
