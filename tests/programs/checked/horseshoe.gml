dim N, P
data X: real[N, P]
data y: real[N]
lam[P] ~ half_cauchy(1)
tau ~ half_cauchy(1)
@noncentered
b[P] ~ normal(0, lam * tau)
s ~ half_normal(1)
y ~ normal(X @ b, s)
