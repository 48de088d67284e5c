## A line through points.
dim N
data x: real[N]
data y: real[N]

intercept ~ normal(0, 10)
slope ~ normal(0, 5)
sigma ~ half_normal(5)

y ~ normal(intercept + slope * x, sigma)
