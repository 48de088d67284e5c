dim N, K = 3
data y: real?[N, K]
y ~ dirichlet(rep(1.0, K))
