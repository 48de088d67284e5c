## Gumbel distribution with location (and mode) mu and scale beta: the largest of many.
##
## Mean mu + 0.5772.. beta, variance (pi beta)^2 / 6.
dist gumbel(mu: real, beta: real<lower=0>) on real {
  logpdf(x) {
    z = (x - mu) / beta
    return -z - exp(-z) - log(beta)
  }
  sample() = mu - beta * log(draw_exponential())
  cdf(x) = exp(-exp(-(x - mu) / beta))
  icdf(p) = mu - beta * log(-log(p))
  log_cdf(x) = -exp((mu - x) / beta)
  log_ccdf(x) = log1m_exp(-exp((mu - x) / beta))
  iccdf(p) = mu - beta * log(-log1p(-p))
  # Euler's constant, and pi^2 / 6
  mean = mu + 0.5772156649015329 * beta
  variance = 1.6449340668482264 * beta^2
  reparam noncentered(z ~ gumbel(0, 1)) = mu + beta * z
  check gumbel(0.5, 2).logpdf(0.5) ~= -1.6931471805599454
  check gumbel(0.5, 2).logpdf(-9.5) ~= -144.10630628313655
  check gumbel(0, 1).logpdf(1000.0) ~= -1000
  check gumbel(0.5, 2).cdf(3.0) ~= 0.7508834766393948
  check gumbel(0.5, 2).icdf(0.9) ~= 5.000734654624891
  check gumbel(0.5, 2).mean() ~= 1.6544313298030657
  check gumbel(0.5, 2).variance() ~= 6.579736267392906
}
