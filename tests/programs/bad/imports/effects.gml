model effects(G, scale: real<lower=0> = 1.0) {
  m ~ normal(0, scale)
  v[G] ~ normal(m, 1)
}
