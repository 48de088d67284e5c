data y: real
mu ~ normal(0, 1)
mu ~ student_t(3, 0, 1)
y ~ normal(mu, 1)
