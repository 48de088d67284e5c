## Normal distribution with mean mu and standard deviation sigma.
dist normal(mu: real, sigma: real<lower=0>) on real {
  # 0.9189385332046727 is log(2 pi) / 2
  logpdf(x) = -0.5 * ((x - mu) / sigma)^2 - log(sigma) - 0.9189385332046727
  sample() = mu + sigma * draw_normal()
  cdf(x) = normal_cdf((x - mu) / sigma)
  log_cdf(x) = log_normal_cdf((x - mu) / sigma)
  log_ccdf(x) = log_normal_cdf((mu - x) / sigma)
  icdf(p) = mu + sigma * normal_quantile(p)
  iccdf(p) = mu - sigma * normal_quantile(p)
  mean = mu
  variance = sigma^2
  reparam noncentered(z ~ normal(0, 1)) = mu + sigma * z
  check normal(0, 1).logpdf(0.0) ~= -0.9189385332046727
  check normal(1.5, 0.5).logpdf(3.0) ~= -4.725791352644727
  check normal(0, 1).logpdf(-40.0) ~= -800.9189385332047
  check normal(0, 1).cdf(-10.0) ~= 7.61985302416047e-24
  check normal(1.5, 0.5).mean() ~= 1.5
  check normal(1.5, 0.5).variance() ~= 0.25
}
