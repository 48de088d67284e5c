dim N, J, L
data g: index(J)[N]
data h: index(L)[N]
data y: real[N]
M[J, L] ~ normal(0, 1)
y ~ normal(M[g, h], 1)
