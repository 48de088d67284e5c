dist zip(p: real<lower=0, upper=1>, r: real<lower=0>) on int<lower=0> {
  logpmf(x) = if x == 0 then log(p + (1 - p) * exp(-r)) else log1p(-p) + poisson(r).logpmf(x)
  sample() = if draw_uniform() < p then 0 else draw_poisson(r)
}
dim N
data k: int<lower=0>[N]
p ~ beta(1, 1)
r ~ gamma(2, 1)
k ~ zip(p, r)
k2 ~ zip(p, r)
