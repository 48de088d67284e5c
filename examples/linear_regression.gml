## Straight line through noisy points, with its fit and predictions at new places.
dim N, M
data x: real[N]
data y: real[N]
data x_new: real[M]

## value of the line at x = 0
alpha ~ normal(0, 10)
## rise of the line for each unit of x
beta ~ normal(0, 10)
sigma ~ half_normal(5)

mu = alpha + beta * x
y ~ normal(mu, sigma)

## predictions: drawn after the fit, because no datum depends on them
y_new ~ normal(alpha + beta * x_new, sigma)
## share of the variance of y that the line accounts for
r2 = 1 - variance(y - mu over N) / variance(y over N)
