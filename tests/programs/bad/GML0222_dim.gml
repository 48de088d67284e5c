dim J
data y: real[J]
model effects(G) {
  v[G] ~ normal(0, 1)
}
a ~ effects(3)
y ~ normal(a.v, 1)
