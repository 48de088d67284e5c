## GARCH(1, 1): returns whose variance follows a recurrence.
dim T
data y: real[T]
## standard deviation at the first time
data sigma1: real<lower=0>

mu ~ flat()
alpha0: real<lower=0> ~ flat()
alpha1: real<lower=0, upper=1> ~ flat()
# the bound keeps the variance finite in the long run
beta1: real<lower=0, upper=1 - alpha1> ~ flat()

s[0] = sigma1
for t in 1..T {
  s[t] = sqrt(alpha0 + alpha1 * (y[t - 1] - mu)^2 + beta1 * s[t - 1]^2)
}
y ~ normal(mu, s)

## standard deviation far in the future
s_long_run = sqrt(alpha0 / (1 - alpha1 - beta1))
