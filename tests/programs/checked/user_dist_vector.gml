dist iso(mu: real[K], s: real<lower=0>) on real[K] {
  logpdf(x) = sum(normal(mu, s).logpdf(x) over K)
  sample() = mu + s * draw_normal()
}
dim N, P
data y: real[N, P]
m[P] ~ normal(0, 1)
s ~ exponential(1)
y ~ iso(m, s)
x ~ iso(m, s)
