data y: real
@noncentered
tau ~ gamma(2, 1)
y ~ normal(0, tau)
