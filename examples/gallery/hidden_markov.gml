## States that persist, seen through noise.
dim T, K = 2, to = K
data y: real[T]

stay[K]: real<lower=0, upper=1> ~ beta(8, 2)
mu: ordered[K] ~ normal(0, 3)
sigma ~ half_normal(1)

local move[k: K, j: to] = if k == j then stay[k] else 1 - stay[k]
z[0] ~ categorical(rep(1 / size(K), K))
for t in 1..T {
  z[t] ~ categorical(move[z[t - 1]])
}
for t in T {
  y[t] ~ normal(mu[z[t]], sigma)
}
