data b: bool<lower=0>
mu ~ normal(0, 1)
b ~ bernoulli_logit(mu)
