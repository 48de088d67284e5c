## A level that wanders, seen with noise, and summed out: Kalman's filter.
dim T
data y: real[T]

drift ~ half_normal(1)
sigma ~ half_normal(1)

## mean and variance of the level, given what was seen before
m[0] = 0.0
v[0] = 25.0
for t in 1..T {
  m[t] = m[t - 1] + v[t - 1] / (v[t - 1] + sigma^2) * (y[t - 1] - m[t - 1])
  v[t] = v[t - 1] * sigma^2 / (v[t - 1] + sigma^2) + drift^2
}
y ~ normal(m, sqrt(v + sigma^2))
