dim N
data x: real[N]
mu ~ normal((x + 1)[0], 1)
x ~ normal(mu, 1)
