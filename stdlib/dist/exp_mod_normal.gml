## Exponentially modified normal: a normal with mean mu and standard deviation sigma,
## plus an exponential with rate lambda.
##
## Mean mu + 1 / lambda, variance sigma^2 + 1 / lambda^2.
dist exp_mod_normal(mu: real, sigma: real<lower=0>, lambda: real<lower=0>) on real {
  logpdf(x) {
    z = (x - mu) / sigma
    k = lambda * sigma
    # log(lambda) + k (k / 2 - z) + log_normal_cdf(z - k), of which the last two cancel
    # where z is far below k; 0.9189385332046727 is log(2 pi) / 2
    far = log_mills_ratio(k - z) - 0.5 * z^2 - 0.9189385332046727
    near = k * (0.5 * k - z) + log_normal_cdf(z - k)
    return log(lambda) + (if z - k < -8 then far else near)
  }
  sample() = mu + sigma * draw_normal() + draw_exponential() / lambda
  cdf(x) {
    z = (x - mu) / sigma
    k = lambda * sigma
    return normal_cdf(z) - exp(k * (0.5 * k - z) + log_normal_cdf(z - k))
  }
  log_cdf(x) {
    z = (x - mu) / sigma
    k = lambda * sigma
    # of the exponential that is still to come: below -8 both are near Mills' ratio
    far = log_mills_ratio(k - z) - log_mills_ratio(-z)
    near = k * (0.5 * k - z) + log_normal_cdf(z - k) - log_normal_cdf(z)
    return log_normal_cdf(z) + log1m_exp(min(if z < -8 then far else near, 0))
  }
  log_ccdf(x) {
    z = (x - mu) / sigma
    k = lambda * sigma
    far = log_mills_ratio(k - z) - 0.5 * z^2 - 0.9189385332046727
    near = k * (0.5 * k - z) + log_normal_cdf(z - k)
    return log_add_exp(log_normal_cdf(-z), if z - k < -8 then far else near)
  }
  mean = mu + 1 / lambda
  variance = sigma^2 + 1 / lambda^2
  reparam noncentered(z ~ exp_mod_normal(0, 1, lambda * sigma)) = mu + sigma * z
  check exp_mod_normal(0.5, 2, 0.4).logpdf(3.0) ~= -1.9913430719428593
  check exp_mod_normal(0.5, 2, 0.4).logpdf(-30.0) ~= -120.89603309285934
  check exp_mod_normal(0.5, 2, 1000).logpdf(0.5) ~= -1.6120859637644618
  check exp_mod_normal(0.5, 2, 0.4).cdf(3.0) ~= 0.5530703341126305
  check exp_mod_normal(0.5, 2, 0.4).mean() ~= 3
  check exp_mod_normal(0.5, 2, 0.4).variance() ~= 10.25
}
