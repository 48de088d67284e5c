dim N
data y: real[N]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
for n in N { y[n] ~ student_t(4, mu, 1) }
