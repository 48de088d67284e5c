## Pareto distribution of values from `minimum` on, with density proportional to
## x^(-alpha - 1).
##
## The mean is infinite for alpha <= 1; the variance is infinite for alpha <= 2 and does
## not exist for alpha <= 1.
dist pareto(minimum: real<lower=0>, alpha: real<lower=0>) on real<lower=minimum> {
  logpdf(x) {
    inside = log(alpha) - log(x) - alpha * log_ratio(x, minimum)
    # the minimum may be a parameter, so that data can lie below it
    return if x < minimum then -infinity() else inside
  }
  sample() = minimum * exp(draw_exponential() / alpha)
  cdf(x) = -expm1(-alpha * log_ratio(x, minimum))
  icdf(p) = minimum * exp(-log1p(-p) / alpha)
  log_cdf(x) = log1m_exp(-alpha * log_ratio(x, minimum))
  log_ccdf(x) = -alpha * log_ratio(x, minimum)
  iccdf(p) = minimum * exp(-log(p) / alpha)
  mean = if alpha > 1 then alpha / (alpha - 1) * minimum else infinity()
  variance {
    light = alpha * (minimum / (alpha - 1))^2 / (alpha - 2)
    heavy = if alpha > 1 then infinity() else undefined()
    return if alpha > 2 then light else heavy
  }
  reparam noncentered(z ~ pareto(1, alpha)) = minimum * z
  check pareto(1.5, 3).logpdf(1.5) ~= 0.6931471805599453
  check pareto(1.5, 3).logpdf(40.0) ~= -12.440510203463143
  check pareto(1.5, 3).cdf(3.0) ~= 0.875
  check pareto(1.5, 3).icdf(0.9) ~= 3.2316520350478255
  check pareto(1.5, 3).mean() ~= 2.25
  check pareto(1.5, 3).variance() ~= 1.6875
}
