## Cauchy distribution with location (and median) mu and scale sigma. It has no moments.
dist cauchy(mu: real, sigma: real<lower=0>) on real {
  # 1.1447298858494002 is log(pi)
  logpdf(x) = -log1p_square((x - mu) / sigma) - log(sigma) - 1.1447298858494002
  sample() = mu + sigma * tan(3.141592653589793 * (draw_uniform() - 0.5))
  cdf(x) {
    z = (x - mu) / sigma
    # the lower tail must not be pi / 2 - 1.5707..; 0.3183098861837907 is 1 / pi
    angle = if z < -1 then atan(-1 / z) else 1.5707963267948966 + atan(z)
    return 0.3183098861837907 * angle
  }
  icdf(p) {
    # from the nearer end, so that no tail is rounded away
    angle = 3.141592653589793 * (if p < 0.5 then -p else 1 - p)
    return mu + sigma / tan(angle)
  }
  log_cdf(x) = log_cauchy_cdf((x - mu) / sigma)
  log_ccdf(x) = log_cauchy_cdf((mu - x) / sigma)
  iccdf(p) {
    angle = 3.141592653589793 * (if p < 0.5 then -p else 1 - p)
    return mu - sigma / tan(angle)
  }
  reparam noncentered(z ~ cauchy(0, 1)) = mu + sigma * z
  check cauchy(0, 1).logpdf(0.0) ~= -1.1447298858494002
  check cauchy(0.5, 2).logpdf(1e9) ~= -41.89811437818228
  check cauchy(0.5, 2).cdf(3.0) ~= 0.7852232874772773
  check cauchy(0, 1).cdf(-1e10) ~= 3.183098861837907e-11
  check cauchy(0.5, 2).icdf(0.9) ~= 6.655367074350509
}
