## Log-normal distribution: log(x) is normal with mean mu and standard deviation sigma.
##
## Median exp(mu), mean exp(mu + sigma^2 / 2).
dist lognormal(mu: real, sigma: real<lower=0>) on real<lower=0> {
  logpdf(x) = if x == 0 then log(x) else normal(mu, sigma).logpdf(log(x)) - log(x)
  sample() = exp(mu + sigma * draw_normal())
  cdf(x) = normal_cdf((log(x) - mu) / sigma)
  log_cdf(x) = log_normal_cdf((log(x) - mu) / sigma)
  log_ccdf(x) = log_normal_cdf((mu - log(x)) / sigma)
  icdf(p) = exp(mu + sigma * normal_quantile(p))
  iccdf(p) = exp(mu - sigma * normal_quantile(p))
  mean = exp(mu + 0.5 * sigma^2)
  variance = expm1(sigma^2) * exp(2 * mu + sigma^2)
  reparam noncentered(z ~ normal(0, 1)) = exp(mu + sigma * z)
  check lognormal(0, 1).logpdf(1.0) ~= -0.9189385332046727
  check lognormal(0.5, 0.7).logpdf(3.0) ~= -2.026525543387593
  check lognormal(0.5, 0.7).cdf(3.0) ~= 0.8037688256286599
  check lognormal(0.5, 0.7).mean() ~= 2.1064414349807272
  check lognormal(0.5, 0.7).variance() ~= 2.8056474661573474
}
