import imports.effects
dim J
data y: real[J]
model other(G) {
  v[G] ~ normal(0, 1)
}
a ~ other(J)
y ~ normal(a, effects)
