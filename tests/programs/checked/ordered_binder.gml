dim G, K
data y: real[G, K]
s ~ exponential(1)
for g in G {
  c[g]: ordered[K] ~ normal(0, s)
}
y ~ normal(c, 1)
