## GARCH(1, 1) with Student innovations: returns and how much they vary.
dim T
data y: real[T]

mu ~ normal(0, 1)
alpha0 ~ half_normal(1)
alpha1 ~ uniform(0, 1)
beta1: real<lower=0, upper=1 - alpha1> ~ uniform(0, 1)
nu ~ gamma(2, 0.1)

s[0] = 1.0
for t in 1..T {
  s[t] = sqrt(alpha0 + alpha1 * (y[t - 1] - mu)^2 + beta1 * s[t - 1]^2)
}
y ~ student_t(nu + 2, mu, s)
