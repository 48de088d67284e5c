dim J
data y: real[J]
for j in J {
  import std.time
  model effects(G) {
    v[G] ~ normal(0, 1)
  }
  y[j] ~ normal(0, 1)
}
