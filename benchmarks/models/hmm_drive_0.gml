## A chain of two states, two exponential emissions of each:
## posteriordb's bball_drive_event_0-hmm_drive_0.
dim N, K = 2, from = K
data u: real<lower=0>[N]
data v: real<lower=0>[N]
data alpha: real<lower=0>[from, K]

theta1 ~ dirichlet(alpha[0])
theta2 ~ dirichlet(alpha[1])
local centre[k: K] = 3.0 * k
phi: positive_ordered[K] ~ normal(centre, 1)
lambda: positive_ordered[K] ~ normal(centre, 1)

local P[i: from, k: K] = if i == 0 then theta1[k] else theta2[k]
z[0] ~ categorical(rep(0.5, K))
for n in 1..N {
  z[n] ~ categorical(P[z[n - 1]])
}
for n in N {
  u[n] ~ exponential(phi[z[n]])
  v[n] ~ exponential(lambda[z[n]])
}
