## Pareto distribution of the second type with location mu, scale lambda and shape alpha;
## with mu = 0 it is the Lomax distribution.
##
## x - mu is exponential with a gamma distributed rate. The mean is infinite for
## alpha <= 1; the variance is infinite for alpha <= 2 and does not exist for alpha <= 1.
dist pareto_type_2(
  mu: real,
  lambda: real<lower=0>,
  alpha: real<lower=0>
) on real<lower=mu> {
  logpdf(x) {
    tail = (alpha + 1) * log1p((x - mu) / lambda)
    # mu may be a parameter, so that data can lie below it
    return if x < mu then -infinity() else log(alpha) - log(lambda) - tail
  }
  sample() = mu + lambda * expm1(draw_exponential() / alpha)
  cdf(x) = -expm1(-alpha * log1p((x - mu) / lambda))
  icdf(p) = mu + lambda * expm1(-log1p(-p) / alpha)
  log_cdf(x) = log1m_exp(-alpha * log1p((x - mu) / lambda))
  log_ccdf(x) = -alpha * log1p((x - mu) / lambda)
  iccdf(p) = mu + lambda * expm1(-log(p) / alpha)
  mean = if alpha > 1 then mu + lambda / (alpha - 1) else infinity()
  variance {
    light = alpha * (lambda / (alpha - 1))^2 / (alpha - 2)
    heavy = if alpha > 1 then infinity() else undefined()
    return if alpha > 2 then light else heavy
  }
  reparam noncentered(z ~ pareto_type_2(0, 1, alpha)) = mu + lambda * z
  check pareto_type_2(0.5, 2, 3).logpdf(0.5) ~= 0.4054651081081644
  check pareto_type_2(0.5, 2, 3).logpdf(1e9) ~= -79.7150095234377
  check pareto_type_2(0.5, 2, 3).cdf(3.0) ~= 0.9122085048010974
  check pareto_type_2(0.5, 2, 3).icdf(0.9) ~= 2.8088693800637676
  check pareto_type_2(0.5, 2, 3).mean() ~= 1.5
  check pareto_type_2(0.5, 2, 3).variance() ~= 3
}
