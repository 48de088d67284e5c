## Linear regression on several predictors.
dim N, P
data X: real[N, P]
data y: real[N]

alpha ~ normal(0, 5)
beta[P] ~ normal(0, 2)
sigma ~ half_normal(2)
y ~ normal(alpha + X @ beta, sigma)
