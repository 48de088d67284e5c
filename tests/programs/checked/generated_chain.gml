data y: real
mu ~ normal(0, 1)
y ~ normal(mu, 1)
g1 ~ normal(mu, 1)
g2 ~ normal(g1, 0.5)
g3 = g2 + g1
k ~ poisson(exp(g3))
b ~ bernoulli(inv_logit(g2))
h ~ normal(if b then g1 else g2, 1)
