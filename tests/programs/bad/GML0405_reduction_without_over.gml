dim N
data x: real[N]
mu ~ normal(sum(x), 1)
x ~ normal(mu, 1)
