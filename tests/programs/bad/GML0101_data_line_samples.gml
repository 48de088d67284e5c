dim N
data y: real[N] ~ normal(0, 1)
