## Absolute value of a normal with mean 0 and standard deviation sigma.
##
## Mean sigma sqrt(2 / pi).
dist half_normal(sigma: real<lower=0>) on real<lower=0> {
  # 0.6931471805599453 is log(2)
  logpdf(x) = normal(0, sigma).logpdf(x) + 0.6931471805599453
  sample() = abs(sigma * draw_normal())
  cdf(x) = erf(0.7071067811865476 * x / sigma)
  # 0.6931471805599453 is log(2)
  log_cdf(x) = log(erf(0.7071067811865476 * x / sigma))
  log_ccdf(x) = 0.6931471805599453 + log_normal_cdf(-x / sigma)
  icdf(p) = sigma * normal_quantile(0.5 + 0.5 * p)
  iccdf(p) = -sigma * normal_quantile(0.5 * p)
  mean = 0.7978845608028654 * sigma
  variance = 0.3633802276324186 * sigma^2
  reparam noncentered(z ~ half_normal(1)) = sigma * z
  check half_normal(1).logpdf(0.0) ~= -0.2257913526447274
  check half_normal(2.5).logpdf(4.0) ~= -2.422082084518883
  check half_normal(2.5).cdf(4.0) ~= 0.890401416600884
  check half_normal(2.5).mean() ~= 1.9947114020071635
  check half_normal(2.5).variance() ~= 2.271126422702616
}
