data y: real
mu ~ normal(0, 1)
z = draw_normal()
y ~ normal(mu + z, 1)
