dim N, K
data p: simplex[N, K]
a ~ exponential(1)
p ~ dirichlet(rep(a, K))
