## Eruptions short and long: two normal components.
dim N, K = 2
data y: real[N]

weight ~ beta(2, 2)
mu: ordered[K] ~ normal(0, 3)
sigma[K] ~ half_normal(1)

y ~ mixture([weight, 1 - weight], normal(mu[0], sigma[0]), normal(mu[1], sigma[1]))
