dim N, K
data x: real[N]
mu ~ normal(sum(x over K), 1)
x ~ normal(mu, 1)
