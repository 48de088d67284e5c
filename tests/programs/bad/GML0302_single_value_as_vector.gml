dim K
data y: index(K)
p ~ dirichlet(1.0)
y ~ categorical(p)
