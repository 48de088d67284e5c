dim T = 3
mu ~ normal(0, 5  # open
x = [1, 2
for t in T {
  z[t] ~ normal(mu, 1)

w = mu
