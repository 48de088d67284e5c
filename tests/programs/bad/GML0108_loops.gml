for i in 1:N { y[i] ~ normal(0, 1) }
for (j in 1:N) { y[j] ~ normal(0, 1) }
for k in range(N):
    y[k] ~ normal(0, 1)
for t in T
{
  y[t] ~ normal(0, 1)
}
x = y[1:3]
