dim J
data y: real[J]
model effects(G) {
  v[G] ~ normal(0, 1)
}
for j in J {
  a ~ effects(J)
  y[j] ~ normal(a.v[j], 1)
}
