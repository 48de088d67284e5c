dim N, J
data g: index(J)[N]
data y: real[N]
b ~ normal(0, 1)
y ~ normal(b * g, 1)
