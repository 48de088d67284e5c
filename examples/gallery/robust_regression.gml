## A regression that outliers do not bend.
dim N
data x: real[N]
data y: real[N]

alpha ~ normal(0, 5)
beta ~ normal(0, 2)
sigma ~ half_normal(2)
nu ~ gamma(2, 0.1)
y ~ student_t(nu, alpha + beta * x, sigma)
