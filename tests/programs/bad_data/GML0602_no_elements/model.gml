dim N, K
data y: real[N]
p ~ dirichlet(rep(1.0, K))
y ~ normal(max(p over K), 1)
