## Velocities of galaxies: as many components as K says, their means in order.
dim N, K = 3
data y: real[N]

weight: simplex[K] ~ dirichlet(rep(4.0, K))
mu: ordered[K] ~ normal(0, 5)
sigma[K] ~ half_normal(1)

y ~ mixture(weight, normal(mu, sigma))
