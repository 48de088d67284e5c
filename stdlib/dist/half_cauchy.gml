## Absolute value of a Cauchy with location 0 and scale sigma, its median. No moments.
dist half_cauchy(sigma: real<lower=0>) on real<lower=0> {
  # 0.6931471805599453 is log(2)
  logpdf(x) = cauchy(0, sigma).logpdf(x) + 0.6931471805599453
  sample() = sigma * tan(1.5707963267948966 * draw_uniform())
  # 0.6366197723675814 is 2 / pi
  cdf(x) = 0.6366197723675814 * atan(x / sigma)
  icdf(p) = sigma * tan(1.5707963267948966 * p)
  log_cdf(x) {
    z = x / sigma
    # 0.4515827052894548 is log(pi / 2)
    upper = log1p(-0.6366197723675814 * atan(1 / z))
    return if z > 1 then upper else log(atan(z)) - 0.4515827052894548
  }
  log_ccdf(x) {
    z = x / sigma
    lower = log1p(-0.6366197723675814 * atan(z))
    return if z < 1 then lower else log(atan(1 / z)) - 0.4515827052894548
  }
  iccdf(p) = sigma / tan(1.5707963267948966 * p)
  reparam noncentered(z ~ half_cauchy(1)) = sigma * z
  check half_cauchy(1).logpdf(0.0) ~= -0.4515827052894548
  check half_cauchy(2.5).logpdf(4.0) ~= -2.637633982027549
  check half_cauchy(2.5).cdf(4.0) ~= 0.6443846310212945
  check half_cauchy(2.5).icdf(0.5) ~= 2.5
}
