## Many predictors of which few matter: each has a scale of its own.
dim N, P
data X: real[N, P]
data y: real[N]

alpha ~ normal(0, 2)
tau ~ half_normal(1)
lambda[P] ~ half_normal(1)
@noncentered
beta[P] ~ normal(0, tau * lambda)
sigma ~ half_normal(2)
y ~ normal(alpha + X @ beta, sigma)
