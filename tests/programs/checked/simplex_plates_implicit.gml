dim G, K
data z: index(K)[G]
a[K] ~ exponential(1)
p[G] ~ dirichlet(a + 0.5)
z ~ categorical(p)
