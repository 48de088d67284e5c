## Inverse gamma distribution: 1 / x is gamma with this shape, and with scale as rate.
##
## The mean is scale / (shape - 1), infinite for shape <= 1; the variance is infinite
## for shape <= 2 and does not exist for shape <= 1.
dist inv_gamma(shape: real<lower=0>, scale: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    # shape log(scale) - lgamma(shape) - (shape + 1) log(x) - scale / x, expanded around
    # x = scale / shape
    r = scale / x / shape
    at_peak = poisson_peak(shape) + 2 * log(shape) - log(scale)
    # beyond 1e38 the logarithm is lost in r; at x = 0 the density is 0
    return at_peak + (shape + 1) * log(min(r, 1e38)) - gap(shape, scale / x, r)
  }
  sample() = scale / draw_gamma(shape)
  log_cdf(x) = log_gamma_q(shape, scale / x)
  log_ccdf(x) = log_gamma_p(shape, scale / x)
  mean = if shape > 1 then scale / (shape - 1) else infinity()
  variance {
    light = (scale / (shape - 1))^2 / (shape - 2)
    heavy = if shape > 1 then infinity() else undefined()
    return if shape > 2 then light else heavy
  }
  check inv_gamma(1, 1).logpdf(1.0) ~= -1
  check inv_gamma(2.5, 0.5).logpdf(3.0) ~= -6.029360498877833
  check inv_gamma(2.5, 0.5).logpdf(0.01) ~= -35.899455170914464
  check inv_gamma(2.5, 0.5).mean() ~= 0.3333333333333333
  check inv_gamma(2.5, 0.5).variance() ~= 0.2222222222222222
}
