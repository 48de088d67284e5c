## Logistic distribution with mean mu and scale sigma.
##
## Its variance is (pi sigma)^2 / 3.
dist logistic(mu: real, sigma: real<lower=0>) on real {
  logpdf(x) {
    z = (x - mu) / sigma
    return z - 2 * softplus(z) - log(sigma)
  }
  sample() = mu + sigma * logit(draw_uniform())
  cdf(x) = sigmoid((x - mu) / sigma)
  icdf(p) = mu + sigma * logit(p)
  log_cdf(x) = -softplus((mu - x) / sigma)
  log_ccdf(x) = -softplus((x - mu) / sigma)
  iccdf(p) = mu - sigma * logit(p)
  mean = mu
  # 3.289868133696453 is pi^2 / 3
  variance = 3.289868133696453 * sigma^2
  reparam noncentered(z ~ logistic(0, 1)) = mu + sigma * z
  check logistic(0, 1).logpdf(0.0) ~= -1.3862943611198906
  check logistic(0.5, 2).logpdf(-3.0) ~= -2.76359548143612
  check logistic(0, 1).logpdf(1000.0) ~= -1000
  check logistic(0.5, 2).cdf(-3.0) ~= 0.14804719803168948
  check logistic(0.5, 2).icdf(0.9) ~= 4.894449154672439
  check logistic(0.5, 2).mean() ~= 0.5
  check logistic(0.5, 2).variance() ~= 13.159472534785811
}
