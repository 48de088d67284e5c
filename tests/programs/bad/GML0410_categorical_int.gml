dim N, K
data z: int[N]
p ~ dirichlet(rep(1.0, K))
z ~ categorical(p)
