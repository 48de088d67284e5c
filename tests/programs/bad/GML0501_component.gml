dim J
data y: real[J]
mu ~ normal(0, 1)
model effects(G, scale: real<lower=0>) {
  v[G] ~ normal(0, exp(scale))
}
a ~ effects(J, mu)
b ~ effects(J, scale=-2.5)
y ~ normal(a.v + b.v, 1)
