## A local level model, its level integrated out by the Kalman filter.
dim T
data y: real[T]
q ~ exponential(1)
r ~ exponential(1)
m[0] = y[0]
P[0] = r
predicted[0] = r
K[0] = 1.0
for t in 1..T {
  predicted[t] = P[t - 1] + q
  K[t] = predicted[t] / (predicted[t] + r)
  m[t] = m[t - 1] + K[t] * (y[t] - m[t - 1])
  P[t] = (1 - K[t]) * predicted[t]
  factor normal(m[t - 1], sqrt(predicted[t] + r)).logpdf(y[t])
}
