dim T, K = 3, to = K
data y: index(K)[T]
start ~ dirichlet(rep(1.0, K))
A[K] ~ dirichlet(rep(1.0, to))
for t in T {
  y[t] ~ categorical(if t == 0 then start else A[y[t - 1]])
}
z ~ categorical(if y[0] == 0 then [0.2, 0.3, 0.5] else start)
