## A predictor that is itself measured with an error of known size.
dim N
data x_seen: real[N]
data error: real<lower=0>[N]
data y: real[N]

mu ~ normal(0, 2)
tau ~ half_normal(2)
@noncentered
x[N] ~ normal(mu, tau)
x_seen ~ normal(x, error)

alpha ~ normal(0, 2)
beta ~ normal(0, 2)
sigma ~ half_normal(1)
y ~ normal(alpha + beta * x, sigma)
