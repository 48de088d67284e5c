dim K
data y: index(K)
p: simplex[K] ~ gamma(1, 1)
y ~ categorical(p)
