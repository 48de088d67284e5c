dim K
data z: index(K)
p ~ dirichlet(rep(1.0))
z ~ categorical(p)
