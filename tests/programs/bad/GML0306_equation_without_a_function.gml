dim N
data t: real[N]
data y: real[N]
k ~ normal(0, 1)
z = ode(k, [1.0], 0, t)
y[n: N] ~ normal(z[n, 0], 1)
