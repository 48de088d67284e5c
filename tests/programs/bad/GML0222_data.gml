dim J
data a: real[J]
model effects(G) {
  v[G] ~ normal(0, 1)
}
a ~ effects(J)
