## Summer temperatures on a straight line, priors given with the data: posteriordb's
## kilpisjarvi_mod-kilpisjarvi.
dim N
data x: real[N]
data y: real[N]
data pmualpha: real
data psalpha: real<lower=0>
data pmubeta: real
data psbeta: real<lower=0>

alpha ~ normal(pmualpha, psalpha)
beta ~ normal(pmubeta, psbeta)
sigma: real<lower=0> ~ flat()

y ~ normal(alpha + beta * x, sigma)
