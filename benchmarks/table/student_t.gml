## Robust regression with unknown degrees of freedom.
dim N, P
data X: real[N, P]
data y: real[N]

b[P] ~ normal(0, 1)
sigma ~ half_normal(2)
nu ~ gamma(2, 0.1)
y ~ student_t(nu, X @ b, sigma)
