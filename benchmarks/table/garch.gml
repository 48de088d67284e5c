## GARCH(1, 1): a recurrence over time.
dim T
data y: real[T]

mu ~ normal(0, 1)
alpha0 ~ half_normal(1)
alpha1 ~ uniform(0, 1)
beta1 ~ uniform(0, 1)

s[0] = 1.0
for t in 1..T {
  s[t] = sqrt(alpha0 + alpha1 * (y[t - 1] - mu)^2 + beta1 * s[t - 1]^2)
}
y ~ normal(mu, s)
