data y: real
mu ~ normal(0, 1)
const k = 2 * mu
y ~ normal(mu, k)
