## Weibull distribution with shape alpha and scale sigma.
##
## Mean sigma gamma(1 + 1 / alpha).
dist weibull(alpha: real<lower=0>, sigma: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    l = log(x / sigma)
    power = if x == 0 and alpha == 1 then 0.0 else (alpha - 1) * l
    return log(alpha) - log(sigma) + power - exp(alpha * l)
  }
  sample() = sigma * draw_exponential()^(1 / alpha)
  cdf(x) = -expm1(-(x / sigma)^alpha)
  icdf(p) = sigma * (-log1p(-p))^(1 / alpha)
  log_cdf(x) = log1m_exp(-exp(alpha * log(x / sigma)))
  log_ccdf(x) = -exp(alpha * log(x / sigma))
  iccdf(p) = sigma * (-log(p))^(1 / alpha)
  mean = sigma * exp(lgamma(1 + 1 / alpha))
  variance = sigma^2 * (exp(lgamma(1 + 2 / alpha)) - exp(2 * lgamma(1 + 1 / alpha)))
  reparam noncentered(z ~ weibull(alpha, 1)) = sigma * z
  check weibull(1, 2).logpdf(0.0) ~= -0.6931471805599453
  check weibull(1.7, 2).logpdf(3.0) ~= -1.8709952137370611
  check weibull(1.7, 2).cdf(3.0) ~= 0.863618866408189
  check weibull(1.7, 2).icdf(0.9) ~= 3.2666157210636277
  check weibull(1.7, 2).mean() ~= 1.7844890049986482
  check weibull(1.7, 2).variance() ~= 1.167419308983415
}
