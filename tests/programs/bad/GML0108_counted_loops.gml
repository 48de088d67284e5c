dim N
data y: real[N]
mu ~ normal(0, 1)
for i in 1:N { y[i] ~ normal(mu, 1) }
for (j in 1:N) { z[j] ~ normal(mu, 1) }
