fn centre(x: real[N]) -> real = x - mean(x over N)
dim N
data y: real[N]
mu ~ normal(0, 1)
y ~ normal(mu + centre(y), 1)
