## Exponential distribution with the given rate (not scale). Mean 1 / rate.
dist exponential(rate: real<lower=0>) on real<lower=0> {
  logpdf(x) = log(rate) - rate * x
  sample() = draw_exponential() / rate
  cdf(x) = -expm1(-rate * x)
  icdf(p) = -log1p(-p) / rate
  log_cdf(x) = log1m_exp(-rate * x)
  log_ccdf(x) = -rate * x
  iccdf(p) = -log(p) / rate
  mean = 1 / rate
  variance = 1 / rate^2
  reparam noncentered(z ~ exponential(1)) = z / rate
  check exponential(2).logpdf(0.0) ~= 0.6931471805599453
  check exponential(0.4).logpdf(3.0) ~= -2.1162907318741553
  check exponential(0.4).cdf(3.0) ~= 0.6988057880877978
  check exponential(0.4).icdf(0.9) ~= 5.756462732485115
  check exponential(0.4).mean() ~= 2.5
  check exponential(0.4).variance() ~= 6.25
}
