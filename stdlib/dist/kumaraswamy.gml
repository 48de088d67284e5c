## Kumaraswamy distribution of a proportion: 1 - (1 - x^a)^b is uniform.
##
## Near to the beta distribution with the same parameters, with a closed cdf.
dist kumaraswamy(a: real<lower=0>, b: real<lower=0>) on real<lower=0, upper=1> {
  logpdf(x) {
    power = if x == 0 and a == 1 then 0.0 else (a - 1) * log(x)
    # log(1 - x^a)
    m = log1m_exp(a * log(x))
    other_power = if x == 1 and b == 1 then 0.0 else (b - 1) * m
    return log(a) + log(b) + power + other_power
  }
  sample() = exp(log1m_exp(-draw_exponential() / b) / a)
  cdf(x) = -expm1(b * log1m_exp(a * log(x)))
  icdf(p) = exp(log1m_exp(log1p(-p) / b) / a)
  log_cdf(x) = log1m_exp(b * log1m_exp(a * log(x)))
  log_ccdf(x) = b * log1m_exp(a * log(x))
  iccdf(p) = exp(log1m_exp(log(p) / b) / a)
  mean = b * exp(lbeta(1 + 1 / a, b))
  variance {
    l = log(b) + lbeta(1 + 1 / a, b)
    return exp(2 * l) * expm1(log(b) + lbeta(1 + 2 / a, b) - 2 * l)
  }
  check kumaraswamy(2, 1.5).logpdf(0.3) ~= -0.152515855393447
  check kumaraswamy(0.5, 0.5).logpdf(1e-12) ~= 12.429216696844634
  check kumaraswamy(2, 1.5).cdf(0.3) ~= 0.13191532671057946
  check kumaraswamy(2, 1.5).icdf(0.9) ~= 0.8857519579412804
  check kumaraswamy(2, 1.5).mean() ~= 0.5890486225480864
  check kumaraswamy(2, 1.5).variance() ~= 0.05302172027420186
}
