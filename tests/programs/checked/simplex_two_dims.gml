dim I, J, K
data y: real[I, J]
w[I, J] ~ dirichlet(rep(1.0, K))
m[K] ~ normal(0, 1)
y ~ normal(sum(w * m over K), 1)
