dim G, K
data z: index(K)[G]
p[G] ~ dirichlet(rep(1.5, K))
for g in G {
  z[g] ~ categorical(p[g])
}
