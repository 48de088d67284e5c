dim N
data x: real[N]
mu ~ normal(x[0, 1], 1)
x ~ normal(mu, 1)
