data y: real
x ~ zero_inflated(0.5, exponential(1))
y ~ normal(x, 1)
