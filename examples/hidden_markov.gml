## A hidden Markov chain of two states with normal emissions; the states are summed out.
dim T, state = 2, from = state
data y: real[T]

## probabilities of the next state, for each state
A[from] ~ dirichlet(rep(2.0, state))
mu: ordered[state] ~ normal(0, 5)
sigma ~ half_normal(2)

## state at each time: drawn from its distribution given all data
z[0] ~ categorical(rep(0.5, state))
for t in 1..T {
  z[t] ~ categorical(A[z[t - 1]])
}
for t in T {
  y[t] ~ normal(mu[z[t]], sigma)
}
