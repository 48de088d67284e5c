dim N, P
data X: real[N, P]
data y: real[N]
alpha ~ nomral(0, 1)
beta[P] ~ normal(0, scael)
mu = alpha + X * beta
y ~ normal(mu, tua)
z = epx(sigma)
w = mu + q
