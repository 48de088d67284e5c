## GARCH(1, 1): volatility that depends on its own past.
dim T
data y: real[T]
data sigma1: real<lower=0>

mu ~ flat()
alpha0: real<lower=0> ~ flat()
alpha1: real<lower=0, upper=1> ~ flat()
beta1: real<lower=0, upper=1 - alpha1> ~ flat()

s[0] = sigma1
for t in 1..T {
  s[t] = sqrt(alpha0 + alpha1 * (y[t - 1] - mu)^2 + beta1 * s[t - 1]^2)
}
y ~ normal(mu, s)
