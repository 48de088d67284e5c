dim J
data y: real[J]
model effects(G) {
  v[G] ~ normal(0, 1)
}
@noncentered
a ~ effects(J)
y ~ normal(a.v, 1)
