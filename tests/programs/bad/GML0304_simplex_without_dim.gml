data y: real
p: simplex ~ dirichlet([1.0, 1.0])
y ~ normal(p[0], 1)
