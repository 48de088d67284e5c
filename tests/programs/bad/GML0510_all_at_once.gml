dim N
data y: real
z[n: N] ~ bernoulli(0.5)
y ~ normal(sum(z over N), 1)
