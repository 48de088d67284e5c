dim N, K
data z: index(K)[N]
p ~ dirichlet(rep(1.0, K))
z ~ categorical(p)
z2[N] ~ categorical(p)
mu[K] ~ normal(0, 1)
m2 = mu[z2]
param mu0 ~ normal(0, 1)
