data y: real
mu ~ normal(0, 1)
y ~ truncated(skew_normal(mu, 1, 2), lower=0)
