## One trial that comes true with probability p. Mean p.
dist bernoulli(p: real<lower=0, upper=1>) on bool {
  logpmf(x) = if x then log(p) else log1p(-p)
  sample() = draw_uniform() < p
  mean = p
  variance = p * (1 - p)
  check bernoulli(0.3).logpmf(true) ~= -1.2039728043259361
  check bernoulli(0.3).logpmf(false) ~= -0.35667494393873245
  check bernoulli(0.0).logpmf(false) ~= 0
  check bernoulli(0.3).variance() ~= 0.21
}
