## Laplace (double exponential) distribution with mean mu and scale sigma.
##
## Its variance is 2 sigma^2.
dist laplace(mu: real, sigma: real<lower=0>) on real {
  # 0.6931471805599453 is log(2)
  logpdf(x) = -abs(x - mu) / sigma - log(sigma) - 0.6931471805599453
  sample() = mu + sigma * (draw_exponential() - draw_exponential())
  cdf(x) {
    nearer_tail = 0.5 * exp(-abs(x - mu) / sigma)
    return if x < mu then nearer_tail else 1 - nearer_tail
  }
  icdf(p) = if p < 0.5 then mu + sigma * log(2 * p) else mu - sigma * log(2 * (1 - p))
  log_cdf(x) {
    # 0.6931471805599453 is log(2)
    tail = -abs(x - mu) / sigma - 0.6931471805599453
    return if x < mu then tail else log1m_exp(tail)
  }
  log_ccdf(x) {
    tail = -abs(x - mu) / sigma - 0.6931471805599453
    return if x < mu then log1m_exp(tail) else tail
  }
  iccdf(p) = if p < 0.5 then mu - sigma * log(2 * p) else mu + sigma * log(2 * (1 - p))
  mean = mu
  variance = 2 * sigma^2
  reparam noncentered(z ~ laplace(0, 1)) = mu + sigma * z
  check laplace(0, 1).logpdf(0.0) ~= -0.6931471805599453
  check laplace(0.5, 2).logpdf(-3.0) ~= -3.136294361119891
  check laplace(0.5, 2).cdf(-3.0) ~= 0.08688697172522257
  check laplace(0.5, 2).icdf(0.9) ~= 3.718875824868201
  check laplace(0.5, 2).mean() ~= 0.5
  check laplace(0.5, 2).variance() ~= 8
}
