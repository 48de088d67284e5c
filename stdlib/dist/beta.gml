## Beta distribution of a proportion, with density proportional to x^(a-1) (1-x)^(b-1).
##
## Mean a / (a + b).
dist beta(a: real<lower=0>, b: real<lower=0>) on real<lower=0, upper=1> {
  logpdf(x) {
    # (a - 1) log(x) + (b - 1) log(1 - x) - lbeta(a, b), around x = a / (a + b)
    n = a + b
    l = log(x / (a / n))
    m = log((1 - x) / (b / n))
    at_peak = binomial_peak(a, b) + log(n)
    power = if x == 0 and a == 1 then 0.0 else (a - 1) * l
    other_power = if x == 1 and b == 1 then 0.0 else (b - 1) * m
    return at_peak + power + other_power - a * expm1(l) - b * expm1(m)
  }
  # gamma(a) is gamma(a + 1) u^(1/a); in logarithms a small a does not underflow
  sample() = sigmoid(
    log(draw_gamma(a + 1))
    - draw_exponential() / a
    - log(draw_gamma(b + 1))
    + draw_exponential() / b
  )
  log_cdf(x) = log_beta_i(a, b, x, 1 - x)
  log_ccdf(x) = log_beta_i(b, a, 1 - x, x)
  mean = a / (a + b)
  variance = a / (a + b) * (b / (a + b)) / (a + b + 1)
  check beta(1, 1).logpdf(0.0) ~= 0
  check beta(2, 5).logpdf(0.3) ~= 0.7705248015812898
  check beta(0.5, 0.5).logpdf(1e-12) ~= 12.670780672115374
  check beta(2, 5).mean() ~= 0.2857142857142857
  check beta(2, 5).variance() ~= 0.025510204081632654
}
