dim N
data x: real[N]
data y: real[N]
a ~ normal(0, 1)
b ~ normal(0, 1)
s ~ half_normal(1)
y ~ normal(a + a * x, s)
