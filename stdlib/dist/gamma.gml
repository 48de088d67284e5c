## Gamma distribution with the given shape and rate (not scale). Mean shape / rate.
dist gamma(shape: real<lower=0>, rate: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    # shape log(rate) - lgamma(shape) + (shape - 1) log(x) - rate x, expanded around
    # x = shape / rate
    r = rate * x / shape
    at_peak = poisson_peak(shape) + log(rate)
    return at_peak + xlogy(shape - 1, r) - gap(shape, rate * x, r)
  }
  sample() = draw_gamma(shape) / rate
  mean = shape / rate
  variance = shape / rate^2
  check gamma(1, 2).logpdf(0.0) ~= 0.6931471805599453
  check gamma(2.5, 0.5).logpdf(3.0) ~= -1.8696323888706181
  check gamma(0.01, 0.01).logpdf(1e-10) ~= 18.15006084073815
  check gamma(2.5, 0.5).mean() ~= 5
  check gamma(2.5, 0.5).variance() ~= 10
}
