## States that persist, seen through noise: the forward algorithm in log space.
dim T, K = 2, to = K
data y: real[T]

stay[K]: real<lower=0, upper=1> ~ beta(8, 2)
mu: ordered[K] ~ normal(0, 3)
sigma ~ half_normal(1)

local log_move[k: K, j: to] = log(if k == j then stay[k] else 1 - stay[k])
forward[0, k: K] = normal(mu[k], sigma).logpdf(y[0]) - log(size(K))
for t in 1..T {
  forward[t, j: K] = normal(mu[j], sigma).logpdf(y[t]) + logsumexp(
    forward[t - 1, k] + log_move[k, j]
    over k: K
  )
}
factor logsumexp(forward[T - 1, k] over k: K)
