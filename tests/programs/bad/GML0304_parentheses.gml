dim N
data y: real(N)
y ~ normal(0, 1)
