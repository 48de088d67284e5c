## Number of failures before the first success of trials with success probability p.
##
## Counts from 0 (not the number of trials). Mean (1 - p) / p.
dist geometric(p: real<lower=0, upper=1>) on int<lower=0> {
  logpmf(x) = log(p) + xlog1py(x, -p)
  sample() = int(floor(-draw_exponential() / log1p(-p)))
  cdf(x) = -expm1((x + 1) * log1p(-p))
  log_cdf(x) = log1m_exp((x + 1) * log1p(-p))
  log_ccdf(x) = (x + 1) * log1p(-p)
  mean = (1 - p) / p
  variance = (1 - p) / p^2
  check geometric(0.3).logpmf(0) ~= -1.2039728043259361
  check geometric(0.3).logpmf(4) ~= -2.6306725800808657
  check geometric(1.0).logpmf(0) ~= 0
  check geometric(0.3).cdf(4) ~= 0.83193
  check geometric(0.3).mean() ~= 2.3333333333333335
  check geometric(0.3).variance() ~= 7.777777777777778
}
