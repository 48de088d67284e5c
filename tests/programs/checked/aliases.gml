dim K = 3, to = K, again = to
data y: real[K, to]
S[K, to] ~ normal(0, 1)
d[k: K] = S[k, k]
tr = sum(S[k, k] over k: K)
y ~ normal(S + d, 1)
w[again] ~ normal(0, 1)
factor sum(S[i, j] * w[j] over i: K, j: again)
