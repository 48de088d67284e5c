## Gamma distribution with the given shape and rate (not scale). Mean shape / rate.
dist gamma(shape: real<lower=0>, rate: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    # shape log(rate) - lgamma(shape) + (shape - 1) log(x) - rate x, expanded around
    # x = shape / rate, where l = 0
    l = log(x / (shape / rate))
    at_peak = poisson_peak(shape) + log(rate)
    power = if x == 0 and shape == 1 then 0.0 else (shape - 1) * l
    # as `gap`: far above the peak the derivative in shape is that of the plain difference
    excess = if l > 0.7 then rate * x - shape else shape * expm1(l)
    return at_peak + power - excess
  }
  sample() = draw_gamma(shape) / rate
  log_cdf(x) = log_gamma_p(shape, rate * x)
  log_ccdf(x) = log_gamma_q(shape, rate * x)
  mean = shape / rate
  variance = shape / rate^2
  check gamma(1, 2).logpdf(0.0) ~= 0.6931471805599453
  check gamma(2.5, 0.5).logpdf(3.0) ~= -1.8696323888706181
  check gamma(0.01, 0.01).logpdf(1e-10) ~= 18.15006084073815
  check gamma(2.5, 0.5).mean() ~= 5
  check gamma(2.5, 0.5).variance() ~= 10
}
