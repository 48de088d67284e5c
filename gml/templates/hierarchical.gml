## Measurements in groups that resemble one another.
dim N, group
data where: index(group)[N]
data y: real[N]

mu ~ normal(0, 10)
tau ~ half_normal(5)
sigma ~ half_normal(5)

## the mean of each group
@noncentered
theta[group] ~ normal(mu, tau)
y ~ normal(theta[where], sigma)
