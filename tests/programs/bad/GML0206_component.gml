dim J
data y: real[J]
model effects(G, scale: real) {
  v[G] ~ normal(scale, 1)
}
a ~ effects(J)
y ~ normal(a.v, 1)
