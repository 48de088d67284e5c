dim J
data y: real[J]
data sigma: real<lower=0>
model effects(G) {
  v[G] ~ normal(0, sigma)
}
a ~ effects(J)
y ~ normal(a.v, 1)
