dim N
data y: real[N]
N = 3
y ~ normal(0, 1)
