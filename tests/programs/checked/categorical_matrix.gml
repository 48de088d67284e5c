dim N, J, K
data g: index(J)[N]
data z: index(K)[N]
P[J] ~ dirichlet(rep(1.0, K))
z ~ categorical(P[g])
