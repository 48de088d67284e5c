## Frechet distribution with shape alpha and scale sigma: 1 / x is Weibull with the same
## shape and scale 1 / sigma.
##
## The mean is sigma gamma(1 - 1 / alpha), infinite for alpha <= 1; the variance is
## infinite for alpha <= 2 and does not exist for alpha <= 1.
dist frechet(alpha: real<lower=0>, sigma: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    l = log(sigma / x)
    inside = log(alpha) - log(sigma) + (alpha + 1) * l - exp(alpha * l)
    return if x == 0 then log(x) else inside
  }
  sample() = sigma * draw_exponential()^(-1 / alpha)
  cdf(x) = exp(-(sigma / x)^alpha)
  icdf(p) = sigma * (-log(p))^(-1 / alpha)
  log_cdf(x) = -exp(alpha * log(sigma / x))
  log_ccdf(x) = log1m_exp(-exp(alpha * log(sigma / x)))
  iccdf(p) = sigma * (-log1p(-p))^(-1 / alpha)
  mean = if alpha > 1 then sigma * exp(lgamma(1 - 1 / alpha)) else infinity()
  variance {
    l = lgamma(1 - 1 / alpha)
    light = sigma^2 * exp(2 * l) * expm1(lgamma(1 - 2 / alpha) - 2 * l)
    heavy = if alpha > 1 then infinity() else undefined()
    return if alpha > 2 then light else heavy
  }
  reparam noncentered(z ~ frechet(alpha, 1)) = sigma * z
  check frechet(4, 2).logpdf(3.0) ~= -1.5317092241784074
  check frechet(4, 2).logpdf(0.5) ~= -248.3753810138406
  check frechet(4, 2).cdf(3.0) ~= 0.8207548082982681
  check frechet(4, 2).icdf(0.9) ~= 3.5104316684767425
  check frechet(4, 2).mean() ~= 2.4508334049303553
  check frechet(4, 2).variance() ~= 1.0832310248995445
}
