dim N
data y: real[N]
tau ~ half_normal(1)
z[n: N] ~ bernoulli(0.5)
@noncentered
theta[n: N] ~ normal(if z[n] then 1 else 0, tau)
y ~ normal(theta, 1)
