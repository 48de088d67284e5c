## Simple linear regression, in-sample fit and out-of-sample prediction.
dim N, M
data x: real[N]
data y: real[N]
data x_new: real[M]

alpha ~ normal(0, 10)
beta ~ normal(0, 10)
sigma ~ half_normal(5)

mu = alpha + beta * x
y ~ normal(mu, sigma)

y_new ~ normal(alpha + beta * x_new, sigma)
r2 = 1 - variance(y - mu over N) / variance(y over N)
