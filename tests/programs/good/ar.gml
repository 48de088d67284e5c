## An autoregression of order one.
dim T
data y: real[T]

alpha ~ normal(0, 10)
phi: real<lower=-1, upper=1> ~ uniform(-1, 1)
sigma ~ half_cauchy(2.5)

for t in 1..T {
  y[t] ~ normal(alpha + phi * y[t - 1], sigma)
}
