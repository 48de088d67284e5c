dim K
data z: index(K)
p: simplex<lower=0>[K] ~ dirichlet(rep(1.0, K))
z ~ categorical(p)
