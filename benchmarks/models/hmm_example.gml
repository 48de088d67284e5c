## A chain of two states with normal emissions: posteriordb's hmm_example-hmm_example.
dim N, K = 2, from = K
data y: real[N]

theta1 ~ dirichlet(rep(1.0, K))
theta2 ~ dirichlet(rep(1.0, K))
local centre[k: K] = 3.0 + 7.0 * k
mu: positive_ordered[K] ~ normal(centre, 1)

local P[i: from, k: K] = if i == 0 then theta1[k] else theta2[k]
z[0] ~ categorical(rep(0.5, K))
for n in 1..N {
  z[n] ~ categorical(P[z[n - 1]])
}
y[n: N] ~ normal(mu[z[n]], 1)
