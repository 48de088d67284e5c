dim J
data y: real[J]
model effects(G) {
  level[G] ~ normal(0, 1)
}
a ~ effects(J)
y ~ normal(a.levl, 1)
