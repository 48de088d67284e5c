dim J, N
data y: real[J]
data x: real[J]
model effects(G, scale: real) {
  v[G] ~ normal(scale, 1)
}
a ~ effects(J, x)
y ~ normal(a.v, 1)
