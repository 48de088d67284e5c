## Asymmetric Laplace distribution with location mu and scale sigma; tau is the
## probability to lie below mu.
##
## mu is the quantile tau of x; with tau = 0.5 it is `laplace(mu, sigma)`.
dist skew_double_exponential(
  mu: real,
  sigma: real<lower=0>,
  tau: real<lower=0,
  upper=1>
) on real {
  logpdf(x) {
    # 0.6931471805599453 is log(2)
    at_peak = log(tau) + log1p(-tau) - log(sigma) + 0.6931471805599453
    slope = if x < mu then 1 - tau else tau
    return at_peak - 2 * slope * abs(x - mu) / sigma
  }
  sample() {
    above = draw_exponential() / tau
    below = draw_exponential() / (1 - tau)
    return mu + 0.5 * sigma * (above - below)
  }
  cdf(x) {
    below = tau * exp(-2 * (1 - tau) * abs(x - mu) / sigma)
    above = (1 - tau) * exp(-2 * tau * abs(x - mu) / sigma)
    return if x < mu then below else 1 - above
  }
  icdf(p) {
    below = 0.5 * sigma / (1 - tau) * log(p / tau)
    above = 0.5 * sigma / tau * log((1 - p) / (1 - tau))
    return if p < tau then mu + below else mu - above
  }
  log_cdf(x) {
    below = log(tau) - 2 * (1 - tau) * abs(x - mu) / sigma
    above = log1p(-tau) - 2 * tau * abs(x - mu) / sigma
    return if x < mu then below else log1m_exp(above)
  }
  log_ccdf(x) {
    below = log(tau) - 2 * (1 - tau) * abs(x - mu) / sigma
    above = log1p(-tau) - 2 * tau * abs(x - mu) / sigma
    return if x < mu then log1m_exp(below) else above
  }
  iccdf(p) {
    below = 0.5 * sigma / (1 - tau) * log((1 - p) / tau)
    above = 0.5 * sigma / tau * log(p / (1 - tau))
    return if p > 1 - tau then mu + below else mu - above
  }
  mean = mu + 0.5 * sigma * (1 / tau - 1 / (1 - tau))
  variance = 0.25 * sigma^2 * (1 / tau^2 + 1 / (1 - tau)^2)
  reparam noncentered(z ~ skew_double_exponential(0, 1, tau)) = mu + sigma * z
  check skew_double_exponential(0.5, 2, 0.3).logpdf(-3.0) ~= -4.0106477482646685
  check skew_double_exponential(0.5, 2, 0.3).logpdf(3.0) ~= -2.3106477482646683
  check skew_double_exponential(0.5, 2, 0.3).cdf(-3.0) ~= 0.02588807594981116
  check skew_double_exponential(0.5, 2, 0.3).icdf(0.9) ~= 6.986367163517712
  check skew_double_exponential(0.5, 2, 0.3).mean() ~= 2.404761904761905
  check skew_double_exponential(0.5, 2, 0.3).variance() ~= 13.151927437641724
}
