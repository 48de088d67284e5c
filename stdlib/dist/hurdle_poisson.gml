## A count that is 0 with probability pi, and else a Poisson that is not 0.
dist hurdle_poisson(pi: real<lower=0, upper=1>, rate: real<lower=0>) on int<lower=0> {
  logpmf(x) {
    truncated = poisson(rate).logpmf(x) - log1m_exp(-rate)
    # as the rate falls to 0, a count that is not 0 becomes 1
    rarest = if x == 1 then 0.0 else -infinity()
    some = log1p(-pi) + (if rate == 0 then rarest else truncated)
    return if x == 0 then log(pi) else some
  }
  sample() {
    # of a Poisson process that has an event before `rate`: the time of the first one,
    # and the number of those that follow it
    first = -log1p(draw_uniform() * expm1(-rate))
    count = 1 + draw_poisson(max(rate - first, 0))
    return if draw_uniform() < pi then 0 else count
  }
  log_cdf(x) = log1m_exp(log1p(-pi) + poisson(rate).log_ccdf(x) - log1m_exp(-rate))
  log_ccdf(x) = log1p(-pi) + poisson(rate).log_ccdf(x) - log1m_exp(-rate)
  mean = (1 - pi) * rate / -expm1(-rate)
  variance {
    mean = (1 - pi) * rate / -expm1(-rate)
    return mean * (1 + rate - mean)
  }
  check hurdle_poisson(0.2, 3.5).logpmf(0) ~= -1.6094379124341003
  check hurdle_poisson(0.2, 3.5).logpmf(4) ~= -1.8594827914252239
  check hurdle_poisson(0.2, 1e-20).logpmf(1) ~= -0.22314355131420976
  check hurdle_poisson(0.2, 3.5).mean() ~= 2.8871854459218396
  check hurdle_poisson(0.2, 3.5).variance() ~= 4.656494707505386
}
