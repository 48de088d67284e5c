dim J
data y: real[J]
model effects(G) {
  data z: real[G]
  v[G] ~ normal(0, 1)
}
a ~ effects(J)
y ~ normal(a.v, 1)
