dim K = 2, N
data y: real[N]
kind[K, N] ~ bernoulli(0.5)
z[n: N] ~ categorical([0.3, 0.7])
y[n: N] ~ normal(if kind[z[n], n] then 1 else 0, 1)
