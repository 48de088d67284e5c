dim T
data y: real[T]
rho ~ normal(0, 1)
y[1..T] ~ normal(rho * y[0..T - 1], 1)
y[0] ~ normal(0, 2)
