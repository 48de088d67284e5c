## Many rows and coefficients.
dim N, P
data X: real[N, P]
data y: real[N]

b[P] ~ normal(0, 1)
sigma ~ half_normal(2)
y ~ normal(X @ b, sigma)
