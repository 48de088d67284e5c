dim K, L
data z: index(K)
a[L] ~ exponential(1)
p ~ dirichlet(a)
z ~ categorical(p)
